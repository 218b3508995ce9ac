// A Transformer that tells spam from the words of a mail's subject. Run: node dist/examples/practice/transformer.js
import {
	arange,
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

const longest = 12;
const layer = { dimFeedforward: 128, dropout: 0.2 };

/** Words [B, longest] (0: none) → scores [B, 2] */
class SubjectClassifier extends nn.Module<[Tensor], Tensor> {
	words: nn.Embedding;
	places = new nn.Embedding(longest, 64);
	encoder = new nn.TransformerEncoder(
		new nn.TransformerEncoderLayer(64, 4, { ...layer, batchFirst: true }),
		2,
	);
	linear = new nn.Linear(64, 2);

	constructor(vocabulary: number) {
		super();
		this.words = new nn.Embedding(vocabulary, 64);
	}

	forward(words: Tensor): Tensor {
		const isWord = words.ne(0);
		const x = this.words(words).add(this.places(arange(longest))); // [B, longest, 64]
		const y = this.encoder(x, { srcKeyPaddingMask: isWord.logicalNot() });
		const weights = isWord.unsqueeze(2).to("float32"); // the mean of the words that are there
		return this.linear(y.mul(weights).sum(1).div(weights.sum(1)));
	}
}

manualSeed(seed);
const table = await data.readCsv(tablePath("subjects"));
const subjects = Array.from(table.column("subject"), (subject) =>
	String(subject).split(" ").slice(0, longest),
);
const { codes: kinds } = table.categories("kind");
const order = data.randomSplit(subjects, [0.8, 0.2]);

// 0 is no word, 1 one that training has fewer than two times
const counts = new Map<string, number>();
for (const i of order[0].indices)
	for (const word of subjects[i] ?? [])
		counts.set(word, (counts.get(word) ?? 0) + 1);
const vocabulary = new Map(
	[...counts]
		.filter(([, count]) => count > 1)
		.map(([word], i) => [word, i + 2]),
);
const words = nn.utils.rnn.padSequence(
	subjects.map((all) => tensor(all.map((word) => vocabulary.get(word) ?? 1))),
	{ batchFirst: true },
);
const samples = new data.TensorDataset(words, kinds);
const [trainSet, testSet] = order.map(
	({ indices }) => new data.Subset(samples, indices),
) as [data.Subset<[Tensor, Tensor]>, data.Subset<[Tensor, Tensor]>];

const model = new SubjectClassifier(vocabulary.size + 2);
const history = await train.fit(model, {
	data: new data.DataLoader(trainSet, { batchSize: 64, shuffle: true }),
	validation: new data.DataLoader(testSet, { batchSize: 1000 }),
	loss: new nn.CrossEntropyLoss(),
	optimizer: new optim.AdamW(model.parameters(), { lr: 0.001 }),
	epochs: pick(6, 1),
	metrics: { accuracy: new metrics.Accuracy() },
});
const accuracy = history.column("valAccuracy").at(-1) ?? 0;
report({ accuracy }, history.column("loss"));
