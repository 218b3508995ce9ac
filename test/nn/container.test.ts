import * as torch from "../../lib/index.ts";

const { nn } = torch;
const layers = () =>
	[new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 4)] as const;
const keys = (module: torch.nn.AnyModule) => Object.keys(module.stateDict());

describe("Sequential", () => {
	test("calls its modules in order", () => {
		const [first, second, third] = layers();
		const x = torch.randn([5, 2]);
		const model = new nn.Sequential(first, second, third);
		expect(model(x).tolist()).toEqual(third(first(x).relu()).tolist());
		expect(new nn.Sequential()(x)).toBe(x);
	});

	test("is indexed, iterated and sliced", () => {
		const [first, second, third] = layers();
		const model = new nn.Sequential(first, second, third);
		expect([model.length, model[0], model.at(-1)]).toEqual([3, first, third]);
		expect([...model]).toEqual([first, second, third]);
		const tail = model.slice(1);
		expect(tail).toBeInstanceOf(nn.Sequential);
		expect([...tail]).toEqual([second, third]);
		expect(keys(tail)).toEqual(["2.weight", "2.bias"]);
		expect(model.slice(0, -1).length).toBe(2);
		expect(() => model.at(3)).toThrow(
			"Sequential.at: index: expected a number from -3 to 2, got 3",
		);
	});

	test("has the names it is given", () => {
		const [first, second, third] = layers();
		const model = new nn.Sequential({
			first,
			activate: second,
			lastOne: third,
		});
		expect(keys(model)).toEqual([
			"first.weight",
			"first.bias",
			"lastOne.weight",
			"lastOne.bias",
		]);
		expect(model[2]).toBe(third);
		expect(model(torch.ones([1, 2])).shape).toEqual([1, 4]);
		expect(keys(model.slice(1))).toEqual(["lastOne.weight", "lastOne.bias"]);
		const map = new Map<string, torch.nn.Module>([
			["10", first],
			["2", third],
		]);
		expect(keys(new nn.Sequential(map))).toEqual([
			"10.weight",
			"10.bias",
			"2.weight",
			"2.bias",
		]);
	});

	test("changes", () => {
		const [first, second, third] = layers();
		const model = new nn.Sequential(first);
		expect(model.append(third)).toBe(model);
		model.insert(1, second);
		expect([...model]).toEqual([first, second, third]);
		expect(keys(model)).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
		const other = new nn.Linear(3, 3);
		model[1] = other;
		expect(model(torch.ones([1, 2])).shape).toEqual([1, 4]);
		expect(model.parameters()).toHaveLength(6);
		expect(model.pop(0)).toBe(first);
		expect(model.pop()).toBe(third);
		expect(keys(model)).toEqual(["0.weight", "0.bias"]);
		expect(model.length).toBe(1);
		model.extend([first, third]);
		expect(model.length).toBe(3);
	});

	test("gives several inputs to its first module", () => {
		class Add extends nn.Module<[torch.Tensor, torch.Tensor], torch.Tensor> {
			override forward(a: torch.Tensor, b: torch.Tensor): torch.Tensor {
				return a.add(b);
			}
		}
		const model = new nn.Sequential(new Add(), new nn.ReLU());
		expect(model(torch.tensor([1, -5]), torch.tensor([2, 3])).tolist()).toEqual(
			[3, 0],
		);
	});

	test("refuses what is no module", () => {
		expect(() => new nn.Sequential(torch.relu as never)).toThrow(
			"Sequential: modules: expected modules, or an object or Map of them, got ",
		);
		expect(() => new nn.Sequential(new nn.ReLU(), {} as never)).toThrow(
			"Sequential: 1: expected Module, got object",
		);
		expect(() => new nn.Sequential({ "a.b": new nn.ReLU() })).toThrow(
			'Sequential: name: expected a name without dots, got "a.b"',
		);
	});
});

describe("ModuleList", () => {
	test("registers its modules by number", () => {
		const list = new nn.ModuleList(
			[0, 1, 2].map((i) => new nn.Linear(1, i + 1)),
		);
		expect(list.at(-1).outFeatures).toBe(3);
		expect(list[0]?.outFeatures).toBe(1);
		expect(keys(list)).toEqual([
			"0.weight",
			"0.bias",
			"1.weight",
			"1.bias",
			"2.weight",
			"2.bias",
		]);
		expect([...list.slice(1)].map(({ outFeatures }) => outFeatures)).toEqual([
			2, 3,
		]);
		expect(keys(list.slice(1))[0]).toBe("0.weight");
	});

	test("is not called", () => {
		const list = new nn.ModuleList([new nn.ReLU()]);
		expect(() => (list as unknown as (x: number) => void)(1)).toThrow(
			"ModuleList is not called itself; call the modules in it",
		);
	});

	test("refuses what is no list", () => {
		expect(() => new nn.ModuleList(new nn.Linear(1, 1) as never)).toThrow(
			"ModuleList: modules: expected iterable of modules, got Linear",
		);
		expect(() => new nn.ModuleList([1] as never)).toThrow(
			"ModuleList: 0: expected Module, got number 1",
		);
	});

	test("prints equal neighbours once, as Python does", () => {
		const list = new nn.ModuleList<torch.nn.Module>([
			new nn.ReLU(),
			new nn.ReLU(),
			new nn.GELU(),
		]);
		expect(String(list)).toBe(
			"ModuleList(\n  (0-1): 2 x ReLU()\n  (2): GELU(approximate='none')\n)",
		);
	});
});

describe("ModuleDict", () => {
	test("is a Map of modules", () => {
		const [first, second, third] = layers();
		const dict = new nn.ModuleDict({ first, second });
		const kind: torch.nn.ReLU = dict.get("second");
		expect(kind).toBe(second);
		expect([dict.size, dict.has("first"), dict.has("third")]).toEqual([
			2,
			true,
			false,
		]);
		expect([...dict.keys()]).toEqual(["first", "second"]);
		expect([...dict.values()]).toEqual([first, second]);
		expect([...dict]).toEqual([...dict.entries()]);
		dict.set("first", new nn.Linear(7, 7));
		expect([...dict.keys()]).toEqual(["first", "second"]);
		expect(dict.get("first").inFeatures).toBe(7);
		expect(() => dict.get("third" as never)).toThrow(
			'ModuleDict.get: name: "third" is unknown; known are first, second',
		);
		expect(dict.delete("first")).toBe(true);
		expect(keys(dict)).toEqual([]);
		dict.update({ first: third });
		expect(keys(dict)).toEqual(["first.weight", "first.bias"]);
		dict.clear();
		expect(dict.size).toBe(0);
	});

	test("keeps names that objects know, and refuses bad ones", () => {
		const dict = new nn.ModuleDict(new Map([["train", new nn.Linear(1, 1)]]));
		dict.set("constructor", new nn.Linear(1, 1));
		expect(keys(dict)).toEqual([
			"train.weight",
			"train.bias",
			"constructor.weight",
			"constructor.bias",
		]);
		expect(dict.train()).toBe(dict);
		expect(() => dict.set("a.b", new nn.ReLU())).toThrow(
			'ModuleDict: name: expected a name without dots, got "a.b"',
		);
		expect(() => dict.set("a", 1 as never)).toThrow(
			"ModuleDict: a: expected Module, got number 1",
		);
	});
});
