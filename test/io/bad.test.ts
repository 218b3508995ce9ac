import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { empty, io, nn, ones, TorchError } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import {
	badCheckpoints,
	checkpoint,
	mutate,
	mutateWithin,
	randomFrom,
} from "./badFiles.ts";

const temporary = temporaryFolder();
const safetensors = (name: string) =>
	join(__dirname, "../fixtures/safetensors", `${name}.safetensors`);

/** One TorchError that names the file; anything else fails the test. */
function problemOf(path: string, read: () => unknown): string | null {
	try {
		read();
		return null;
	} catch (error) {
		expect(error).toBeInstanceOf(TorchError);
		const { message } = error as TorchError;
		expect(message.startsWith(`${path}: `)).toBe(true);
		expect(message.length).toBeLessThan(path.length + 1000);
		return message;
	}
}

const ways = [{ mmap: true }, { mmap: false }];

test.each(badCheckpoints)("%s is refused", async (_, bytes, says) => {
	const path = temporary("bad.pt");
	writeFileSync(path, bytes);
	for (const options of ways) {
		expect(problemOf(path, () => io.load(path, options))).toContain(says);
		await expect(io.loadAsync(path, options)).rejects.toThrow(says);
	}
	expect(existsSync("executed")).toBe(false);
});

test("what is no plain file is refused", () => {
	const folder = temporary("");
	expect(problemOf(folder, () => io.load(folder))).toContain(
		"not a plain file",
	);
	expect(problemOf("/dev/zero", () => io.load("/dev/zero"))).toContain(
		"not a plain file",
	);
	expect(problemOf("/dev/zero", () => io.loadFile("/dev/zero"))).toContain(
		"not a plain file",
	);
});

test.each(["values", "tensors", "legacy", "adam"])(
	"%s.pt, cut off at each byte of the first kilobyte and elsewhere, is refused",
	(name) => {
		const whole = readFileSync(checkpoint(name));
		const path = temporary("short.pt");
		for (
			let length = 0;
			length < whole.length;
			length += length < 1024 ? 1 : 97
		) {
			writeFileSync(path, whole.subarray(0, length));
			expect(problemOf(path, () => io.load(path))).not.toBeNull();
		}
	},
);

test("a bad entry leaves a model as it was", () => {
	const model = new nn.Linear(2, 2);
	const before = model.weight.tolist();
	const path = temporary("half.pt");
	io.save({ weight: model.weight.add(1), bias: model.weight }, path);
	expect(() => model.loadStateDict(io.load(path))).toThrow(
		"size mismatch for bias",
	);
	for (const [bias, says] of [
		[empty([2], { device: "meta" }), "a meta tensor has no data"],
		[ones([2]).toSparse(), "a sparse_coo tensor cannot be copied"],
	] as const) {
		io.save({ weight: model.weight.add(1), bias }, path);
		expect(() => model.loadStateDict(io.load(path))).toThrow(says);
	}
	expect(model.weight.tolist()).toEqual(before);
});

test("a wrong checksum of a tensor is found where it is copied", () => {
	const path = temporary("flipped.pt");
	const bytes = readFileSync(checkpoint("tensors"));
	const eleven = bytes.indexOf(Buffer.from(Float32Array.of(10, 11).buffer));
	bytes.writeFloatLE(12, eleven + 4);
	writeFileSync(path, bytes);
	expect(problemOf(path, () => io.load(path, { mmap: false }))).toContain(
		'the checksum of "data/0" is wrong',
	);
});

// TORCH_NODE_TEST_MUTATIONS: how many of each file; a full run takes 2000 and more.
const count = Number(process.env.TORCH_NODE_TEST_MUTATIONS ?? 40);

test.each(["values", "protocol4", "tensors", "legacy", "adam", "dtypes"])(
	"mutations of %s.pt load, or say what is wrong",
	(name) => {
		const whole = readFileSync(checkpoint(name));
		const path = temporary("mutated.pt");
		const random = randomFrom(name.length);
		let refused = 0;
		for (let i = 0; i < count; i++) {
			const change = i % 2 ? mutateWithin : mutate;
			writeFileSync(path, change(whole, random));
			if (problemOf(path, () => io.load(path, { mmap: i % 3 > 0 }))) refused++;
		}
		expect(refused).toBeGreaterThan(count / 3);
	},
);

test.each(["dtypes", "odd", "none"])(
	"mutations of %s.safetensors load, or say what is wrong",
	(name) => {
		const whole = readFileSync(safetensors(name));
		const path = temporary("mutated.safetensors");
		const random = randomFrom(name.length);
		let refused = 0;
		for (let i = 0; i < count; i++) {
			writeFileSync(path, mutate(whole, random));
			if (problemOf(path, () => io.loadFile(path))) refused++;
		}
		expect(refused).toBeGreaterThan(count / 3);
	},
);
