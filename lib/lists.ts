/**
 * How lists reach an operator: numbers and tensors' slots are written into memory that native code reads, and the argument is the
 * place of the first and the length, in one number. Reading an array's elements from native code takes ten times as long.
 */
import { native } from "./binding.ts";
import { isTensor, slotOf } from "./handle.ts";

const memory = native.lists();
/** Behind the frame of the call: see `placeCall`. */
const first = 16;
/** Where the next list begins. A getter in a list may call another operator in the midst of this one: its lists stand behind ours. */
let next = first;

/** Where the lists of a call begin, for `endLists`. */
export function beginLists(): number {
	return next;
}

/** Forgets the lists of a call. */
export function endLists(start: number): void {
	next = start;
}

/** Native code reads `place + length * lengthUnit`. */
const lengthUnit = 1 << 16;
const noTensor = -1;

/** A list of integers; an array that must be read the slow way is given back as it is, for native code to judge. */
export function integerList(values: readonly unknown[]): unknown {
	const { length } = values;
	const start = next;
	if (start + length > memory.length) return values;
	next = start + length;
	for (let i = 0; i < length; i++) {
		const value = values[i];
		if (!Number.isSafeInteger(value)) return values;
		memory[start + i] = value as number;
	}
	return start + length * lengthUnit;
}

/** The same integer for each of `length` dimensions. */
export function repeated(value: number | bigint, length: number): unknown {
	const start = next;
	if (typeof value === "bigint" || start + length > memory.length)
		return new Array(length).fill(value);
	for (let i = 0; i < length; i++) memory[start + i] = value;
	next = start + length;
	return start + length * lengthUnit;
}

/** A list of tensors, null among them for none; null if there is anything else in it. */
export function tensorList(values: readonly unknown[]): unknown {
	const { length } = values;
	const start = next;
	if (start + length > memory.length) return slots(values);
	next = start + length;
	for (let i = 0; i < length; i++) {
		const value = values[i];
		if (isTensor(value)) memory[start + i] = slotOf(value);
		else if (value === null || value === undefined)
			memory[start + i] = noTensor;
		else return null;
	}
	return start + length * lengthUnit;
}

function slots(values: readonly unknown[]): (number | null)[] | null {
	const result: (number | null)[] = [];
	for (const value of values) {
		if (isTensor(value)) result.push(slotOf(value));
		else if (value === null || value === undefined) result.push(null);
		else return null;
	}
	return result;
}

/** A number where a tensor may stand: native code reads it at -1 - place. */
export function placedNumber(value: number): number {
	memory[next] = value;
	return -1 - next++;
}

/** More arguments than these do not fit into a frame. */
export const mostPlaced = 7;
const tagBits = 3;
const Tag = { undefined: 1, null: 2, false: 3, true: 4, word: 5 } as const;

/** Strings go by number: dtypes, devices, modes. More than a program has of these are not kept. */
const words: string[] = [];
const numberOfWord = new Map<string, number>();
const mostWords = 1000;
const longestWord = 32;

function wordNumber(text: string): number {
	const known = numberOfWord.get(text);
	if (known !== undefined) return known;
	if (text.length > longestWord || words.length === mostWords) return -1;
	const number = native.addWord(text);
	words[number] = text;
	numberOfWord.set(text, number);
	return number;
}

/** Places argument i of a call, and returns its tag's bits; a negative number if it is no value that can be placed. */
export function placed(i: number, value: unknown): number {
	if (typeof value === "number") {
		memory[2 + i] = value;
		return 0;
	}
	const shift = tagBits * i;
	if (value === undefined) return Tag.undefined << shift;
	if (value === null) return Tag.null << shift;
	if (value === true) return Tag.true << shift;
	if (value === false) return Tag.false << shift;
	const word = typeof value === "string" ? wordNumber(value) : -1;
	if (word < 0) return -1;
	memory[2 + i] = word;
	return Tag.word << shift;
}

/** The tags of arguments that are not given, from the one behind the third on. */
export const noFourth =
	(Tag.undefined << (tagBits * 3)) |
	(Tag.undefined << (tagBits * 4)) |
	(Tag.undefined << (tagBits * 5)) |
	(Tag.undefined << (tagBits * 6));

/** Completes the frame that `native.callFramed` reads. */
export function placeCall(operator: number, tags: number): void {
	memory[0] = operator;
	memory[1] = tags;
}

const oneTensor =
	(Tag.undefined << tagBits) | (Tag.undefined << (tagBits * 2)) | noFourth;
const twoTensors = (Tag.undefined << (tagBits * 2)) | noFourth;

/** The whole frame of a call with one tensor or two: their slots, 0 for no second one. */
export function placeTensors(operator: number, x: number, y: number): void {
	memory[0] = operator;
	memory[1] = y === 0 ? oneTensor : twoTensors;
	memory[2] = x;
	memory[3] = y;
}

/** The operator that was placed. */
export function placedOperator(): number {
	return memory[0] as number;
}

/** The arguments that were placed. */
export function placedArguments(): unknown[] {
	const values = [undefined, null, false, true];
	const tags = memory[1] as number;
	return Array.from({ length: mostPlaced }, (_, i) => {
		const tag = (tags >> (tagBits * i)) & 7;
		const number = memory[2 + i] as number;
		if (tag === 0) return number;
		return tag === Tag.word ? words[number] : values[tag - 1];
	});
}
