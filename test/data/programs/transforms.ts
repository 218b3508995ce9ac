/** Every transform, sent to another thread and back as workers get it: { missing, wrong } names those that come out otherwise. */
import { Callable } from "../../../lib/callable.ts";
import { importFor, pack, unpack } from "../../../lib/data/worker/pack.ts";
import { placeForWorkers } from "../../../lib/data/worker/sharedMemory.ts";
import { eye, rand, zeros } from "../../../lib/generated/functions.ts";
import { manualSeed } from "../../../lib/random.ts";
import { Tensor } from "../../../lib/tensor/tensor.ts";
import * as transforms from "../../../lib/vision/transforms/index.ts";
import * as tvTensors from "../../../lib/vision/tvTensors/index.ts";

const flips = () => [
	new transforms.RandomHorizontalFlip(),
	new transforms.RandomVerticalFlip(0.25),
];

/** Arguments of those that take some, chosen so that no field has its default. */
const argumentsOf: Record<string, unknown[]> = {
	BatchTransform: [flips()],
	CenterCrop: [[7, 5]],
	Compose: [flips()],
	ConvertBoundingBoxFormat: ["CXCYWH"],
	CutMix: [{ numClasses: 5 }],
	ElasticTransform: [{ alpha: 3, sigma: 1, fill: 0.5 }],
	FiveCrop: [6],
	GaussianBlur: [[3, 5], { sigma: [0.3, 1.5] }],
	JPEG: [[30, 70]],
	Lambda: [transforms.functional.horizontalFlip],
	LinearTransformation: [eye(432).mul(2), zeros([432]).add(0.5)],
	MixUp: [{ numClasses: 5, alpha: 2 }],
	Normalize: [
		[0.1, 0.2, 0.3],
		[0.5, 0.6, 0.7],
	],
	Pad: [[1, 2, 3, 4], { fill: 0.5 }],
	RandomAdjustSharpness: [3, 0.9],
	RandomAffine: [30, { translate: [0.3, 0.1], scale: [0.5, 2], fill: 0.5 }],
	RandomApply: [flips(), 0.7],
	RandomChoice: [flips(), [0.9, 0.1]],
	RandomCrop: [[8, 9], { padding: [1, 2, 3, 4], fill: 0.25 }],
	RandomOrder: [flips()],
	RandomPosterize: [3, 0.9],
	RandomResize: [4, 9],
	RandomResizedCrop: [[6, 7], { scale: [0.2, 0.4], ratio: [0.5, 3] }],
	RandomRotation: [80, { fill: 0.5 }],
	RandomShortestSize: [[5, 7, 9], { maxSize: 11 }],
	RandomSolarize: [0.6, 0.9],
	Resize: [[5, 6]],
	ScaleJitter: [[8, 8]],
	SetClampingMode: ["hard"],
	TenCrop: [5, { verticalFlip: true }],
	ToDtype: ["float64", { scale: true }],
	UniformTemporalSubsample: [2],
};
/** Classes that are only inherited from. */
const bases = ["GeometricTransform", "RandomApplyTransform", "Transform"];
/** What is applied to a batch, or to a sample with boxes, and needs more than an image. */
const inputs: Record<string, () => unknown> = {
	BatchTransform: () => rand([4, 3, 12, 12]),
	CutMix: batch,
	MixUp: batch,
	ClampBoundingBoxes: boxes,
	ConvertBoundingBoxFormat: boxes,
	RandomIoUCrop: sample,
	SanitizeBoundingBoxes: sample,
	SetClampingMode: boxes,
	AugMix: bytes,
	AutoAugment: bytes,
	CLAHE: bytes,
	JPEG: bytes,
	RandAugment: bytes,
	RandomCLAHE: bytes,
	RandomEqualize: bytes,
	RandomPosterize: bytes,
	TrivialAugmentWide: bytes,
	ClampKeyPoints: points,
	SanitizeKeyPoints: points,
	UniformTemporalSubsample: () => rand([5, 3, 12, 12]),
};

function image(): Tensor {
	manualSeed(1);
	return rand([3, 12, 12]);
}

function bytes(): Tensor {
	return image().mul(255).to("uint8");
}

function batch(): unknown {
	return [rand([4, 3, 12, 12]), zeros([4], { dtype: "int64" })];
}

function boxes(): Tensor {
	return new tvTensors.BoundingBoxes(
		[
			[1, 2, 20, 7],
			[0, 0, 5, 5],
		],
		{ format: "XYXY", canvasSize: [12, 12] },
	);
}

function points(): unknown {
	const at = [
		[1, 2],
		[30, 7],
	];
	return {
		points: new tvTensors.KeyPoints(at, { canvasSize: [12, 12] }),
		labels: zeros([2], { dtype: "int64" }),
	};
}

function sample(): unknown {
	return {
		image: new tvTensors.Image(image()),
		boxes: boxes(),
		labels: zeros([2], { dtype: "int64" }),
	};
}

/** A value with its tensors as numbers. */
function plain(value: unknown): unknown {
	if (value instanceof Tensor) {
		return [value.constructor.name, value.dtype, value.shape, value.tolist()];
	}
	if (typeof value === "function") return String(value);
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(plain);
	return Object.entries(value).map(([key, item]) => [key, plain(item)]);
}

/** What it gives, or the error that it throws, twice; and the numbers drawn after it. */
function outcome(apply: (input: unknown) => unknown, input: unknown): string {
	manualSeed(7);
	const results = [];
	for (let i = 0; i < 3; i++) {
		try {
			results.push(plain(apply(input)));
		} catch (error) {
			results.push(String(error));
		}
	}
	return JSON.stringify([results, rand([1]).item(), String(apply)]);
}

const missing: string[] = [];
const wrong: string[] = [];
const failed: string[] = [];
let count = 0;
for (const [name, value] of Object.entries(transforms)) {
	if (!(typeof value === "function" && value.prototype instanceof Callable))
		continue;
	if (bases.includes(name)) continue;
	count++;
	let made: (input: unknown) => unknown;
	try {
		made = Reflect.construct(value, argumentsOf[name] ?? []);
	} catch (error) {
		missing.push(`${name}: ${(error as Error).message}`);
		continue;
	}
	try {
		const packed = structuredClone(pack(name, made, placeForWorkers));
		await importFor(packed);
		const copy = unpack(packed) as typeof made;
		manualSeed(3);
		const input = (inputs[name] ?? image)();
		const expected = outcome(made, input);
		if (outcome(copy, input) !== expected) wrong.push(name);
		if (/^\[\["\w*Error/.test(expected)) failed.push(expected.slice(0, 200));
	} catch (error) {
		wrong.push(`${name}: ${(error as Error).message}`);
	}
}
console.log(JSON.stringify({ count, missing, wrong, failed }));
