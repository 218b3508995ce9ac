/** Messages `Summary.Value`: what TensorBoard shows under a tag. */
import { Message } from "./message.ts";

// Of the types of a TensorProto
const FLOAT = 1;
const DOUBLE = 2;
const STRING = 7;

const named = (tag: string) => new Message().bytes(1, tag);

/** What a plugin of TensorBoard needs to know of a value. */
const metadata = (plugin: string, content?: Message) => {
	const data = new Message().bytes(1, plugin);
	if (content) data.bytes(2, content);
	return new Message().bytes(1, data);
};

/** float32, as PyTorch writes it. */
export const scalarValue = (tag: string, value: number) =>
	named(tag).float(2, value);

/** As a tensor: float32, or float64. */
export function scalarTensorValue(
	tag: string,
	value: number,
	isDouble: boolean,
): Message {
	const tensor = isDouble
		? new Message().integer(1, DOUBLE).doubles(6, [value])
		: new Message().integer(1, FLOAT).floats(5, [value]);
	return named(tag).bytes(8, tensor).bytes(9, metadata("scalars"));
}

export interface HistogramCounts {
	min: number;
	max: number;
	count: number;
	sum: number;
	sumOfSquares: number;
	/** The upper end of each bucket. */
	limits: readonly number[];
	/** How many values are in each. */
	counts: readonly number[];
}

export function histogramValue(
	tag: string,
	{ min, max, count, sum, sumOfSquares, limits, counts }: HistogramCounts,
): Message {
	const message = new Message();
	for (const [i, number] of [min, max, count, sum, sumOfSquares].entries())
		if (!Object.is(number, 0)) message.double(i + 1, number); // 0 is what is not there
	return named(tag).bytes(5, message.doubles(6, limits).doubles(7, counts));
}

export interface EncodedImage {
	height: number;
	width: number;
	channels: number;
	/** A PNG file's bytes. */
	png: Uint8Array;
}

export const imageValue = (tag: string, image: EncodedImage) =>
	named(tag).bytes(
		4,
		new Message()
			.integer(1, image.height)
			.integer(2, image.width)
			.integer(3, image.channels)
			.bytes(4, image.png),
	);

/** Shown as Markdown. */
export function textValue(tag: string, text: string): Message {
	const shape = new Message().bytes(2, new Message().integer(1, 1)); // [1]
	return named(`${tag}/text_summary`)
		.bytes(8, new Message().integer(1, STRING).bytes(2, shape).bytes(8, text))
		.bytes(9, metadata("text"));
}

/** What a hyperparameter may be. */
export type Hparam = number | string | boolean;

const kinds = { string: 1, boolean: 2, number: 3 };

function hparamOf(value: Hparam): Message {
	const message = new Message();
	if (typeof value === "number") return message.double(2, value);
	if (typeof value === "string") return message.bytes(3, value);
	return message.integer(4, Number(value));
}

/** The three values of an experiment: what it has, what a run begins with, and its end. */
export function hparamValues(
	hparams: Readonly<Record<string, Hparam>>,
	metrics: readonly string[],
	domains: Readonly<Record<string, readonly Hparam[]>>,
): Message[] {
	const experiment = new Message();
	const start = new Message();
	for (const [name, value] of Object.entries(hparams)) {
		start.bytes(1, new Message().bytes(1, name).bytes(2, hparamOf(value)));
		const info = new Message().bytes(1, name);
		info.integer(4, kinds[typeof value as keyof typeof kinds]);
		const domain = Object.hasOwn(domains, name) ? domains[name] : undefined;
		if (domain) {
			const list = new Message();
			for (const known of domain) list.bytes(1, hparamOf(known));
			info.bytes(5, list);
		}
		experiment.bytes(4, info);
	}
	for (const tag of metrics)
		experiment.bytes(5, new Message().bytes(1, new Message().bytes(2, tag)));
	const end = new Message().integer(1, 1); // it went well
	return [
		hparamsValue("_hparams_/experiment", 2, experiment),
		hparamsValue("_hparams_/session_start_info", 3, start),
		hparamsValue("_hparams_/session_end_info", 4, end),
	];
}

const hparamsValue = (tag: string, field: number, content: Message) =>
	named(tag).bytes(9, metadata("hparams", new Message().bytes(field, content)));
