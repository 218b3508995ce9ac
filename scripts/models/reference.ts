/** Models beside what scripts/fixtures/vision_models.py wrote of torchvision's. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { packageRoot } from "../../lib/package.ts";
import { getModel, type ModelName } from "../../lib/vision/models/index.ts";

export interface Values {
	values: number[];
	max: number;
}

export interface Case {
	model: ModelName;
	options: Record<string, unknown>;
	parameters: number;
	keys: string;
	entries: number;
	tree: string;
	weights?: [number, number][];
	total?: number;
	size?: number[];
	outputs?: Values[];
	trained?: { outputs: Values[]; gradients: Values[]; norm: number };
}

export const cases: Case[] = JSON.parse(
	readFileSync(join(packageRoot, "test/fixtures/vision/models.json"), "utf8"),
);

export const nameOf = ({ model, options }: Case): string =>
	[
		model,
		...Object.entries(options).map(([key, value]) => `${key}=${value}`),
	].join(" ");

/** The options by our names. */
function optionsOf({ options }: Case): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(options).map(([key, value]) => [
			key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
			value === "groupNorm"
				? (channels: number) => new torch.nn.GroupNorm(4, channels)
				: value,
		]),
	);
}

export type Model = torch.nn.Module<[torch.Tensor], unknown>;

export function build(given: Case): Model {
	return getModel(given.model, optionsOf(given)) as unknown as Model;
}

const digest = (text: string) =>
	createHash("sha256").update(text).digest("hex").slice(0, 16);

/** What a model is, without running it. */
export function structure(given: Case): Partial<Case> {
	const model = torch.onDevice("meta", () => build(given));
	const state = Object.entries(model.stateDict());
	return {
		parameters: model.parameters().reduce((sum, p) => sum + p.numel(), 0),
		entries: state.length,
		keys: digest(
			state
				.map(([key, { shape }]) => `${key} [${shape.join(", ")}]`)
				.join("\n"),
		),
		tree: digest(model.toString()),
	};
}

const first = (x: torch.Tensor) => x.flatten().select(0, 0).item() as number;
const last = (x: torch.Tensor) => x.flatten().select(0, -1).item() as number;

/** First and last values of eight parameters, and the sum of all absolute values. */
function weights(model: Model): {
	weights: [number, number][];
	total: number;
} {
	const parameters = model.parameters();
	const step = Math.max(1, Math.floor((parameters.length - 1) / 7));
	const some = parameters.filter((_, i) => i % step === 0).slice(0, 8);
	return {
		weights: some.map((p) => [first(p), last(p)]),
		total: parameters.reduce(
			(sum, p) => sum + (p.detach().to("float64").abs().sum().item() as number),
			0,
		),
	};
}

/** Whatever started constant gets different values, as in the script. */
function shake(model: Model): void {
	torch.manualSeed(1);
	torch.noGrad(() => {
		for (const p of model.parameters())
			if (first(p) === last(p)) p.add_(torch.randn(p.shape).mul(0.1));
		for (const [name, buffer] of model.namedBuffers()) {
			if (name.endsWith("running_mean"))
				buffer.add_(torch.randn(buffer.shape).mul(0.1));
			else if (name.endsWith("running_var"))
				buffer.add_(torch.rand(buffer.shape));
		}
	});
}

/** The same input as in the script. */
function inputOf({ size }: Case): torch.Tensor {
	torch.manualSeed(2);
	return torch.rand(size as number[]);
}

/** The tensors in an output, in order. */
function tensors(output: unknown): torch.Tensor[] {
	return output instanceof torch.Tensor
		? [output]
		: Object.values(output as Record<string, torch.Tensor>);
}

/** How far tensors are from their saved values, in shares of the largest of each. */
function distance(
	found: readonly torch.Tensor[],
	saved: readonly Values[],
): number {
	if (found.length !== saved.length) return Number.POSITIVE_INFINITY;
	return Math.max(
		...found.map((x, i) => distanceOf(x.detach(), saved[i] as Values)),
	);
}

function distanceOf(x: torch.Tensor, { values, max }: Values): number {
	const flat = x.flatten();
	const step = Math.max(1, Math.floor((flat.numel() - 1) / 7));
	const found = values.map((_, i) => flat.select(0, i * step).item() as number);
	found.push(x.abs().max().item() as number);
	const apart = found.map((value, i) =>
		Math.abs(value - ([...values, max][i] as number)),
	);
	return Math.max(...apart) / max;
}

/** How far first weights are from torchvision's for the same seed: the largest difference. The model is shaken afterwards. */
export function weightsDistance(model: Model, given: Case): number {
	const found = weights(model);
	const saved = given.weights as [number, number][];
	const apart = found.weights.flatMap((pair, i) =>
		pair.map((value, j) => Math.abs(value - (saved[i]?.[j] as number))),
	);
	shake(model);
	return Math.max(
		...apart,
		Math.abs(found.total / (given.total as number) - 1),
	);
}

/** Frees a model's tensors, gradients too. */
export function free(model: Model): void {
	for (const tensor of [...model.parameters(), ...model.buffers()]) {
		tensor.grad?.dispose();
		tensor.dispose();
	}
}

/** How far outputs in evaluation are. */
export function outputsDistance(model: Model, given: Case): number {
	model.eval();
	const outputs = torch.noGrad(() => tensors(model(inputOf(given))));
	return distance(outputs, given.outputs as Values[]);
}

/** How far outputs and gradients in training are, with what dropout draws from the same seed. */
export function trainedDistance(
	model: Model,
	given: Case,
): { outputs: number; gradients: number } {
	const saved = given.trained as NonNullable<Case["trained"]>;
	const x = inputOf(given);
	torch.manualSeed(3);
	const outputs = tensors(model.train()(x));
	const losses = outputs.map((output) => output.pow(2).mean());
	losses.reduce((sum, loss) => sum.add(loss)).backward();
	const parameters = model.parameters();
	const ends = [parameters[0], parameters.at(-1)].map(
		(parameter) => parameter?.grad as torch.Tensor,
	);
	const norms = parameters.flatMap(({ grad }) =>
		grad === null ? [] : [grad.norm()],
	);
	const norm = torch.stack(norms).norm().item() as number;
	return {
		outputs: distance(outputs, saved.outputs),
		gradients: Math.max(
			distance(ends, saved.gradients),
			Math.abs(norm / saved.norm - 1),
		),
	};
}
