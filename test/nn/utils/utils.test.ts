import * as torch from "../../../lib/index.ts";
import {
	expectState,
	expectTensor,
	fixtures,
	type Saved,
	type State,
	tensor,
	tensors,
} from "./support.ts";

const { nn } = torch;
const { utils } = nn;
const { rnn } = utils;

describe("clipping gradients", () => {
	interface Case {
		normType: number | "inf";
		maxNorm: number;
		before: (Saved | null)[];
		norm: Saved;
		after: (Saved | null)[];
	}
	const { norm, value } = fixtures.clip as {
		norm: Case[];
		value: { before: Saved; clipValue: number; after: Saved };
	};
	const withGrads = (saved: (Saved | null)[]) =>
		saved.map((each) => {
			const dtype = each?.dtype ?? "float32";
			const param = torch.zeros(each?.shape ?? [2], { dtype });
			param.requiresGrad_();
			param.grad = each && tensor(each);
			return param;
		});

	test.each(
		norm.flatMap((c) =>
			[null, false].map(
				(foreach) => [c.normType, c.maxNorm, foreach, c] as const,
			),
		),
	)("by norm %s to %s (foreach: %s)", (normType, maxNorm, foreach, c) => {
		const params = withGrads(c.before);
		const total = utils.clipGradNorm_(params, maxNorm, {
			normType: normType === "inf" ? Infinity : normType,
			foreach,
		});
		expectTensor(total, c.norm);
		for (const [i, param] of params.entries())
			expectTensor(param.grad, c.after[i] ?? null);
	});

	test.each([null, false])("by value (foreach: %s)", (foreach) => {
		const [param] = withGrads([value.before]) as [torch.Tensor];
		utils.clipGradValue_(param, value.clipValue, foreach);
		expectTensor(param.grad, value.after, 0);
	});

	test("the norm of tensors, of none, and of what is not finite", () => {
		const list = [torch.ones([4]), torch.ones([5])];
		expect(utils.getTotalNorm(list).item()).toBe(fixtures.total);
		expect(utils.getTotalNorm([]).item()).toBe(0);
		const [param] = withGrads([null]) as [torch.Tensor];
		param.grad = torch.tensor([Number.NaN, 1]);
		const clip = () => utils.clipGradNorm_([param], 1, 2, true);
		expect(clip).toThrow(/non-finite, so it cannot be clipped/);
		expect(param.grad.toArray()[1]).toBe(1);
	});

	test.each<[string, () => unknown, string]>([
		["parameters", () => utils.clipGradNorm_(1 as never, 1), "parameters"],
		[
			"a parameter",
			() => utils.clipGradNorm_([1] as never, 1),
			"parameters[0]",
		],
		["maxNorm", () => utils.clipGradNorm_([], "1" as never), "maxNorm"],
		["normType", () => utils.clipGradNorm_([], 1, "2" as never), "normType"],
		[
			"an option",
			() => utils.clipGradNorm_([], 1, { norm: 2 } as never),
			"norm",
		],
		["clipValue", () => utils.clipGradValue_([], null as never), "clipValue"],
	])("refuses %s", (_, run, argument) => {
		expect(run).toThrow(expect.objectContaining({ argument }));
	});
});

test("parameters to a vector and back", () => {
	const params = new nn.Linear(2, 3).parameters();
	const vector = utils.parametersToVector(params);
	expect(vector.tolist()).toEqual(
		params.flatMap((param) => param.reshape(-1).tolist()),
	);
	vector.sum().backward();
	expect(params[0]?.grad?.tolist()).toEqual(torch.ones([3, 2]).tolist());
	utils.vectorToParameters(torch.arange(9, { dtype: "float32" }), params);
	expect(params[1]?.tolist()).toEqual([6, 7, 8]);
	expect(() => utils.vectorToParameters(torch.ones([8]), params)).toThrow(
		/vec: expected 9 elements, got 8/,
	);
});

describe("sequences", () => {
	interface Packed {
		data: Saved;
		batchSizes: Saved;
		sortedIndices: Saved | null;
		unsortedIndices: Saved | null;
	}
	interface Case {
		batchFirst: boolean;
		lengths: number[];
		enforceSorted: boolean;
		x: Saved;
		packed: Packed;
		padded: Saved;
		found: Saved;
		grad: Saved;
		lstm: { output: Packed; h: Saved; c: Saved };
	}
	const { packed, parts, sequence, padded } = fixtures.rnn as {
		packed: Case[];
		parts: Saved[];
		sequence: Packed;
		padded: {
			batchFirst: boolean;
			paddingSide: "left" | "right";
			result: Saved;
		}[];
	};
	const expectPacked = (
		actual: torch.nn.utils.rnn.PackedSequence,
		expected: Packed,
		tolerance: number,
	) => {
		for (const [name, saved] of Object.entries(expected))
			expectTensor(
				actual[name as keyof Packed] as torch.Tensor | null,
				saved as Saved | null,
				tolerance,
			);
	};

	test.each(packed.map((c) => [c.lengths, c.batchFirst, c] as const))(
		"of lengths %j, packed and padded (batchFirst: %s)",
		(lengths, batchFirst, c) => {
			const { enforceSorted } = c;
			const x = tensor(c.x).requiresGrad_();
			const options = { batchFirst, enforceSorted };
			const made = rnn.packPaddedSequence(x, lengths, options);
			expectPacked(made, c.packed, 0);
			const [again, found] = rnn.padPackedSequence(made, batchFirst, -1, 6);
			expectTensor(again, c.padded, 0);
			expectTensor(found, c.found, 0);
			again.pow(3).sum().backward();
			expectTensor(x.grad, c.grad);
			const byBatch = batchFirst ? x : x.transpose(0, 1);
			for (const [i, part] of rnn.unpackSequence(made).entries())
				expect(part.tolist()).toEqual(
					byBatch
						.select(0, i)
						.narrow(0, 0, lengths[i] as number)
						.tolist(),
				);
			torch.manualSeed(3);
			const [output, [h, cell]] = new nn.LSTM(2, 3, { batchFirst })(made);
			expectPacked(output, c.lstm.output, 1e-6);
			expectTensor(h, c.lstm.h);
			expectTensor(cell, c.lstm.c);
		},
	);

	test("packed from single ones", () => {
		const list = parts.map(tensor);
		const made = rnn.packSequence(list, { enforceSorted: false });
		expectPacked(made, sequence, 0);
	});

	test.each(padded)("padded %j", ({ batchFirst, paddingSide, result }) => {
		const made = rnn.padSequence(parts.map(tensor), batchFirst, 7, paddingSide);
		expectTensor(made, result, 0);
		if (paddingSide === "left") return;
		const lengths = parts.map(({ shape }) => shape[0] as number);
		for (const [i, part] of rnn
			.unpadSequence(made, lengths, batchFirst)
			.entries())
			expectTensor(part, parts[i] as Saved, 0);
	});

	const x = torch.ones([3, 2, 1]);
	test.each<[string, () => unknown, string]>([
		["input", () => rnn.packPaddedSequence(1 as never, [1]), "input"],
		["lengths", () => rnn.packPaddedSequence(x, [1, 0.5]), "lengths[1]"],
		["sequence", () => rnn.padPackedSequence(x as never), "sequence"],
		[
			"totalLength",
			() =>
				rnn.padPackedSequence(rnn.packPaddedSequence(x, [3, 2]), {
					totalLength: 2,
				}),
			"totalLength",
		],
		["sequences", () => rnn.padSequence([x, 1] as never), "sequences[1]"],
		[
			"paddingSide",
			() => rnn.padSequence([x], { paddingSide: "top" as never }),
			"paddingSide",
		],
		["as many lengths", () => rnn.unpadSequence(x, [1]), "lengths"],
	])("refuses %s", (_, run, argument) => {
		expect(run).toThrow(expect.objectContaining({ argument }));
	});
});

describe("fusion", () => {
	interface Case {
		name: string;
		x: Saved;
		first: State;
		norm: State;
		fused: State;
		y: Saved;
	}
	const pairs: {
		[name: string]: () => [torch.nn.Module, torch.nn.BatchNorm2d];
	} = {
		Conv2d: () => [new nn.Conv2d(2, 3, 2), new nn.BatchNorm2d(3)],
		Conv1d: () => [
			new nn.Conv1d(2, 3, 2, { bias: false }),
			new nn.BatchNorm1d(3, { affine: false }) as never,
		],
		ConvTranspose2d: () => [
			new nn.ConvTranspose2d(2, 3, 2) as never,
			new nn.BatchNorm2d(3),
		],
		Linear: () => [new nn.Linear(3, 4), new nn.BatchNorm1d(4) as never],
		"Linear 1": () => [
			new nn.Linear(3, 4, { bias: false }),
			new nn.BatchNorm1d(1) as never,
		],
	};
	test.each((fixtures.fused as Case[]).map((c) => [c.name, c] as const))(
		"of %s and its normalisation",
		(name, c) => {
			const [first, norm] = (
				pairs[name] as () => [torch.nn.Module, torch.nn.BatchNorm2d]
			)();
			first.loadStateDict(tensors(c.first));
			norm.loadStateDict(tensors(c.norm));
			first.eval();
			norm.eval();
			const fused = name.startsWith("Linear")
				? utils.fuseLinearBnEval(first as never, norm)
				: utils.fuseConvBnEval(
						first as never,
						norm,
						name.includes("Transpose"),
					);
			expectState((fused as torch.nn.Module).stateDict(), c.fused);
			expectTensor((fused as torch.nn.Module)(tensor(c.x)), c.y);
			expectState(first.stateDict(), c.first, 0);
		},
	);

	test.each<[string, () => unknown, string]>([
		[
			"training",
			() => utils.fuseConvBnEval(new nn.Conv2d(1, 1, 1), new nn.BatchNorm2d(1)),
			"bn",
		],
		[
			"other features",
			() =>
				utils.fuseLinearBnEval(
					new nn.Linear(2, 3).eval(),
					new nn.BatchNorm1d(2).eval(),
				),
			"bn",
		],
		[
			"no convolution",
			() =>
				utils.fuseConvBnEval(
					new nn.Linear(2, 3) as never,
					new nn.BatchNorm1d(3),
				),
			"conv",
		],
	])("refuses %s", (_, run, argument) => {
		expect(run).toThrow(expect.objectContaining({ argument }));
	});
});

test("skipInit draws nothing", () => {
	torch.manualSeed(1);
	const layer = utils.skipInit(nn.Linear, 3, 4);
	const options = utils.skipInit(nn.Linear, 3, 4, { bias: false });
	const next = torch.rand([1]).item();
	torch.manualSeed(1);
	expect(next).toBe(torch.rand([1]).item());
	expect([layer.weight.device, layer.weight.shape]).toEqual(["cpu", [4, 3]]);
	expect(options.bias).toBeNull();
	expect(() => utils.skipInit(1 as never)).toThrow(/moduleClass/);
});

test("weights of convolutions in another memory format", () => {
	const model = new nn.Sequential(new nn.Conv2d(2, 3, 2), new nn.ReLU());
	const weight = model.parameters()[0] as torch.Tensor;
	const before = weight.tolist();
	utils.convertConv2dWeightMemoryFormat(model, "channels_last");
	expect(weight.isContiguous({ memoryFormat: "channels_last" })).toBe(true);
	expect(weight.tolist()).toEqual(before);
});

describe("functionalCall", () => {
	const { functionalCall } = utils.stateless;
	const model = () =>
		new nn.Sequential(new nn.Linear(2, 2), new nn.BatchNorm1d(2));

	test("computes with other tensors, to which gradients go, for one call", () => {
		const module = model();
		const own = module.stateDict();
		const x = torch.randn([4, 2]);
		const weight = torch.ones([2, 2], { requiresGrad: true });
		const mean = torch.zeros([2]);
		const other = model();
		other.loadStateDict({ ...own, "0.weight": weight.detach() });
		const y = functionalCall(
			module,
			{ "0.weight": weight, "1.running_mean": mean },
			[x],
		);
		expect(y.tolist()).toEqual(other(x).tolist());
		y.square().sum().backward();
		expect(weight.grad).not.toBeNull();
		expect(module.parameters()[0]?.grad).toBeNull();
		expect(mean.abs().sum().item()).toBeGreaterThan(0);
		expect(own["1.running_mean"]?.tolist()).toEqual([0, 0]);
		expect(Object.keys(module.stateDict())).toEqual(Object.keys(own));
		expect(module.parameters()[0]).toBeInstanceOf(nn.Parameter);
	});

	class Tied extends nn.Module<[torch.Tensor], torch.Tensor> {
		readonly a = new nn.Linear(2, 2, { bias: false });
		readonly b = new nn.Linear(2, 2, { bias: false });
		constructor() {
			super();
			(this.b as { weight: unknown }).weight = this.a.weight;
		}
		override forward(x: torch.Tensor): torch.Tensor {
			return this.b(this.a(x));
		}
	}

	test("a tensor for one of several names stands for all", () => {
		const module = new Tied();
		const two = torch.eye(2).mul(2);
		const x = torch.ones([1, 2]);
		const given = { "a.weight": two };
		expect(functionalCall(module, given, x).tolist()).toEqual([[4, 4]]);
		torch.noGrad(() => torch.nn.init.eye_(module.a.weight));
		expect(
			functionalCall(module, given, x, { tieWeights: false }).tolist(),
		).toEqual([[2, 2]]);
		expect(() =>
			functionalCall(module, { ...given, "b.weight": torch.eye(2) }, x),
		).toThrow(/multiple values for keys a.weight, b.weight/);
	});

	test("within lists, maps and parametrized modules", () => {
		class Held extends nn.Module<[torch.Tensor], torch.Tensor> {
			readonly list = new nn.ParameterList([torch.ones([2])]);
			readonly map = new nn.ParameterDict({ scale: torch.ones([2]) });
			override forward(x: torch.Tensor): torch.Tensor {
				return x.mul(this.list.at(0)).mul(this.map.get("scale"));
			}
		}
		const two = torch.tensor([2, 2]);
		const x = torch.ones([2]);
		const module = new Held();
		const given = { "list.0": two, "map.scale": two };
		expect(functionalCall(module, given, [x]).tolist()).toEqual([4, 4]);
		expect(module(x).tolist()).toEqual([1, 1]);
		const layer = utils.parametrizations.weightNorm(
			new nn.Linear(2, 1, { bias: false }),
		);
		const norm = { "parametrizations.weight.original0": torch.zeros([1, 1]) };
		expect(functionalCall(layer, norm, [x]).tolist()).toEqual([0]);
	});

	const x = torch.ones([2, 2]);
	test.each<[string, () => unknown, string]>([
		["no module", () => functionalCall({} as never, {}, []), "module"],
		[
			"no tensors",
			() => functionalCall(model(), null as never, x),
			"parametersAndBuffers",
		],
		[
			"an unknown name",
			() =>
				functionalCall(model(), { "0.wait": torch.ones([1]) }, [
					torch.ones([2, 2]),
				]),
			"0.wait",
		],
		[
			"no tensor",
			() => functionalCall(model(), { "0.weight": 1 as never }, x),
			"0.weight",
		],
		[
			"missing names, strictly",
			() => functionalCall(model(), {}, x, { strict: true }),
			"parametersAndBuffers",
		],
	])("refuses %s", (_, run, argument) => {
		expect(run).toThrow(expect.objectContaining({ argument }));
	});
});
