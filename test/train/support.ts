/** A small model and data, the same for all tests of training. */
import * as torch from "../../lib/index.ts";

const { nn, data } = torch;

// The process runs other files' tests afterwards.
const threads = torch.getNumThreads();
torch.setNumThreads(1);
afterAll(() => torch.setNumThreads(threads));

export const x = (() => {
	torch.manualSeed(0);
	return torch.randn([100, 12]);
})();
export const y = x.matmul(torch.randn([12, 3])).argmax(1);
const train = new data.TensorDataset(
	x.slice(0, 0, 80).contiguous(),
	y.slice(0, 0, 80).contiguous(),
);
export const validation: [torch.Tensor, torch.Tensor][] = [
	[x.slice(0, 80), y.slice(0, 80)],
];

export function makeModel() {
	torch.manualSeed(1);
	return new nn.Sequential(
		new nn.Linear(12, 16, { bias: false }), // a bias has no gradient but noise here, which Adam would follow
		new nn.BatchNorm1d(16),
		new nn.ReLU(),
		new nn.Dropout(0.2),
		new nn.Linear(16, 3),
	);
}

export function makeLoader(batchSize = 16, shuffle = true) {
	return new data.DataLoader(train, { batchSize, shuffle });
}

/** All numbers of a model's parameters. */
export function weightsOf(model: torch.nn.AnyModule): number[] {
	return model
		.parameters()
		.flatMap((parameter) => parameter.flatten().tolist() as number[]);
}
