/**
 * The Node side of the bench of transforms: reads cases from stdin, one JSON object a line, and answers with seconds per image.
 * bench/python/transforms.py has the same pipelines in Python.
 */
import { createInterface } from "node:readline";
import { libtorch, native } from "../lib/binding.ts";
import * as torch from "../lib/index.ts";

const { transforms } = torch.vision;

const pipelines = {
	MNIST: () => [
		new transforms.RandomRotation(15),
		new transforms.RandomAffine(0, { translate: [0.1, 0.1] }),
		new transforms.ToDtype("float32", { scale: true }),
		new transforms.Normalize([0.1307], [0.3081]),
	],
	classification: () => [
		new transforms.RandomResizedCrop(224),
		new transforms.RandomHorizontalFlip(),
		new transforms.ColorJitter(0.4, 0.4, 0.4, 0.1),
		new transforms.ToDtype("float32", { scale: true }),
		new transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
	],
};
type Name = keyof typeof pipelines;

/** A batch of bytes; the larger ones vary slowly, as photos do. */
const batches: { [name in Name]: () => torch.Tensor } = {
	MNIST: () => torch.randint(0, 256, [128, 1, 28, 28], { dtype: "uint8" }),
	classification: () =>
		transforms.functional.resize(
			torch.randint(0, 256, [32, 3, 16, 20], { dtype: "uint8" }),
			[256, 320],
		),
};

/** What is timed, and how many images it transforms. */
function make(name: Name, inBatch: boolean): { run(): void; images: number } {
	torch.manualSeed(0);
	const batch = batches[name]();
	const steps = pipelines[name]();
	if (inBatch) {
		const transform = new transforms.BatchTransform(steps);
		return { run: () => transform(batch).dispose(), images: batch.size(0) };
	}
	const transform = new transforms.Compose(steps as [(typeof steps)[0]]);
	const images = batch.unbind(0);
	let next = 0;
	return {
		run: () => {
			transform(images[next++ % images.length] as torch.Tensor).dispose();
		},
		images: 1,
	};
}

const known = new Map<string, { run(): void; images: number; count: number }>();

function time(run: () => void, count: number): number {
	const start = performance.now();
	for (let i = 0; i < count; i++) run();
	return (performance.now() - start) / 1000;
}

function measure(name: string, seconds: number): number {
	let entry = known.get(name);
	if (entry === undefined) {
		const [pipeline, mode] = name.split(", ") as [Name, string | undefined];
		const made = make(pipeline, mode === "batch");
		let count = 4;
		time(made.run, count); // the first calls choose kernels and are not compiled yet
		let took = time(made.run, count);
		while (took < seconds / 2) {
			count *= 2;
			took = time(made.run, count);
		}
		count = Math.max(1, Math.round((count * seconds) / took));
		entry = { ...made, count };
		known.set(name, entry);
	}
	return time(entry.run, entry.count) / entry.count / entry.images;
}

console.log(
	JSON.stringify({ torch: libtorch.version, threads: native.numThreads() }),
);
for await (const line of createInterface({ input: process.stdin })) {
	const request = JSON.parse(line) as { case: string; seconds: number };
	const seconds = measure(request.case, request.seconds);
	console.log(JSON.stringify({ time: seconds }));
}
