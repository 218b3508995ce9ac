/** Goes on from the checkpoint in the folder that is given, for one epoch more. Prints how that ends. */
import { existsSync } from "node:fs";
import * as torch from "../../../lib/index.ts";

const { nn, optim, train } = torch;
const [folder = ""] = process.argv.slice(2);
const last = `${folder}/last.pt`;

torch.manualSeed(0);
const x = torch.randn([8, 20]);
const model = new nn.Linear(20, 500);
const resume = existsSync(last) ? last : undefined;
const epochs: number[] = [];
try {
	await train.fit(model, {
		data: [[x, torch.zeros([8, 500])]],
		loss: new nn.MSELoss(),
		optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
		epochs: resume ? 3 : 2,
		...(resume && { resume }),
		callbacks: [
			new train.ModelCheckpoint(folder, { best: false }),
			{ onTrainEnd: ({ history }) => void epochs.push(history.length) },
		],
	});
	console.log(JSON.stringify({ error: null, epochs }));
} catch (error) {
	const { code, message } = error as torch.TorchError;
	console.log(JSON.stringify({ error: { code, message }, epochs }));
}
