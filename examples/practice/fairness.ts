// Is a model of patients as good for women as for men, for old as for young? Run: node dist/examples/practice/fairness.js
import {
	data,
	manualSeed,
	metrics,
	nn,
	noGrad,
	optim,
	type Tensor,
	train,
} from "torch-node";
import { pick, report, seed } from "./support/program.ts";
import { tablePath } from "./support/tables.ts";

manualSeed(seed);
const table = await data.readCsv(tablePath("diabetes"));
const rows = table.tensor(); // [442, 11]
const progression = rows.select(1, 10);
const x = rows.slice(1, 0, 10);
const y = progression.gt(progression.median()).to("int64"); // whose disease gets worse than that of most?
const trained = 300; // patients are in no order

const [mean, std] = [
	x.slice(0, 0, trained).mean(0),
	x.slice(0, 0, trained).std(0),
];
const inputs = x.sub(mean).div(std);
const part = (from: number, to: number) =>
	new data.TensorDataset(inputs.slice(0, from, to), y.slice(0, from, to));

const model = new nn.Sequential(
	new nn.Linear(10, 32),
	new nn.ReLU(),
	new nn.Linear(32, 2),
);
const history = await train.fit(model, {
	data: new data.DataLoader(part(0, trained), { batchSize: 32, shuffle: true }),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.003 }),
	epochs: pick(30, 3),
});

model.eval();
const decided = noGrad(() => model(inputs.slice(0, trained)).argmax(1));
const target = y.slice(0, trained);
const groups = {
	sex: x.slice(0, trained).select(1, 1).to("int64"),
	age: x.slice(0, trained).select(1, 0).ge(50).to("int64"), // 1: 50 and older
};
const accuracy = new metrics.Accuracy();
accuracy.update(decided, target);

const fairnessBy = (group: Tensor) => {
	const fairness = new metrics.Fairness();
	fairness.update(decided, target, group);
	return fairness.compute();
};
const [bySex, byAge] = [fairnessBy(groups.sex), fairnessBy(groups.age)];
console.log("By sex:");
console.table(Object.fromEntries(bySex.groups));
console.log("By age (1: 50 and older):");
console.table(Object.fromEntries(byAge.groups));
report(
	{
		accuracy: accuracy.compute(),
		parityBySex: bySex.demographicParityDifference,
		oddsBySex: bySex.equalizedOddsDifference,
		parityByAge: byAge.demographicParityDifference,
		oddsByAge: byAge.equalizedOddsDifference,
	},
	history.column("loss"),
);
