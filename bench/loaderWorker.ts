/**
 * The Node side of bench/loader.ts: answers each line {"case": name, "workers": n, "persistent": b} with {"time": seconds of an epoch, "samples": n}.
 * Its argument is a folder of JPEG files.
 */
import { createInterface } from "node:readline";
import * as torch from "torch-node";

const { DataLoader } = torch.data;
const { FashionMNIST, ImageFolder } = torch.vision.datasets;
const {
	Compose,
	Normalize,
	RandomHorizontalFlip,
	RandomResizedCrop,
	ToDtype,
	ToTensor,
} = torch.vision.transforms;

const folder = process.argv[2] ?? "";

const datasets: Record<string, () => torch.data.Dataset<unknown>> = {
	"Fashion-MNIST": () =>
		new FashionMNIST("", {
			transform: new Compose([
				new RandomHorizontalFlip(),
				new ToTensor(),
				new Normalize([0.286], [0.353]),
			]),
		}),
	"JPEG files": () =>
		new ImageFolder(folder, {
			transform: new Compose([
				new RandomResizedCrop(224),
				new RandomHorizontalFlip(),
				new ToDtype("float32", { scale: true }),
				new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
			]),
		}),
};

interface Request {
	case: string;
	workers: number;
	persistent: boolean;
}

const loaders = new Map<string, torch.data.DataLoader<unknown, unknown>>();

function loaderOf({ case: name, workers, persistent }: Request) {
	const key = `${name} ${workers} ${persistent}`;
	let loader = loaders.get(key);
	if (!loader) {
		const dataset = datasets[name]?.();
		if (!dataset) throw new Error(`no case ${name}`);
		loader = new DataLoader<unknown, unknown>(dataset, {
			batchSize: 64,
			shuffle: true,
			numWorkers: workers,
			persistentWorkers: persistent,
		});
		loaders.set(key, loader);
	}
	return loader;
}

console.log(JSON.stringify({ threads: torch.getNumThreads() }));
for await (const line of createInterface({ input: process.stdin })) {
	const loader = loaderOf(JSON.parse(line) as Request);
	const start = performance.now();
	let samples = 0;
	for await (const batch of loader) {
		samples += (batch as [torch.Tensor, torch.Tensor])[1].numel();
	}
	const time = (performance.now() - start) / 1000;
	console.log(JSON.stringify({ time, samples }));
}
