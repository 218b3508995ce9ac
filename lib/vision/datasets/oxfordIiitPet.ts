import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	fetchArchive,
	type LoadOptions,
} from "./download.ts";
import { ImageFiles, type JointOptions, jointNames } from "./imageFiles.ts";
import { invalid, missing } from "./problems.ts";
import { readMask } from "./readMask.ts";

/** A breed; 0 for a cat and 1 for a dog; uint8 [1, H, W]: 1 the animal, 2 the ground, 3 neither. */
export type PetTargetType = "category" | "binary-category" | "segmentation";

/** One target, or an array of them where several types are asked for; undefined for none. */
export type PetTarget =
	| number
	| Tensor
	| readonly (number | Tensor)[]
	| undefined;

export interface OxfordIIITPetOptions<Image, Target>
	extends JointOptions<Image, Target, never> {
	/** "trainval" */
	split?: "trainval" | "test";
	/** What a target is, or an array of several: "category". */
	targetTypes?: PetTargetType | readonly PetTargetType[];
}

const types = ["category", "binary-category", "segmentation"] as const;

/**
 * Oxford-IIIT Pet: 7,349 photos of cats and dogs of 37 breeds, with masks (https://www.robots.ox.ac.uk/~vgg/data/pets/).
 *
 * ```ts
 * const data = await OxfordIIITPet.load("data", { targetTypes: "segmentation", download: true });
 * const [image, mask] = await data.getItem(0); // uint8 [3, H, W] and [1, H, W]
 * ```
 */
export class OxfordIIITPet<
	Image = Tensor,
	Target = PetTarget,
> extends ImageFiles<Image, Target, PetTarget> {
	readonly split: "trainval" | "test";
	readonly targetTypes: readonly PetTargetType[];
	/** The names of the breeds, by label. */
	readonly classes: readonly string[];
	/** The names of the two kinds. */
	readonly binClasses: readonly string[] = ["Cat", "Dog"];
	/** The breed of each sample. */
	readonly targets: readonly number[];
	/** The kind of each sample. */
	readonly binTargets: readonly number[];
	/** The masks' files. */
	readonly masks: readonly string[];

	/** @throws TorchError `ERR_MISSING_DATA` when the folder is not in `root`, or `ERR_INVALID_FILE` for a damaged list */
	constructor(root: string, options: OxfordIIITPetOptions<Image, Target> = {}) {
		const op = "OxfordIIITPet";
		check.string(op, "root", root);
		check.options(op, options, ["split", "targetTypes", ...jointNames]);
		const { split = "trainval", targetTypes = "category" } = options;
		check.oneOf(op, "split", split, ["trainval", "test"]);
		const wanted =
			typeof targetTypes === "string" ? [targetTypes] : targetTypes;
		for (const type of check.array(op, "targetTypes", wanted))
			check.oneOf(op, "targetTypes", type, types);
		const { files, ...found } = read(root, split);
		super({ root, files }, options as JointOptions<Image, Target, PetTarget>);
		this.split = split;
		this.targetTypes = wanted;
		this.classes = found.classes;
		this.targets = found.targets;
		this.binTargets = found.binTargets;
		this.masks = found.masks;
	}

	protected async rawTarget(index: number): Promise<PetTarget> {
		const targets = await Promise.all(
			this.targetTypes.map((type) => {
				if (type === "segmentation")
					return readMask(this.masks[index] as string);
				const labels = type === "category" ? this.targets : this.binTargets;
				return labels[index] as number;
			}),
		);
		return targets.length > 1 ? targets : targets[0];
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = PetTarget>(
		root: string,
		{
			download = false,
			...options
		}: OxfordIIITPetOptions<Image, Target> & LoadOptions = {},
	): Promise<OxfordIIITPet<Image, Target>> {
		const how = downloadOptions("OxfordIIITPet", download);
		if (how) await OxfordIIITPet.download(root, how);
		return new OxfordIIITPet(root, options);
	}

	/** Downloads two archives, 800 MB, and extracts them, unless they are there. */
	static async download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		for (const [part, md5] of [
			["images", "5c4f3ee8e5d25df40f4fd59a7f44e54c"],
			["annotations", "95a8c909bbe2e81eed6a22bccdf3f68f"],
		] as const) {
			const name = `${part}.tar.gz`;
			const urls = [`https://www.robots.ox.ac.uk/~vgg/data/pets/data/${name}`];
			await fetchArchive(
				join(root, "oxford-iiit-pet"),
				{ name, urls, md5, folder: "", contents: [part] },
				options,
			);
		}
	}
}

function read(root: string, split: string) {
	const folder = join(root, "oxford-iiit-pet");
	const list = join(folder, "annotations", `${split}.txt`);
	if (!existsSync(list)) {
		throw missing(
			`OxfordIIITPet: ${list} does not exist. OxfordIIITPet.load(root, { download: true }) fetches it.`,
		);
	}
	const pets = parsePets(list, readFileSync(list, "utf8"));
	const breeds = new Map(pets.map(({ id, label }) => [label, breedOf(id)]));
	const classes = [...breeds]
		.sort(([a], [b]) => a - b)
		.map(([, breed]) => breed);
	return {
		classes,
		targets: pets.map(({ label }) => label),
		binTargets: pets.map(({ kind }) => kind),
		files: pets.map(({ id }) => join(folder, "images", `${id}.jpg`)),
		masks: pets.map(({ id }) =>
			join(folder, "annotations/trimaps", `${id}.png`),
		),
	};
}

/** "american_bulldog_3" is an "American Bulldog". */
const breedOf = (id: string): string =>
	id
		.replace(/_[^_]*$/, "")
		.toLowerCase()
		.replace(
			/(^|[^a-z])([a-z])/g,
			(_, before, letter) =>
				`${before === "_" ? " " : before}${letter.toUpperCase()}`,
		);

/** Lines of an image's name, its breed from 1, 1 for a cat or 2 for a dog, and the breed's number among these. */
function parsePets(file: string, text: string) {
	const lines = text.split(/\r?\n/).filter((line) => line !== "");
	if (lines.length === 0) throw invalid(file, "has no lines");
	return lines.map((line, i) => {
		const match = /^\s*([\w.-]+)\s+(\d{1,6})\s+([12])\s+\d+\s*$/.exec(line);
		if (match && Number(match[2]) > 0) {
			return {
				id: match[1] as string,
				label: Number(match[2]) - 1,
				kind: Number(match[3]) - 1,
			};
		}
		throw invalid(
			file,
			`line ${i + 1}: expected a name and three numbers, got ${JSON.stringify(line.slice(0, 60))}`,
		);
	});
}

importable(import.meta.url, OxfordIIITPet);
