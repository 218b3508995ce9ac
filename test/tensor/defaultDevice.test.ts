/** Where tensors and modules are made when nobody says where; "meta" stands for a GPU. */
import * as torch from "../../lib/index.ts";

const any = (value: unknown) => value as never;
const { nn } = torch;

afterEach(() => torch.setDefaultDevice(null));

type Make = (options: { device?: "cpu" }) => torch.Tensor;

/** With all that may stand before the options. */
const makers: { readonly [name: string]: Make } = {
	zeros: (o) => torch.zeros(2, 3, o),
	"zeros of a list": (o) => torch.zeros([2, 3], o),
	"zeros without size": (o) => torch.zeros([], o),
	ones: (o) => torch.ones([2], { ...o, requiresGrad: true }),
	empty: (o) => torch.empty(2, o),
	emptyPermuted: (o) => torch.emptyPermuted([2, 3], [1, 0], o),
	emptyStrided: (o) => torch.emptyStrided([2, 3], [1, 2], o),
	full: (o) => torch.full([2], 3, o),
	"full of a complex number": (o) => torch.full([2], { re: 1, im: 2 }, o),
	scalarTensor: (o) => torch.scalarTensor(3, o),
	eye: (o) => torch.eye(3, o),
	"eye of two sizes": (o) => torch.eye(2, 3, { ...o, dtype: "float64" }),
	arange: (o) => torch.arange(3, o),
	"arange by name": (o) => torch.arange(1, 9, { step: 2, ...o }),
	range: (o) => torch.range(1, 3, o),
	linspace: (o) => torch.linspace(0, 1, 3, o),
	logspace: (o) => torch.logspace(0, 1, 3, o),
	rand: (o) => torch.rand(2, 3, o),
	randn: (o) => torch.randn([2, 3], o),
	randint: (o) => torch.randint(0, 9, [2], o),
	bartlettWindow: (o) => torch.bartlettWindow(4, o),
	blackmanWindow: (o) => torch.blackmanWindow(4, true, o),
	hammingWindow: (o) => torch.hammingWindow(4, o),
	hannWindow: (o) => torch.hannWindow(4, o),
	kaiserWindow: (o) => torch.kaiserWindow(4, o),
	"fft.fftfreq": (o) => torch.fft.fftfreq(4, o),
	"fft.rfftfreq": (o) => torch.fft.rfftfreq(4, { d: 2, ...o }),
	"signal.windows.hann": (o) => torch.signal.windows.hann(4, o),
	"signal.windows.gaussian": (o) => torch.signal.windows.gaussian(4, o),
	tensor: (o) => torch.tensor([1, 2.5], o),
	"tensor of a typed array": (o) => torch.tensor(new Float32Array(2), o),
	"tensor of a complex number": (o) => torch.tensor({ re: 1, im: 2 }, o),
	asTensor: (o) => torch.asTensor([1, 2], o),
	asarray: (o) => torch.asarray([1, 2], o),
	"a module's parameter": (o) => new nn.Linear(2, 3, o).weight,
	"a module's buffer": (o) => new nn.BatchNorm2d(2, o).runningMean as never,
	"a lazy module's parameter": (o) => new nn.LazyLinear(2, o).weight as never,
	"a parameter without values": (o) => new nn.UninitializedParameter(o),
};

/** LibTorch has no such operators without memory: the error shows that the device has got there. */
const notOnMeta: { readonly [name: string]: Make } = {
	randperm: (o) => torch.randperm(5, o),
	trilIndices: (o) => torch.trilIndices(3, 3, o),
	triuIndices: (o) => torch.triuIndices(3, 3, 1, o),
	"nested.nestedTensor": (o) => torch.nested.nestedTensor([[1], [2, 3]], o),
	sparseCooTensor: (o) => torch.sparseCooTensor([[0]], [1], [2], o),
	sparseCsrTensor: (o) => torch.sparseCsrTensor([0, 1], [0], [2], [1, 1], o),
	sparseCscTensor: (o) => torch.sparseCscTensor([0, 1], [0], [2], null, o),
	sparseBsrTensor: (o) => torch.sparseBsrTensor([0, 1], [0], [[[2]]], null, o),
	sparseBscTensor: (o) => torch.sparseBscTensor([0, 1], [0], [[[2]]], null, o),
	sparseCompressedTensor: (o) =>
		torch.sparseCompressedTensor([0, 1], [0], [2], [1, 1], {
			layout: "sparse_csr",
			...o,
		}),
};

test.each(Object.keys(notOnMeta))("%s goes to the default device", (name) => {
	const make = notOnMeta[name] as Make;
	expect(make({}).device).toBe("cpu");
	torch.setDefaultDevice("meta");
	expect(() => make({})).toThrow(/meta/i);
	expect(make({ device: "cpu" }).device).toBe("cpu");
});

describe.each(Object.keys(makers))("%s", (name) => {
	const make = makers[name] as Make;

	test("is made on the default device, or where it is told", () => {
		const usual = make({});
		torch.setDefaultDevice("meta");
		const made = make({});
		expect([usual.device, made.device]).toEqual(["cpu", "meta"]);
		expect(made.dtype).toBe(usual.dtype);
		expect(made.requiresGrad).toBe(usual.requiresGrad);
		expect(make({ device: "cpu" }).device).toBe("cpu");
		torch.setDefaultDevice(null);
		expect(make({}).device).toBe("cpu");
	});
});

test("without options, and with undefined in their place", () => {
	torch.setDefaultDevice("meta");
	const made = [
		torch.zeros(2),
		torch.zeros([2], undefined),
		torch.zeros([2], { dtype: "float64" }),
		torch.zeros([2], any({ device: undefined })),
		torch.zeros([2], any({ device: null })),
		torch.tensor(3),
		torch.tensor(3, undefined),
	];
	expect(made.map(({ device }) => device)).toEqual(made.map(() => "meta"));
	expect(made[2]?.dtype).toBe("float64");
});

test("what has a place stays there", () => {
	const x = torch.ones(2);
	torch.setDefaultDevice("meta");
	const kept = [
		torch.zerosLike(x),
		x.newZeros(2),
		x.newTensor([1]),
		torch.fromBlob(new Float32Array(2)),
		torch.empty(2, { out: x }),
		x.add(1),
		torch.stack([x, x]),
	];
	expect(kept.map(({ device }) => device)).toEqual(kept.map(() => "cpu"));
	// PyTorch's as_tensor and tensor move a tensor there.
	expect([torch.asTensor(x).device, torch.tensor(x).device]).toEqual([
		"meta",
		"meta",
	]);
});

test("for a while: nested, with using, after an error", () => {
	const devices: string[] = [torch.getDefaultDevice()];
	const look = () => devices.push(torch.zeros(1).device);
	const result = torch.onDevice("meta", () => {
		look();
		torch.onDevice("cpu", look);
		look();
		return 5;
	});
	look();
	{
		using _ = torch.onDevice("meta");
		look();
		expect(torch.getDefaultDevice()).toBe("meta");
	}
	look();
	expect(result).toBe(5);
	expect(devices).toEqual(["cpu", "meta", "cpu", "meta", "cpu", "meta", "cpu"]);
	expect(() =>
		torch.onDevice("meta", () => {
			throw new RangeError("no");
		}),
	).toThrow(new RangeError("no"));
	expect(() => torch.onDevice("meta", async () => {})).toThrow(
		"onDevice: fn: expected a function that is not async",
	);
	expect(torch.getDefaultDevice()).toBe("cpu");
});

test.each<[string, unknown, string]>([
	["an unknown one", "gpu", "setDefaultDevice: "],
	["a number", 1, "setDefaultDevice: device: expected string, got number 1"],
])("refused: %s", (_name, device, message) => {
	expect(() => torch.setDefaultDevice(any(device))).toThrow(message);
	expect(torch.getDefaultDevice()).toBe("cpu");
});

test("whole models", () => {
	torch.setDefaultDevice("meta");
	const models: torch.nn.AnyModule[] = [
		new nn.Transformer({ dModel: 8, nhead: 2, dimFeedforward: 16 }),
		new nn.LSTM(4, 8, { bidirectional: true }),
		new nn.EmbeddingBag(5, 3),
		new nn.PReLU(),
		new nn.GroupNorm(2, 4),
		torch.vision.models.resnet18(),
		torch.vision.models.swinT(),
	];
	for (const model of models) {
		const tensors = [...model.parameters(), ...model.buffers()];
		expect(tensors.length).toBeGreaterThan(0);
		expect(new Set(tensors.map(({ device }) => device))).toEqual(
			new Set(["meta"]),
		);
	}
});

/** The library's own small tensors stay on the CPU, so that all this goes on. */
test("the library's own work", async () => {
	const model = new nn.Linear(2, 2);
	const x = torch.rand(8, 2);
	const y = torch.tensor([0, 1, 0, 1, 1, 0, 1, 0]);
	const generator = new torch.Generator().manualSeed(1);
	torch.setDefaultDevice("meta");
	const loader = new torch.data.DataLoader(new torch.data.TensorDataset(x, y), {
		batchSize: 4,
		shuffle: true,
		generator,
	});
	const optimizers = [
		new torch.optim.Adam(model.parameters()),
		new torch.optim.Adafactor(model.parameters()),
		new torch.optim.LBFGS(model.parameters(), { maxIter: 2 }),
	];
	let steps = 0;
	for await (const batch of loader) {
		const [input, target] = batch as [torch.Tensor, torch.Tensor];
		expect([input.device, target.device]).toEqual(["cpu", "cpu"]);
		for (const optimizer of optimizers) {
			const closure = () => {
				optimizer.zeroGrad();
				const loss = nn.functional.crossEntropy(model(input), target);
				loss.backward();
				return loss;
			};
			optimizer.step(any(closure));
			steps++;
		}
		nn.utils.clipGradNorm_(model.parameters(), 1);
	}
	expect(steps).toBe(6);
	expect(model.weight.isfinite().all().item()).toBe(true);
	expect(`${x}`).toMatch(/^tensor\(\[\[0\.\d{4}/);
	const accuracy = new torch.metrics.Accuracy({
		numClasses: 2,
	});
	accuracy.update(model(x), y);
	expect(accuracy.compute()).toBeGreaterThanOrEqual(0);
	nn.init.orthogonal_(model.weight);
	nn.init.truncNormal_(model.weight);
	expect(model.weight.device).toBe("cpu");
});
