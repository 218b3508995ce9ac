/** Trained weights: what is known of them, their transforms, and loading them from a server of this machine. */
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as torch from "../../../lib/index.ts";
import { fixture } from "../../support/stored.ts";

const { models } = torch.vision;

describe("what is known", () => {
	test("every weights' model is there, and has one default", () => {
		const names = new Set(models.listWeights().map(({ model }) => model));
		expect(models.listModels()).toEqual(expect.arrayContaining([...names]));
		for (const model of names)
			expect(
				models.listWeights(model).filter(({ isDefault }) => isDefault).length,
			).toBe(1);
	});

	test("is torchvision's", () => {
		const { url, hash, meta, isDefault } = models.getWeights(
			"resnet50",
			"IMAGENET1K_V2",
		);
		expect({ url, hash, isDefault }).toEqual({
			url: "https://download.pytorch.org/models/resnet50-11ad3fa6.pth",
			hash: "11ad3fa6",
			isDefault: true,
		});
		expect(meta).toMatchObject({
			numParams: 25557032,
			minSize: [1, 1],
			metrics: { "ImageNet-1K": { "acc@1": 80.858, "acc@5": 95.434 } },
			gflops: 4.089,
			megabytes: 97.79,
		});
		expect(meta.categories.length).toBe(1000);
		expect([meta.categories[0], meta.categories[999]]).toEqual([
			"tench",
			"toilet tissue",
		]);
		const voc = models.getWeights("fcn_resnet50").meta.categories;
		expect([voc.length, voc[0], voc[20]]).toEqual([
			21,
			"__background__",
			"tvmonitor",
		]);
		expect(
			models.getWeights("vit_b_16", "IMAGENET1K_SWAG_E2E_V1").meta.license,
		).toMatch(/SWAG/);
	});

	test("the models have as many parameters as their weights", () => {
		const { meta } = models.getWeights("mobilenet_v3_small");
		const model = torch.onDevice("meta", () =>
			models.getModel("mobilenet_v3_small"),
		);
		expect(model.parameters().reduce((sum, p) => sum + p.numel(), 0)).toBe(
			meta.numParams,
		);
	});
});

interface Case {
	model: "resnet50";
	name: string;
	size: [number, number];
	shape: number[];
	values: number[];
}

test.each(fixture<Case[]>("vision/presets.json"))(
	"the transforms of $model $name make of an image of $size what torchvision's do",
	({ model, name, size: [height, width], shape, values }) => {
		const range = (count: number) => torch.arange(count);
		const x = range(width);
		const y = range(height).unsqueeze(1);
		const c = range(3).reshape([3, 1, 1]);
		const image = x
			.mul(7)
			.add(y.mul(13))
			.add(c.mul(29))
			.add(x.mul(y))
			.remainder(256)
			.to("uint8");
		const made = models.getWeights(model, name).transforms()(image);
		expect([made.dtype, made.shape]).toEqual(["float32", shape]);
		const flat = made.flatten().toArray() as number[];
		const worst = values.map((v, i) => Math.abs((flat[i * 997] as number) - v));
		expect(Math.max(...worst)).toBeLessThan(1e-5);
	},
);

describe("loading", () => {
	const name = "squeezenet1_1";
	let root: string;
	let server: Server;
	let mirror: string;
	let bytes: Buffer;
	let requests: number;
	let answer: (url: string) => { status: number; body: Buffer };

	beforeAll(async () => {
		const source = mkdtempSync(join(tmpdir(), "weights-"));
		torch.manualSeed(4);
		const file = join(source, "model.pth");
		torch.io.save(models.getModel(name).stateDict(), file);
		bytes = readFileSync(file);
		rmSync(source, { recursive: true });
		server = createServer((request, response) => {
			requests++;
			const { status, body } = answer(request.url ?? "");
			response.writeHead(status, { "content-length": body.length });
			response.end(body);
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	});
	afterAll(() => new Promise((done) => server.close(done)));
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), "weights-"));
		requests = 0;
		answer = () => ({ status: 200, body: bytes });
	});
	afterEach(() => rmSync(root, { recursive: true }));

	/** Weights whose file is the server's. */
	const ours = () => {
		const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
		return new models.Weights(
			`${name} OURS* squeezenet1_1-${hash} 1235496 58 80 0.3 4.7 224/256 bilinear imagenet 17`,
		);
	};

	test("downloads once, with progress, and gives the model its weights", async () => {
		const steps: string[] = [];
		let done = 0;
		const report = {
			step: (message: string) => steps.push(message),
			progress: (bytes: number) => {
				done = bytes;
			},
		};
		const weights = ours();
		const model = await models.loadModel(name, {
			weights,
			root,
			mirror,
			report,
		});
		torch.manualSeed(4);
		const expected = models.getModel(name).stateDict();
		for (const [key, value] of Object.entries(model.stateDict()))
			expect(value.equal(expected[key] as torch.Tensor)).toBe(true);
		expect(steps).toEqual([`Downloading squeezenet1_1-${weights.hash}.pth`]);
		expect(done).toBe(bytes.length);
		expect(readdirSync(root)).toEqual([`squeezenet1_1-${weights.hash}.pth`]);

		await models.loadModel(name, { weights, root, mirror });
		expect(requests).toBe(1);
	}, 30_000);

	test("a damaged file is fetched again", async () => {
		const weights = ours();
		const file = join(root, `squeezenet1_1-${weights.hash}.pth`);
		writeFileSync(file, bytes.subarray(0, 1000));
		await weights.download({ root, mirror });
		expect(readFileSync(file).equals(bytes)).toBe(true);
	});

	test("another file than was meant is refused and thrown away", async () => {
		const weights = models.getWeights(name);
		await expect(weights.download({ root, mirror })).rejects.toMatchObject({
			code: "ERR_HASH",
			message: expect.stringContaining("expected b8a52dc0"),
		});
		expect(readdirSync(root)).toEqual([]);
	});

	test("a server's refusal is an error, and nothing is left", async () => {
		answer = () => ({ status: 404, body: Buffer.from("no") });
		await expect(
			ours().download({ root, mirror, retries: 0 }),
		).rejects.toMatchObject({ code: "ERR_DOWNLOAD" });
		expect(readdirSync(root).filter((file) => file.endsWith(".pth"))).toEqual(
			[],
		);
		expect(existsSync(join(root, "lock"))).toBe(false);
	});
});

const refused: [call: () => unknown, message: string | RegExp][] = [
	[
		() => models.getModel("resnet19" as never),
		/^getModel: name: unknown model "resnet19"; there are .*resnet18/,
	],
	[
		() => models.getModel("zzz" as never),
		'getModel: name: unknown model "zzz"; listModels() gives those that there are',
	],
	[
		() => models.getWeights("resnet18", "V9"),
		'getWeights: name: resnet18 has no weights "V9"; there are IMAGENET1K_V1',
	],
	[
		() => models.getWeights("lenet"),
		"getWeights: name: there are no weights of lenet",
	],
	[
		() => models.getModel("resnet18", { classes: 3 } as never),
		/^ResNet: classes: unknown option; known are numClasses, /,
	],
	[
		() => models.getModel("vgg11", { numClasses: 0 }),
		"VGG: numClasses: expected a number at least 1, got 0",
	],
	[
		() => models.resnet18({ groups: 2 }),
		/^ResNet: groups, widthPerGroup, replaceStrideWithDilation: resnet18 and resnet34/,
	],
	[
		() => models.vitB16({ imageSize: 100 }),
		"VisionTransformer: imageSize: expected a multiple of the patches' size 16, got 100",
	],
	[
		() => models.resnet50({ replaceStrideWithDilation: [true] as never }),
		"ResNet: replaceStrideWithDilation: expected [boolean, boolean, boolean], got array",
	],
	[
		() => models.resnet18({ normLayer: torch.nn.BatchNorm2d as never }),
		"ResNet: normLayer: expected a function that makes a layer, (…) => new BatchNorm2d(…), got the class",
	],
	[
		() => models.alexnet({ dropout: 2 }),
		"AlexNet: dropout: expected a number from 0 to 1, got 2",
	],
];

test.each(refused.map(([call, message]) => ({ message, call })))(
	"$message",
	({ call, message }) => {
		expect(call).toThrow(message);
	},
);

test("options that weights do not fit are refused before anything is fetched", async () => {
	await expect(
		models.loadModel("resnet18", {}, { numClasses: 10 }),
	).rejects.toThrow(
		"loadModel: numClasses: expected 1000, which resnet18 IMAGENET1K_V1 were trained with, got 10",
	);
	await expect(
		models.loadModel("resnet18", { weights: models.getWeights("resnet34") }),
	).rejects.toThrow(
		"loadModel: weights: expected weights of resnet18, got resnet34 IMAGENET1K_V1",
	);
});
