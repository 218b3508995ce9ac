import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { io } from "../../lib/index.ts";
import { zip } from "../../lib/io/zip/writer.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();
const folder = join(__dirname, "../fixtures/npy");
const fixture = (name: string) => join(folder, name);

interface Expected {
	dtype: torch.DType;
	shape: number[];
	values: unknown[];
}
const expected = JSON.parse(
	readFileSync(fixture("expected.json"), "utf8"),
) as Record<string, Expected>;
const names = Object.keys(expected);

const words = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };
function decode(value: unknown): unknown {
	if (Array.isArray(value))
		return { re: decode(value[0]), im: decode(value[1]) };
	if (typeof value !== "string") return value;
	return value.endsWith("n") && value !== "nan"
		? BigInt(value.slice(0, -1))
		: words[value as keyof typeof words];
}

function expectArray(tensor: torch.Tensor, { dtype, shape, values }: Expected) {
	expect([tensor.dtype, tensor.shape]).toEqual([dtype, shape]);
	expect(tensor.toArray()).toEqual(values.map(decode));
}

describe("arrays of NumPy", () => {
	test.each(names)("%s", async (name) => {
		const path = fixture(`${name}.npy`);
		const array = expected[name] as Expected;
		expectArray(io.loadNpy(path), array);
		expectArray(io.loadNpy(path, { mmap: false }), array);
		expectArray(await io.loadNpyAsync(path, { mmap: false }), array);
	});

	test.each(
		names.filter((name) => !/^(big_.*|fortran_big|version[23])$/.test(name)),
	)("%s, written again, has the same bytes", async (name) => {
		const path = fixture(`${name}.npy`);
		const copy = temporary("copy.npy");
		io.saveNpy(copy, io.loadNpy(path));
		expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
		await io.saveNpyAsync(copy, io.loadNpy(path));
		expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
	});

	test("Fortran's order is kept, without a copy", () => {
		const fortran = io.loadNpy(fixture("fortran.npy"));
		expect(fortran.stride()).toEqual([1, 2, 6]);
		expect(fortran.sum().item()).toBe(276);
	});

	test("changing what is mapped leaves the file as it is", () => {
		const path = temporary("kept.npy");
		io.saveNpy(path, torch.ones([3]));
		io.loadNpy(path).fill_(7);
		expect(io.loadNpy(path).tolist()).toEqual([1, 1, 1]);
	});

	test.each([
		["object", "Python objects"],
		["text", "texts"],
		["bytes", "texts"],
		["date", "dates"],
		["record", "records with fields of their own"],
		["long", 'numbers of type "<f16"'],
		["void", 'numbers of type "|V5"'],
	])("%s is refused", (name, what) => {
		const path = fixture(`refused_${name}.npy`);
		expect(() => io.loadNpy(path)).toThrow(
			`${path}: holds ${what}, which tensors cannot`,
		);
	});
});

describe("archives of NumPy", () => {
	test.each([{}, { mmap: false }])("plain, %j", async (options) => {
		for (const arrays of [
			io.loadNpz(fixture("plain.npz"), options),
			await io.loadNpzAsync(fixture("plain.npz"), options),
		]) {
			expect(Object.keys(arrays)).toEqual([
				...["labels", "turned", "deep/er", "arr_0"],
			]);
			const ramp = [
				[0, 1, 2],
				[3, 4, 5],
			];
			expect(arrays.arr_0?.tolist()).toEqual(ramp);
			expect(arrays.labels?.tolist()).toEqual(ramp);
			expect(arrays.labels?.dtype).toBe("int64");
			expect(arrays.turned?.t().tolist()).toEqual(ramp);
			expect(arrays["deep/er"]?.sum().item()).toBe(5);
		}
	});

	test("packed", async () => {
		for (const arrays of [
			io.loadNpz(fixture("packed.npz")),
			await io.loadNpzAsync(fixture("packed.npz")),
		]) {
			expect(arrays.zeros?.shape).toEqual([64, 1000]);
			expect(arrays.zeros?.abs().sum().item()).toBe(0);
			expect(arrays.ramp?.toArray()).toEqual([...new Array(1000).keys()]);
			expect(arrays.big?.toArray()).toEqual([...new Array(50).keys()]);
		}
	});

	test("names leave out what cannot be read", () => {
		const path = fixture("mixed.npz");
		expect(() => io.loadNpz(path)).toThrow(
			`${path}: "texts": holds texts, which tensors cannot`,
		);
		const { numbers, ...others } = io.loadNpz(path, { names: ["numbers"] });
		expect([numbers?.dtype, Object.keys(others)]).toEqual(["int8", []]);
		expect(() => io.loadNpz(path, { names: ["number"] })).toThrow(
			`loadNpz: names: ${path} has no "number"; it has "texts", "numbers"`,
		);
		expect(io.loadNpz(fixture("none.npz"))).toEqual({});
	});

	test.each([{}, { compressed: true }])("come back, %j", async (options) => {
		const tensors = {
			a: torch.randn([3, 4]),
			"b/c": torch.arange(1000).reshape([10, 100]).t(),
			scalar: torch.tensor({ re: 1, im: -2 }),
			empty: torch.zeros([0, 2], { dtype: "bool" }),
			half: torch.tensor([1.5, -2], { dtype: "float16" }),
		};
		const path = temporary("own.npz");
		io.saveNpz(path, tensors, options);
		const bytes = readFileSync(path);
		await io.saveNpzAsync(path, tensors, options);
		expect(readFileSync(path).equals(bytes)).toBe(true);
		for (const mmap of [true, false]) {
			const read = io.loadNpz(path, { mmap });
			expect(Object.keys(read)).toEqual(Object.keys(tensors));
			for (const [name, tensor] of Object.entries(tensors)) {
				expect(read[name]?.dtype).toBe(tensor.dtype);
				expect(read[name]?.tolist()).toEqual(tensor.tolist());
			}
		}
	});
});

describe("what cannot be saved", () => {
	test.each<[torch.Tensor, string]>([
		[torch.ones([1]).bfloat16(), 'NumPy has no bfloat16; save tensor.to("flo'],
		[torch.ones([1]).to("float8_e5m2"), "NumPy has no float8_e5m2"],
		[torch.ones([2, 2]).toSparse(), "NumPy has no layout sparse_coo"],
		[torch.ones([2], { device: "meta" }), 'a tensor on "meta" has no values'],
	])("%# is refused, and the old file stays", (tensor, message) => {
		const path = temporary("old.npy");
		io.saveNpy(path, torch.ones([1]));
		expect(() => io.saveNpy(path, tensor)).toThrow(
			`saveNpy: tensor: ${message}`,
		);
		expect(io.loadNpy(path).tolist()).toEqual([1]);
		const packed = temporary("old.npz");
		expect(() => io.saveNpz(packed, { tensor })).toThrow(
			`saveNpz: tensors["tensor"]: ${message}`,
		);
	});

	test.each<[() => unknown, string]>([
		[
			() => io.saveNpy(temporary("x.npy"), [1] as never),
			"saveNpy: tensor: expected Tensor, got [1]",
		],
		[() => io.loadNpy(3 as never), "loadNpy: path: expected string"],
		[() => io.loadNpy("/none.npy"), "/none.npy: no such file (ENOENT)"],
		[
			() => io.loadNpz("/none.npz", { name: "a" } as never),
			"loadNpz: name: unknown option",
		],
		[
			() => io.saveNpz(temporary("x.npz"), { "../a": torch.ones([1]) }),
			'saveNpz: tensors["../a"]: such a name cannot be read again',
		],
		[() => io.loadNpy(fixture("plain.npz")), "plain.npz: not an .npy file"],
		[() => io.loadNpz(fixture("row.npy")), "row.npy: cut short, or no zip"],
	])("%#: wrong arguments are named", (call, message) => {
		expect(call).toThrow(message);
	});

	test("a tensor that changes meanwhile", async () => {
		const x = torch.zeros([2 ** 20]);
		const path = temporary("changing.npy");
		const saved = io.saveNpyAsync(path, x);
		x.add_(1);
		await expect(saved).rejects.toThrow('"tensor" was changed while');
		expect(readdirSync(temporary("."))).not.toContain("changing.npy");
	});
});

/** An .npy file with this header. */
function withHeader(text: string, data = 24, version = 1): Buffer {
	const start = Buffer.from(
		`\x93NUMPY${String.fromCharCode(version)}\0`,
		"latin1",
	);
	const length = Buffer.alloc(version === 1 ? 2 : 4);
	if (version === 1) length.writeUInt16LE(text.length);
	else length.writeUInt32LE(text.length);
	return Buffer.concat([start, length, Buffer.from(text), Buffer.alloc(data)]);
}
const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

describe("damaged files", () => {
	test.each<[string, Buffer, string | null]>([
		["as it should be", withHeader(plain), null],
		["without spaces", withHeader(plain.replaceAll(" ", "")), null],
		["other quotes", withHeader(plain.replaceAll("'", '"')), null],
		["Python 2's integers", withHeader(plain.replace("2, 3", "2L, 3L")), null],
		[
			"another order of keys",
			withHeader("{'shape': (6,), 'fortran_order': True, 'descr': 'f4'}"),
			null,
		],
		["more data than needed", withHeader(plain, 30), null],
		["empty", Buffer.alloc(0), "not an .npy file"],
		["version 4", withHeader(plain, 24, 4), "its format's version is 4.0"],
		[
			"less data",
			withHeader(plain, 23),
			"float32 of shape [2,3] takes 24 bytes, but there are 23",
		],
		[
			"no key",
			withHeader("{'descr': '<f4', 'shape': ()}"),
			"must have descr, fortran_order and shape",
		],
		[
			"one key more",
			withHeader(plain.replace("{", "{'a': 1, ")),
			"must have descr, fortran_order and shape",
		],
		[
			"a key twice",
			withHeader(plain.replace("{", "{'shape': (1,), ")),
			'"shape" occurs twice',
		],
		[
			"prototypes",
			withHeader(plain.replace("{", "{'__proto__': 1, ")),
			"and nothing else",
		],
		[
			"a call",
			withHeader(plain.replace("False", "exit()")),
			"expected a value at character",
		],
		[
			"a sum",
			withHeader(plain.replace("(2, 3)", "(1+1, 3)")),
			'expected "," at character',
		],
		[
			"a negative length",
			withHeader(plain.replace("(2, 3)", "(-2, 3)")),
			"expected a value",
		],
		[
			"a fraction",
			withHeader(plain.replace("(2, 3)", "(2.5, 3)")),
			"expected a value",
		],
		[
			"a length that is a text",
			withHeader(plain.replace("(2, 3)", "('2', 3)")),
			"not one of whole numbers",
		],
		[
			"a huge shape",
			withHeader(plain.replace("(2, 3)", "(4294967296, 4294967296)")),
			"larger than any memory",
		],
		[
			"a huge length",
			withHeader(plain.replace("(2, 3)", "(9999999999999999999,)")),
			"not one of whole numbers",
		],
		[
			"65 dimensions",
			withHeader(plain.replace("(2, 3)", `(${"1,".repeat(65)})`)),
			"more than 64 dimensions",
		],
		[
			"deep lists",
			withHeader(plain.replace("(2, 3)", "(".repeat(1000))),
			"expected a value",
		],
		[
			"a long header",
			withHeader(plain + " ".repeat(70_000), 24, 2),
			"its header has 70060 bytes",
		],
		[
			"an unknown type",
			withHeader(plain.replace("<f4", "<f5")),
			'numbers of type "<f5"',
		],
		["more behind it", withHeader(`${plain}{}`), "there is more behind it"],
	])("%s", (_title, bytes, problem) => {
		const path = temporary("bad.npy");
		writeFileSync(path, bytes);
		if (problem === null) expect(io.loadNpy(path).numel()).toBe(6);
		else {
			expect(() => io.loadNpy(path)).toThrow(problem);
			expect(() => io.loadNpy(path)).toThrow(path);
		}
	});

	test.each(["version1.npy", "fortran_big.npy", "plain.npz", "packed.npz"])(
		"%s, changed at any place, loads or says what is wrong",
		(name) => {
			const whole = readFileSync(fixture(name));
			const load = name.endsWith("z") ? io.loadNpz : io.loadNpy;
			const path = temporary(name);
			let seed = 7;
			const draw = (n: number) => {
				seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
				return (seed >> 8) % n;
			};
			for (let i = 0; i < 400; i++) {
				const bytes = Buffer.from(whole);
				const at = draw(whole.length);
				if (i % 4 === 0) writeFileSync(path, bytes.subarray(0, at));
				else {
					for (let k = 0; k <= i % 3; k++)
						bytes[draw(whole.length)] = draw(256);
					writeFileSync(path, bytes);
				}
				try {
					load(path);
				} catch (error) {
					expect(error).toBeInstanceOf(torch.TorchError);
					expect((error as Error).message).toContain(path);
				}
			}
		},
	);

	test("a bomb is refused before it goes off", () => {
		const path = temporary("bomb.npz");
		const bomb = withHeader(plain, 2 ** 24);
		const { length } = bomb;
		const archive = () => {
			const member = { name: "a.npy", length, isDeflated: true };
			return Buffer.concat([...zip([{ ...member, chunks: [bomb] }])]);
		};
		writeFileSync(path, archive());
		expect(() => io.loadNpz(path)).toThrow(
			`"a": float32 of shape [2,3] takes 24 bytes, but there are ${2 ** 24}`,
		);
		// An archive that promises less than it unpacks to
		const lying = archive();
		const size = Buffer.alloc(4);
		size.writeUInt32LE(length);
		for (let at = lying.indexOf(size); at >= 0; at = lying.indexOf(size))
			lying.writeUInt32LE(withHeader(plain).length, at);
		writeFileSync(path, lying);
		expect(() => io.loadNpz(path)).toThrow('"a": has more bytes than 94');
	});
});
