// Compares all models with torchvision's (what scripts/fixtures/vision_models.py wrote) and writes docs/models.md.
// usage: node dist/scripts/models/main.js [NAME…]        (NAMEs: only compares these)
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { packageRoot } from "../../lib/package.ts";
import { listWeights } from "../../lib/vision/models/index.ts";
import {
	build,
	type Case,
	cases,
	free,
	nameOf,
	outputsDistance,
	structure,
	trainedDistance,
	weightsDistance,
} from "./reference.ts";

interface Row {
	given: Case;
	isSame: boolean;
	weights?: number;
	outputs?: number;
	gradients?: number;
}

function isSame(given: Case): boolean {
	const { parameters, entries, keys, tree } = given;
	return (
		JSON.stringify(structure(given)) ===
		JSON.stringify({ parameters, entries, keys, tree })
	);
}

function compared(given: Case): Omit<Row, "given" | "isSame"> {
	torch.manualSeed(0);
	const model = build(given);
	const weights = weightsDistance(model, given);
	const outputs = outputsDistance(model, given);
	const trained = trainedDistance(model, given);
	free(model);
	return {
		weights,
		outputs: Math.max(outputs, trained.outputs),
		gradients: trained.gradients,
	};
}

const exponent = (value: number | undefined) =>
	value === undefined ? "" : value === 0 ? "0" : value.toExponential(0);

function line({ given, isSame, ...rest }: Row): string {
	const best = listWeights(given.model).find(({ isDefault }) => isDefault);
	const [metrics] = Object.values(best?.meta.metrics ?? {});
	const [metric] = Object.entries(metrics ?? {});
	const isVariant = Object.keys(given.options).length > 0;
	const cells = [
		`\`${given.model}\`${isVariant ? ` ${JSON.stringify(given.options).replaceAll('"', "")}` : ""}`,
		given.parameters.toLocaleString("en"),
		given.entries,
		isSame ? "same" : "DIFFERENT",
		exponent(rest.weights),
		exponent(rest.outputs),
		exponent(rest.gradients),
		metric && !isVariant ? `${metric[1]} (${metric[0]}, ${best?.name})` : "",
	];
	return `| ${cells.join(" | ")} |`;
}

const TEXT = `# Models beside torchvision's

Made by \`node dist/scripts/models/main.js\`; do not edit. Each model is built from the same seed as Python's (torch 2.13, torchvision 0.28): names and shapes in the
state dict and the printed tree of layers are compared by hash, all else by value. Differences are the largest ones: of first weights, of outputs in
evaluation and in training (with what dropout and stochastic depth draw), and of gradients, as shares of the largest value. What started constant is shaken first.
LeNet and U-Net are PyTorch's tutorial's and PyTorch Hub's.

| model | parameters | entries | layers, keys, shapes | first weights | outputs | gradients | best trained weights |
|---|---:|---:|---|---:|---:|---:|---|
`;

const only = process.argv.slice(2);
const chosen = cases.filter(
	({ model }) => only.length === 0 || only.includes(model),
);
const rows = chosen.map((given): Row => ({ given, isSame: isSame(given) }));
// The small ones first: the table is written after each, empty where nothing was compared yet.
for (const row of rows.toSorted(
	(a, b) => a.given.parameters - b.given.parameters,
)) {
	if (row.given.outputs !== undefined) Object.assign(row, compared(row.given));
	console.log(line(row));
	if (only.length === 0)
		writeFileSync(
			join(packageRoot, "docs/models.md"),
			`${TEXT}${rows.map(line).join("\n")}\n`,
		);
}
const isFar = ({ isSame, weights = 0, outputs = 0, gradients = 0 }: Row) =>
	!isSame || weights > 1e-6 || outputs > 1e-4 || gradients > 1e-4;
const far = rows.filter(isFar).map(({ given }) => nameOf(given));
if (far.length > 0) {
	console.error(`too far from torchvision's: ${far.join(", ")}`);
	process.exitCode = 1;
}
