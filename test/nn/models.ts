/** The models of scripts/fixtures/nn.py, in TypeScript. */
import * as torch from "../../lib/index.ts";

const { nn } = torch;
type Tensor = torch.Tensor;

export class Net extends nn.Module<[Tensor], Tensor> {
	readonly features = new nn.Sequential(
		new nn.Conv2d(1, 4, 3, { padding: 1 }),
		new nn.BatchNorm2d(4),
		new nn.ReLU(),
		new nn.MaxPool2d(2),
		new nn.Dropout2d(0.25),
	);
	readonly hiddenLayer = new nn.Linear(64, 16);
	readonly scale = new nn.Parameter(torch.ones([16]));
	readonly shift = new nn.Buffer(torch.zeros([16]));
	readonly scratch = new nn.Buffer(torch.zeros([1]), { persistent: false });
	readonly dropout = new nn.Dropout(0.1);
	readonly out = new nn.Linear(16, 10);

	override forward(images: Tensor): Tensor {
		const x = this.hiddenLayer(this.features(images).flatten(1)).relu();
		return this.out(this.dropout(x.mul(this.scale).add(this.shift)));
	}
}

/** Every container, a shared module, and names that need care. */
export class Blocks extends nn.Module<[Tensor], Tensor> {
	readonly wordEmbedding = new nn.Embedding(10, 8, { paddingIdx: 0 });
	readonly blocks = new nn.ModuleList(
		[0, 1, 2].map(
			() => new nn.Sequential(new nn.Linear(8, 8), new nn.GELU()),
		) as torch.nn.Module[],
	).append(new nn.LayerNorm(8));
	readonly heads = new nn.ModuleDict({
		big: new nn.Linear(8, 6),
		smallOne: new nn.Linear(8, 6, { bias: false }),
	});
	readonly tail = new nn.Sequential({
		norm5: new nn.LayerNorm(6),
		lastLinear: new nn.Linear(6, 10),
	});
	readonly shared = this.blocks.at(0);
	readonly Mixed_5b = new nn.Linear(10, 10);
	readonly weightIhL0 = new nn.Parameter(torch.randn([10]));
	readonly empty = new nn.ModuleList();

	override forward(words: Tensor): Tensor {
		let x = this.wordEmbedding(words).mean(1);
		for (const block of this.blocks) x = block(x);
		x = this.shared(x);
		const heads = this.heads.get("big")(x).add(this.heads.get("smallOne")(x));
		return this.Mixed_5b(this.tail(heads)).mul(this.weightIhL0);
	}
}
