/** The models of scripts/fixtures/nn.py: all random numbers come from one seed, dropout's too, so that the losses are PyTorch's. */
import * as torch from "../../lib/index.ts";
import { fixture } from "./fixtures.ts";

const { nn } = torch;
const F = nn.functional;
type Tensor = torch.Tensor;

/** What has a loss of its own instead of an input. */
abstract class Model extends nn.Module<[], Tensor> {
	readonly rate: number = 0.1;
}

class Cnn extends Model {
	readonly conv1 = new nn.Conv2d(1, 4, 3);
	readonly conv2 = new nn.Conv2d(4, 8, 3);
	readonly dropout1 = new nn.Dropout(0.25);
	readonly dropout2 = new nn.Dropout(0.5);
	readonly fc1 = new nn.Linear(128, 16);
	readonly fc2 = new nn.Linear(16, 10);

	override forward(): Tensor {
		let x = torch.randn([8, 1, 12, 12]);
		x = F.maxPool2d(F.relu(this.conv2(F.relu(this.conv1(x)))), 2);
		x = this.dropout2(F.relu(this.fc1(this.dropout1(x).flatten(1))));
		return F.nllLoss(F.logSoftmax(this.fc2(x), 1), torch.randint(0, 10, [8]));
	}
}

class Vae extends Model {
	override readonly rate = 0.01;
	readonly fc1 = new nn.Linear(20, 12);
	readonly fc21 = new nn.Linear(12, 4);
	readonly fc22 = new nn.Linear(12, 4);
	readonly fc3 = new nn.Linear(4, 12);
	readonly fc4 = new nn.Linear(12, 20);

	override forward(): Tensor {
		const x = torch.rand([8, 20]);
		const h = F.relu(this.fc1(x));
		const [mu, logvar] = [this.fc21(h), this.fc22(h)];
		const std = logvar.mul(0.5).exp();
		const z = mu.add(torch.randnLike(std).mul(std));
		const found = this.fc4(F.relu(this.fc3(z))).sigmoid();
		const divergence = logvar
			.add(1)
			.sub(mu.pow(2))
			.sub(logvar.exp())
			.sum()
			.mul(-0.5);
		return F.binaryCrossEntropy(found, x, { reduction: "sum" }).add(divergence);
	}
}

class LanguageModel extends Model {
	readonly drop = new nn.Dropout(0.2);
	readonly encoder = new nn.Embedding(30, 8);
	readonly rnn = new nn.LSTM(8, 10, { numLayers: 2, dropout: 0.3 });
	readonly decoder = new nn.Linear(10, 30);

	override forward(): Tensor {
		const words = torch.randint(0, 30, [7, 4]);
		const [outputs] = this.rnn(this.drop(this.encoder(words.narrow(0, 0, 6))));
		return F.crossEntropy(
			this.decoder(this.drop(outputs)).view([-1, 30]),
			words.narrow(0, 1, 6).reshape([-1]),
		);
	}
}

class Translator extends Model {
	readonly words = new nn.Embedding(20, 8);
	readonly transformer = new nn.Transformer({
		dModel: 8,
		nhead: 2,
		numEncoderLayers: 2,
		numDecoderLayers: 2,
		dimFeedforward: 16,
		batchFirst: true,
	});
	readonly out = new nn.Linear(8, 20);

	override forward(): Tensor {
		const source = torch.randint(0, 20, [3, 6]);
		const target = torch.randint(0, 20, [3, 5]);
		const padding = torch
			.arange(6)
			.expand([3, 6])
			.ge(torch.tensor([[6], [4], [5]]));
		const scores = this.transformer(
			this.words(source),
			this.words(target.narrow(1, 0, 4)),
			{
				tgtMask: nn.Transformer.generateSquareSubsequentMask(4),
				srcKeyPaddingMask: padding,
				memoryKeyPaddingMask: padding,
			},
		);
		return F.crossEntropy(
			this.out(scores).flatten(0, 1),
			target.narrow(1, 1, 4).flatten(),
			{ labelSmoothing: 0.1 },
		);
	}
}

const wanted = fixture<Record<string, number[]>>("training.json");

test.each([Cnn, Vae, LanguageModel, Translator])("%p", (Class) => {
	torch.manualSeed(6);
	const model: Model = new Class();
	const losses = Array.from({ length: 10 }, () => {
		model.zeroGrad();
		const loss = model();
		loss.backward();
		torch.noGrad(() => {
			for (const p of model.parameters())
				p.sub_((p.grad as Tensor).mul(model.rate));
		});
		return loss.item() as number;
	});
	for (const [i, loss] of losses.entries()) {
		const theirs = wanted[Class.name]?.[i] as number;
		expect(Math.abs(loss / theirs - 1)).toBeLessThan(1e-5);
	}
});
