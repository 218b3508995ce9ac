/** The programs of examples/practice, in the order in which they are run and shown. */
export interface Program {
	name: string;
	/** What it shows. */
	title: string;
	/** Seeds that Python runs it with: fewer where a run takes minutes. */
	seeds: number;
}

const program = (name: string, title: string, seeds = 5): Program => ({
	name,
	title,
	seeds,
});

export const programs: readonly Program[] = [
	program(
		"linear",
		"linear model, MSE, Adam, ten steps of a hand-written loop",
	),
	program("mlp", "MLP 1024-512-256-10, Adam with weight decay 0.01"),
	program("dropout", "dense net with dropout 0.5"),
	program("earlyStopping", "patience 5, the best weights come back"),
	program("mnistAugmented", "RandomRotation(15), RandomAffine, Normalize"),
	program("augmentFolder", "Keras' generator over a folder of classes"),
	program("smallData", "a small CNN on 1,000 samples, and on all"),
	program("learningRates", "the same CNN with learning rate 0.01 and 0.0001"),
	program("overfitting", "a deep CNN and a simple one on 1,000 samples"),
	program("lstm", "LSTM on first names, letter by letter"),
	program("transformer", "Transformer on the subjects of mails"),
	program("autoencoder", "autoencoder"),
	program("vae", "variational autoencoder, a hand-written loop"),
	program("kFold", "two models compared on the same five folds"),
	program("imbalance", "class weights and a weighted sampler"),
	program("fairness", "a report by group"),
	program(
		"pytorchMnist",
		"pytorch/examples' mnist network, on all 60,000 images",
		1,
	),
];
