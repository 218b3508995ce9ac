import * as check from "../check.ts";
import { Tensor } from "../tensor/tensor.ts";
import { damaged } from "./header.ts";
import { type LoadOptions, safeOpen, saveFile } from "./safetensors.ts";

/** What a checkpoint may hold: tensors, plain values, and arrays and plain objects of these. */
export type Storable =
	| Tensor
	| string
	| number
	| bigint
	| boolean
	| null
	| undefined
	| readonly Storable[]
	| { readonly [key: string]: Storable };

const METADATA = "torch-node.checkpoint";

/**
 * Writes a training run's state to one file, whole or not at all: state dicts, numbers, strings and whatever else is plain.
 *
 * The file is a safetensors file: Python's `load_file` reads its tensors under names such as `model.conv1.weight`. A tensor that
 * occurs twice is written once, and is one tensor again when loaded.
 *
 * @throws TorchError that names the path inside `state` of what cannot be stored
 *
 * @example
 * saveCheckpoint("run.safetensors", { model: model.stateDict(), optimizer: optimizer.stateDict(), epoch });
 */
export function saveCheckpoint(
	path: string,
	state: { readonly [key: string]: unknown },
): void {
	const named = new Map<string, Tensor>();
	const names = new Map<Tensor, string>();
	const nameOf = (tensor: Tensor, keys: string[]) => {
		const known = names.get(tensor);
		if (known !== undefined) return known;
		let name = keys.join(".");
		while (named.has(name)) name += "'"; // { "a.b": … } beside { a: { b: … } }
		named.set(name, tensor);
		names.set(tensor, name);
		return name;
	};
	const tree = JSON.stringify(encode(state, [], nameOf));
	saveFile(path, Object.fromEntries(named), { metadata: { [METADATA]: tree } });
}

/**
 * Reads what {@link saveCheckpoint} wrote.
 *
 * @throws TorchError with code ERR_INVALID_FILE where the file is no checkpoint or is damaged
 *
 * @example
 * const { model: weights, epoch } = loadCheckpoint("run.safetensors");
 */
export function loadCheckpoint(
	path: string,
	options: LoadOptions = {},
): { [key: string]: Storable } {
	const file = safeOpen(path, options);
	try {
		const text = file.metadata()[METADATA];
		if (text === undefined)
			throw damaged(
				path,
				"a safetensors file, but no checkpoint of torch-node",
			);
		const tensors = new Map(
			file.keys().map((name) => [name, file.getTensor(name)]),
		);
		return decode(parse(path, text), (name) => {
			const tensor = tensors.get(name);
			if (!tensor) throw damaged(path, `tensor "${name}" is missing`);
			return tensor;
		}) as { [key: string]: Storable };
	} finally {
		file.close();
	}
}

// What JSON cannot say is an object with one key that begins with $; users' own such keys get a second $.

function encode(
	value: unknown,
	keys: string[],
	nameOf: (tensor: Tensor, keys: string[]) => string,
): unknown {
	const inside = (child: unknown, key: string) =>
		encode(child, [...keys, key], nameOf);
	switch (typeof value) {
		case "string":
		case "boolean":
			return value;
		case "undefined":
			return { $undefined: 0 };
		case "bigint":
			return { $bigint: `${value}` };
		case "number":
			if (Number.isFinite(value) && !Object.is(value, -0)) return value;
			return { $number: Object.is(value, -0) ? "-0" : `${value}` };
	}
	if (value === null) return null;
	if (value instanceof Tensor) return { $tensor: nameOf(value, keys) };
	if (Array.isArray(value))
		return value.map((child, index) => inside(child, `${index}`));
	if (isPlain(value))
		return Object.fromEntries(
			Object.entries(value).map(([key, child]) => [
				key.startsWith("$") ? `$${key}` : key,
				inside(child, key),
			]),
		);
	throw check.invalidType(
		"saveCheckpoint",
		["state", ...keys].join("."),
		"a tensor or plain data",
		value,
	);
}

function isPlain(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null; // not instanceof: objects of other realms, too
}

function decode(value: unknown, tensor: (name: string) => Tensor): Storable {
	if (Array.isArray(value)) return value.map((child) => decode(child, tensor));
	if (typeof value !== "object" || value === null) return value as Storable;
	const entries = Object.entries(value);
	const [key, content] = entries[0] ?? [""];
	switch (key) {
		case "$undefined":
			return undefined;
		case "$bigint":
			return BigInt(content);
		case "$number":
			return Number(content);
		case "$tensor":
			return tensor(content);
	}
	return Object.fromEntries(
		entries.map(([name, child]) => [
			name.replace(/^\$\$/, "$"),
			decode(child, tensor),
		]),
	);
}

function parse(path: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw damaged(path, "the checkpoint in its metadata is not JSON");
	}
}
