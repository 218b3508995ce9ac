/** Steps of optimisers on the parameters of ResNet-18, with default options; bench/python/optimizers.py has the same in Python. */
import type { Device, Tensor } from "../lib/index.ts";
import * as torch from "../lib/index.ts";

const { optim } = torch;

/** The shapes of all 62 parameters, 11,689,512 elements: convolutions, each with the scale and shift of its normalisation, and the last layer. */
function resnet18(): number[][] {
	const shapes = [[64, 3, 7, 7], [64], [64]];
	let inputs = 64;
	for (const channels of [64, 128, 256, 512]) {
		const norm = [[channels], [channels]];
		for (const from of [inputs, channels]) {
			shapes.push([channels, from, 3, 3], ...norm);
			shapes.push([channels, channels, 3, 3], ...norm);
			if (from !== channels) shapes.push([channels, from, 1, 1], ...norm);
		}
		inputs = channels;
	}
	return [...shapes, [1000, 512], [1000]];
}

type Step = () => void;

/** Parameters with gradients that stay as they are. */
function parameters(
	device: Device,
	shapes: number[][],
	gradOf: (param: Tensor) => Tensor = (param) => torch.randnLike(param),
): Tensor[] {
	torch.manualSeed(0);
	return shapes.map((shape) => {
		const param = torch.randn(shape, { device, requiresGrad: true });
		param.grad = torch.noGrad(() => gradOf(param));
		return param;
	});
}

type Make = new (params: Tensor[]) => torch.optim.Optimizer;

function plain(Class: Make) {
	return (device: Device): Step => {
		const optimizer = new Class(parameters(device, resnet18()));
		return () => optimizer.step();
	};
}

export const optimizers: { [name: string]: (device: Device) => Step } = {
	"Adadelta step": plain(optim.Adadelta),
	"Adafactor step": plain(optim.Adafactor),
	"Adagrad step": plain(optim.Adagrad),
	"Adam step": plain(optim.Adam),
	"Adamax step": plain(optim.Adamax),
	"AdamW step": plain(optim.AdamW),
	"ASGD step": plain(optim.ASGD),
	/** Two iterations towards zero. */
	"LBFGS step"(device) {
		const params = parameters(device, resnet18());
		const optimizer = new optim.LBFGS(params, {
			lr: 0.1,
			maxIter: 2,
			historySize: 2,
		});
		const closure = () =>
			torch.noGrad(() => {
				for (const param of params) param.grad?.copy_(param);
				return Number((params[0] as Tensor).square().sum().item());
			});
		return () => optimizer.step(closure);
	},
	/** Kernels as matrices, [outputs, inputs · size]. */
	"Muon step"(device) {
		const matrices = resnet18().filter((shape) => shape.length > 1);
		const shapes = matrices.map(([rows = 0, ...rest]) => [
			rows,
			rest.reduce((a, b) => a * b, 1),
		]);
		const optimizer = new optim.Muon(parameters(device, shapes));
		return () => optimizer.step();
	},
	"NAdam step": plain(optim.NAdam),
	"RAdam step": plain(optim.RAdam),
	"RMSprop step": plain(optim.RMSprop),
	"Rprop step": plain(optim.Rprop),
	"SGD step": plain(optim.SGD),
	/** Gradients of all rows. */
	"SparseAdam step"(device) {
		const params = parameters(device, resnet18(), (param) =>
			torch.randnLike(param).toSparse(1),
		);
		const optimizer = new optim.SparseAdam(params);
		return () => optimizer.step();
	},
};
