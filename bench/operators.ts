/** The basket of small operators; bench/python/operators.py has the same in Python, under the same names. */
import * as torch from "../lib/index.ts";

const { functional: F } = torch.nn;

/** The cases by name. */
export function operators(device: torch.Device): {
	[name: string]: () => unknown;
} {
	torch.manualSeed(0);
	const a = torch.rand([1], { device });
	const b = torch.rand([1], { device });
	const w = torch.rand([1], { device, requiresGrad: true });
	const m = torch.rand([2, 2], { device });
	const large = torch.rand([1024, 1024], { device });
	const v = torch.rand([2], { device });
	const image = torch.rand([1, 1, 8, 8], { device });
	const kernel = torch.rand([4, 1, 3, 3], { device });
	const where = torch.tensor([1, 0], { device });
	return {
		add: () => torch.add(a, b),
		"mul with a number": () => torch.mul(a, 2.5),
		"add with alpha": () => torch.add(a, b, { alpha: 2 }),
		relu: () => torch.relu(a),
		"matmul 2×2": () => torch.matmul(m, m),
		"matmul 1024×1024": () => torch.matmul(large, large),
		addmm: () => torch.addmm(v, m, m),
		linear: () => F.linear(m, m, v),
		conv2d: () => F.conv2d(image, kernel, null, { padding: 1 }),
		softmax: () => torch.softmax(m, 1),
		sum: () => torch.sum(m),
		"mean over a dimension": () => torch.mean(m, 1),
		view: () => m.view(4),
		transpose: () => m.transpose(0, 1),
		index: () => m.index(where),
		cat: () => torch.cat([m, m]),
		stack: () => torch.stack([m, m]),
		clone: () => m.clone(),
		zeros: () => torch.zeros([2, 2], { device }),
		"add that records a gradient": () => torch.add(w, b),
		"backward of a small graph": () =>
			torch.sum(torch.relu(torch.mul(w, b))).backward(),
	};
}
