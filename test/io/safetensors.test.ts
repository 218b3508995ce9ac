import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as torch from "../../lib/index.ts";
import { io } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();
const fixture = (name: string) =>
	join(__dirname, "../fixtures/safetensors", name);
const ramp = [
	[0, 1, 2],
	[3, 4, 5],
];
// What has no mantissa and no zero makes of it
const powers = [
	[2 ** -127, 1, 2],
	[4, 4, 4],
];

describe("files made by Python", () => {
	test("every dtype is read with its values", () => {
		const tensors = io.loadFile(fixture("dtypes.safetensors"));
		expect(Object.keys(tensors)).toHaveLength(19);
		for (const [name, tensor] of Object.entries(tensors)) {
			expect([name, tensor.dtype, tensor.shape]).toEqual([name, name, [2, 3]]);
			if (name === "bool")
				expect(tensor.tolist()).toEqual([
					[false, true, true],
					[true, true, true],
				]);
			else if (name === "complex64")
				expect(torch.viewAsReal(tensor).select(2, 0).tolist()).toEqual(ramp);
			else
				expect(tensor.to("float64").tolist()).toEqual(
					name === "float8_e8m0fnu" ? powers : ramp,
				);
		}
	});

	test("odd names, shapes and values are read", () => {
		const tensors = io.loadFile(fixture("odd.safetensors"));
		expect(tensors.scalar?.item()).toBe(2.5);
		expect(tensors.scalar?.shape).toEqual([]);
		expect(tensors.empty?.shape).toEqual([0, 3]);
		expect(tensors.nothing?.dtype).toBe("int64");
		expect(tensors["a.b/ü😀"]?.tolist()).toEqual([Number.NaN, Infinity, -0]);
		expect(
			Object.getOwnPropertyDescriptor(tensors, "__proto__")?.value.tolist(),
		).toEqual([true]);
		expect(tensors.big?.tolist()).toEqual([2n ** 63n - 1n, -(2n ** 63n)]);
		expect(tensors.four?.sum().item()).toBe(120);
	});

	test.each(["dtypes", "odd", "none"])(
		"%s.safetensors, written again, has the same bytes",
		(name) => {
			const path = fixture(`${name}.safetensors`);
			using file = io.safeOpen(path);
			const copy = temporary("copy.safetensors");
			io.saveFile(copy, io.loadFile(path), { metadata: file.metadata() });
			expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
		},
	);
});

test("views are written as what they show", () => {
	const path = temporary("views.safetensors");
	const base = torch.arange(6).reshape([2, 3]);
	io.saveFile(path, {
		transposed: base.t(),
		column: base.select(1, 1),
		expanded: torch.tensor([7]).expand([3]),
		conjugate: torch.tensor([{ re: 1, im: 2 }]).conj(),
		parameter: torch.ones([2]).requiresGrad_(true),
	});
	const { transposed, column, expanded, conjugate, parameter } =
		io.loadFile(path);
	expect(transposed?.tolist()).toEqual([
		[0, 3],
		[1, 4],
		[2, 5],
	]);
	expect(column?.tolist()).toEqual([1, 4]);
	expect(expanded?.tolist()).toEqual([7, 7, 7]);
	expect(conjugate?.tolist()).toEqual([{ re: 1, im: -2 }]);
	expect(parameter?.requiresGrad).toBe(false);
});

test("a loaded tensor is its own memory and can be changed", () => {
	const path = temporary("own.safetensors");
	io.saveFile(path, { a: torch.zeros([2]), b: torch.zeros([2]) });
	const { a, b } = io.loadFile(path);
	a?.add_(1);
	expect(a?.tolist()).toEqual([1, 1]);
	expect(b?.tolist()).toEqual([0, 0]);
	expect(io.loadFile(path).a?.tolist()).toEqual([0, 0]);
});

test("safeOpen reads parts, and says what a file has", () => {
	using file = io.safeOpen(fixture("dtypes.safetensors"));
	expect(file.metadata()).toEqual({ "made by": "Python, “quoted”" });
	expect(file.keys()).toContain("bfloat16");
	expect(file.describe("bfloat16")).toEqual({
		dtype: "bfloat16",
		shape: [2, 3],
	});
	expect(file.getTensor("bfloat16").dtype).toBe("bfloat16");
	expect(() => file.getTensor("x")).toThrow(
		/getTensor: name: .*dtypes.safetensors has no tensor "x"/,
	);
	file.close();
	expect(() => file.getTensor("bool")).toThrow("read after close");
});

describe("damaged files", () => {
	const whole = readFileSync(fixture("odd.safetensors"));
	test("every length short of the whole is refused, with the file's name", () => {
		const path = temporary("short.safetensors");
		for (let length = 0; length < whole.length; length += 7) {
			writeFileSync(path, whole.subarray(0, length));
			expect(() => io.loadFile(path)).toThrow(
				expect.objectContaining({
					code: "ERR_INVALID_FILE",
					message: expect.stringContaining(path),
				}),
			);
		}
	});

	test("bytes behind the end are refused", () => {
		const path = temporary("long.safetensors");
		writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
		expect(() => io.loadFile(path)).toThrow(
			"1 bytes behind the last tensor belong to none",
		);
	});

	test("a flipped byte in the header is an error or a renamed tensor, never a crash", () => {
		const path = temporary("flipped.safetensors");
		for (let at = 0; at < 8 + 560; at++) {
			const bytes = Buffer.from(whole);
			bytes.writeUInt8(bytes.readUInt8(at) ^ 0x15, at);
			writeFileSync(path, bytes);
			try {
				io.loadFile(path);
			} catch (error) {
				expect(error).toMatchObject({
					name: "TorchError",
					code: "ERR_INVALID_FILE",
				});
			}
		}
	});

	test("a file that is not there is the file system's own error", () => {
		expect(() => io.loadFile(temporary("none"))).toThrow("ENOENT");
	});
});

test("what cannot be saved is refused, and the old file stays", () => {
	const path = temporary("kept.safetensors");
	io.saveFile(path, { a: torch.ones([1]) });
	const wide = torch.tensor([1]).to("complex128");
	expect(() => io.saveFile(path, { wide })).toThrow(
		'tensor "wide": safetensors has no complex128',
	);
	// @ts-expect-error: not a tensor
	expect(() => io.saveFile(path, { b: 3 })).toThrow(
		'saveFile: tensors["b"]: expected Tensor, got number 3',
	);
	// @ts-expect-error: not a string
	expect(() => io.saveFile(path, {}, { metadata: { n: 1 } })).toThrow(
		'saveFile: metadata["n"]: expected string, got number 1',
	);
	// @ts-expect-error: no such option
	expect(() => io.loadFile(path, { devise: "cpu" })).toThrow("unknown option");
	expect(io.loadFile(path).a?.tolist()).toEqual([1]);
	expect(
		readdirSync(dirname(path)).filter((name) => name.endsWith(".tmp")),
	).toEqual([]);
});
