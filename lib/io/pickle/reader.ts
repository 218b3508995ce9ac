// Pickles: programs for a small stack machine. Protocols 2 to 5, but for what needs the program around it.
// Instructions: https://github.com/python/cpython/blob/main/Lib/pickletools.py
import { shown } from "../files.ts";
import {
	Call,
	Dict,
	Global,
	List,
	type Node,
	Persistent,
	PySet,
	Tuple,
} from "./nodes.ts";

/** What is wrong with a pickle. */
export class PickleProblem extends Error {}

/** The bytes end before the pickle does. */
export class PickleEnds extends PickleProblem {}

/** The longest pickle that is read, in bytes. */
export const MAX_PICKLE = 2 ** 27;

/** Bounds what a few bytes can ask for: nodes cost far more memory than the instructions that make them. */
const MAX_STACK = 1_000_000;
const FREE_NODES = 1_000_000;
const MAX_INTEGER_BYTES = 1 << 16;

/** A value of the stack, or the mark below some. */
type Slot = Node | typeof MARK;
const MARK = Symbol("mark");

export interface PickleOptions {
	/** The names that a pickle may have: `collections.OrderedDict`. */
	isAllowed: (name: string) => boolean;
	/** The size of the file that the pickle is in: a large one may make more than a small one. */
	fileSize: number;
	/** Where the pickle begins. Default 0. */
	start?: number;
	/** What Python 2's strings are: text (default), as torch.load reads them, or bytes, which they may be as well. */
	oldStrings?: "text" | "bytes";
}

/**
 * Reads a pickle. Nothing is looked up or called: see nodes.ts.
 *
 * @returns what it says, and where it ends
 * @throws PickleProblem
 */
export function readPickle(
	bytes: Uint8Array,
	options: PickleOptions,
): { value: Node; end: number } {
	const machine = new Machine(bytes, options);
	const value = machine.run();
	return { value, end: machine.at };
}

class Machine {
	at: number;
	readonly #bytes: Uint8Array;
	readonly view: DataView;
	readonly stack: Slot[] = [];
	readonly memo = new Map<number, Node>();
	readonly #isAllowed: (name: string) => boolean;
	readonly #oldStrings: "text" | "bytes";
	#nodesLeft: number;

	constructor(
		bytes: Uint8Array,
		{ isAllowed, fileSize, start = 0, oldStrings = "text" }: PickleOptions,
	) {
		this.#oldStrings = oldStrings;
		this.#bytes = bytes;
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.at = start;
		this.#isAllowed = isAllowed;
		this.#nodesLeft = FREE_NODES + fileSize / 16;
	}

	run(): Node {
		for (;;) {
			const code = this.byte();
			if (code === STOP) break;
			const instruction = instructions[code];
			if (!instruction)
				throw this.broken(
					`has the instruction 0x${code.toString(16).padStart(2, "0")}`,
				);
			instruction(this);
			if (this.stack.length > MAX_STACK)
				throw new PickleProblem("holds too much at once");
		}
		const value = this.pop();
		if (this.stack.length > 0) throw this.broken("leaves values over");
		return value;
	}

	// ---- bytes

	/** Where the next `length` bytes are. */
	take(length: number): number {
		const start = this.at;
		if (!(start + length <= this.#bytes.length))
			throw new PickleEnds("ends in the middle");
		this.at += length;
		return start;
	}

	byte(): number {
		return this.#bytes[this.take(1)] as number;
	}

	length(bytes: 4 | 8): number {
		const at = this.take(bytes);
		return bytes === 4
			? this.view.getUint32(at, true)
			: Number(this.view.getBigUint64(at, true));
	}

	raw(length: number): Uint8Array {
		const start = this.take(length);
		return this.#bytes.slice(start, start + length);
	}

	text(length: number): string {
		const start = this.take(length);
		try {
			return utf8.decode(this.#bytes.subarray(start, start + length));
		} catch {
			throw this.broken("has a string that is not UTF-8");
		}
	}

	oldString(length: number): string | Uint8Array {
		return this.#oldStrings === "text" ? this.text(length) : this.raw(length);
	}

	line(): string {
		const end = this.#bytes.indexOf(0x0a, this.at);
		if (end < 0) throw new PickleEnds("ends in the middle");
		const text = this.text(end - this.at);
		this.at = end + 1;
		return text;
	}

	/** Little endian, two's complement. */
	integer(length: number): number | bigint {
		if (length > MAX_INTEGER_BYTES)
			throw this.broken(`has an integer of ${length} bytes`);
		const start = this.take(length);
		if (length === 0) return 0;
		const bytes = Buffer.from(this.#bytes.subarray(start, start + length));
		const unsigned = BigInt(`0x${bytes.reverse().toString("hex")}`);
		const value = BigInt.asIntN(8 * length, unsigned);
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : value;
	}

	// ---- the stack

	push(value: Node): void {
		this.stack.push(value);
	}

	/** Counts what costs memory. */
	node<T extends Node>(node: T): T {
		if (--this.#nodesLeft < 0)
			throw new PickleProblem("makes more than a file of this size may");
		return node;
	}

	top(): Node {
		const value = this.stack.at(-1);
		if (value === undefined || value === MARK)
			throw this.broken("takes a value where there is none");
		return value;
	}

	pop(): Node {
		const value = this.top();
		this.stack.pop();
		return value;
	}

	popMany(count: number): Node[] {
		const values = this.stack.splice(-count);
		if (values.length < count || values.includes(MARK))
			throw this.broken("takes a value where there is none");
		return values as Node[];
	}

	popMarked(): Node[] {
		const mark = this.stack.lastIndexOf(MARK);
		if (mark < 0) throw this.broken("takes values where there are none");
		const values = this.stack.splice(mark + 1) as Node[];
		this.stack.pop();
		return values;
	}

	// ---- containers

	tuple(items: Node[]): void {
		this.push(this.node(new Tuple(items)));
	}

	append(items: Node[]): void {
		const list = this.top();
		if (!(list instanceof List))
			throw this.broken("appends to what is no list");
		for (const item of items) list.items.push(item);
	}

	addItems(items: Node[]): void {
		const set = this.top();
		if (!(set instanceof PySet)) throw this.broken("adds to what is no set");
		for (const item of items) set.items.push(item);
	}

	setItems(items: Node[]): void {
		const dict = this.top();
		if (!(dict instanceof Dict || dict instanceof Call) || items.length % 2)
			throw this.broken("sets items of what is no dictionary");
		for (const item of items) dict.entries.push(item);
	}

	// ---- the memo

	memoize(key: number): void {
		if (!this.memo.has(key)) this.node(null);
		this.memo.set(key, this.top());
	}

	recall(key: number): void {
		const value = this.memo.get(key);
		if (value === undefined)
			throw this.broken("refers to a value that it does not have");
		this.push(value);
	}

	// ---- names and calls

	global(module: Node | undefined, name: Node | undefined): void {
		if (typeof module !== "string" || typeof name !== "string")
			throw this.broken("has a name that is no string");
		const home = module === "__builtin__" ? "builtins" : module; // Python 2's
		const full = `${home}.${name}`;
		if (!this.#isAllowed(full))
			throw new PickleProblem(
				`asks for ${shown(full)}, which is not among what a checkpoint may have`,
			);
		this.push(this.node(new Global(full)));
	}

	call(): void {
		const [callee, args] = this.popMany(2);
		if (!(args instanceof Tuple))
			throw this.broken("calls something with what is no tuple");
		this.push(this.node(new Call(callee as Node, args.items)));
	}

	build(): void {
		const state = this.pop();
		const target = this.top();
		if (!(target instanceof Call) || target.state !== undefined)
			throw this.broken("sets the state of what has none");
		target.state = state;
	}

	protocol(version: number): void {
		if (version < 2 || version > 5)
			throw this.broken(`is of protocol ${version}`);
	}

	broken(what: string): PickleProblem {
		return new PickleProblem(`${what} (byte ${this.at})`);
	}
}

const STOP = ".".charCodeAt(0);
const EMPTY = new Tuple([]);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What each instruction does, by its letter. */
const byLetter: Record<string, (m: Machine) => void> = {
	// ---- values
	N: (m) => m.push(null),
	"\x88": (m) => m.push(true),
	"\x89": (m) => m.push(false),
	K: (m) => m.push(m.byte()),
	M: (m) => m.push(m.view.getUint16(m.take(2), true)),
	J: (m) => m.push(m.view.getInt32(m.take(4), true)),
	"\x8a": (m) => m.push(m.integer(m.byte())),
	"\x8b": (m) => m.push(m.integer(m.length(4))),
	G: (m) => m.push(m.view.getFloat64(m.take(8))),
	X: (m) => m.push(m.text(m.length(4))),
	"\x8c": (m) => m.push(m.text(m.byte())),
	"\x8d": (m) => m.push(m.text(m.length(8))),
	U: (m) => m.push(m.oldString(m.byte())),
	T: (m) => m.push(m.oldString(m.length(4))),
	C: (m) => m.push(m.raw(m.byte())),
	B: (m) => m.push(m.raw(m.length(4))),
	"\x8e": (m) => m.push(m.raw(m.length(8))),
	"\x96": (m) => m.push(m.raw(m.length(8))),
	// ---- containers
	"]": (m) => m.push(m.node(new List())),
	"}": (m) => m.push(m.node(new Dict())),
	"\x8f": (m) => m.push(m.node(new PySet())),
	")": (m) => m.push(EMPTY),
	"\x85": (m) => m.tuple(m.popMany(1)),
	"\x86": (m) => m.tuple(m.popMany(2)),
	"\x87": (m) => m.tuple(m.popMany(3)),
	"(": (m) => m.stack.push(MARK),
	t: (m) => m.tuple(m.popMarked()),
	a: (m) => m.append(m.popMany(1)),
	e: (m) => m.append(m.popMarked()),
	s: (m) => m.setItems(m.popMany(2)),
	u: (m) => m.setItems(m.popMarked()),
	"\x90": (m) => m.addItems(m.popMarked()),
	// ---- the stack and the memo
	"0": (m) => m.pop(),
	"1": (m) => m.popMarked(),
	"2": (m) => m.push(m.top()),
	q: (m) => m.memoize(m.byte()),
	r: (m) => m.memoize(m.length(4)),
	"\x94": (m) => m.memoize(m.memo.size),
	h: (m) => m.recall(m.byte()),
	j: (m) => m.recall(m.length(4)),
	// ---- what only its reader can judge
	c: (m) => m.global(m.line(), m.line()),
	"\x93": (m) => {
		const [module, name] = m.popMany(2);
		m.global(module, name);
	},
	R: (m) => m.call(),
	"\x81": (m) => m.call(),
	b: (m) => m.build(),
	Q: (m) => m.push(m.node(new Persistent(m.pop()))),
	// ---- around it
	"\x80": (m) => m.protocol(m.byte()),
	"\x95": (m) => m.take(8),
};

const instructions: ((m: Machine) => void)[] = [];
for (const [letter, run] of Object.entries(byLetter))
	instructions[letter.charCodeAt(0)] = run;
