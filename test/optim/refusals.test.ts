import * as torch from "../../lib/index.ts";
import { makeOptimizer } from "../../scripts/conformance/replayOptimizers.ts";

const matrix = torch.ones([2, 2], { requiresGrad: true });
const wrong: [
	name: string,
	options: object,
	argument: string,
	message: string,
][] = [
	["Adadelta", { rho: 1.5 }, "rho", "Invalid rho value: 1.5"],
	["Adadelta", { rho: "1" }, "rho", "expected number"],
	["Adadelta", { eps: -1 }, "eps", "Invalid epsilon value: -1"],
	["Adadelta", { fused: true }, "fused", "unknown option"],
	["Adadelta", { capturable: 1 }, "capturable", "expected boolean"],
	["Adafactor", { lr: -1 }, "lr", "Invalid learning rate: -1"],
	["Adafactor", { beta2Decay: 0.5 }, "beta2Decay", "at most 0"],
	["Adafactor", { eps: 1e-3 }, "eps", "expected [number | null, number]"],
	["Adafactor", { eps: [-1, 1] }, "eps[0]", "at least 0"],
	["Adafactor", { d: 0.5 }, "d", "at least 1"],
	["Adafactor", { differentiable: true }, "differentiable", "unknown option"],
	["Adagrad", { lrDecay: -1 }, "lrDecay", "Invalid lr_decay value: -1"],
	[
		"Adagrad",
		{ initialAccumulatorValue: -1 },
		"initialAccumulatorValue",
		"Invalid initial_accumulator_value value: -1",
	],
	["Adagrad", { fused: true, foreach: true }, "fused", "cannot be `true`"],
	["Adamax", { betas: [0.9, 1] }, "betas", "index 1: 1"],
	["Adamax", { betas: 0.9 }, "betas", "expected [number, number]"],
	[
		"AdamW",
		{ decoupledWeightDecay: false },
		"decoupledWeightDecay",
		"AdamW always decouples",
	],
	["ASGD", { lambd: "1" }, "lambd", "expected number"],
	["ASGD", { weightDecay: -1 }, "weightDecay", "weight_decay value: -1"],
	["LBFGS", { maxIter: 2.5 }, "maxIter", "expected integer"],
	["LBFGS", { toleranceGrad: null }, "toleranceGrad", "expected number"],
	["LBFGS", { lineSearchFn: "wolfe" }, "lineSearchFn", '"strong_wolfe"'],
	["LBFGS", { maximize: true }, "maximize", "unknown option"],
	["Muon", { momentum: -1 }, "momentum", "Invalid momentum value: -1"],
	["Muon", { nsSteps: 100 }, "nsSteps", "from 0 to 99"],
	["Muon", { nsCoefficients: [1, 2] }, "nsCoefficients", "exactly 3"],
	["Muon", { adjustLrFn: "adam" }, "adjustLrFn", '"match_rms_adamw"'],
	["NAdam", { momentumDecay: -1 }, "momentumDecay", "momentum_decay value"],
	[
		"NAdam",
		{ decoupledWeightDecay: 1 },
		"decoupledWeightDecay",
		"expected boolean",
	],
	["RAdam", { betas: [-0.1, 0.9] }, "betas", "index 0: -0.1"],
	["RMSprop", { alpha: -1 }, "alpha", "Invalid alpha value: -1"],
	["RMSprop", { centered: 1 }, "centered", "expected boolean"],
	["RMSprop", { momentum: -1 }, "momentum", "Invalid momentum value: -1"],
	["Rprop", { etas: [1.2, 0.5] }, "etas", "Invalid eta values: 1.2, 0.5"],
	["Rprop", { stepSizes: 50 }, "stepSizes", "expected [number, number]"],
	["Rprop", { stepSizes: [0, "1"] }, "stepSizes[1]", "expected number"],
	["SparseAdam", { lr: 0 }, "lr", "Invalid learning rate: 0"],
	["SparseAdam", { eps: 0 }, "eps", "Invalid epsilon value: 0"],
];

test.each(wrong)("%s %j: %s", (name, options, argument, message) => {
	const make = () => makeOptimizer(name, [matrix], options);
	expect(make).toThrow(torch.TorchError);
	expect(make).toThrow(expect.objectContaining({ op: name, argument }));
	expect(make).toThrow(message);
});

test.each([
	["Muon", torch.ones([2]), "only supports 2D parameters"],
	["Muon", torch.ones([2, 2], { dtype: "complex64" }), "complex"],
	["SparseAdam", torch.ones([2], { dtype: "complex64" }), "complex"],
	["SparseAdam", torch.eye(2).toSparse(), "requires dense parameter tensors"],
])("%s refuses parameters: %#", (name, param, message) => {
	const make = () => makeOptimizer(name, [param], {});
	expect(make).toThrow(expect.objectContaining({ argument: "params" }));
	expect(make).toThrow(message);
});

test("Adafactor refuses complex parameters at its first step", () => {
	const z = torch.ones([2], { dtype: "complex64", requiresGrad: true });
	z.grad = torch.ones([2], { dtype: "complex64" });
	expect(() => makeOptimizer("Adafactor", [z], {}).step()).toThrow(/complex/);
});
