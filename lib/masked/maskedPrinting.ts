/** A MaskedTensor as PyTorch prints it: "--" for what the mask leaves out. */
import { toFixed } from "../tensor/formatting.ts";
import type { Tensor } from "../tensor/tensor.ts";

const dash = "--";
const width = 8;

function written(value: unknown, isFloat: boolean): string {
	if (typeof value === "boolean") return value ? "True" : "False";
	return isFloat ? toFixed(value as number, 4).padStart(width) : `${value}`;
}

const indented = (text: string): string => text.replace(/^/gm, "  ");

type Values = readonly unknown[];

function nested(values: Values, mask: Values, isFloat: boolean): string {
	if (mask.some(Array.isArray)) {
		const parts = values.map((each, i) =>
			indented(nested(each as Values, mask[i] as Values, isFloat)),
		);
		return `[\n${parts.join(",\n")}\n]`;
	}
	const texts = values.map((value) => written(value, isFloat));
	const widths = texts.map((text, i) => (mask[i] ? text.length : width));
	const widest = Math.max(...widths);
	const shown = texts.map((text, i) =>
		mask[i] ? text : dash.padStart(widest),
	);
	return `[${shown.join(", ")}]`;
}

export function formatMasked(data: Tensor, mask: Tensor): string {
	const isFloat = data.isFloatingPoint();
	const values = data.detach().toDense();
	const counts = mask.toDense();
	if (data.ndim > 0) {
		const [a, b] = [values.tolist() as Values, counts.tolist() as Values];
		return `MaskedTensor(\n${indented(nested(a, b, isFloat))}\n)`;
	}
	const isThere = counts.item() as boolean;
	const text = isThere ? written(values.item(), isFloat) : dash;
	return `MaskedTensor(${text}, ${written(isThere, false)})`;
}
