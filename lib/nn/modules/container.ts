import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type AnyModule, indented, Module } from "../module.ts";
import { stateName } from "../names.ts";

/** Modules by position: `list[0]`, `list.at(-1)`, `list.length`, iteration. */
abstract class IndexedModules<
	Item extends AnyModule,
	Inputs extends unknown[],
	Output,
> extends Module<Inputs, Output> {
	[index: number]: Item;
	private readonly names: string[] = []; // state-dict names of the modules, which are own properties 0, 1, …

	/** How many modules there are. */
	override get length(): number {
		return this.names.length;
	}

	/** The module at `index`; a negative one counts from the end. An index out of range is an error. */
	at(index: number): Item {
		return this[this.position("at", index, this.length - 1)] as Item;
	}

	/** Puts a module at the end. */
	append(module: Item): this {
		return this.add(String(this.length), module);
	}

	/** Puts several modules at the end. */
	extend(modules: Iterable<Item>): this {
		for (const module of modules) this.append(module);
		return this;
	}

	/** Puts a module before the one at `index`. Names are numbered anew. */
	insert(index: number, module: Item): this {
		checkModule(this, "module", module);
		const position = this.position("insert", index, this.length);
		return this.replace([...this].toSpliced(position, 0, module));
	}

	/** Removes the module at `index` (default: the last) and returns it. Names are numbered anew. */
	pop(index = -1): Item {
		const position = this.position("pop", index, this.length - 1);
		const module = this[position] as Item;
		this.replace([...this].toSpliced(position, 1));
		return module;
	}

	*[Symbol.iterator](): IterableIterator<Item> {
		for (let i = 0; i < this.length; i++) yield this[i] as Item;
	}

	/** The modules from `start` to before `end`, with their names. */
	protected range(
		start?: number,
		end?: number,
	): [name: string, module: Item][] {
		return [...this]
			.map((module, i): [string, Item] => [this.names[i] as string, module])
			.slice(start, end);
	}

	protected add(name: string, module: Item): this {
		checkModule(this, name, module);
		this[this.names.push(name) - 1] = module;
		return this;
	}

	private replace(modules: Item[]): this {
		for (let i = this.length - 1; i >= 0; i--) delete this[i];
		this.names.length = 0;
		return this.extend(modules);
	}

	private position(op: string, index: number, last: number): number {
		check.integer(`${this.constructor.name}.${op}`, "index", index, {
			min: -this.length,
			max: last,
		});
		return index < 0 ? index + this.length : index;
	}

	protected override registry(): [name: string, value: unknown][] {
		return Object.entries(this).map(([field, value]) => [
			/^\d+$/.test(field)
				? (this.names[Number(field)] ?? field)
				: stateName(field),
			value,
		]);
	}
}

/** Modules by name, in order. */
export type NamedModules =
	| Readonly<Record<string, AnyModule>>
	| ReadonlyMap<string, AnyModule>;

type Layer = Module<[Tensor], Tensor>;

/**
 * Calls its modules one after the other, each with what the one before gave.
 *
 * ```ts
 * const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
 * const named = new nn.Sequential({ hidden: new nn.Linear(784, 128), out: new nn.Linear(128, 10) });
 * model[0]; // the first Linear; its weight is "0.weight" in the state dict, and "hidden.weight" in named's
 * ```
 *
 * Names are state-dict names as they are. Names that are numbers go into a `Map`, since an object would reorder them.
 */
export class Sequential<
	Inputs extends unknown[] = [input: Tensor],
	Output = Tensor,
> extends IndexedModules<AnyModule, Inputs, Output> {
	constructor();
	constructor(module: Module<Inputs, Output>);
	constructor(
		first: Module<Inputs, Tensor>,
		...rest: [...Layer[], Module<[Tensor], Output>]
	);
	constructor(...modules: Layer[]);
	constructor(modules: NamedModules);
	constructor(...modules: (AnyModule | NamedModules)[]) {
		super();
		const [first] = modules;
		if (modules.length === 1 && !(first instanceof Module)) {
			for (const [name, module] of entries(this, first as NamedModules))
				this.add(name, module);
		} else {
			this.extend(modules as AnyModule[]);
		}
	}

	/** The modules from `start` (default 0) to before `end` (default: all), as a Sequential that shares them and their names. */
	slice(start?: number, end?: number): Sequential {
		return new Sequential(new Map(this.range(start, end)));
	}

	override forward(...inputs: Inputs): Output {
		const count = this.length;
		if (count === 0) return inputs[0] as Output;
		let value: unknown = call(this[0], inputs);
		for (let i = 1; i < count; i++) value = call(this[i], [value]);
		return value as Output;
	}
}

function call(module: AnyModule | undefined, inputs: unknown[]): unknown {
	return (module as unknown as (...inputs: unknown[]) => unknown)(...inputs);
}

/**
 * A list of modules, registered in order as `0`, `1`, …; it is not called itself.
 *
 * ```ts
 * readonly layers = new nn.ModuleList([new nn.Linear(4, 4), new nn.Linear(4, 4)]);
 * // in forward:
 * for (const layer of this.layers) x = layer(x).relu();
 * ```
 */
export class ModuleList<Item extends AnyModule = Layer> extends IndexedModules<
	Item,
	never,
	never
> {
	constructor(modules: Iterable<Item> = []) {
		super();
		if (
			typeof (modules as Partial<Iterable<Item>> | null)?.[Symbol.iterator] !==
			"function"
		) {
			throw check.invalidType(
				new.target.name,
				"modules",
				"iterable of modules",
				modules,
			);
		}
		this.extend(modules);
	}

	/** The modules from `start` (default 0) to before `end` (default: all), as a list that shares them. */
	slice(start?: number, end?: number): ModuleList<Item> {
		return new ModuleList(this.range(start, end).map(([, module]) => module));
	}

	override forward(): never {
		throw notCalled(this);
	}

	/** As Python prints it: equal neighbours are counted. */
	override toString(): string {
		const name = this.constructor.name;
		const blocks: { text: string; first: number; last: number }[] = [];
		for (const [i, module] of [...this].entries()) {
			const text = module.toString();
			const block = blocks.at(-1);
			if (block?.text === text) block.last = i;
			else blocks.push({ text, first: i, last: i });
		}
		const lines = blocks.map(({ text, first, last }) =>
			indented(
				first === last
					? `(${first}): ${text}`
					: `(${first}-${last}): ${last - first + 1} x ${text}`,
			),
		);
		return lines.length === 0
			? `${name}()`
			: `${name}(\n  ${lines.join("\n  ")}\n)`;
	}
}

/**
 * Modules by name, with `Map`'s methods; it is not called itself. Names are state-dict names as they are.
 *
 * ```ts
 * readonly heads = new nn.ModuleDict({ kind: new nn.Linear(64, 10), size: new nn.Linear(64, 1) });
 * // in forward:
 * return this.heads.get("kind")(features);
 * ```
 */
export class ModuleDict<
	Modules extends Readonly<Record<string, AnyModule>> = Record<string, Layer>,
> extends Module<never, never> {
	private readonly held = new Map<string, AnyModule>();

	constructor(
		modules:
			| Modules
			| ReadonlyMap<
					keyof Modules & string,
					Modules[keyof Modules]
			  > = {} as Modules,
	) {
		super();
		this.update(modules);
	}

	/** How many modules there are. */
	get size(): number {
		return this.held.size;
	}

	/** The module of that name; an unknown name is an error. */
	get<Name extends keyof Modules & string>(name: Name): Modules[Name] {
		const module = this.held.get(name);
		if (module !== undefined) return module as Modules[Name];
		throw check.invalidValue(
			`${this.constructor.name}.get`,
			"name",
			`"${name}" is unknown; known are ${[...this.keys()].join(", ") || "none"}`,
		);
	}

	/** Adds a module, or replaces the one of that name in its place. */
	set<Name extends keyof Modules & string>(
		name: Name,
		module: Modules[Name],
	): this {
		check.string(`${this.constructor.name}.set`, "name", name);
		checkModule(this, name, module);
		this.held.set(name, module);
		return this;
	}

	has(name: string): boolean {
		return this.held.has(name);
	}

	/** Removes the module of that name; says whether there was one. */
	delete(name: string): boolean {
		return this.held.delete(name);
	}

	clear(): void {
		this.held.clear();
	}

	/** Sets each of these modules. */
	update(
		modules:
			| Partial<Modules>
			| ReadonlyMap<keyof Modules & string, Modules[keyof Modules]>,
	): this {
		for (const [name, module] of entries(this, modules as NamedModules))
			this.set(name as never, module as never);
		return this;
	}

	keys(): IterableIterator<keyof Modules & string> {
		return this.held.keys() as IterableIterator<keyof Modules & string>;
	}

	values(): IterableIterator<Modules[keyof Modules]> {
		return this.held.values() as IterableIterator<Modules[keyof Modules]>;
	}

	entries(): IterableIterator<
		[keyof Modules & string, Modules[keyof Modules]]
	> {
		return this.held.entries() as IterableIterator<
			[keyof Modules & string, Modules[keyof Modules]]
		>;
	}

	[Symbol.iterator](): IterableIterator<
		[keyof Modules & string, Modules[keyof Modules]]
	> {
		return this.entries();
	}

	override forward(): never {
		throw notCalled(this);
	}

	protected override replaceChild(child: AnyModule, module: AnyModule): void {
		for (const [name, held] of this.held)
			if (held === child) this.held.set(name, module);
	}

	protected override registry(): [name: string, value: unknown][] {
		return [...super.registry(), ...this.held];
	}
}

function entries(
	container: AnyModule,
	modules: NamedModules,
): Iterable<[string, AnyModule]> {
	if (modules instanceof Map) return modules;
	if (
		typeof modules === "object" &&
		modules !== null &&
		!Array.isArray(modules)
	)
		return Object.entries(modules);
	throw check.invalidType(
		container.constructor.name,
		"modules",
		"modules, or an object or Map of them",
		modules,
	);
}

function checkModule(
	container: AnyModule,
	name: string,
	module: unknown,
): void {
	const op = container.constructor.name;
	if (name === "" || name.includes("."))
		throw check.invalidValue(
			op,
			"name",
			`expected a name without dots, got "${name}"`,
		);
	if (!(module instanceof Module))
		throw check.invalidType(op, name, "Module", module);
}

function notCalled(container: AnyModule): Error {
	const { name } = container.constructor;
	return check.invalidValue(
		name,
		"",
		`${name} is not called itself; call the modules in it`,
	);
}
