// A linear model, MSE and Adam: ten steps of a loop written by hand. Run: node dist/examples/practice/linear.js
import { data, manualSeed, nn, optim } from "torch-node";
import { report, seed } from "./support/program.ts";
import { tablePath } from "./support/tables.ts";

manualSeed(seed);
const table = await data.readCsv(tablePath("diabetes"));
const rows = table.tensor(); // [442, 11]: ten measurements, and the disease's progression
const standard = rows.sub(rows.mean(0)).div(rows.std(0));
const x = standard.slice(1, 0, 10);
const y = standard.slice(1, 10); // [442, 1]

const model = new nn.Linear(10, 1);
const lossOf = new nn.MSELoss();
const optimizer = new optim.Adam(model.parameters(), {
	lr: 0.05,
	betas: [0.9, 0.999],
	weightDecay: 1e-4,
});
const losses: number[] = [];
for (let step = 0; step < 10; step++) {
	optimizer.zeroGrad();
	const loss = lossOf(model(x), y);
	loss.backward();
	optimizer.step();
	losses.push(loss.item() as number);
}
report({ loss: lossOf(model(x), y).item() as number }, losses);
