// What the compiler says to right and wrong uses of optimisers and schedulers.
import { type Tensor, zeros } from "../../lib/index.ts";
import { Linear, Sequential } from "../../lib/nn/index.ts";
import {
	Adafactor,
	Adam,
	AdamW,
	LBFGS,
	Muon,
	Optimizer,
	RMSprop,
	SGD,
	SparseAdam,
	swaUtils,
} from "../../lib/optim/index.ts";
import {
	ChainedScheduler,
	CosineAnnealingLR,
	CyclicLR,
	LambdaLR,
	LinearLR,
	type LRScheduler,
	OneCycleLR,
	ReduceLROnPlateau,
	SequentialLR,
	StepLR,
} from "../../lib/optim/lrScheduler/index.ts";

const w: Tensor = zeros([2], { requiresGrad: true });

// parameters, named ones, generators of either, and groups with options of their own
const sgd = new SGD([w], { lr: 0.1, momentum: 0.9 });
new SGD([["w", w]]);
new SGD(
	(function* () {
		yield w;
	})(),
);
new SGD([{ params: [w], momentum: 0.5 }, { params: w }], { lr: w });
new AdamW([{ params: [["w", w]], betas: [0.5, 0.9] }]);
const any: Optimizer[] = [sgd, new Adam([w]), new AdamW([w])];

// @ts-expect-error parameters are required
new SGD();
// @ts-expect-error options are named
new SGD([w], 0.1);
// @ts-expect-error SGD has no betas
new SGD([w], { betas: [0.9, 0.99] });
// @ts-expect-error names are camelCase
new Adam([w], { weight_decay: 0.1 });
// @ts-expect-error two betas
new Adam([w], { betas: [0.9] });
// @ts-expect-error an AdamW always decouples
new AdamW([w], { decoupledWeightDecay: false });
// @ts-expect-error groups have the optimiser's own options
new Adam([{ params: [w], momentum: 0.9 }]);
// @ts-expect-error an abstract class
new Optimizer([w], {});

// what step returns is what its closure returns
const nothing: undefined = sgd.step();
const loss: number = sgd.step(() => 1);
// @ts-expect-error no closure, no loss
const none: number = sgd.step();

// options of groups have types of their own
const [group] = sgd.paramGroups;
if (group) group.momentum = 0.5;
// @ts-expect-error a number
if (group) group.momentum = "0.5";
const buffer: Tensor | null | undefined = sgd.state.get(w)?.momentum_buffer;
// @ts-expect-error SGD remembers no averages
sgd.state.get(w)?.exp_avg;
sgd.addParamGroup({ params: w, nesterov: true });
// @ts-expect-error parameters are required
sgd.addParamGroup({ nesterov: true });
sgd.loadStateDict(new Adam([w]).stateDict());

const schedulers: LRScheduler[] = [
	new StepLR(sgd, 3, { gamma: 0.5 }),
	new CosineAnnealingLR(new Adam([w]), 10, { etaMin: 1e-5 }),
	new ReduceLROnPlateau(any[0] as Optimizer, { mode: "max", minLr: [0, 0.1] }),
];
new StepLR(sgd, 3).step();
new ReduceLROnPlateau(sgd).step(w);
// @ts-expect-error a metric is required
new ReduceLROnPlateau(sgd).step();
// @ts-expect-error a period is required
new StepLR(sgd);
// @ts-expect-error "min" or "max"
new ReduceLROnPlateau(sgd, { mode: "least" });
const rates: number[] = new StepLR(sgd, 1).getLastLr();

// what an optimiser does not have is no option of it
new RMSprop([w], { centered: true, capturable: true });
new Muon([w], { nsCoefficients: [3, -4, 2], adjustLrFn: "original" });
new Adafactor([w], { eps: [null, 1e-3] });
new LBFGS([w], { lineSearchFn: "strong_wolfe" }).step(() => w);
// @ts-expect-error RMSprop has no fused kernel
new RMSprop([w], { fused: true });
// @ts-expect-error three coefficients
new Muon([w], { nsCoefficients: [3, -4] });
// @ts-expect-error SparseAdam has no weight decay
new SparseAdam([w], { weightDecay: 0.1 });
// @ts-expect-error the only line search
new LBFGS([w], { lineSearchFn: "wolfe" });

schedulers.push(
	new LambdaLR(sgd, [(epoch) => 1 / (1 + epoch)]),
	new CyclicLR(sgd, 0.1, [0.2], { mode: "triangular2" }),
	new OneCycleLR(sgd, 0.1, { epochs: 2, stepsPerEpoch: 5 }),
	new SequentialLR(sgd, [new LinearLR(sgd), new StepLR(sgd, 2)], [5]),
	new swaUtils.SWALR(sgd, 0.05),
);
// @ts-expect-error its step takes a metric
new ChainedScheduler([new ReduceLROnPlateau(sgd)]);
// @ts-expect-error a greatest rate is required
new CyclicLR(sgd, 0.1);
// @ts-expect-error "cos" or "linear"
new OneCycleLR(sgd, 0.1, { totalSteps: 5, annealStrategy: "log" });

// an average is called as its model is
const average = new swaUtils.AveragedModel(new Sequential(new Linear(2, 1)), {
	multiAvgFn: swaUtils.getEmaMultiAvgFn(0.99),
});
const averaged: Tensor = average(w);
// @ts-expect-error the model takes a tensor
average(1);
average.updateParameters(average.module);

// hooks know the optimiser that they are of
sgd.registerStepPreHook((optimizer) => {
	const momentum: number | undefined = optimizer.paramGroups[0]?.momentum;
	void momentum;
});

export { averaged, buffer, loss, none, nothing, rates, schedulers };
