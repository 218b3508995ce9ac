import * as check from "../../check.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** A value as PyTorch prints it in a list of parameters. `typeName` names a tensor's dtype. */
function line(
	name: string,
	value: unknown,
	typeName: (tensor: Tensor) => string,
): string {
	if (!(value instanceof Tensor)) {
		const type = Object.getPrototypeOf(value ?? {})?.constructor?.name;
		return `  (${name}): Object of type: ${value === null ? "NoneType" : type}`;
	}
	const kind = value instanceof Parameter ? "Parameter" : "Tensor";
	const device = value.isCuda ? ` (${value.device})` : "";
	return `  (${name}): ${kind} containing: [${typeName(value)} of size ${value.shape.join("x")}${device}]`;
}

/** Plain tensors become parameters. */
function asParameter(value: unknown): unknown {
	return value instanceof Tensor && !(value instanceof Parameter)
		? new Parameter(value)
		: value;
}

/**
 * A list of parameters, registered in order as `0`, `1`, …; tensors become parameters. It is not called itself.
 *
 * ```ts
 * readonly scales = new nn.ParameterList([torch.ones([4]), torch.ones([4])]);
 * // in forward:
 * for (const scale of this.scales) x = x.mul(scale);
 * ```
 */
export class ParameterList extends Module<never, never> {
	private readonly held: Parameter[] = [];

	constructor(values: Iterable<Tensor> = []) {
		super();
		this.extend(values);
	}

	/** How many parameters there are. */
	override get length(): number {
		return this.held.length;
	}

	/** The parameter at `index`; a negative one counts from the end. An index out of range is an error. */
	at(index: number): Parameter {
		return this.held.at(this.checked("at", index)) as Parameter;
	}

	/** Puts a parameter in the place of the one at `index`. */
	set(index: number, value: Tensor): this {
		const at = this.checked("set", index);
		this.held[at < 0 ? at + this.length : at] = this.parameter(value);
		return this;
	}

	/** Puts a parameter at the end. */
	append(value: Tensor): this {
		this.held.push(this.parameter(value));
		return this;
	}

	/** Puts several parameters at the end. */
	extend(values: Iterable<Tensor>): this {
		const isIterable =
			typeof (values as Partial<Iterable<Tensor>> | null)?.[Symbol.iterator] ===
			"function";
		if (!isIterable || values instanceof Tensor)
			throw check.invalidType(
				this.constructor.name,
				"values",
				"iterable of tensors",
				values,
			);
		for (const value of values) this.append(value);
		return this;
	}

	[Symbol.iterator](): IterableIterator<Parameter> {
		return this.held[Symbol.iterator]();
	}

	private parameter(value: Tensor): Parameter {
		if (!(value instanceof Tensor))
			throw check.invalidType(this.constructor.name, "value", "Tensor", value);
		return asParameter(value) as Parameter;
	}

	private checked(op: string, index: number): number {
		return check.integer(`${this.constructor.name}.${op}`, "index", index, {
			min: -this.length,
			max: this.length - 1,
		});
	}

	protected override registry(): [name: string, value: unknown][] {
		return [...this.held].map((parameter, i) => [String(i), parameter]);
	}

	override forward(): never {
		throw notCalled(this.constructor.name);
	}

	override extraRepr(): string {
		return [...this.held]
			.map((each, i) => line(String(i), each, (t) => `torch.${t.dtype}`))
			.join("\n");
	}
}

/**
 * Parameters by name, with `Map`'s methods; tensors become parameters. It is not called itself. Names are state-dict names as they are.
 *
 * ```ts
 * readonly gains = new nn.ParameterDict({ left: torch.ones([4]), right: torch.ones([4]) });
 * // in forward:
 * return x.mul(this.gains.get("left"));
 * ```
 */
export class ParameterDict extends Module<never, never> {
	private readonly held = new Map<string, Parameter>();

	constructor(
		parameters:
			| Readonly<Record<string, Tensor>>
			| Iterable<readonly [string, Tensor]> = {},
	) {
		super();
		this.update(parameters);
	}

	/** How many parameters there are. */
	get size(): number {
		return this.held.size;
	}

	/** The parameter of that name; an unknown name is an error. */
	get(name: string): Parameter {
		const parameter = this.held.get(name);
		if (parameter !== undefined) return parameter;
		throw check.invalidValue(
			`${this.constructor.name}.get`,
			"name",
			`"${name}" is unknown; known are ${[...this.keys()].join(", ") || "none"}`,
		);
	}

	/** Adds a parameter, or replaces the one of that name in its place. */
	set(name: string, value: Tensor): this {
		const op = `${this.constructor.name}.set`;
		check.string(op, "name", name);
		if (!(value instanceof Tensor))
			throw check.invalidType(op, name, "Tensor", value);
		this.held.set(name, asParameter(value) as Parameter);
		return this;
	}

	has(name: string): boolean {
		return this.held.has(name);
	}

	/** Removes the parameter of that name; says whether there was one. */
	delete(name: string): boolean {
		return this.held.delete(name);
	}

	clear(): void {
		this.held.clear();
	}

	/** Sets each of these parameters. */
	update(
		parameters:
			| Readonly<Record<string, Tensor>>
			| Iterable<readonly [string, Tensor]>,
	): this {
		if (typeof parameters !== "object" || parameters === null)
			throw check.invalidType(
				this.constructor.name,
				"parameters",
				"object or Map of tensors",
				parameters,
			);
		const entries =
			Symbol.iterator in parameters ? parameters : Object.entries(parameters);
		for (const [name, value] of entries as Iterable<readonly [string, Tensor]>)
			this.set(name, value);
		return this;
	}

	keys(): IterableIterator<string> {
		return this.held.keys();
	}

	values(): IterableIterator<Parameter> {
		return this.held.values();
	}

	entries(): IterableIterator<[string, Parameter]> {
		return this.held.entries();
	}

	[Symbol.iterator](): IterableIterator<[string, Parameter]> {
		return this.entries();
	}

	protected override registry(): [name: string, value: unknown][] {
		return [...this.held];
	}

	override forward(): never {
		throw notCalled(this.constructor.name);
	}

	override extraRepr(): string {
		return [...this.held]
			.map(([name, each]) => line(name, each, typeName))
			.join("\n");
	}
}

/** The class that PyTorch has for a dtype and device: `torch.FloatTensor`. */
function typeName({ dtype, isCuda }: Tensor): string {
	const names: Record<string, string> = {
		float32: "FloatTensor",
		float64: "DoubleTensor",
		float16: "HalfTensor",
		bfloat16: "BFloat16Tensor",
		complex64: "ComplexFloatTensor",
		complex128: "ComplexDoubleTensor",
	};
	return `torch.${isCuda ? "cuda." : ""}${names[dtype] ?? dtype}`;
}

function notCalled(name: string): Error {
	return check.invalidValue(
		name,
		"",
		`${name} is not called itself; use the parameters in it`,
	);
}
