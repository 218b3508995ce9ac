/**
 * How lists reach an operator: numbers and tensors' slots are written into memory that native code reads, and the argument is the
 * place of the first and the length, in one number. Reading an array's elements from native code takes ten times as long.
 */
import { native } from "./binding.ts";
import { isTensor, slotOf } from "./handle.ts";

const memory = native.lists();
/** Where the next list begins. A getter in a list may call another operator in the midst of this one: its lists stand behind ours. */
let next = 0;

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
