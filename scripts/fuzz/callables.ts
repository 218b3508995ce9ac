/** What random programs call: every public function and method that is an operator, and some that are written by hand. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { packageRoot } from "../../lib/package.ts";
import { parseSchema, publicName, type Schema } from "../../lib/schema.ts";

export interface Callable {
	/** "linalg.svd", or of a method "add". */
	name: string;
	isMethod: boolean;
	schemas: Schema[];
}

/** What has no schema of LibTorch, written as one. A name with a point before it is a method's. */
const byHand = [
	".backward(Tensor self)",
	".requires_grad_(Tensor self, bool requires_grad=True)",
	".to(Tensor self, ScalarType dtype)",
	".to(Tensor self, Device device)",
	".float(Tensor self)",
	".long(Tensor self)",
	".tolist(Tensor self)",
	".item(Tensor self)",
	".to_typed_array(Tensor self)",
	".stride(Tensor self, int? dim=None)",
	".is_contiguous(Tensor self, *, MemoryFormat memory_format=contiguous)",
	".index(Tensor self, Index index)",
	".index(Tensor self, Index index, Index second)",
	".set_index(Tensor self, Index[] indices, Tensor|Scalar value)",
	".nonzero(Tensor self, *, bool as_tuple=False)",
	".unique(Tensor self, *, bool sorted=True, bool return_inverse=False, bool return_counts=False, int? dim=None)",
	".dispose(Tensor self)",
	"unique_consecutive(Tensor input, *, bool return_inverse=False, bool return_counts=False, int? dim=None)",
	"norm(Tensor input, Scalar p=2, int[1]? dim=None, bool keepdim=False)",
	"einsum(str equation, Tensor[] operands)",
	"tensordot(Tensor a, Tensor b, int dims=2)",
	'meshgrid(Tensor[] tensors, *, str indexing="ij")',
	"cdist(Tensor x1, Tensor x2, float p=2.0)",
	"block_diag(Tensor[] tensors)",
	"broadcast_tensors(Tensor[] tensors)",
	"cartesian_prod(Tensor[] tensors)",
	"atleast_2d(Tensor[] tensors)",
	"lu(Tensor A, *, bool pivot=True, bool get_infos=False)",
	"svd_lowrank(Tensor A, int q=2)",
	"sparse_coo_tensor(Tensor indices, Tensor values, int[]? size=None)",
	'nn.functional.interpolate(Tensor input, *, int[2]? size=None, float[2]? scale_factor=None, str mode="nearest", bool align_corners=False)',
	'nn.functional.pad(Tensor input, int[] pad, str mode="constant", float value=0)',
	"nn.functional.conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, int[2] padding=0)",
	"nn.functional.max_pool2d(Tensor input, int[2] kernel_size, *, int[2] stride=1, int[2] padding=0)",
	"nn.functional.unfold(Tensor input, int[2] kernel_size, *, int[2] padding=0)",
	'nn.functional.cross_entropy(Tensor input, Tensor target, *, Tensor? weight=None, str reduction="mean", float label_smoothing=0)',
	'nn.functional.binary_cross_entropy(Tensor input, Tensor target, *, str reduction="mean")',
	"nn.functional.embedding(Tensor input, Tensor weight, *, int? padding_idx=None)",
	"nn.functional.one_hot(Tensor input, int num_classes=-1)",
	'nn.functional.grid_sample(Tensor input, Tensor grid, *, str mode="bilinear", str padding_mode="zeros", bool align_corners=False)',
	"nn.functional.layer_norm(Tensor input, int[] normalized_shape)",
	"nn.functional.normalize(Tensor input, float p=2.0, int dim=1)",
	"nn.functional.scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, *, Tensor? attn_mask=None, bool is_causal=False)",
];

/** "nn.functional.max_pool2d(…)" as a callable of that name. */
function written(text: string): Callable {
	const open = text.indexOf("(");
	const path = text.slice(0, open).split(".");
	const schema = parseSchema(
		`torch::${path.at(-1)}${text.slice(open)} -> Tensor`,
	);
	const own = publicName(schema.baseName);
	return {
		name: [...path.slice(0, -1), own].filter(Boolean).join("."),
		isMethod: path[0] === "",
		schemas: [schema],
	};
}

/** The schemas of each operator, from the file that has them all. */
function operators(): Schema[][] {
	const file = join(packageRoot, "lib/generated/operators.ts");
	const lines = readFileSync(file, "utf8").matchAll(/new Operator\((.*)\);$/gm);
	return [...lines].map(([, texts]) =>
		(JSON.parse(`[${texts}]`) as string[]).map(parseSchema),
	);
}

/** What a path leads to: torch.linalg.svd. */
export function functionOf(name: string): unknown {
	return name
		.split(".")
		.reduce<unknown>(
			(at, part) =>
				at === undefined ? undefined : Reflect.get(at as object, part),
			torch,
		);
}

/** Not `mH`, which is an attribute: to look at it on the prototype is an error. */
function isMethod(name: string): boolean {
	for (
		let at = torch.Tensor.prototype;
		at !== null;
		at = Object.getPrototypeOf(at)
	) {
		const own = Object.getOwnPropertyDescriptor(at, name);
		if (own !== undefined) return typeof own.value === "function";
	}
	return false;
}

function found(): Callable[] {
	const callables = byHand.map(written);
	for (const schemas of operators()) {
		const name = publicName(schemas[0]?.baseName ?? "");
		if (typeof functionOf(name) === "function")
			callables.push({ name, isMethod: false, schemas });
		const own = schemas.filter((s) => s.arguments[0]?.name === "self");
		if (own.length > 0 && isMethod(name))
			callables.push({ name, isMethod: true, schemas: own });
	}
	return callables;
}

export const callables: readonly Callable[] = found();
