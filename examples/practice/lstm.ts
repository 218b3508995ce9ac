// An LSTM that reads first names letter by letter, and says whom they are given to. Run: node dist/examples/practice/lstm.js
import {
	data,
	manualSeed,
	metrics,
	nn,
	optim,
	type Tensor,
	tensor,
	train,
} from "torch-node";
import { pick, report, seed } from "./support/program.ts";
import { tablePath } from "./support/tables.ts";

const { packPaddedSequence, padSequence } = nn.utils.rnn;

/** Letters [B, longest] (0: none) and lengths [B] → scores [B, 2] */
class NameClassifier extends nn.Module<[Tensor, Tensor], Tensor> {
	embedding = new nn.Embedding(27, 16, { paddingIdx: 0 });
	lstm = new nn.LSTM(16, 64, { batchFirst: true });
	linear = new nn.Linear(64, 2);

	forward(letters: Tensor, lengths: Tensor): Tensor {
		const packed = packPaddedSequence(this.embedding(letters), lengths, {
			batchFirst: true,
			enforceSorted: false,
		});
		const [, [hidden]] = this.lstm(packed); // [1, B, 64]: after each name's last letter
		return this.linear(hidden.squeeze(0));
	}
}

manualSeed(seed);
const table = await data.readCsv(tablePath("names"));
const sexes = table.categories("sex").codes.tolist() as number[];
const samples = sexes.map((sex, i): [Tensor, number] => {
	const letters = [...String(table.column("name")[i]).toLowerCase()];
	return [tensor(letters.map((letter) => letter.charCodeAt(0) - 96)), sex];
});
const [trainSet, testSet] = data.randomSplit(samples, [0.8, 0.2]);

/** Names of one batch become as long as the longest of them. */
function collateFn(batch: [Tensor, number][]): [Tensor, Tensor, Tensor] {
	const names = batch.map(([letters]) => letters);
	return [
		padSequence(names, { batchFirst: true }),
		tensor(names.map((letters) => letters.size(0))),
		tensor(batch.map(([, sex]) => sex)),
	];
}

const model = new NameClassifier();
const history = await train.fit(model, {
	data: new data.DataLoader(trainSet, {
		batchSize: 64,
		shuffle: true,
		collateFn,
	}),
	validation: new data.DataLoader(testSet, { batchSize: 1000, collateFn }),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.Adam(model.parameters(), { lr: 0.003 }),
	epochs: pick(5, 1),
	metrics: { accuracy: new metrics.Accuracy() },
});
report(
	{ accuracy: history.column("valAccuracy").at(-1) ?? 0 },
	history.column("loss"),
);
