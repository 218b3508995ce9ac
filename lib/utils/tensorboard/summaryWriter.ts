import { hostname } from "node:os";
import { join } from "node:path";
import { checkTensor, type Optional, optional } from "../../arguments.ts";
import * as check from "../../check.ts";
import type { AnyModule } from "../../nn/index.ts";
import {
	nullable,
	settings,
	unchecked,
	whole,
	withLeading,
} from "../../nn/settings.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
	checkDomains,
	checkTag,
	knownHparams,
	momentOf,
	numberOf,
	type When,
	type WhenArguments,
} from "./arguments.ts";
import { EventFile } from "./eventFile.ts";
import { type Bins, histogramOf } from "./histogram.ts";
import {
	type BatchDataFormat,
	batchDataFormats,
	type DataFormat,
	dataFormats,
	encodedImage,
} from "./image.ts";
import type { Message } from "./message.ts";
import {
	type Hparam,
	histogramValue,
	hparamValues,
	imageValue,
	scalarTensorValue,
	scalarValue,
	textValue,
} from "./values.ts";

export interface SummaryWriterOptions {
	/** The folder; TensorBoard shows each as a run. Default null: runs/<date>_<time>_<host>. */
	logDir?: string | null | undefined;
	/** The end of the default folder's name. Default "". */
	comment?: string | undefined;
	/** The step that a run goes on from which broke off later, in the same folder: what it wrote from there on is not shown. Default null. */
	purgeStep?: number | null | undefined;
	/** The end of the file's name. Default "". */
	filenameSuffix?: string | undefined;
}

interface ScalarStyle {
	newStyle: boolean;
	doublePrecision: boolean;
}

export interface HparamsOptions {
	/** All values that some hyperparameters may have. Default: none are stated. */
	hparamDomainDiscrete?: Readonly<Record<string, readonly Hparam[]>>;
	/** The folder of this run within the writer's. Default: the seconds since 1970. */
	runName?: string | null | undefined;
	/** Of the metrics. Default: none. */
	globalStep?: number | null | undefined;
}

const text = (fallback: string) => ({ fallback, check: check.string });

/**
 * Writes what TensorBoard shows: numbers, histograms, pictures, text and hyperparameters by step. Look at it with `tensorboard --logdir runs`,
 * also while training is under way: all is in the file as soon as it is added.
 *
 * ```ts
 * const writer = new torch.utils.tensorboard.SummaryWriter("runs/first");
 * for (let step = 0; step < 100; step++) writer.addScalar("loss", 1 / (step + 1), step);
 * writer.addHistogram("weights", model.weight, 100);
 * writer.close();
 * ```
 *
 * @throws node's own error, where the file cannot be written
 * @see https://docs.pytorch.org/docs/stable/tensorboard.html
 */
export class SummaryWriter {
	/** The folder. */
	readonly logDir: string;
	readonly #suffix: string;
	#purgeStep: number | null;
	readonly #files = new Map<string, EventFile>(); // by folder

	/** `first` is the folder, or all options. */
	constructor(
		first: string | null | SummaryWriterOptions = {},
		options: Omit<SummaryWriterOptions, "logDir"> = {},
	) {
		const op = "SummaryWriter";
		const given = settings(
			op,
			first === null ? options : withLeading("logDir", first, options),
			{
				logDir: nullable(text("")),
				comment: text(""),
				purgeStep: nullable(whole(0)),
				filenameSuffix: text(""),
			},
		);
		this.logDir =
			given.logDir ||
			join("runs", `${stamp(new Date())}_${hostname()}${given.comment}`);
		this.#suffix = given.filenameSuffix;
		this.#purgeStep = given.purgeStep;
		this.#file(); // what is wrong with the folder is better known before training
	}

	/** The file of a folder within this writer's; opened anew after `close`. */
	#file(folder = ""): EventFile {
		const path = join(this.logDir, folder);
		const open = this.#files.get(path);
		if (open) return open;
		const file = new EventFile(path, this.#suffix);
		this.#files.set(path, file);
		if (this.#purgeStep !== null && folder === "") {
			const moment = { step: this.#purgeStep };
			file.version(moment);
			file.restart(moment);
			this.#purgeStep = null;
		}
		return file;
	}

	#add(op: string, value: Message, when: WhenArguments): void {
		this.#file().value(value, momentOf(op, when));
	}

	/**
	 * A number.
	 *
	 * @param value also a tensor of one element
	 * @param rest `globalStep`, `walltime`, `newStyle` (written as a tensor, as TensorFlow 2 does: false), `doublePrecision` (of that tensor,
	 *   instead of float32: false)
	 */
	addScalar(
		tag: string,
		value: number | Tensor,
		...rest: Optional<
			When & ScalarStyle,
			["globalStep", "walltime", "newStyle", "doublePrecision"]
		>
	): void {
		const op = "addScalar";
		checkTag(op, "tag", tag);
		const { newStyle, doublePrecision, ...when } = optional<When & ScalarStyle>(
			op,
			{
				globalStep: undefined,
				walltime: undefined,
				newStyle: false,
				doublePrecision: false,
			},
			rest,
		);
		check.boolean(op, "newStyle", newStyle);
		check.boolean(op, "doublePrecision", doublePrecision);
		const number = numberOf(op, "value", value);
		const written = newStyle
			? scalarTensorValue(tag, number, doublePrecision)
			: scalarValue(tag, number);
		this.#add(op, written, [when]);
	}

	/** Several numbers in one diagram: each in a folder of its own within this writer's, as a run of TensorBoard. */
	addScalars(
		mainTag: string,
		values: Readonly<Record<string, number | Tensor>>,
		...when: WhenArguments
	): void {
		const op = "addScalars";
		checkTag(op, "mainTag", mainTag);
		check.options(op, values, Object.keys(values));
		const moment = momentOf(op, when);
		moment.walltime ??= Date.now() / 1000; // the same for all
		for (const [tag, value] of Object.entries(values)) {
			checkTag(op, "values", tag);
			const scalar = scalarValue(mainTag, numberOf(op, tag, value));
			const folder = `${mainTag.replaceAll("/", "_")}_${tag}`;
			this.#file(folder).value(scalar, moment);
		}
	}

	/**
	 * How values are distributed.
	 *
	 * @param values of any shape, real and finite
	 * @param rest `globalStep`, `bins` ("tensorflow"), `walltime`
	 */
	addHistogram(
		tag: string,
		values: Tensor,
		...rest: Optional<When & { bins: Bins }, ["globalStep", "bins", "walltime"]>
	): void {
		const op = "addHistogram";
		checkTag(op, "tag", tag);
		checkTensor(op, "values", values);
		const { bins, ...when } = optional<When & { bins: Bins }>(
			op,
			{ globalStep: undefined, bins: "tensorflow", walltime: undefined },
			rest,
		);
		this.#add(op, histogramValue(tag, histogramOf(op, values, bins)), [when]);
	}

	/**
	 * A picture.
	 *
	 * @param image of 1, 3 or 4 channels; uint8 from 0 to 255, or floats from 0 to 1
	 * @param rest `globalStep`, `walltime`, `dataformats` (the order of the image's dimensions, "CHW")
	 */
	addImage(
		tag: string,
		image: Tensor,
		...rest: Optional<
			When & { dataformats: DataFormat },
			["globalStep", "walltime", "dataformats"]
		>
	): void {
		this.#addImage("addImage", tag, image, rest, "CHW", dataFormats);
	}

	/** Pictures, eight in a row; as `addImage`, with `dataformats` "NCHW". */
	addImages(
		tag: string,
		images: Tensor,
		...rest: Optional<
			When & { dataformats: BatchDataFormat },
			["globalStep", "walltime", "dataformats"]
		>
	): void {
		this.#addImage("addImages", tag, images, rest, "NCHW", batchDataFormats);
	}

	#addImage<Format extends DataFormat | BatchDataFormat>(
		op: string,
		tag: string,
		image: Tensor,
		rest: readonly unknown[],
		fallback: Format,
		known: readonly Format[],
	): void {
		checkTag(op, "tag", tag);
		const { dataformats, ...when } = optional<When & { dataformats: Format }>(
			op,
			{ globalStep: undefined, walltime: undefined, dataformats: fallback },
			rest,
		);
		check.oneOf(op, "dataformats", dataformats, known);
		const name = op === "addImage" ? "image" : "images";
		const encoded = encodedImage(op, name, image, dataformats);
		this.#add(op, imageValue(tag, encoded), [when]);
	}

	/** Text, shown as Markdown. */
	addText(tag: string, value: string, ...when: WhenArguments): void {
		const op = "addText";
		checkTag(op, "tag", tag);
		check.string(op, "value", value);
		this.#add(op, textValue(tag, value), when);
	}

	/** A model as the text that prints it, with the number of its parameters; shown under "graph" among the texts. */
	addGraph(model: AnyModule): void {
		check.callable("addGraph", "model", model);
		const count = model
			.parameters()
			.reduce((sum, parameter) => sum + parameter.numel(), 0);
		this.addText(
			"graph",
			`${count.toLocaleString("en")} parameters\n\n\`\`\`\n${model}\n\`\`\``,
		);
	}

	/**
	 * What a run was made with, and what it reached, for the table of runs. Written into a folder of its own within this writer's.
	 *
	 * @param hparams numbers, text and booleans by name @param metrics numbers by tags that `addScalar` has not got
	 */
	addHparams(
		hparams: Readonly<Record<string, Hparam | null | undefined>>,
		metrics: Readonly<Record<string, number | Tensor>>,
		options: HparamsOptions = {},
	): void {
		const op = "addHparams";
		check.options(op, hparams, Object.keys(hparams));
		check.options(op, metrics, Object.keys(metrics));
		const { hparamDomainDiscrete, runName, globalStep } = settings(
			op,
			options,
			{
				hparamDomainDiscrete: unchecked<
					Readonly<Record<string, readonly Hparam[]>>
				>({}),
				runName: nullable(text("")),
				globalStep: nullable(whole(0)),
			},
		);
		const known = knownHparams(op, hparams);
		checkDomains(op, known, hparamDomainDiscrete);
		const numbers = Object.entries(metrics).map(
			([tag, value]) => [tag, numberOf(op, tag, value)] as const,
		);
		const file = this.#file(runName || String(Date.now() / 1000));
		const moment = { step: globalStep ?? undefined };
		for (const value of hparamValues(
			known,
			Object.keys(metrics),
			hparamDomainDiscrete,
		))
			file.value(value, moment);
		for (const [tag, value] of numbers)
			file.value(scalarValue(tag, value), moment);
	}

	/** Has the disk keep what was added: only a power cut makes a difference. */
	flush(): void {
		for (const file of this.#files.values()) file.flush();
	}

	/** What is added afterwards goes to a new file in the same folder. */
	close(): void {
		for (const file of this.#files.values()) file.close();
		this.#files.clear();
	}

	[Symbol.dispose](): void {
		this.close();
	}
}

/** "Nov21_14-05-09" */
function stamp(now: Date): string {
	const two = (value: number) => String(value).padStart(2, "0");
	const month = now.toLocaleString("en", { month: "short" });
	const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two);
	return `${month}${two(now.getDate())}_${time.join("-")}`;
}
