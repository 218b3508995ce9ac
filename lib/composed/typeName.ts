import type { Tensor } from "../tensor/tensor.ts";
import type { DType } from "../types.ts";

const names: { readonly [Name in DType]?: string } = {
	float32: "Float",
	float64: "Double",
	float16: "Half",
	bfloat16: "BFloat16",
	int64: "Long",
	int32: "Int",
	int16: "Short",
	int8: "Char",
	uint8: "Byte",
	bool: "Bool",
	complex32: "ComplexHalf",
	complex64: "ComplexFloat",
	complex128: "ComplexDouble",
	qint8: "QInt8",
	quint8: "QUInt8",
	qint32: "QInt32",
};

/** PyTorch's name of a tensor's type: "torch.cuda.sparse.FloatTensor". */
export function typeName({ dtype, device, layout }: Tensor): string {
	const name =
		names[dtype] ??
		dtype[0]?.toUpperCase() + dtype.slice(1).replace("uint", "UInt");
	const places = [
		device.startsWith("cuda") && "cuda",
		layout.startsWith("sparse") && "sparse",
	];
	return ["torch", ...places.filter(Boolean), `${name}Tensor`].join(".");
}
