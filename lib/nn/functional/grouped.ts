/** Products of matrices in groups, as mixtures of experts need them, and of matrices in eight bits with factors. */
import * as check from "../../check.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DType } from "../../types.ts";
import { as, checkTensor, type Optional, optional } from "../arguments.ts";

const grouped = privateOperator("_grouped_mm");
const scaled = privateOperator("_scaled_mm_v2");
const scaledGrouped = privateOperator("_scaled_grouped_mm_v2");

const groupedDefaults = {
	offs: null as Tensor | null,
	bias: null as Tensor | null,
	outDtype: null as DType | null,
};

/**
 * A product for each of several groups. Where a matrix has 2 dimensions, its groups end at `offs` (int32): rows of `matA` [tokens, K] for
 * `matB` [groups, K, N], or the common dimension of [M, tokens] and [tokens, N]; where it has 3, the first one is the groups'. LibTorch has
 * no `bias` yet; `outDtype` is the inputs' by default.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grouped_mm.html
 *
 * @example
 * const offs = torch.tensor([3, 8], { dtype: "int32" }); // 3 tokens for the first expert, 5 for the second
 * F.groupedMm(torch.randn([8, 16]), torch.randn([2, 16, 4]), { offs }).shape; // [8, 4]
 */
export function groupedMm(
	matA: Tensor,
	matB: Tensor,
	...rest: Optional<typeof groupedDefaults, ["offs", "bias", "outDtype"]>
): Tensor {
	const op = "groupedMm";
	const { offs, bias, outDtype } = optional(op, groupedDefaults, rest);
	return named(op, () => grouped(matA, matB, offs, bias, outDtype));
}

const SCALINGS = [
	"TensorWise",
	"RowWise",
	"BlockWise1x16",
	"BlockWise1x32",
	"BlockWise1x128",
	"BlockWise128x128",
] as const;
const SWIZZLES = ["NO_SWIZZLE", "SWIZZLE_32_4_4"] as const;

/** What a factor is for: all elements, a row, or a block of them. */
export type ScalingType = (typeof SCALINGS)[number];
/** The order in which factors lie. */
export type SwizzleType = (typeof SWIZZLES)[number];

type OneOrMore<T> = T | readonly T[];

const scaledDefaults = {
	swizzleA: null as OneOrMore<SwizzleType> | null,
	swizzleB: null as OneOrMore<SwizzleType> | null,
	bias: null as Tensor | null,
	outputDtype: "bfloat16" as DType,
	contractionDim: [] as readonly number[],
	useFastAccum: false,
};
const scaledGroupedDefaults = {
	swizzleA: scaledDefaults.swizzleA,
	swizzleB: scaledDefaults.swizzleB,
	bias: scaledDefaults.bias,
	offs: null as Tensor | null,
	outputDtype: scaledDefaults.outputDtype,
	contractionDim: scaledDefaults.contractionDim,
	useFastAccum: false,
};

/**
 * The product of two matrices, each times its factors: `matA` [M, K] in float8, row by row in memory, `matB` [K, N], column by column. The CPU
 * takes "TensorWise" and "RowWise" factors. `outputDtype` is bfloat16 by default.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_mm.html
 *
 * @example
 * const a = torch.randn([16, 32]).to("float8_e4m3fn");
 * const b = torch.randn([16, 32]).to("float8_e4m3fn").t();
 * const one = torch.ones([]);
 * F.scaledMm(a, b, one, "TensorWise", one, "TensorWise", { outputDtype: "float32" }).shape; // [16, 16]
 */
export function scaledMm(
	matA: Tensor,
	matB: Tensor,
	scaleA: OneOrMore<Tensor>,
	scaleRecipeA: OneOrMore<ScalingType>,
	scaleB: OneOrMore<Tensor>,
	scaleRecipeB: OneOrMore<ScalingType>,
	...rest: Optional<
		typeof scaledDefaults,
		[
			"swizzleA",
			"swizzleB",
			"bias",
			"outputDtype",
			"contractionDim",
			"useFastAccum",
		]
	>
): Tensor {
	const op = "scaledMm";
	const given = optional(op, scaledDefaults, rest);
	const factors = [
		...factorsOf(op, "A", scaleA, scaleRecipeA, given.swizzleA),
		...factorsOf(op, "B", scaleB, scaleRecipeB, given.swizzleB),
	];
	const { bias, outputDtype, contractionDim, useFastAccum } = given;
	return named(op, () =>
		scaled(
			...[matA, matB, ...factors],
			...[bias, outputDtype, contractionDim, useFastAccum],
		),
	);
}

/**
 * `groupedMm` with factors, as `scaledMm` has them. On GPUs only.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_grouped_mm.html
 */
export function scaledGroupedMm(
	matA: Tensor,
	matB: Tensor,
	scaleA: OneOrMore<Tensor>,
	scaleRecipeA: OneOrMore<ScalingType>,
	scaleB: OneOrMore<Tensor>,
	scaleRecipeB: OneOrMore<ScalingType>,
	...rest: Optional<
		typeof scaledGroupedDefaults,
		[
			"swizzleA",
			"swizzleB",
			"bias",
			"offs",
			"outputDtype",
			"contractionDim",
			"useFastAccum",
		]
	>
): Tensor {
	const op = "scaledGroupedMm";
	const given = optional(op, scaledGroupedDefaults, rest);
	const factors = [
		...factorsOf(op, "A", scaleA, scaleRecipeA, given.swizzleA),
		...factorsOf(op, "B", scaleB, scaleRecipeB, given.swizzleB),
	];
	const { offs, bias, outputDtype, contractionDim, useFastAccum } = given;
	return named(op, () =>
		scaledGrouped(
			...[matA, matB, ...factors],
			...[offs, bias, outputDtype, contractionDim, useFastAccum],
		),
	);
}

/** One matrix's factors, what each is for, and how they lie: as LibTorch numbers them. */
function factorsOf(
	op: string,
	matrix: "A" | "B",
	scale: OneOrMore<Tensor>,
	recipe: OneOrMore<ScalingType>,
	swizzle: OneOrMore<SwizzleType> | null,
): [Tensor[], number[], number[]] {
	const numbers = <T extends string>(
		argument: string,
		given: OneOrMore<T>,
		known: readonly T[],
	) =>
		listOf(given).map((name) =>
			known.indexOf(check.oneOf(op, argument, name, known)),
		);
	for (const each of listOf(scale)) checkTensor(op, `scale${matrix}`, each);
	return [
		listOf(scale),
		numbers(`scaleRecipe${matrix}`, recipe, SCALINGS),
		numbers(`swizzle${matrix}`, swizzle ?? [], SWIZZLES),
	];
}

function listOf<T>(given: OneOrMore<T>): T[] {
	return Array.isArray(given) ? [...given] : [given as T];
}

/** What an operator's arguments are called there → here. */
const names: { readonly [argument: string]: string } = {
	input: "matA",
	mat2: "matB",
};

function named(op: string, call: () => unknown): Tensor {
	return as(op, call, names) as Tensor;
}
