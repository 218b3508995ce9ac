import { Callable } from "../lib/callable.ts";

class Scale extends Callable<[number], number> {
	override readonly name = "scale";
	override readonly length = 7;
	#factor: number;
	readonly last: string;

	constructor(factor: number) {
		super();
		this.#factor = factor;
		this.last = "last";
	}

	get factor(): number {
		return this.#factor;
	}

	protected override invoke(x: number): number {
		return x * this.#factor;
	}
}

class Shifted extends Scale {
	readonly shift = 1;

	protected override invoke(x: number): number {
		return super.invoke(x) + this.shift;
	}
}

test("an instance is a function with its class's prototype", () => {
	const scale = new Scale(3);
	expect(scale(2)).toBe(6);
	expect(scale).toBeInstanceOf(Scale);
	expect(scale).toBeInstanceOf(Callable);
	expect(scale).not.toBeInstanceOf(Function);
	expect(scale.constructor).toBe(Scale);
	expect(scale.factor).toBe(3);
	expect("bind" in scale).toBe(false);
});

test("fields keep their order, and name and length are free", () => {
	expect(Object.keys(new Scale(3))).toEqual(["name", "length", "last"]);
	expect(new Scale(3).name).toBe("scale");
	expect(new Scale(3).length).toBe(7);
	expect(Object.getOwnPropertyNames(new Shifted(1))).toEqual([
		"name",
		"length",
		"last",
		"shift",
	]);
});

test("subclasses override the call and reach the base class's", () => {
	expect(new Shifted(3)(2)).toBe(7);
	expect([1, 2].map(new Shifted(10))).toEqual([11, 21]);
});

test("instances are told apart", () => {
	const [a, b] = [new Scale(1), new Scale(2)];
	expect([a(1), b(1)]).toEqual([1, 2]);
});
