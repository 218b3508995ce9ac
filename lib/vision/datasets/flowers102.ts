import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as check from "../../check.ts";
import { importable } from "../../data/importable.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	type DatasetDownloadOptions,
	downloadOptions,
	fetchArchive,
	fetchFile,
	type LoadOptions,
} from "./download.ts";
import {
	LabelledFiles,
	type LoaderOptions,
	loaderNames,
} from "./imageFiles.ts";
import { parseMatlab } from "./matlab.ts";
import { invalid, missing } from "./problems.ts";

export interface Flowers102Options<Image, Target>
	extends LoaderOptions<Image, Target> {
	/** "train" */
	split?: "train" | "val" | "test";
}

/** What the parts are called in setid.mat. */
const parts = { train: "trnid", val: "valid", test: "tstid" } as const;
const address = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/";
const tables = {
	"imagelabels.mat": "e0620be6f572b9609742df49c70aed4d",
	"setid.mat": "a5357ecc9cb78c4bef273ce3793fc85c",
};

/**
 * Oxford's 102 flowers: 8,189 photos in 102 classes, 1,020 of them for training (https://www.robots.ox.ac.uk/~vgg/data/flowers/102/).
 *
 * ```ts
 * const train = await Flowers102.load("data", { download: true });
 * const [image, label] = await train.getItem(0); // uint8 [3, H, W] and 0
 * train.classes[label]; // "pink primrose"
 * ```
 */
export class Flowers102<Image = Tensor, Target = number> extends LabelledFiles<
	Image,
	Target
> {
	readonly split: "train" | "val" | "test";

	/** @throws TorchError `ERR_MISSING_DATA` when the files are not in `root`, or `ERR_INVALID_FILE` for a damaged one */
	constructor(root: string, options: Flowers102Options<Image, Target> = {}) {
		const op = "Flowers102";
		check.string(op, "root", root);
		check.options(op, options, ["split", ...loaderNames]);
		const { split = "train", loader, ...transforms } = options;
		check.oneOf(op, "split", split, ["train", "val", "test"]);
		super({ root, loader, classes, ...read(root, split) }, transforms);
		this.split = split;
	}

	/** The data set, downloaded first if `download` says so and it is nowhere. */
	static async load<Image = Tensor, Target = number>(
		root: string,
		{
			download = false,
			...options
		}: Flowers102Options<Image, Target> & LoadOptions = {},
	): Promise<Flowers102<Image, Target>> {
		const how = downloadOptions("Flowers102", download);
		if (how) await Flowers102.download(root, how);
		return new Flowers102(root, options);
	}

	/** Downloads the archive, 345 MB, and two tables, and extracts it, unless they are there. */
	static async download(
		root: string,
		options?: DatasetDownloadOptions,
	): Promise<void> {
		const folder = join(root, "flowers-102");
		for (const [name, md5] of Object.entries(tables))
			await fetchFile(folder, { name, urls: [address + name], md5 }, options);
		await fetchArchive(
			folder,
			{
				name: "102flowers.tgz",
				urls: [`${address}102flowers.tgz`],
				md5: "52808999861908f626f3c1f4e79d11fa",
				folder: "",
				contents: ["jpg"],
			},
			options,
		);
	}
}

const MAX_TABLE = 1 << 24; // bytes

function read(root: string, split: keyof typeof parts) {
	const folder = join(root, "flowers-102");
	const row = (file: string, name: string): number[] => {
		const path = join(folder, file);
		if (!existsSync(path)) {
			throw missing(
				`Flowers102: ${path} does not exist. Flowers102.load(root, { download: true }) fetches it.`,
			);
		}
		const array = parseMatlab(path, readFileSync(path), MAX_TABLE).get(name);
		if (array) return [...array.data];
		throw invalid(path, `has no array of numbers named ${name}`);
	};
	const labels = row("imagelabels.mat", "labels");
	const ids = row("setid.mat", parts[split]);
	const targets = ids.map((id) => {
		const label = labels[id - 1];
		if (label !== undefined && label >= 1 && label <= classes.length)
			return label - 1;
		throw invalid(
			join(folder, "imagelabels.mat"),
			`image ${id} has the label ${label}, expected 1 to ${classes.length}`,
		);
	});
	const files = ids.map((id) =>
		join(folder, "jpg", `image_${String(id).padStart(5, "0")}.jpg`),
	);
	return { files, targets };
}

const classes: readonly string[] = [
	"pink primrose",
	"hard-leaved pocket orchid",
	"canterbury bells",
	"sweet pea",
	"english marigold",
	"tiger lily",
	"moon orchid",
	"bird of paradise",
	"monkshood",
	"globe thistle",
	"snapdragon",
	"colt's foot",
	"king protea",
	"spear thistle",
	"yellow iris",
	"globe-flower",
	"purple coneflower",
	"peruvian lily",
	"balloon flower",
	"giant white arum lily",
	"fire lily",
	"pincushion flower",
	"fritillary",
	"red ginger",
	"grape hyacinth",
	"corn poppy",
	"prince of wales feathers",
	"stemless gentian",
	"artichoke",
	"sweet william",
	"carnation",
	"garden phlox",
	"love in the mist",
	"mexican aster",
	"alpine sea holly",
	"ruby-lipped cattleya",
	"cape flower",
	"great masterwort",
	"siam tulip",
	"lenten rose",
	"barbeton daisy",
	"daffodil",
	"sword lily",
	"poinsettia",
	"bolero deep blue",
	"wallflower",
	"marigold",
	"buttercup",
	"oxeye daisy",
	"common dandelion",
	"petunia",
	"wild pansy",
	"primula",
	"sunflower",
	"pelargonium",
	"bishop of llandaff",
	"gaura",
	"geranium",
	"orange dahlia",
	"pink-yellow dahlia?",
	"cautleya spicata",
	"japanese anemone",
	"black-eyed susan",
	"silverbush",
	"californian poppy",
	"osteospermum",
	"spring crocus",
	"bearded iris",
	"windflower",
	"tree poppy",
	"gazania",
	"azalea",
	"water lily",
	"rose",
	"thorn apple",
	"morning glory",
	"passion flower",
	"lotus",
	"toad lily",
	"anthurium",
	"frangipani",
	"clematis",
	"hibiscus",
	"columbine",
	"desert-rose",
	"tree mallow",
	"magnolia",
	"cyclamen",
	"watercress",
	"canna lily",
	"hippeastrum",
	"bee balm",
	"ball moss",
	"foxglove",
	"bougainvillea",
	"camellia",
	"mallow",
	"mexican petunia",
	"bromelia",
	"blanket flower",
	"trumpet creeper",
	"blackberry lily",
];

importable(import.meta.url, Flowers102);
