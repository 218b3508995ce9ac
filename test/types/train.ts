/** What the compiler accepts and refuses of train. Checked by `tsc -p test`; never run. */
import * as torch from "../../lib/index.ts";

const { nn, optim, train, data, metrics } = torch;
type Tensor = torch.Tensor;
type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
const holds = <_T extends true>(): void => {};

declare const x: Tensor;
declare const y: Tensor;

const model = new nn.Linear(2, 3);
const common = {
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
};
const loader = new data.DataLoader(new data.TensorDataset(x, y));

// The history has the metrics' names.
const history = await train.fit(model, {
	...common,
	data: new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 8 }),
	validation: [[x, y]],
	metrics: { accuracy: new metrics.Accuracy(), f1: new metrics.F1Score() },
});
holds<Equal<typeof history, torch.train.History<"accuracy" | "f1">>>();
const [logs] = history.epochs;
holds<Equal<NonNullable<typeof logs>["f1"], number>>();
holds<Equal<NonNullable<typeof logs>["valF1"], number | undefined>>();
history.column("valAccuracy");
// @ts-expect-error: not measured
history.column("valRecall");
const measured = await train.evaluate(model, {
	data: loader,
	metrics: { accuracy: new metrics.Accuracy() },
});
holds<Equal<(typeof measured)["accuracy"], number>>();
// @ts-expect-error: not measured
void measured.f1;

// Batches are [...inputs, target], or are unpacked.
// @ts-expect-error: the target is missing
train.fit(model, { ...common, data: [[x]] });
// @ts-expect-error: no tensors
train.fit(model, { ...common, data: [[1, 2]] });
const objects = [{ image: x, label: y, name: "a" }];
// @ts-expect-error: objects must be unpacked
train.fit(model, { ...common, data: objects });
train.fit(model, {
	...common,
	data: objects,
	unpack: ({ image, label }) => [image, label],
});
train.fit(model, {
	...common,
	data: objects,
	// @ts-expect-error: a name is no input
	unpack: ({ name, label }) => [name, label],
});

// The loss takes what the model gives.
class Pair extends nn.Module<[Tensor, Tensor], { a: Tensor; b: Tensor }> {
	override forward(a: Tensor, b: Tensor) {
		return { a, b };
	}
}
train.fit(new Pair(), {
	optimizer: common.optimizer,
	data: [[x, x, y]],
	loss: ({ a, b }, target) => a.sub(b).mul(target).mean(),
});
// @ts-expect-error: the model gives no tensor
train.fit(new Pair(), { ...common, data: [[x, x, y]] });
const predicted = await train.predict(new Pair(), { data: [[x, x, y]] });
holds<Equal<typeof predicted, { a: Tensor; b: Tensor }>>();

// @ts-expect-error: not an option
train.fit(model, { ...common, data: loader, epoch: 3 });
// @ts-expect-error: there is no such event
train.fit(model, { ...common, data: loader, callbacks: [{ onEpoch() {} }] });
train.fit(model, {
	...common,
	data: loader,
	// @ts-expect-error: a metric of many numbers has none for the history
	metrics: { accuracy: new metrics.Accuracy({ average: "none" }) },
});
// @ts-expect-error: not a mode
new train.EarlyStopping({ mode: "up" });

// A scheduler whose step takes a metric, and those whose step takes none.
for (const scheduler of [
	new optim.lrScheduler.StepLR(common.optimizer, 1),
	new optim.lrScheduler.ReduceLROnPlateau(common.optimizer),
])
	train.fit(model, { ...common, data: loader, scheduler });

// MixUp and CutMix mix batches as they are.
train.fit(model, {
	...common,
	data: loader,
	mix: new torch.vision.transforms.CutMix({ numClasses: 3 }),
});
// @ts-expect-error: what is mixed is what the model takes
train.fit(model, { ...common, data: loader, mix: (a, _b) => [a] });
