import { createHash } from "node:crypto";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DataLoader } from "../../../lib/data/index.ts";
import { memoryUsage } from "../../../lib/tensor/scope.ts";
import {
	Digits,
	FashionMNIST,
	MNIST,
	type Source,
} from "../../../lib/vision/datasets/index.ts";
import {
	Compose,
	Normalize,
	RandomAffine,
	ToTensor,
} from "../../../lib/vision/transforms/index.ts";

const digits = join(__dirname, "../../../examples/data/digits");
const names = [
	"train-images-idx3-ubyte",
	"train-labels-idx1-ubyte",
	"t10k-images-idx3-ubyte",
	"t10k-labels-idx1-ubyte",
];

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "mnist-"));
});
afterEach(() => {
	rmSync(root, { recursive: true });
});

describe("the embedded digits", () => {
	const train = new Digits(digits);
	const test_ = new Digits(digits, { train: false });

	test("are 1,797, a stratified fifth of them held out", () => {
		expect([train.length, test_.length]).toEqual([1437, 360]);
		expect(train.data.shape).toEqual([1437, 8, 8]);
		const count = (targets: number[]) =>
			targets.reduce(
				(n, t) => n.with(t, (n[t] as number) + 1),
				Array(10).fill(0) as number[],
			);
		expect(count(train.targets.toArray() as number[])).toEqual([
			142, 146, 142, 146, 145, 145, 145, 143, 139, 144,
		]);
		expect(count(test_.targets.toArray() as number[])).toEqual([
			36, 36, 35, 37, 36, 37, 36, 36, 35, 36,
		]);
	});

	test("have the source's 17 levels as bytes, and all its ink", () => {
		const levels = new Set([...train.data.toArray(), ...test_.data.toArray()]);
		expect([...levels].map(Number).sort((a, b) => a - b)).toEqual(
			Array.from({ length: 17 }, (_, v) => Math.floor((v * 255) / 16 + 0.5)),
		);
		// scikit-learn's load_digits().images.sum() is 561718
		const ink = [train, test_].map((part) =>
			part.data
				.toArray()
				.reduce<number>(
					(sum, v) => sum + Math.round((Number(v) * 16) / 255),
					0,
				),
		);
		expect((ink[0] as number) + (ink[1] as number)).toBe(561718);
	});

	test("give uint8 images and numbers, or what the transforms make of them", () => {
		const [image, label] = train.getItem(3);
		expect([image.shape, image.dtype, label]).toEqual([
			[1, 8, 8],
			"uint8",
			train.targets.select(0, 3).item(),
		]);
		expect(image.squeeze(0).equal(train.data.select(0, 3))).toBe(true);
		expect(train.classes[label]).toBe(String(label));
		const transform = new Compose([
			new ToTensor(),
			new Normalize([0.5], [0.5]),
		]);
		const changed = new Digits(digits, {
			transform,
			targetTransform: (t) => `digit ${t}`,
		});
		const [x, name] = changed.getItem(3);
		expect(x.allclose(image.to("float32").div(127.5).sub(1))).toBe(true);
		expect(name).toBe(`digit ${label}`);
	});

	test("load in batches, at once or one by one, with the same result", async () => {
		const loaders = [train, new Digits(digits, { transform: (x) => x })].map(
			(data) => new DataLoader(data, { batchSize: 500 }),
		);
		const [a, b] = await Promise.all(
			loaders.map(async (loader) => {
				for await (const batch of loader) return batch;
				throw new Error("nothing");
			}),
		);
		expect([a?.[0].shape, a?.[0].dtype, a?.[1].dtype]).toEqual([
			[500, 1, 8, 8],
			"uint8",
			"int64",
		]);
		expect(a?.[0].equal(b?.[0] as never)).toBe(true);
		expect(a?.[1].equal(b?.[1] as never)).toBe(true);
	});

	test("load with transforms in memory that stays flat, without dispose", async () => {
		const transform = new Compose([
			new RandomAffine(10, { translate: [0.1, 0.1], scale: [0.9, 1.1] }),
			new ToTensor(),
			new Normalize([0.5], [0.5]),
		]);
		const loader = new DataLoader(new Digits(digits, { transform }), {
			batchSize: 64,
			shuffle: true,
		});
		let most = 0;
		for (let epoch = 0; epoch < 6; epoch++) {
			for await (const _ of loader) most = Math.max(most, memoryUsage().bytes);
		}
		expect(most).toBeLessThan(150e6);
	});

	test("refuse an index that there is not", () => {
		for (const index of [1437, -1, 0.5]) {
			expect(() => train.getItem(index)).toThrow(
				`Digits: index: expected an integer from 0 to 1436, got ${index}`,
			);
		}
	});
});

describe("files", () => {
	test("are found where torchvision puts them, and unpacked", () => {
		const raw = join(root, "MNIST/raw");
		mkdirSync(raw, { recursive: true });
		for (const name of names)
			writeFileSync(
				join(raw, name),
				gunzipSync(readFileSync(join(digits, `${name}.gz`))),
			);
		expect(new MNIST(root).length).toBe(1437);
		expect(new MNIST(root, { train: false }).classes[3]).toBe("3 - three");
	});

	test("that are missing are named with every place and the way out", () => {
		expect(() => new MNIST(root)).toThrow(
			`MNIST: train-images-idx3-ubyte, gzipped or not, is in none of ${join(root, "MNIST/raw")}, ${root}. MNIST.load(root, { download: true }) fetches it.`,
		);
		expect(() => new Digits(root, { train: false })).toThrow(
			/t10k-images-idx3-ubyte.* examples\/data\/digits/,
		);
	});

	const damages: [string, string, Buffer, RegExp][] = [
		[
			"no idx",
			"train-images-idx3-ubyte.gz",
			Buffer.from("<html>"),
			/train-images-idx3-ubyte\.gz: not an idx file: it begins with 3c68746d/,
		],
		[
			"labels for images",
			"train-images-idx3-ubyte.gz",
			readFileSync(join(digits, "train-labels-idx1-ubyte.gz")),
			/train-images.*: expected uint8 in 3 dimensions, got uint8 of shape \[1437\]/,
		],
		[
			"too few labels",
			"train-labels-idx1-ubyte.gz",
			readFileSync(join(digits, "t10k-labels-idx1-ubyte.gz")),
			/train-labels.*: 360 labels for 1437 images/,
		],
		[
			"a label beyond the classes",
			"train-labels-idx1-ubyte.gz",
			labels(Array(1437).fill(0).with(5, 10)),
			/train-labels.*: label 10 at 5, expected 0 to 9/,
		],
	];

	function labels(values: number[]): Buffer {
		const head = Buffer.from([0, 0, 8, 1, 0, 0, 0, 0]);
		head.writeUInt32BE(values.length, 4);
		return gzipSync(Buffer.concat([head, Buffer.from(values)]));
	}

	test.each(damages)(
		"damaged ones are refused: %s",
		(_, name, content, message) => {
			cpSync(digits, root, { recursive: true });
			writeFileSync(join(root, name), content);
			expect(() => new Digits(root)).toThrow(message);
		},
	);

	test("wrong arguments are refused by name", () => {
		expect(() => new Digits(3 as never)).toThrow(
			"Digits: root: expected string, got number 3",
		);
		expect(() => new Digits(digits, { train: "yes" as never })).toThrow(
			'Digits: train: expected boolean, got string "yes"',
		);
		expect(() => new Digits(digits, { download: true } as never)).toThrow(
			"Digits: download: unknown option; known are train, transform, targetTransform",
		);
	});
});

describe("download", () => {
	const content = new Map(
		names.map((name) => [
			`${name}.gz`,
			readFileSync(join(digits, `${name}.gz`)),
		]),
	);
	const hash = (bytes: Buffer) =>
		createHash("sha256").update(bytes).digest("hex");

	type Answer = (
		request: IncomingMessage,
		response: ServerResponse,
		file: Buffer,
	) => void;
	const answers: Record<string, Answer> = {
		good: (_, response, file) => response.end(file),
		other: (_, response) => response.end("something else"),
		cut: (_, response, file) => {
			response.writeHead(200, { "content-length": file.length });
			response.write(file.subarray(0, 50));
			setTimeout(() => response.destroy(), 20);
		},
		error: (_, response) => response.writeHead(500).end(),
		absent: (_, response) => response.writeHead(404).end(),
		loop: (request, response) =>
			response.writeHead(302, { location: request.url }).end(),
	};
	let server: Server;
	let asked: string[];
	let base: string;

	class Tiny extends MNIST {
		static override readonly source: Source = {
			...Digits.source,
			name: "Tiny",
			files: Object.fromEntries(
				[...content].map(([name, bytes]) => [name, hash(bytes)]),
			),
		};
	}

	beforeEach(async () => {
		asked = [];
		server = createServer((request, response) => {
			asked.push(request.url as string);
			const [, kind, name] = (request.url as string).split("/") as [
				string,
				string,
				string,
			];
			(answers[kind] as Answer)(request, response, content.get(name) as Buffer);
		});
		await new Promise<void>((resolve) =>
			server.listen(0, "127.0.0.1", resolve),
		);
		base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});

	const mirrors = (...kinds: string[]) =>
		kinds.map((kind) => `${base}/${kind}`);

	test("fetches what is missing, checks it, and tells of it", async () => {
		const steps: string[] = [];
		const report = {
			step: (message: string) => steps.push(message),
			progress: () => {},
		};
		await Tiny.download(root, { mirrors: mirrors("good"), report });
		expect(readdirSync(join(root, "Tiny/raw")).sort()).toEqual(
			[...content.keys()].sort(),
		);
		expect(new Tiny(root).length).toBe(1437);
		expect(steps[0]).toBe("Downloading train-images-idx3-ubyte.gz");
		expect(asked.length).toBe(4);
		await Tiny.download(root, { mirrors: mirrors("error") }); // nothing is missing
		expect(asked.length).toBe(4);
	});

	test("load downloads first when it is asked to", async () => {
		await expect(Tiny.load(root)).rejects.toThrow(
			/^Tiny: train-images-idx3-ubyte, gzipped or not, is in none of/,
		);
		class Near extends Tiny {
			static override readonly source = {
				...Tiny.source,
				mirrors: mirrors("good"),
			};
		}
		const data = await Near.load(root, {
			train: false,
			download: true,
			transform: new ToTensor(),
		});
		expect([data.length, data.getItem(0)[0].dtype]).toEqual([360, "float32"]);
		await expect(Near.load(root, { download: 1 as never })).rejects.toThrow(
			"download: expected boolean, got number 1",
		);
	});

	test("goes on to the next mirror, whatever is wrong with one", async () => {
		await Tiny.download(root, {
			mirrors: mirrors("error", "cut", "other", "absent", "loop", "good"),
			retries: 0,
		});
		expect(new Tiny(root).length).toBe(1437);
		expect(asked).toContain("/good/t10k-labels-idx1-ubyte.gz");
	});

	test.each([
		["other", /SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}/],
		["cut", /ended at byte 50 of|terminated|closed|aborted|hang up/],
		["error", /the server answered 500/],
		["absent", /the server answered 404/],
		["loop", /the server redirects without end/],
	])(
		"leaves nothing to be read when all mirrors fail: %s",
		async (kind, why) => {
			const failing = Tiny.download(root, {
				mirrors: mirrors(kind, kind),
				retries: 0,
			});
			await expect(failing).rejects.toThrow(
				/^train-images-idx3-ubyte\.gz could not be downloaded:\n.*\n.*/,
			);
			await expect(failing).rejects.toThrow(why);
			await expect(failing).rejects.toMatchObject({ code: "ERR_DOWNLOAD" });
			expect(
				existsSync(join(root, "Tiny/raw/train-images-idx3-ubyte.gz")),
			).toBe(false);
			expect(() => new Tiny(root)).toThrow(/is in none of/);
		},
	);

	test("says what fails when nobody answers", async () => {
		server.closeAllConnections();
		server.close();
		await expect(
			Tiny.download(root, { mirrors: mirrors("good"), retries: 0 }),
		).rejects.toThrow(/ECONNREFUSED/);
	});
});

const debian = "/usr/share/datasets/fashion-mnist";
(existsSync(debian) ? test : test.skip)(
	"Fashion-MNIST is found where Debian puts it",
	() => {
		const data = new FashionMNIST(root, { train: false });
		expect(data.data.shape).toEqual([10000, 28, 28]);
		expect(
			Array.from({ length: 5 }, (_, i) => data.classes[data.getItem(i)[1]]),
		).toEqual(["Ankle boot", "Pullover", "Trouser", "Trouser", "Shirt"]);
		expect(data.data.sum().item()).toBe(573469082);
	},
);
