/** Calls of operators as PyTorch's OpInfo makes them: results and gradients compared. */
import * as torch from "../../lib/index.ts";
import { camelCase } from "../../lib/schema.ts";
import { compare, type Difference, type Tolerances } from "./compare.ts";
import type { Dump, Encoded } from "./dump.ts";
import { callOperator, type Given } from "./operatorCalls.ts";
import { reconstruct } from "./reconstruct.ts";
import type { Outcome } from "./report.ts";

export interface OperatorCase {
	/** PyTorch's name: "nn.functional.conv2d" */
	op: string;
	variant: string;
	/** Which of OpInfo's samples. */
	i: number;
	seed: number;
	input: Encoded;
	args: Encoded[];
	kwargs: { [name: string]: Encoded };
	out: Encoded;
	/** Of the outputs that require gradients. */
	cots?: Encoded[];
	/** Of the leaves that require them, in the order in which they stand; null: no gradients were taken. */
	grads: Encoded[] | null;
}

/** Memory that nobody has written: only shape and dtype can be compared. */
const undefinedValues =
	/^(empty|new_empty|empty_like|empty_strided|empty_permuted|new_empty_strided)$/;

/** OpInfo's own, where they are wider: small differences grow in the iterations of these. */
const lowRank: Tolerances = { float32: [1e-3, 1e-3], complex64: [1e-2, 1e-2] };
const tolerances: { readonly [op: string]: Tolerances } = {
	svd_lowrank: lowRank,
	pca_lowrank: lowRank,
};

/** The seed that OpInfo's own wrapper sets, around the functions that draw. */
const wrapperSeed = 42;

export function titleOf({ op, variant }: OperatorCase): string {
	return variant ? `${op}.${variant}` : op;
}

/** A value, its tensors requiring gradients where Python's did; these are added to `leaves`. */
function decode(dump: Dump, value: Encoded, leaves: torch.Tensor[]): unknown {
	if (typeof value !== "object" || value === null) return dump.decode(value);
	const { rg, l, u } = value as { rg?: boolean; l?: Encoded[]; u?: Encoded[] };
	const list = l ?? u;
	if (list !== undefined) return list.map((item) => decode(dump, item, leaves));
	const decoded = dump.decode(value);
	if (rg) leaves.push((decoded as torch.Tensor).requiresGrad_());
	return decoded;
}

function tensors(value: unknown): torch.Tensor[] {
	if (torch.isTensor(value)) return [value];
	return Array.isArray(value) ? value.flatMap(tensors) : [];
}

interface Call {
	leaves: torch.Tensor[];
	result: unknown;
}

/** x[a, b] has one argument in Python, a tuple. */
function argumentsOf({ op, args }: OperatorCase): Encoded[] {
	const [first] = args;
	const isTuple = typeof first === "object" && first !== null && "u" in first;
	return op === "__getitem__" && isTuple ? (first.u as Encoded[]) : args;
}

/** The call of a case, from a seed; null where there is no such function. */
function call(dump: Dump, test: OperatorCase, seed: number): Call | null {
	const leaves: torch.Tensor[] = [];
	const given: Given = {
		input: decode(dump, test.input, leaves),
		args: argumentsOf(test).map((value) => decode(dump, value, leaves)),
		options: Object.fromEntries(
			Object.entries(test.kwargs).map(([name, value]) => [
				camelCase(name),
				decode(dump, value, leaves),
			]),
		),
	};
	torch.manualSeed(seed);
	const found = callOperator(test.op, test.variant, given);
	return found && { leaves, result: found.result };
}

function compareGradients(
	dump: Dump,
	{ op, cots = [], grads }: OperatorCase,
	{ leaves, result }: Call,
): Difference {
	if (grads === null) return "equal";
	const outputs = tensors(result).filter((each) => each.requiresGrad);
	if (outputs.length !== cots.length)
		return {
			what: `${outputs.length} outputs require gradients, PyTorch has ${cots.length}`,
		};
	const gradOutputs = cots.map((value) => dump.decode(value) as torch.Tensor);
	const found = torch.autograd.grad(outputs, leaves, {
		gradOutputs,
		allowUnused: true,
	});
	const difference = compare(
		found,
		grads.map((value) => dump.decode(value)),
		{ tolerances: tolerances[op] },
	);
	return typeof difference === "object"
		? { what: `gradients: ${difference.what}` }
		: difference;
}

export function replay(dump: Dump, test: OperatorCase): Outcome {
	const theirs = dump.decode(test.out);
	const options = {
		valuesCount: !undefinedValues.test(test.op),
		tolerances: tolerances[test.op],
	};
	let made: Call | null = null;
	let outcome: Difference = "equal";
	for (const seed of [test.seed, wrapperSeed]) {
		made = call(dump, test, seed);
		if (made === null) return { missing: "there is no such function" };
		outcome = compare(made.result, theirs, options);
		if (typeof outcome !== "object") break;
	}
	if (made === null) return { missing: "" };
	if (typeof outcome === "object") {
		const product = reconstruct[titleOf(test)];
		if (product === undefined) return outcome;
		const same = compare(
			product(tensors(made.result)),
			product(tensors(theirs)),
		);
		// The gradients are for cotangents of other signs, so they cannot be compared.
		return typeof same === "object" ? same : "reconstructed";
	}
	const gradients = compareGradients(dump, test, made);
	return gradients === "equal" ? outcome : gradients;
}
