import {
	complexTypes,
	type DType,
	floatTypes,
	integerTypes,
} from "../../types.ts";

/** Python's storage classes and the dtype of each. Dtypes that have none lie in untyped storages. */
export const storageClasses: readonly [string, DType][] = [
	["FloatStorage", "float32"],
	["DoubleStorage", "float64"],
	["HalfStorage", "float16"],
	["BFloat16Storage", "bfloat16"],
	["LongStorage", "int64"],
	["IntStorage", "int32"],
	["ShortStorage", "int16"],
	["CharStorage", "int8"],
	["ByteStorage", "uint8"],
	["BoolStorage", "bool"],
	["ComplexFloatStorage", "complex64"],
	["ComplexDoubleStorage", "complex128"],
	["QInt8Storage", "qint8"],
	["QUInt8Storage", "quint8"],
	["QInt32Storage", "qint32"],
];

const dtypeNames: readonly DType[] = [
	...floatTypes,
	...integerTypes,
	...complexTypes,
	"bool",
	"float8_e4m3fn",
	"float8_e5m2",
	"float8_e4m3fnuz",
	"float8_e5m2fnuz",
	"float8_e8m0fnu",
	"qint8",
	"quint8",
	"qint32",
];

/** `torch.float32` and the like. */
export const dtypeGlobals: ReadonlyMap<string, DType> = new Map(
	dtypeNames.map((dtype) => [`torch.${dtype}`, dtype]),
);

/** `torch.FloatStorage` and the like; untyped ones are null. */
export const storageGlobals: ReadonlyMap<string, DType | null> = new Map<
	string,
	DType | null
>([
	...storageClasses.flatMap(([name, dtype]): [string, DType][] => [
		[`torch.${name}`, dtype],
		[`torch.cuda.${name}`, dtype],
	]),
	["torch.storage.UntypedStorage", null],
	["torch.UntypedStorage", null],
]);

/** Bytes of an element. */
export function sizeOf(dtype: DType | null): number {
	if (dtype === null || dtype === "bool") return 1;
	if (dtype.startsWith("float8")) return 1;
	return Number(/\d+$/.exec(dtype)?.[0]) / 8;
}

/** What gradients can flow to. */
export function isDifferentiable(dtype: DType): boolean {
	return dtype.includes("float") || dtype.startsWith("complex");
}
