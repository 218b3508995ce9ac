// The command line of trainCnn: defaults that suit each data set, and one sentence for each mistake.
import { join } from "node:path";
import { parseArgs } from "node:util";

/** What belongs to a run: kept in its checkpoint, so that a resumed run goes on as it began. */
export interface Settings {
	dataset: DatasetName;
	epochs: number;
	batchSize: number;
	lr: number;
	weightDecay: number;
	/** Factor of the learning rate after each epoch. */
	gamma: number;
	seed: number;
	/** Trains on the first so many images only; null: on all. */
	images: number | null;
}

export interface Options {
	/** Those that were given; the rest is the checkpoint's or the data set's. */
	given: Partial<Settings>;
	device: string;
	/** Folder for results; null: runs/<dataset>, or the resumed checkpoint's. */
	out: string | null;
	/** The checkpoint to go on from; "": the one in `out`; null: none. */
	resume: string | null;
}

export type DatasetName = "digits" | "fashion-mnist";

export const defaults: Record<
	DatasetName,
	Omit<Settings, "dataset" | "images">
> = {
	digits: {
		epochs: 30,
		batchSize: 32,
		lr: 0.003,
		weightDecay: 0.01,
		gamma: 0.9,
		seed: 1,
	},
	"fashion-mnist": {
		epochs: 5,
		batchSize: 64,
		lr: 0.002,
		weightDecay: 0.01,
		gamma: 0.5,
		seed: 1,
	},
};

const usage = `Trains a small CNN on real images.

  npm start -- [options]

  --dataset NAME     digits (1,797 of 8 × 8 pixels, in this repository; the default) or
                     fashion-mnist (70,000 of 28 × 28; Debian's package or a download)
  --epochs N         how often it sees every image (digits: 30, fashion-mnist: 5)
  --batch-size N     images per step (32, 64)
  --lr X             learning rate (0.003, 0.002)
  --weight-decay X   how hard large weights are pulled to 0 (0.01)
  --gamma X          factor of the learning rate after each epoch (0.9, 0.5)
  --images N         train on the first N images only (all)
  --seed N           begins all random numbers (1)
  --device NAME      cpu or cuda (cpu)
  --out FOLDER       for the checkpoint and the training curve (runs/<dataset>)
  --resume [FILE]    go on from a checkpoint; without FILE, from the one in --out
  --help`;

/** Reads the command line. Prints the help or what is wrong, and ends the process, where there is nothing to do. */
export function parseOptions(args = process.argv.slice(2)): Options {
	try {
		return read(args);
	} catch (error) {
		console.error(
			`trainCnn: ${(error as Error).message} (--help lists the options)`,
		);
		process.exit(2);
	}
}

function read(args: string[]): Options {
	const { values } = parseArgs({
		args: args.map(withValue),
		options: {
			dataset: { type: "string" },
			epochs: { type: "string" },
			"batch-size": { type: "string" },
			images: { type: "string" },
			lr: { type: "string" },
			"weight-decay": { type: "string" },
			gamma: { type: "string" },
			seed: { type: "string" },
			device: { type: "string" },
			out: { type: "string" },
			resume: { type: "string" },
			help: { type: "boolean" },
		},
	});
	if (values.help) {
		console.log(usage);
		process.exit(0);
	}
	const { dataset, device = "cpu" } = values;
	if (dataset !== undefined && !Object.hasOwn(defaults, dataset))
		throw new Error(
			`--dataset: expected digits or fashion-mnist, got ${dataset}`,
		);
	if (!/^(cpu|cuda(:\d+)?)$/.test(device))
		throw new Error(`--device: expected cpu or cuda, got ${device}`);
	const given = {
		dataset: dataset as DatasetName | undefined,
		epochs: integer("--epochs", values.epochs, 1),
		batchSize: integer("--batch-size", values["batch-size"], 1),
		images: integer("--images", values.images, 1),
		lr: positive("--lr", values.lr),
		weightDecay: positive("--weight-decay", values["weight-decay"]),
		gamma: positive("--gamma", values.gamma),
		seed: integer("--seed", values.seed, 0),
	};
	return {
		given: Object.fromEntries(
			Object.entries(given).filter(([, value]) => value !== undefined),
		),
		device,
		out: values.out ?? null,
		resume: values.resume ?? null,
	};
}

/** `--resume` may stand alone, which parseArgs does not know. */
function withValue(arg: string, index: number, args: string[]): string {
	const next = args[index + 1];
	const isAlone = next === undefined || next.startsWith("--");
	return arg === "--resume" && isAlone ? "--resume=" : arg;
}

function integer(
	name: string,
	text: string | undefined,
	min: number,
): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min)
		return value;
	throw new Error(
		`${name}: expected a whole number of at least ${min}, got "${text}"`,
	);
}

function positive(name: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
	throw new Error(`${name}: expected a number above 0, got "${text}"`);
}

/** Where a run's checkpoint lies. */
export const checkpointIn = (folder: string) => join(folder, "checkpoint.pt");
