/** An operator's schema, as LibTorch writes it: `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`. */

export interface Argument {
	/** In camelCase: `keepdim`, `weightDecay`. */
	name: string;
	/** Without alias annotations: `Tensor?`, `SymInt[2]`, `Scalar`. */
	type: string;
	/** The operator changes it. */
	written: boolean;
	/** The default as the schema writes it, or undefined if there is none. */
	default: string | undefined;
	/** In Python it can be given by name only. */
	keywordOnly: boolean;
}

export interface Result {
	/** In camelCase, or "" if it has no name. */
	name: string;
	type: string;
	/** It is one of the arguments, changed. */
	written: boolean;
}

export interface Schema {
	/** As it was written. */
	text: string;
	/** With namespace: `aten::log_softmax`. */
	fullName: string;
	/** `log_softmax` */
	baseName: string;
	/** `int`, or "" for none. */
	overload: string;
	arguments: Argument[];
	results: Result[];
}

/** `log_softmax` → `logSoftmax`, `index_add_` → `indexAdd_`, `conv_transpose2d` → `convTranspose2d`. */
export function camelCase(name: string): string {
	return name.replace(/(?<=[^_])_+([a-z0-9])/g, (_, letter: string) =>
		letter.toUpperCase(),
	);
}

/** Splits at commas that are in no brackets. */
function split(text: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let start = 0;
	for (let i = 0; i < text.length; i++) {
		const c = text[i];
		if (c === "(" || c === "[") depth++;
		else if (c === ")" || c === "]") depth--;
		else if (c === "," && depth === 0) {
			parts.push(text.slice(start, i).trim());
			start = i + 1;
		}
	}
	const last = text.slice(start).trim();
	return last === "" ? parts : [...parts, last];
}

const annotation = /\(([a-z0-9|]+!?)( -> [^)]*)?\)/;

function parseArgument(text: string, keywordOnly: boolean): Argument {
	const match = /^(.+?) (\w+)(?:=(.*))?$/.exec(text);
	if (!match) throw new Error(`not an argument of a schema: ${text}`);
	const [, type = "", name = "", fallback] = match;
	return {
		name: camelCase(name),
		type: type.replace(annotation, ""),
		written: type.includes("!"),
		default: fallback,
		keywordOnly,
	};
}

function parseResult(text: string): Result {
	const [, type = "", name = ""] =
		/^((?:[^\s(]|\([^)]*\))+)(?: (\w+))?$/.exec(text) ?? [];
	return {
		name: camelCase(name),
		type: type.replace(annotation, ""),
		written: type.includes("!"),
	};
}

export function parseSchema(text: string): Schema {
	const match = /^((\w+)::(\w+))(?:\.(\w+))?\((.*)\) -> (.*)$/.exec(text);
	if (!match) throw new Error(`not a schema: ${text}`);
	const [
		,
		fullName = "",
		,
		baseName = "",
		overload = "",
		inner = "",
		result = "",
	] = match;
	let keywordOnly = false;
	const parsed: Argument[] = [];
	for (const part of split(inner)) {
		if (part === "*") keywordOnly = true;
		else parsed.push(parseArgument(part, keywordOnly));
	}
	const results = result.startsWith("(")
		? split(result.slice(1, -1))
		: split(result);
	return {
		text,
		fullName,
		baseName,
		overload,
		arguments: parsed,
		results: results.map(parseResult),
	};
}

/** Whether an operator makes a tensor of given dtype and device: then it takes `requiresGrad`, too. */
export function isFactory(schema: Schema): boolean {
	return schema.arguments.some((a) => a.name === "pinMemory");
}

/** Prefixes of operators that are namespaces in Python: linalg_svd is torch.linalg.svd. */
export const namespaces = ["linalg", "fft", "special"] as const;

/** An operator's name as a user writes it: `logSoftmax`, `linalg.svd`. */
export function publicName(baseName: string): string {
	const namespace = namespaces.find((n) => baseName.startsWith(`${n}_`));
	if (namespace === undefined) return camelCase(baseName);
	return `${namespace}.${camelCase(baseName.slice(namespace.length + 1))}`;
}
