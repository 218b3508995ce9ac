/** Sequences of different lengths, in one tensor: PyTorch's `torch.nn.utils.rnn`. */
import * as check from "../../check.ts";
import { arange, padSequence as pad, sort } from "../../generated/functions.ts";
import { privateOperator } from "../../operator.ts";
import { tensor } from "../../tensor/creation.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Optional, optional } from "../arguments.ts";
import { PackedSequence } from "../packedSequence.ts";

export { invertPermutation, PackedSequence } from "../packedSequence.ts";

const pack = privateOperator("_pack_padded_sequence");
const unpack = privateOperator("_pad_packed_sequence");

/** How many steps each sequence has. */
export type Lengths = Tensor | readonly number[];

function lengthsOf(op: string, lengths: Lengths): Tensor {
	if (lengths instanceof Tensor) return lengths.to({ dtype: "int64" });
	for (const [i, length] of check.array(op, "lengths", lengths).entries())
		check.integer(op, `lengths[${i}]`, length);
	return tensor(lengths, { dtype: "int64" });
}

function checkInput(op: string, name: string, value: unknown): void {
	if (!(value instanceof Tensor))
		throw check.invalidType(op, name, "Tensor", value);
}

/**
 * Packs padded sequences: RNN, LSTM and GRU then leave out the padding.
 *
 * @param input [longest, N, ...], or [N, longest, ...] if batchFirst
 * @param lengths of the N sequences, at least 1 each
 * @param rest batchFirst (false), enforceSorted (true): lengths must fall, as ONNX wants it; false sorts them
 * @see torch.nn.utils.rnn.pack_padded_sequence
 */
export function packPaddedSequence(
	input: Tensor,
	lengths: Lengths,
	...rest: Optional<
		{ batchFirst: boolean; enforceSorted: boolean },
		["batchFirst", "enforceSorted"]
	>
): PackedSequence {
	const op = "packPaddedSequence";
	const { batchFirst, enforceSorted } = optional(
		op,
		{ batchFirst: false, enforceSorted: true },
		rest,
	);
	checkInput(op, "input", input);
	check.boolean(op, "batchFirst", batchFirst);
	check.boolean(op, "enforceSorted", enforceSorted);
	let sizes = lengthsOf(op, lengths);
	let padded = input;
	let order: Tensor | null = null;
	if (!enforceSorted) {
		const [sorted, indices] = sort(sizes, 0, true);
		sizes = sorted;
		order = indices.to({ device: input.device });
		padded = input.indexSelect(batchFirst ? 0 : 1, order);
	}
	const [data, batchSizes] = pack(padded, sizes, batchFirst) as [
		Tensor,
		Tensor,
	];
	return new PackedSequence(data, batchSizes, order);
}

/**
 * Padded sequences and their lengths, out of packed ones.
 *
 * @param rest batchFirst (false), paddingValue (0), totalLength (null: that of the longest)
 * @returns [longest, N, ...], or [N, longest, ...] if batchFirst; and [N]
 * @see torch.nn.utils.rnn.pad_packed_sequence
 */
export function padPackedSequence(
	sequence: PackedSequence,
	...rest: Optional<
		{ batchFirst: boolean; paddingValue: number; totalLength: number | null },
		["batchFirst", "paddingValue", "totalLength"]
	>
): [output: Tensor, lengths: Tensor] {
	const op = "padPackedSequence";
	if (!(sequence instanceof PackedSequence))
		throw check.invalidType(op, "sequence", "PackedSequence", sequence);
	const { batchFirst, paddingValue, totalLength } = optional(
		op,
		{
			batchFirst: false,
			paddingValue: 0,
			totalLength: null as number | null,
		},
		rest,
	);
	check.boolean(op, "batchFirst", batchFirst);
	check.number(op, "paddingValue", paddingValue);
	const { data, batchSizes, unsortedIndices } = sequence;
	const longest = batchSizes.size(0);
	if (totalLength !== null && totalLength < longest)
		throw check.invalidValue(
			op,
			"totalLength",
			`expected at least the length of the longest sequence, ${longest}, got ${totalLength}`,
		);
	const [output, lengths] = unpack(
		data,
		batchSizes,
		batchFirst,
		paddingValue,
		totalLength ?? longest,
	) as [Tensor, Tensor];
	if (unsortedIndices === null) return [output, lengths];
	return [
		output.indexSelect(batchFirst ? 0 : 1, unsortedIndices),
		lengths.indexSelect(0, unsortedIndices.cpu()),
	];
}

/**
 * Sequences [length, ...] in one tensor, the shorter ones padded.
 *
 * @param rest batchFirst (false), paddingValue (0), paddingSide ("right")
 * @returns [longest, N, ...], or [N, longest, ...] if batchFirst
 * @see torch.nn.utils.rnn.pad_sequence
 */
export function padSequence(
	sequences: Iterable<Tensor>,
	...rest: Optional<
		{
			batchFirst: boolean;
			paddingValue: number;
			paddingSide: "left" | "right";
		},
		["batchFirst", "paddingValue", "paddingSide"]
	>
): Tensor {
	const op = "padSequence";
	const { batchFirst, paddingValue, paddingSide } = optional(
		op,
		{ batchFirst: false, paddingValue: 0, paddingSide: "right" },
		rest,
	);
	check.boolean(op, "batchFirst", batchFirst);
	check.number(op, "paddingValue", paddingValue);
	check.oneOf(op, "paddingSide", paddingSide, ["left", "right"]);
	return pad(sequencesOf(op, sequences), batchFirst, paddingValue, paddingSide);
}

function sequencesOf(op: string, sequences: Iterable<Tensor>): Tensor[] {
	const list = [...sequences];
	for (const [i, sequence] of list.entries())
		checkInput(op, `sequences[${i}]`, sequence);
	return list;
}

/**
 * The sequences within a padded tensor.
 *
 * @param rest batchFirst (false)
 * @see torch.nn.utils.rnn.unpad_sequence
 */
export function unpadSequence(
	paddedSequences: Tensor,
	lengths: Lengths,
	...rest: Optional<{ batchFirst: boolean }, ["batchFirst"]>
): Tensor[] {
	const op = "unpadSequence";
	checkInput(op, "paddedSequences", paddedSequences);
	const { batchFirst } = optional(op, { batchFirst: false }, rest);
	const byBatch = batchFirst
		? paddedSequences
		: paddedSequences.transpose(0, 1);
	const sizes = lengthsOf(op, lengths).toArray().map(Number);
	if (sizes.length !== byBatch.size(0))
		throw check.invalidValue(
			op,
			"lengths",
			`expected ${byBatch.size(0)}, got ${sizes.length}`,
		);
	return byBatch
		.unbind(0)
		.map((sequence, i) =>
			sequence.indexSelect(
				0,
				arange(0, sizes[i] as number, { device: sequence.device }),
			),
		);
}

/**
 * Packs sequences [length, ...].
 *
 * @param rest enforceSorted (true)
 * @see torch.nn.utils.rnn.pack_sequence
 * @example
 * const packed = nn.utils.rnn.packSequence([torch.ones([3, 5]), torch.ones([2, 5])]);
 * const [output] = new nn.LSTM(5, 8)(packed);
 */
export function packSequence(
	sequences: Iterable<Tensor>,
	...rest: Optional<{ enforceSorted: boolean }, ["enforceSorted"]>
): PackedSequence {
	const op = "packSequence";
	const { enforceSorted } = optional(op, { enforceSorted: true }, rest);
	const list = sequencesOf(op, sequences);
	const lengths = list.map((sequence) => sequence.size(0));
	return packPaddedSequence(padSequence(list), lengths, { enforceSorted });
}

/**
 * The sequences that were packed.
 *
 * @see torch.nn.utils.rnn.unpack_sequence
 */
export function unpackSequence(packedSequences: PackedSequence): Tensor[] {
	const [padded, lengths] = padPackedSequence(packedSequences, true);
	return unpadSequence(padded, lengths, true);
}
