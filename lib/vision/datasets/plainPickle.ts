import {
	Call,
	Dict,
	Global,
	List,
	type Node,
	Tuple,
} from "../../io/pickle/nodes.ts";
import { PickleProblem, readPickle } from "../../io/pickle/reader.ts";
import { invalid } from "./problems.ts";

/** @internal An array that NumPy has pickled. */
export interface NumpyArray {
	/** As NumPy calls it: "u1". */
	dtype: string;
	shape: number[];
	/** Its values, in row-major order. */
	data: Uint8Array;
}

type Scalar = string | number | bigint | boolean | null;
type Plain = Scalar | Scalar[] | NumpyArray | undefined;

const reconstruct = [
	"numpy.core.multiarray._reconstruct",
	"numpy._core.multiarray._reconstruct",
];
const known = new Set([
	...reconstruct,
	"numpy.ndarray",
	"numpy.dtype",
	"_codecs.encode",
]);

/**
 * @internal Reads a pickled dictionary of strings, numbers, lists of such, and arrays of bytes; Python 2's and 3's. Nothing is called; what is something else
 * is undefined.
 *
 * @throws TorchError `ERR_INVALID_FILE`
 */
export function readPlainPickle(
	file: string,
	bytes: Uint8Array,
): Map<string, Plain> {
	const entries = new Map<string, Plain>();
	try {
		const { value } = readPickle(bytes, {
			isAllowed: (name) => {
				if (known.has(name)) return true;
				throw new PickleProblem(
					`asks for ${JSON.stringify(name.slice(0, 30))}, which is not among what such a file may have`,
				);
			},
			fileSize: bytes.length,
			oldStrings: "bytes",
		});
		if (!(value instanceof Dict)) throw new PickleProblem("is no dictionary");
		for (let i = 0; i < value.entries.length; i += 2) {
			const key = textOf(value.entries[i] as Node);
			if (key !== undefined)
				entries.set(key, plain(value.entries[i + 1] as Node));
		}
	} catch (error) {
		if (!(error instanceof PickleProblem)) throw error;
		throw invalid(file, `its pickle ${error.message}`);
	}
	return entries;
}

function textOf(node: Node): string | undefined {
	if (typeof node === "string") return node;
	if (node instanceof Uint8Array) return Buffer.from(node).toString("latin1");
	return undefined;
}

function plain(node: Node): Plain {
	if (node instanceof Call) return arrayOf(node);
	if (!(node instanceof List)) return scalar(node);
	const items = node.items.map(scalar);
	return items.includes(undefined) ? undefined : (items as Scalar[]);
}

function scalar(node: Node): Scalar | undefined {
	if (node === null || typeof node !== "object") return node;
	return textOf(node);
}

/** What `_reconstruct` begins and its state tells: version, shape, dtype, whether columns come first, and the bytes. */
function arrayOf({ callee, state }: Call): NumpyArray | undefined {
	const isArray = callee instanceof Global && reconstruct.includes(callee.name);
	if (!isArray || !(state instanceof Tuple)) return undefined;
	const [, sizes, type, columnsFirst, content] = state.items as Node[];
	const dtype = type instanceof Call ? textOf(type.args[0] as Node) : undefined;
	const data = bytesOf(content as Node);
	if (dtype === undefined || data === undefined || !(sizes instanceof Tuple))
		return undefined;
	const shape = sizes.items.map((size) => Number(size));
	const count = shape.reduce((product, size) => product * size, 1);
	const width = Number(dtype.slice(1));
	if (!shape.every(isSize) || count * width !== data.length) {
		throw new PickleProblem(
			`has an array of shape [${shape}] and ${data.length} bytes`,
		);
	}
	if (columnsFirst !== true) return { dtype, shape, data };
	if (shape.length !== 2 || width !== 1) return undefined;
	return { dtype, shape, data: transposed(data, shape as [number, number]) };
}

const isSize = (size: number): boolean =>
	Number.isSafeInteger(size) && size >= 0;

/** Python 3 pickles bytes for protocol 2 as text, and says how to get them back. */
function bytesOf(node: Node): Uint8Array | undefined {
	if (node instanceof Uint8Array) return node;
	if (!(node instanceof Call)) return undefined;
	const [text] = node.args;
	const isCodec =
		node.callee instanceof Global && node.callee.name === "_codecs.encode";
	if (isCodec && typeof text === "string") return Buffer.from(text, "latin1");
	return undefined;
}

function transposed(data: Uint8Array, [rows, columns]: [number, number]) {
	const result = new Uint8Array(data.length);
	for (let row = 0; row < rows; row++)
		for (let column = 0; column < columns; column++)
			result[row * columns + column] = data[column * rows + row] as number;
	return result;
}
