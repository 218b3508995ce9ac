import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { inspect } from "node:util";
import * as check from "../../../check.ts";
import {
	type DownloadOptions,
	download,
	hashOf,
	wrongHash,
} from "../../../files/download.ts";
import { withLock } from "../../../files/lock.ts";
import { type Report, silent } from "../../../files/report.ts";
import { loadAsync } from "../../../io/index.ts";
import type { StateDict } from "../../../nn/index.ts";
import { checkName, type ModelName } from "../registry.ts";
import { catalogue } from "./catalogue.ts";
import { imagenetCategories, vocCategories } from "./categories.ts";
import { ImageClassification, SemanticSegmentation } from "./presets.ts";

/** Where all files lie, unless a mirror is given. */
const SERVER = "https://download.pytorch.org/models/";

export interface WeightsOptions
	extends Pick<DownloadOptions, "retries" | "silence"> {
	/** The folder of downloaded files. Default: Python's own, $TORCH_HOME/hub/checkpoints or ~/.cache/torch/hub/checkpoints. */
	root?: string | undefined;
	/** A folder as URL that the file is fetched from instead of PyTorch's. Its hash is checked all the same. */
	mirror?: string | undefined;
	/** Told of the download and its progress. */
	report?: Report | undefined;
}

/** What is known of weights. */
export interface WeightsMeta {
	/** The classes' names, by number. */
	categories: readonly string[];
	numParams: number;
	/** The smallest image [height, width]. */
	minSize: readonly [height: number, width: number];
	/** In %, by data set and by torchvision's name of the metric. */
	metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
	/** 10⁹ multiplications for one image. */
	gflops: number;
	/** Of the file. */
	megabytes: number;
	/** Where it is not torchvision's own, BSD-3-Clause. */
	license?: string;
}

/**
 * Trained weights of a model: where they are, what they reach, and what images have to go through first.
 *
 * ```ts
 * const weights = vision.models.getWeights("resnet50", "IMAGENET1K_V2");
 * weights.meta.metrics["ImageNet-1K"]; // { "acc@1": 80.858, "acc@5": 95.434 }
 * const batch = weights.transforms()(image).unsqueeze(0);
 * ```
 */
export class Weights {
	readonly model: ModelName;
	readonly name: string;
	/** Whether they are the model's best ones: its "DEFAULT". */
	readonly isDefault: boolean;
	readonly url: string;
	/** How the SHA-256 of the file begins. */
	readonly hash: string;
	readonly meta: WeightsMeta;
	readonly #preset: Preset;

	constructor(line: string) {
		const parsed = parse(line);
		this.model = parsed.model;
		this.name = parsed.name;
		this.isDefault = parsed.isDefault;
		this.url = `${SERVER}${parsed.file}.pth`;
		this.hash = parsed.file.slice(parsed.file.lastIndexOf("-") + 1);
		this.meta = parsed.meta;
		this.#preset = parsed.preset;
	}

	/** A new transform that makes of an image what the weights were trained on: uint8 or floats [..., 3, H, W] to float32. */
	transforms(): ImageClassification | SemanticSegmentation {
		const { cropSize, ...options } = this.#preset;
		return cropSize === null
			? new SemanticSegmentation(options)
			: new ImageClassification({ cropSize, ...options });
	}

	/**
	 * The path of the file in `root`, downloaded first if it is not there or is damaged.
	 *
	 * @throws TorchError `ERR_DOWNLOAD`, or `ERR_HASH` (and the file is thrown away)
	 */
	async download(options: WeightsOptions = {}): Promise<string> {
		const op = "Weights.download";
		const names = ["root", "mirror", "report", "retries", "silence"];
		check.options(op, options, names);
		const { root = checkpoints(), mirror, report = silent, ...rest } = options;
		const file = join(check.string(op, "root", root), basename(this.url));
		const url =
			mirror === undefined
				? this.url
				: new URL(basename(file), mirror.replace(/\/?$/, "/")).href;
		await withLock(`${file}.lock`, report.step, async () => {
			if (existsSync(file) && (await this.#isWhole(file))) return;
			report.step(`Downloading ${basename(file)}`);
			const unchecked = `${file}.unchecked`;
			const sha256 = await download(url, unchecked, report, rest);
			if (!sha256.startsWith(this.hash)) {
				await rm(unchecked, { force: true });
				throw wrongHash(url, `${this.hash}…`, sha256);
			}
			await rename(unchecked, file);
		});
		return file;
	}

	async #isWhole(file: string): Promise<boolean> {
		return (await hashOf(file, "sha256")).startsWith(this.hash);
	}

	/** The state dict, downloaded first if need be. */
	async getStateDict(options: WeightsOptions = {}): Promise<StateDict> {
		return (await loadAsync(await this.download(options))) as StateDict;
	}

	toString(): string {
		return `${this.model} ${this.name}`;
	}

	[inspect.custom](): string {
		return `Weights(${this}, ${this.meta.megabytes} MB, ${inspect(this.meta.metrics, { breakLength: Number.POSITIVE_INFINITY })})`;
	}
}

function checkpoints(): string {
	const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
	const home =
		TORCH_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "torch");
	return join(home, "hub", "checkpoints");
}

interface Preset {
	cropSize: number | null;
	resizeSize: number;
	interpolation: "bilinear" | "bicubic";
	mean?: [number, number, number];
	std?: [number, number, number];
}

interface Parsed {
	model: ModelName;
	name: string;
	isDefault: boolean;
	file: string;
	meta: WeightsMeta;
	preset: Preset;
}

function parse(line: string): Parsed {
	const [model, name, file, ...rest] = line.split(" ") as [
		ModelName,
		string,
		string,
		...string[],
	];
	const [params, first, second, gflops, megabytes] = rest.map(Number) as [
		number,
		number,
		number,
		number,
		number,
	];
	const [sizes, interpolation, normalisation, minimum] = rest.slice(5) as [
		string,
		Preset["interpolation"],
		string,
		string,
	];
	const [crop, resize] = sizes.split("/") as [string, string];
	const isSegmentation = crop === "";
	const half: [number, number, number] = [0.5, 0.5, 0.5];
	return {
		model,
		name: name.replace("*", ""),
		isDefault: name.endsWith("*"),
		file,
		meta: {
			categories: isSegmentation ? vocCategories : imagenetCategories,
			numParams: params,
			minSize: [Number(minimum), Number(minimum)],
			metrics: isSegmentation
				? { "COCO-val2017-VOC-labels": { miou: first, pixel_acc: second } }
				: { "ImageNet-1K": { "acc@1": first, "acc@5": second } },
			gflops,
			megabytes,
			...(file.includes("swag")
				? {
						license:
							"https://github.com/facebookresearch/SWAG/blob/main/LICENSE",
					}
				: {}),
		},
		preset: {
			cropSize: isSegmentation ? null : Number(crop),
			resizeSize: Number(resize),
			interpolation,
			...(normalisation === "half" ? { mean: half, std: half } : {}),
		},
	};
}

let all: readonly Weights[] | undefined;

/** All weights of a model, or of all models. Some models have none: LeNet, U-Net. */
export function listWeights(model?: ModelName): readonly Weights[] {
	all ??= catalogue
		.trim()
		.split("\n")
		.map((line) => new Weights(line));
	if (model === undefined) return all;
	const name = checkName("listWeights", model);
	return all.filter((weights) => weights.model === name);
}

/**
 * A model's weights by torchvision's name, "DEFAULT" being the best ones.
 *
 * @throws TorchError for an unknown name, with those that there are
 */
export function getWeights(model: ModelName, name = "DEFAULT"): Weights {
	const known = listWeights(model);
	const found = known.find((weights) =>
		name === "DEFAULT" ? weights.isDefault : weights.name === name,
	);
	if (found !== undefined) return found;
	throw check.invalidValue(
		"getWeights",
		"name",
		known.length === 0
			? `there are no weights of ${model}`
			: `${model} has no weights "${name}"; there are ${known.map((weights) => weights.name).join(", ")}`,
	);
}
