/** What scripts/fixtures/datasets.py wrote, and what torchvision reads of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as torch from "../../../lib/index.ts";
import * as datasets from "../../../lib/vision/datasets/index.ts";
import { expectTensor, isStored, type Stored } from "../../support/stored.ts";

interface Case {
	name: string;
	root: string;
	args: string[];
	options: Record<string, unknown>;
	length: number;
	classes: string[] | null;
	indices: number[] | null;
	samples: [Stored, unknown][];
}

interface AnyDataset {
	length: number;
	classes?: readonly string[];
	getItem(index: number): unknown;
	getBatch?(indices: readonly number[]): unknown;
}

const folder = join(__dirname, "../../fixtures/datasets");
const cases = (
	JSON.parse(
		gunzipSync(readFileSync(join(folder, "expected.json.gz"))).toString(),
	) as Case[]
).map((each) => ({
	...each,
	shown: JSON.stringify([each.args, each.options]),
}));
const known = new Map(Object.entries(datasets)) as Map<
	string,
	new (
		...args: unknown[]
	) => AnyDataset
>;

function make({ name, root, args, options }: Case): AnyDataset {
	const Dataset = known.get(name);
	if (!Dataset) throw new Error(name);
	if (name === "FakeData") return new Dataset(options);
	const given = args.map((arg) =>
		arg.endsWith(".json") ? join(folder, root, arg) : arg,
	);
	return new Dataset(join(folder, root), ...given, options);
}

/** Tensors, and JSON of all sorts around them. */
function expectTarget(actual: unknown, expected: unknown): void {
	if (isStored(expected)) {
		expectTensor(actual as torch.Tensor, expected, { exact: true });
	} else if (Array.isArray(expected) && expected.some(isStored)) {
		expected.forEach((each, i) => {
			expectTarget((actual as unknown[])[i], each);
		});
	} else expect(actual).toEqual(expected);
}

/** JPEG's decoders agree to the pixel; see test/vision/io for formats where they do not. */
const isGrey = ([channels]: number[]) => channels === 1;

test.each(cases)("$name$shown reads what torchvision reads", async (each) => {
	const data = make(each);
	expect(data.length).toBe(each.length);
	if (each.classes) expect(data.classes).toEqual(each.classes);
	const indices = each.indices ?? each.samples.map((_, i) => i);
	for (const [place, index] of indices.entries()) {
		const [expected, target] = each.samples[place] as Case["samples"][0];
		const at = index < 0 ? index + each.length : index;
		const [image, label] = (await data.getItem(at)) as [torch.Tensor, unknown];
		expect(isGrey(image.shape)).toBe(isGrey(expected.shape));
		expectTensor(image, expected, { what: `image ${at}`, exact: true });
		expectTarget(label, target);
	}
});

const inMemory = cases.filter(({ name }) =>
	/MNIST|CIFAR|SVHN|STL|USPS/.test(name),
);

test.each(inMemory)("$name$shown makes batches of the same", (each) => {
	const data = make(each);
	const indices = [data.length - 1, 0];
	const [images, targets] = (data.getBatch?.(indices) ?? []) as torch.Tensor[];
	const samples = indices.map((i) => data.getItem(i)) as [
		torch.Tensor,
		unknown,
	][];
	expect(images?.equal(torch.stack(samples.map(([image]) => image)))).toBe(
		true,
	);
	const labels = samples.map(([, label]) =>
		label instanceof torch.Tensor ? label : torch.tensor(label as number),
	);
	expect(targets?.equal(torch.stack(labels))).toBe(true);
});

test.each(
	cases.filter(({ args, name }) => args.length === 0 && name !== "FakeData"),
)("$name$shown names an index that it does not have", async (each) => {
	const data = make(each);
	for (const index of [-1, data.length, 0.5])
		await expect(async () => data.getItem(index)).rejects.toThrow(
			`${each.name}: index: expected an integer from 0 to ${data.length - 1}, got ${index}`,
		);
});

test("transforms and target transforms are applied", async () => {
	const root = join(folder, "ImageFolder");
	const data = new datasets.ImageFolder(root, {
		transform: (image) => image.shape,
		targetTransform: (target) => `class ${target}`,
	});
	expect(await data.getItem(0)).toEqual([[3, 4, 4], "class 0"]);
	const pets = new datasets.OxfordIIITPet(join(folder, "OxfordIIITPet"), {
		targetTypes: ["binary-category", "segmentation"],
		transforms: (image, target: readonly [number, torch.Tensor]) => [
			image.size(1),
			target[1].size(0) + target[0],
		],
	});
	expect(await pets.getItem(1)).toEqual([8, 2]);
});
