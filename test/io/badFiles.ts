import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { type Member, zip } from "../../lib/io/zip/writer.ts";

/** Files that are broken by hand or by a seeded mutator, for tests. */

export const checkpoint = (name: string) =>
	join(__dirname, "../fixtures/checkpoint", `${name}.pt`);

const text = (value: string) => Buffer.from(value, "latin1");

/** A zip archive as torch.save would write it around a pickle, with storages of these bytes. */
export function archive(
	pickle: string | Buffer,
	storages: Record<string, Buffer> = {},
	others: Record<string, string> = { version: "3\n" },
): Buffer {
	const bytes = typeof pickle === "string" ? text(pickle) : pickle;
	const members: Member[] = [
		["data.pkl", bytes] as const,
		...Object.entries(storages).map(([key, b]) => [`data/${key}`, b] as const),
		...Object.entries(others).map(([key, b]) => [key, text(b)] as const),
	].map(([name, chunk]) => ({
		name: name.includes("//") ? name.replace("//", "") : `archive/${name}`,
		length: chunk.length,
		chunks: [chunk],
	}));
	return Buffer.concat([...zip(members)]);
}

/** BINUNICODE */
export const str = (value: string): string => {
	const bytes = Buffer.from(value);
	const head = Buffer.alloc(5, "X");
	head.writeUInt32LE(bytes.length, 1);
	return Buffer.concat([head, bytes]).toString("latin1");
};
export const int = (value: number): string => {
	const head = Buffer.alloc(5, "J");
	head.writeInt32LE(value, 1);
	return head.toString("latin1");
};
const long = (value: bigint): string => {
	const head = Buffer.alloc(10);
	head[0] = 0x8a;
	head[1] = 8;
	head.writeBigInt64LE(value, 2);
	return head.toString("latin1");
};
export const number = (value: number | bigint): string =>
	typeof value === "bigint" ? long(value) : int(value);
export const tuple = (...items: string[]): string => `(${items.join("")}t`;
export const name = (module: string, of: string): string =>
	`c${module}\n${of}\n`;
export const call = (callee: string, ...args: string[]): string =>
	`${callee}${tuple(...args)}R`;
export const pickle = (...body: string[]): string =>
	`\x80\x02${body.join("")}.`;

interface TensorParts {
	type?: string;
	key?: string;
	count?: number | bigint;
	offset?: number | bigint;
	shape?: (number | bigint)[];
	strides?: (number | bigint)[];
	requiresGrad?: string;
}

/** A call of _rebuild_tensor_v2; without arguments, two floats in the storage "0". */
export function tensor({
	type = name("torch", "FloatStorage"),
	key = "0",
	count = 2,
	offset = 0,
	shape = [2],
	strides = [1],
	requiresGrad = "\x89",
}: TensorParts = {}): string {
	const id = tuple(str("storage"), type, str(key), str("cpu"), number(count));
	return call(
		name("torch._utils", "_rebuild_tensor_v2"),
		`${id}Q`,
		number(offset),
		tuple(...shape.map(number)),
		tuple(...strides.map(number)),
		requiresGrad,
		call(name("collections", "OrderedDict")),
	);
}

const floats = { 0: Buffer.alloc(8) };
const withTensor = (parts: TensorParts, storages = floats) =>
	archive(pickle(tensor(parts)), storages);

/** Checksums are right again after a change: what is behind them is to be found out. */
function patch(file: Buffer, at: number, bytes: Buffer): Buffer {
	const copy = Buffer.from(file);
	bytes.copy(copy, at);
	return copy;
}

const simple = archive(pickle("}"));
const central = simple.indexOf("PK\x01\x02", 0, "latin1");
const patched = (at: number, ...bytes: number[]) =>
	patch(simple, at, Buffer.from(bytes));
const plain = (...names: string[]) =>
	archive(pickle("}"), {}, Object.fromEntries(names.map((n) => [n, "3"])));

/** What each file is, and a part of what is said of it. */
export const badCheckpoints: [what: string, bytes: Buffer, says: string][] = [
	// ---- not a checkpoint
	["nothing", Buffer.alloc(0), "not a file of torch.save"],
	["a text", Buffer.from("hello"), "not a file of torch.save"],
	["a zip's beginning", Buffer.from("PK\x03\x04"), "cut short, or no zip"],
	["a zip without a pickle", Buffer.concat([...zip([])]), "not a file"],
	["another pickle", text(pickle("]")), "not one of torch.save"],
	["half a pickle", text("\x80\x02]"), "ends in the middle"],
	[
		"a safetensors file",
		readFileSync(join(__dirname, "../fixtures/safetensors/odd.safetensors")),
		"safetensors are read by loadFile",
	],
	[
		"a TorchScript program",
		readFileSync(checkpoint("refusedScript")),
		"TorchScript",
	],
	// ---- pickles that call
	["os.system", readFileSync(checkpoint("refusedSystem")), '"posix.system"'],
	["eval", readFileSync(checkpoint("refusedEval")), '"builtins.eval"'],
	["a module", readFileSync(checkpoint("refusedModule")), '"torch.nn.modules'],
	[
		"a call whose result is thrown away",
		archive(pickle(call(name("os", "system"), str("touch executed")), "0}")),
		'asks for "os.system"',
	],
	[
		"a name put together",
		archive(pickle(str("os"), str("system"), "\x93", str("ls"), "\x85R")),
		'asks for "os.system"',
	],
	["INST", archive(pickle(`(${str("ls")}ios\nsystem\n`)), "instruction 0x69"],
	["an object by a registry", archive(pickle("\x82\x01")), "instruction 0x82"],
	[
		"a call of a call",
		archive(pickle(call(call(name("collections", "OrderedDict"))))),
		"calls what is not a name",
	],
	[
		"a call of a dtype",
		archive(pickle(call(name("torch", "float32")))),
		"where it may not be",
	],
	[
		"a name of JavaScript's",
		archive(pickle(call(name("constructor", "constructor")))),
		"asks for",
	],
	["a class", archive(pickle(name("torch", "Tensor"))), "where it may not be"],
	// ---- pickles that are wrong
	["a cycle", readFileSync(checkpoint("refusedCycle")), "holds itself"],
	["no end", archive("\x80\x02}"), "ends in the middle"],
	["an empty stack", archive(pickle("")), "takes a value where there is none"],
	["values left over", archive(pickle("}}")), "leaves values over"],
	["bytes behind", archive(`${pickle("}")}x`), "ends too early"],
	["protocol 0", archive("\x80\x00}."), "is of protocol 0"],
	[
		"a key twice",
		archive(pickle(`}(${str("a")}N${str("a")}Nu`)),
		"a key twice",
	],
	["an unknown memo", archive(pickle("h\x05")), "that it does not have"],
	[
		"a string beyond the end",
		archive(pickle("X\xff\xff\xff\x7fa")),
		"ends in the middle",
	],
	["a string of no UTF-8", archive(pickle("X\x01\0\0\0\xff")), "not UTF-8"],
	[
		"a huge integer",
		archive(pickle(`\x8b\0\0\x02\0${"\x01".repeat(1 << 17)}`)),
		"an integer of 131072 bytes",
	],
	[
		"items of a number",
		archive(pickle(`K\x01(${str("a")}Nu`)),
		"no dictionary",
	],
	[
		"an odd number of items",
		archive(pickle(`}(${str("a")}u`)),
		"no dictionary",
	],
	[
		"lists in lists",
		archive(pickle(`${"]".repeat(5000)}${"a".repeat(4999)}`)),
		"deeper than 1000",
	],
	[
		"millions of lists",
		archive(pickle(`(${"]".repeat(3_000_000)}t`)),
		"holds too much at once",
	],
	[
		"a billion laughs",
		archive(
			pickle(
				`]${Array.from({ length: 40 }, () => "q\0(h\0h\0h\0h\0l").join("")}`,
			),
		),
		"instruction 0x6c",
	],
	[
		"a state of a list",
		archive(pickle("]}b")),
		"sets the state of what has none",
	],
	[
		"something else outside",
		archive(pickle(`${tuple(str("module"), str("x"))}Q`)),
		"other than a storage",
	],
	// ---- tensors
	[
		"a storage that is not there",
		archive(pickle(tensor())),
		'no record "archive/data/0"',
	],
	[
		"a storage too short",
		withTensor({}, { 0: Buffer.alloc(7) }),
		"has 7 bytes, not 8",
	],
	[
		"a tensor beyond its storage",
		withTensor({ shape: [3] }),
		"reaches beyond its storage",
	],
	[
		"an offset beyond it",
		withTensor({ offset: 1 }),
		"reaches beyond its storage",
	],
	[
		"strides beyond it",
		withTensor({ strides: [2] }),
		"reaches beyond its storage",
	],
	[
		"lengths that overflow",
		withTensor({ shape: [2n ** 40n, 2n ** 40n], strides: [2n ** 40n, 1] }),
		"reaches beyond its storage",
	],
	[
		"a length beyond 2^53",
		withTensor({ shape: [2n ** 62n] }),
		"argument 3 is not lengths",
	],
	[
		"a negative length",
		withTensor({ shape: [-2] }),
		"argument 3 is not lengths",
	],
	[
		"a negative stride",
		withTensor({ strides: [-1] }),
		"argument 4 is not lengths",
	],
	[
		"a negative offset",
		withTensor({ offset: -1 }),
		"argument 2 is not an offset",
	],
	["too few strides", withTensor({ shape: [1, 1] }), "not a stride for each"],
	[
		"a hundred dimensions",
		withTensor({ shape: Array(100).fill(1), strides: Array(100).fill(1) }),
		"not lengths",
	],
	["a huge storage", withTensor({ count: 2n ** 50n }), "has 8 bytes, not"],
	[
		"gradients of integers",
		withTensor({ type: name("torch", "IntStorage"), requiresGrad: "\x88" }),
		"int32 that requires grad",
	],
	[
		"a storage of two lengths",
		archive(pickle(tuple(tensor(), tensor({ count: 1, shape: [1] }))), floats),
		"two lengths",
	],
	[
		"a parameter of a number",
		archive(
			pickle(
				call(name("torch._utils", "_rebuild_parameter"), int(1), "\x88", "}"),
			),
		),
		"not a tensor",
	],
	[
		"a quantized float",
		archive(
			pickle(
				call(
					name("torch._utils", "_rebuild_qtensor"),
					`${tuple(str("storage"), name("torch", "FloatStorage"), str("0"), str("cpu"), int(2))}Q`,
					int(0),
					tuple(int(2)),
					tuple(int(1)),
					tuple(name("torch", "per_tensor_affine"), int(1), int(0)),
					"\x89",
					"}",
				),
			),
			floats,
		),
		"quantized tensor of float32",
	],
	["sparse indices beyond the size", sparse(5n), "found index 5"],
	["negative sparse indices", sparse(-1n), "found negative index"],
	// ---- archives
	["no version", archive(pickle("}"), {}, {}), 'no record "archive/version"'],
	[
		"a version of the future",
		archive(pickle("}"), {}, { version: "11" }),
		"format's version",
	],
	[
		"big endian",
		archive(pickle("}"), {}, { version: "3", byteorder: "big" }),
		"byte order",
	],
	["a name twice", twice(), "occurs twice"],
	["a path upwards", plain("version", "../../etc/x"), "a record's name is"],
	["an absolute path", plain("version", "///etc/x"), "a record's name is"],
	["a path of Windows", plain("version", "..\\x"), "a record's name is"],
	[
		"a wrong checksum",
		patched(simple.indexOf("}"), 0x5d),
		"checksum of its pickle",
	],
	["a packed record", patched(central + 10, 8), "packed or encrypted"],
	["an encrypted record", patched(central + 8, 9), "packed or encrypted"],
	[
		"a zip bomb",
		patched(central + 24, 0xff, 0xff, 0xff, 0x7f),
		"packed or encrypted",
	],
	[
		"a record beyond the file",
		patched(central + 20, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f),
		"overlaps",
	],
	[
		"another name in the record",
		patched(30, 0x62),
		"differs from what the zip directory",
	],
	[
		"too many records",
		patched(simple.length - 22 - 20 - 56 + 32, 0xff, 0xff, 0xff),
		"reaches beyond the file",
	],
];

function sparse(index: bigint): Buffer {
	const indices = Buffer.alloc(8);
	indices.writeBigInt64LE(index);
	const layout = call(
		name("torch.serialization", "_get_layout"),
		str("torch.sparse_coo"),
	);
	const parts = tuple(
		tensor({
			type: name("torch", "LongStorage"),
			count: 1,
			shape: [1, 1],
			strides: [1, 1],
		}),
		tensor({ key: "1", count: 1, shape: [1] }),
		call(name("torch", "Size"), tuple(int(3))),
		"\x88",
	);
	const body = call(
		name("torch._utils", "_rebuild_sparse_tensor"),
		layout,
		parts,
	);
	return archive(pickle(body), { 0: indices, 1: Buffer.alloc(4) });
}

function twice(): Buffer {
	const members = ["data.pkl", "version", "version"].map((n) => {
		const chunk = text(n === "version" ? "3" : pickle("}"));
		return { name: `archive/${n}`, length: chunk.length, chunks: [chunk] };
	});
	return Buffer.concat([...zip(members)]);
}

// ---- mutations

/** Numbers from a seed: mulberry32. */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** A file with a few of its bytes changed, taken out, put in, moved or cut off. */
export function mutate(whole: Buffer, random: () => number): Buffer {
	const below = (n: number) => Math.floor(random() * n);
	let bytes = Buffer.from(whole);
	for (let i = 1 + below(4); i > 0; i--) {
		const at = below(bytes.length + 1);
		const length = 1 + below(random() < 0.8 ? 8 : 200);
		const odd = [0, 1, 0x7f, 0x80, 0xff, 0x2e, 0x28, 0x52][below(8)] as number;
		switch (below(6)) {
			case 0:
				bytes[at] = below(256);
				break;
			case 1:
				bytes.fill(odd, at, Math.min(at + length, bytes.length));
				break;
			case 2:
				bytes = Buffer.concat([
					bytes.subarray(0, at),
					bytes.subarray(at + length),
				]);
				break;
			case 3: {
				const from = below(bytes.length);
				const piece = bytes.subarray(from, from + length);
				bytes = Buffer.concat([
					bytes.subarray(0, at),
					piece,
					bytes.subarray(at),
				]);
				break;
			}
			case 4:
				if (random() < 0.2) bytes = bytes.subarray(0, at);
				else bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
				break;
			default:
				bytes.writeUInt32LE(
					below(2 ** 32),
					Math.min(at, Math.max(bytes.length - 4, 0)),
				);
		}
		if (bytes.length < 8) return bytes;
	}
	return bytes;
}

/**
 * A checkpoint whose pickle or a header is mutated while its checksums are right: what lies behind the first check is reached, too.
 */
export function mutateWithin(whole: Buffer, random: () => number): Buffer {
	const start = whole.indexOf("\x80\x02", 0, "latin1");
	const name = whole.toString("latin1", 30, 60);
	const isZip =
		whole.toString("latin1", 0, 2) === "PK" && name.includes("data.pkl");
	if (!isZip) return mutate(whole, random);
	const central = whole.indexOf("PK\x01\x02", 0, "latin1");
	const length = whole.readUInt32LE(central + 24);
	const inner = mutate(whole.subarray(start, start + length), random);
	const fitted = Buffer.alloc(length, ".");
	inner.copy(fitted);
	const copy = Buffer.from(whole);
	fitted.copy(copy, start);
	copy.writeUInt32LE(crc32(fitted), central + 16);
	return copy;
}
