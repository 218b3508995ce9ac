// Fits a line to noisy points, with a module and an optimiser. Run: node dist/examples/linearRegression.js
import { manualSeed, nn, optim, randn } from "torch-node";

manualSeed(0);
const x = randn([200, 1]);
const y = x
	.mul(3)
	.add(2)
	.add(randn([200, 1]).mul(0.1)); // y = 3x + 2 and some noise

const model = new nn.Linear(1, 1);
const lossOf = new nn.MSELoss();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });

for (let step = 1; step <= 60; step++) {
	const loss = lossOf(model(x), y);
	optimizer.zeroGrad();
	loss.backward();
	optimizer.step();
	if (step % 10 === 0) console.log(`step ${step}: loss ${loss.item()}`);
}

console.log(model);
console.log("weight", model.weight);
console.log("bias", model.bias);
