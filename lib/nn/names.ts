const known = new Map<string, string>();

/**
 * The state-dict name of a field. A camelCase name becomes PyTorch's snake_case one, each capital on its own, so that the
 * mapping loses nothing: `runningMean` is `running_mean`, `weightIhL0` is `weight_ih_l0`, `conv1` stays `conv1`. A name that
 * starts with a capital or has an underscore (`Mixed_5b`, `hidden_layer`) is taken to be PyTorch's own and stays as it is.
 */
export function stateName(field: string): string {
	let name = known.get(field);
	if (name === undefined) {
		name = /^[a-z][^_]*$/.test(field)
			? field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
			: field;
		known.set(field, name);
	}
	return name;
}

/** A value as Python prints it inside `Conv2d(…)`: `True`, `None`, `(2, 2)`, `1e-05`, `'none'`. */
export function python(value: unknown): string {
	if (typeof value === "number") return number(value);
	if (typeof value === "boolean") return value ? "True" : "False";
	if (typeof value === "string") return `'${value}'`;
	if (Array.isArray(value))
		return value.length === 1
			? `(${python(value[0])},)`
			: `(${value.map(python).join(", ")})`;
	return value === null || value === undefined ? "None" : String(value);
}

/** Python writes an exponent of at least two digits below 1e-4 and from 1e16 on. */
function number(value: number): string {
	if (!Number.isFinite(value))
		return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
	const size = Math.abs(value);
	const text =
		size !== 0 && (size < 1e-4 || size >= 1e16)
			? value.toExponential()
			: String(value);
	return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** A number as Python prints a float: `1.0`, `0.5`, `1e-05`. */
export function float(value: number): string {
	const text = python(value);
	return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
