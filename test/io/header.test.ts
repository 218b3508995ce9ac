import {
	readHeader,
	readHeaderLength,
	writeHeader,
} from "../../lib/io/header.ts";

const entry = (dtype: string, shape: unknown, begin: number, end: number) => ({
	dtype,
	shape,
	data_offsets: [begin, end],
});
const read = (header: unknown, size = 8) =>
	readHeader("m.safetensors", Buffer.from(JSON.stringify(header)), size);

test("entries and metadata are read", () => {
	const { tensors, metadata } = read({
		__metadata__: { a: "b" },
		x: entry("F32", [1, 2], 0, 8),
	});
	expect(metadata).toEqual({ a: "b" });
	expect([...tensors]).toEqual([
		["x", { dtype: "float32", shape: [1, 2], begin: 0, end: 8 }],
	]);
});

const f32 = entry("F32", [2], 0, 8);
test.each<[string, unknown, string, number?]>([
	[
		"an array",
		[],
		"its header is not what it should be: expected an object (byte 0)",
	],
	[
		"metadata of numbers",
		{ __metadata__: { a: 1 } },
		"its header is not what it should be: expected a string",
		0,
	],
	["an entry that is none", { x: 3 }, 'tensor "x": expected an object'],
	[
		"an unknown dtype",
		{ x: entry("F3", [2], 0, 8) },
		'tensor "x": unknown dtype "F3"',
	],
	[
		"a negative length",
		{ x: entry("F32", [-2], 0, 8) },
		'tensor "x": expected a whole number',
	],
	[
		"a fraction of a length",
		{ x: entry("F32", [0.5], 0, 2) },
		'tensor "x": expected a whole number',
	],
	[
		"a shape that is none",
		{ x: entry("F32", "2", 0, 8) },
		'tensor "x": expected an array',
	],
	[
		"one offset",
		{ x: { ...f32, data_offsets: [8] } },
		'tensor "x": [8] are not its first and last byte',
	],
	[
		"offsets backwards",
		{ x: entry("F32", [2], 8, 0) },
		'tensor "x": F32 of shape [2] takes 8 bytes, but it has -8',
	],
	[
		"too few bytes",
		{ x: entry("F32", [3], 0, 8) },
		'tensor "x": F32 of shape [3] takes 12 bytes, but it has 8',
	],
	[
		"a product beyond integers",
		{ x: entry("F32", [2 ** 52, 2 ** 52], 0, 8) },
		'tensor "x": F32 of shape [4503599627370496,4503599627370496] takes',
	],
	[
		"an infinite product times zero",
		{ x: entry("F32", [...Array(21).fill(2 ** 52), 0], 0, 0) },
		"takes NaN bytes",
	],
	[
		"a hole in front",
		{ x: entry("F32", [1], 4, 8) },
		'tensor "x" begins at byte 4, where 0 was due: tensors overlap or leave a hole',
	],
	[
		"a hole between",
		{ x: entry("U8", [2], 0, 2), y: entry("U8", [4], 4, 8) },
		'tensor "y" begins at byte 4, where 2 was due',
	],
	[
		"an overlap",
		{ x: f32, y: entry("F32", [1], 4, 8) },
		'tensor "y" begins at byte 4, where 8 was due',
	],
	[
		"the same bytes twice",
		{ x: f32, y: f32 },
		'tensor "y" begins at byte 0, where 8 was due',
	],
	[
		"a file cut short",
		{ x: f32 },
		'cut short: tensor "x" ends at byte 8 of the data, which has 5',
		5,
	],
	[
		"bytes too many",
		{ x: f32 },
		"3 bytes behind the last tensor belong to none",
		11,
	],
])("refuses %s", (_, header, message, size = 8) => {
	expect(() => read(header, size)).toThrow(
		expect.objectContaining({
			code: "ERR_INVALID_FILE",
			message: expect.stringContaining(message),
		}),
	);
	expect(() => read(header, size)).toThrow(/^m\.safetensors: /);
});

test.each<[string, string, string]>([
	["a tensor twice", '{"a":T,"a":T}', '"a" occurs twice'],
	["metadata twice", '{"__metadata__":{},"__metadata__":{}}', "occurs twice"],
	["a key twice", '{"__metadata__":{"k":"","k":""}}', '"k" occurs twice'],
	[
		"a dtype twice",
		'{"a":{"dtype":"U8","dtype":"U8"}}',
		'"dtype" occurs twice',
	],
	["no shape", '{"a":{"dtype":"U8","data_offsets":[0,0]}}', "must have dtype"],
	["a number with a zero before", '{"a":{"shape":[01]}}', "a whole number"],
	["a number with a point", '{"a":{"shape":[1.0]}}', "a whole number"],
	[
		"a number beyond 2^53",
		'{"a":{"shape":[9007199254740993]}}',
		"a whole number",
	],
	[
		"a hundred dimensions",
		`{"a":{"shape":[${Array(100).fill(1)}]}}`,
		"more than 64",
	],
	["something behind", "{}x", "something follows the object"],
	["a comma too many", "{,}", "expected a string"],
	["no colon", '{"a"}', "expected a colon"],
	["no end of a string", '{"a', "a string does not end"],
	["a line break in a string", '{"a\n":T}', "a string does not end"],
	["an unknown escape", '{"\\x41":T}', "unknown escape"],
	["no end of what is skipped", '{"a":{"more":[[', "ends too early"],
])("refuses %s", (_, json, message) => {
	const text = json.replaceAll(
		"T",
		'{"dtype":"U8","shape":[0],"data_offsets":[0,0]}',
	);
	expect(() => readHeader("f", Buffer.from(text), 0)).toThrow(message);
});

test("reads what JSON allows: white space, escapes, members that are not known", () => {
	const json = ` \n"\\u00fc\\ud83d\\ude00\\"" :\t{ "more" : [1.5e3, {"x": "]}"}, null], "data_offsets": [0 , 2],
		"shape":[ 2 ],"dtype":"U8" } `;
	const { tensors } = readHeader("f", Buffer.from(`{${json}}  `), 2);
	expect([...tensors.keys()]).toEqual(['ü😀"']);
});

test("refuses more tensors than anybody has", () => {
	const entry = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
	const members = Array.from(
		{ length: 2 ** 18 + 1 },
		(_, i) => `"${i}":${entry}`,
	);
	expect(() => readHeader("f", Buffer.from(`{${members}}`), 0)).toThrow(
		"f: has more than 262144 tensors",
	);
});

test("refuses what is not UTF-8, not JSON, or begins with a space", () => {
	for (const bytes of [
		Buffer.from([0x7b, 0xff, 0x7d]),
		Buffer.from("{"),
		Buffer.from(" {}"),
	])
		expect(() => readHeader("f", bytes, 0)).toThrow(
			"f: its header is not what it should be: ",
		);
});

test("the header's length is checked against the file and the limit", () => {
	const length = (n: bigint, size: number) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigUInt64LE(n);
		return readHeaderLength("f", bytes, size);
	};
	expect(length(2n, 10)).toBe(2);
	expect(() => length(3n, 10)).toThrow(
		"f: its header should have 3 bytes, but the file ends after 2",
	);
	expect(() => length(100_000_001n, 2 ** 40)).toThrow("more than 100000000");
	expect(() => length(2n ** 64n - 1n, 10)).toThrow("not a safetensors file");
	expect(() => readHeaderLength("f", Buffer.alloc(3), 3)).toThrow(
		"f: not a safetensors file: only 3 bytes long",
	);
});

test("writing puts wide dtypes first, then names in order, and pads to 8 bytes", () => {
	const { bytes, names } = writeHeader(
		"f",
		{
			b: { dtype: "uint8", shape: [3] },
			"1": { dtype: "float32", shape: [] },
			a: { dtype: "float32", shape: [2, 0] },
			c: { dtype: "int64", shape: [1] },
		},
		{},
	);
	expect(names).toEqual(["c", "1", "a", "b"]);
	expect(bytes.length % 8).toBe(0);
	const json = Buffer.from(bytes).toString("utf8", 8);
	expect(json.trimEnd()).toBe(
		'{"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"1":{"dtype":"F32","shape":[],"data_offsets":[8,12]},' +
			'"a":{"dtype":"F32","shape":[2,0],"data_offsets":[12,12]},"b":{"dtype":"U8","shape":[3],"data_offsets":[12,15]}}',
	);
});

test("writing refuses what the format cannot hold", () => {
	expect(() =>
		writeHeader("f", { z: { dtype: "complex128", shape: [] } }, {}),
	).toThrow('saveFile: tensors: f: tensor "z": safetensors has no complex128');
	expect(() =>
		writeHeader("f", { __metadata__: { dtype: "float32", shape: [] } }, {}),
	).toThrow('a tensor cannot be named "__metadata__"');
	expect(() => writeHeader("f", {}, { big: "x".repeat(100_000_000) })).toThrow(
		"more than the 100000000",
	);
});
