import { native } from "../binding.ts";
import * as check from "../check.ts";
import { cat } from "../generated/functions.ts";
import { slotOf } from "../handle.ts";
import { privateOperator } from "../operator.ts";
import { getDefaultDtype } from "./defaults.ts";
import {
	formatNested,
	type Nested,
	type NumberKind,
	type Printoptions,
	toRepr,
} from "./formatting.ts";
import type { Tensor } from "./tensor.ts";

export type { Printoptions } from "./formatting.ts";

const profiles = {
	default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
	short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
	full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
} as const;

let current: Printoptions = { ...profiles.default, sciMode: null };

/**
 * Sets how tensors print, from now on and in this thread.
 *
 * As in PyTorch, what is not given stays as it is, but for `sciMode`, which goes back to null.
 *
 * @param options.profile "default", "short" or "full": values for all the others, which they override
 * @throws TorchError for an unknown name or a value that cannot be
 *
 * @example
 * torch.setPrintoptions({ precision: 2 });
 * console.log(torch.tensor([1.12345])); // tensor([1.12])
 * torch.setPrintoptions({ profile: "default" });
 */
export function setPrintoptions(
	options: Partial<Printoptions> & { profile?: keyof typeof profiles } = {},
): void {
	const op = "setPrintoptions";
	check.options(op, options, [
		"profile",
		"precision",
		"threshold",
		"edgeitems",
		"linewidth",
		"sciMode",
	]);
	const { profile, precision, threshold, edgeitems, linewidth } = options;
	const { sciMode = null } = options;
	if (profile !== undefined)
		check.oneOf(op, "profile", profile, ["default", "short", "full"]);
	const next = { ...current, ...(profile && profiles[profile]), sciMode };
	if (precision !== undefined)
		next.precision = check.integer(op, "precision", precision, {
			min: 0,
			max: 100, // JavaScript writes no more digits
		});
	if (threshold !== undefined)
		next.threshold = check.number(op, "threshold", threshold, { min: 0 });
	if (edgeitems !== undefined)
		next.edgeitems = check.integer(op, "edgeitems", edgeitems, { min: 0 });
	if (linewidth !== undefined)
		next.linewidth = check.integer(op, "linewidth", linewidth, { min: 0 });
	if (sciMode !== null) check.boolean(op, "sciMode", sciMode);
	current = next;
}

/** How tensors print at present: what {@link setPrintoptions} takes. */
export function getPrintoptions(): Printoptions {
	return { ...current };
}

/** Prints as given while `fn` runs. */
export function printoptions<T>(
	options: Parameters<typeof setPrintoptions>[0],
	fn: () => T,
): T {
	const saved = current;
	setPrintoptions(options);
	try {
		return fn();
	} finally {
		current = saved;
	}
}

/** A tensor as PyTorch prints it: `tensor([1., 2.], requires_grad=True)`. Of a big one only its ends are read. */
export function formatTensor(tensor: Tensor): string {
	const wrapped = native.unwrapped(slotOf(tensor));
	if (wrapped !== null) return formatWrapped(wrapped);
	const suffixes: string[] = [];
	const device = tensor.device;
	if (device !== "cpu") suffixes.push(`device='${device}'`);

	const { layout } = tensor;
	const isPartial = isNested(tensor);
	const prefix = isPartial ? "nested_tensor(" : "tensor(";
	const isOpaque = /mkldnn/.test(layout);
	let format = layout === "strided" || isOpaque ? formatContents : formatSparse;
	if (isPartial) format = formatParts;
	else if (/^q/.test(tensor.dtype)) format = formatQuantized;
	let shown = isPartial ? tensor : tensor.detach();
	if (isOpaque) shown = shown.toDense(); // what it has in its own order nobody can read
	const contents = format(shown, prefix.length, suffixes);
	if (layout !== "strided") suffixes.push(`layout=torch.${layout}`);

	const gradFn = nameOfGradFn(tensor);
	if (gradFn !== null) suffixes.push(`grad_fn=<${gradFn}>`);
	else if (tensor.requiresGrad) suffixes.push("requires_grad=True");
	const isOnNewLine = layout === "sparse_coo";
	return addSuffixes(prefix + contents, suffixes, prefix.length, isOnNewLine);
}

/** A tensor that a transform (vmap, grad, jvp) sees, around what it wraps. */
function formatWrapped([kind, level, value, dim]: [
	kind: string,
	level: number,
	value: object,
	dim: number | null,
]): string {
	const text = formatTensor(value as Tensor);
	if (level < 0) return text; // its transform has ended
	const inner = text.replaceAll("\n", "\n    ");
	const name =
		kind === "vmap"
			? `BatchedTensor(lvl=${level}, bdim=${dim}`
			: `GradTrackingTensor(lvl=${level}`;
	return `${name}, value=\n    ${inner}\n)`;
}

/** Nested tensors are those that have no sizes. */
function isNested(tensor: Tensor): boolean {
	try {
		native.shape(slotOf(tensor));
		return false;
	} catch {
		return true;
	}
}

function nameOfGradFn(tensor: Tensor): string | null {
	try {
		return native.gradFn(slotOf(tensor))?.split("::").at(-1) ?? null;
	} catch {
		return "Invalid"; // a view that was made and changed where nothing is recorded
	}
}

/** Dtypes that the elements themselves tell. */
const obviousDtypes = () => [
	getDefaultDtype(),
	getDefaultDtype() === "float64" ? "complex128" : "complex64",
	"int64",
	"bool",
];

function formatContents(
	tensor: Tensor,
	indent: number,
	suffixes: string[],
): string {
	const { dtype, shape } = tensor;
	const isMeta = tensor.device.startsWith("meta");
	const isEmpty = tensor.numel() === 0;
	if (isMeta || isEmpty) {
		// no elements tell the dtype, so only the default one goes without saying
		if (isMeta || shape.length !== 1) suffixes.push(`size=${tuple(shape)}`);
		if (dtype !== getDefaultDtype()) suffixes.push(`dtype=torch.${dtype}`);
		return isMeta ? "..." : "[]";
	}
	if (current.edgeitems === 0) suffixes.push(`size=${tuple(shape)}`);
	if (!obviousDtypes().includes(dtype)) suffixes.push(`dtype=torch.${dtype}`);

	const elided = shape.map(
		(size) =>
			tensor.numel() > current.threshold && size > 2 * current.edgeitems,
	);
	if (current.edgeitems === 0 && elided.includes(true)) return "[...]";
	const shown = elided.reduce(
		(rest, isElided, dim) => (isElided ? ends(rest, dim) : rest),
		tensor,
	);
	const data = shown.tolist() as Nested;
	return formatNested(data, kindOf(dtype), current, indent, elided);
}

/** The parts of a nested tensor. */
function formatParts(tensor: Tensor): string {
	const { requiresGrad } = tensor;
	const parts = tensor
		.detach()
		.unbind(0)
		.map((part) => formatTensor(part.detach().requiresGrad_(requiresGrad)));
	return `[\n  ${parts.join(",\n").replaceAll("\n", "\n  ")}\n]`;
}

/** PyTorch's names by its numbers for them. */
const schemes = [
	"per_tensor_affine",
	"per_channel_affine",
	"per_tensor_symmetric",
	"per_channel_symmetric",
	"per_channel_affine_float_qparams",
];

/** The numbers that a quantized tensor stands for, and how they come of those that it has. */
function formatQuantized(
	tensor: Tensor,
	indent: number,
	suffixes: string[],
): string {
	const scheme = schemes[qscheme(tensor) as number] as string;
	suffixes.push(`size=${tuple(tensor.shape)}`, `dtype=torch.${tensor.dtype}`);
	suffixes.push(`quantization_scheme=torch.${scheme}`);
	if (scheme.startsWith("per_tensor"))
		suffixes.push(
			`scale=${toRepr(tensor.qScale())}`,
			`zero_point=${tensor.qZeroPoint()}`,
		);
	else
		suffixes.push(
			`scale=${formatTensor(tensor.qPerChannelScales())}`,
			`zero_point=${formatTensor(tensor.qPerChannelZeroPoints())}`,
			`axis=${tensor.qPerChannelAxis()}`,
		);
	return formatContents(tensor.dequantize(), indent, []);
}

const qscheme = privateOperator("qscheme");
const indices = privateOperator("_indices");
const values = privateOperator("_values");
const nnz = privateOperator("_nnz");

/** What a sparse tensor holds: its indices by PyTorch's names, and its values. */
function sparseParts(tensor: Tensor): [name: string, part: Tensor][] {
	switch (tensor.layout) {
		case "sparse_coo":
			return [
				["indices", indices(tensor) as Tensor],
				["values", values(tensor) as Tensor],
			];
		case "sparse_csr":
		case "sparse_bsr":
			return [
				["crow_indices", tensor.crowIndices()],
				["col_indices", tensor.colIndices()],
				["values", tensor.values()],
			];
		default:
			return [
				["ccol_indices", tensor.ccolIndices()],
				["row_indices", tensor.rowIndices()],
				["values", tensor.values()],
			];
	}
}

function formatSparse(
	tensor: Tensor,
	indent: number,
	suffixes: string[],
): string {
	const isMeta = tensor.device.startsWith("meta");
	suffixes.push(`size=${tuple(tensor.shape)}`);
	if (!isMeta) suffixes.push(`nnz=${nnz(tensor)}`);
	if (!obviousDtypes().includes(tensor.dtype))
		suffixes.push(`dtype=torch.${tensor.dtype}`);
	const parts = sparseParts(tensor).map(([name, part]) => {
		const opening = `${name}=tensor(`;
		const contents = formatContents(part, indent + opening.length, []);
		const hasSize = isMeta || part.numel() === 0;
		const size = hasSize ? `, size=${tuple(part.shape)}` : "";
		return `${opening}${contents}${size})`;
	});
	return parts.join(`,\n${" ".repeat(indent)}`);
}

/** The first and the last `edgeitems` of one dimension. */
function ends(tensor: Tensor, dim: number): Tensor {
	const { edgeitems } = current;
	// from the end, as a size may be a bigint
	const last = tensor.narrow(dim, -edgeitems, edgeitems);
	return cat([tensor.narrow(dim, 0, edgeitems), last], dim);
}

function kindOf(dtype: string): NumberKind {
	if (dtype.startsWith("complex")) return "complex";
	if (dtype === "float8_e8m0fnu") return "power";
	return /float/.test(dtype) ? "float" : "other";
}

/** Python's own: (), (3,), (2, 3) */
function tuple(shape: number[]): string {
	return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function addSuffixes(
	text: string,
	suffixes: string[],
	indent: number,
	isOnNewLine: boolean,
): string {
	let breaks = isOnNewLine;
	let column = text.length - text.lastIndexOf("\n") + 1; // one too many, as PyTorch counts
	for (const suffix of suffixes) {
		if (breaks || column + suffix.length + 2 > current.linewidth) {
			breaks = false;
			text += `,\n${" ".repeat(indent)}${suffix}`;
			column = indent + suffix.length;
		} else {
			text += `, ${suffix}`;
			column += suffix.length + 2;
		}
	}
	return `${text})`;
}
