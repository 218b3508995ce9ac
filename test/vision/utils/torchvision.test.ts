import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type * as torch from "../../../lib/index.ts";
import { readImage } from "../../../lib/vision/io/index.ts";
import { colorOf } from "../../../lib/vision/utils/colors.ts";
import * as utils from "../../../lib/vision/utils/index.ts";
import { temporaryFolder } from "../../support/folder.ts";
import {
	expectTensor,
	revive,
	type Stored,
	tensor,
} from "../../support/stored.ts";

const folder = join(__dirname, "../../fixtures/vision-utils");
const read = <T>(name: string): T =>
	JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());

interface Case {
	fn: string;
	args: unknown[];
	options: Record<string, unknown>;
	out: Stored;
}

const functions = new Map(Object.entries(utils));
const tensors = new Map(
	Object.entries(read<Record<string, Stored>>("tensors.json.gz")).map(
		([name, stored]) => [name, tensor(stored)],
	),
);

/** A fixture's value, with the tensors that it names. */
function restored(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(restored);
	if (typeof value === "object" && value !== null) {
		if ("tensor" in value) return tensors.get(value.tensor as string);
		if (!("data" in value))
			return Object.fromEntries(
				Object.entries(value).map(([key, each]) => [key, restored(each)]),
			);
	}
	return revive(value);
}

const cases = read<Case[]>("cases.json.gz").map((each, i) => ({
	...each,
	name: `${each.fn} ${i}: ${JSON.stringify(each.options).slice(0, 120)}`,
}));

test.each(cases)("$name", async ({ fn, args, options, out }) => {
	const call = functions.get(fn) as unknown as (
		...args: unknown[]
	) => torch.Tensor | Promise<torch.Tensor>;
	const result = await call(
		...(restored(args) as unknown[]),
		restored(options),
	);
	expectTensor(result, out, { exact: true });
});

test.each(
	Object.entries(
		JSON.parse(readFileSync(join(folder, "colors.json"), "utf8")) as Record<
			string,
			[number, number, number]
		>,
	),
)("color %s", (text, rgb) => {
	expect(colorOf("test", "color", text)).toEqual(rgb);
});

const path = temporaryFolder();

test.each(
	read<{ images: unknown; options: object; out: Stored }[]>("saved.json.gz"),
)("saveImage writes what torchvision writes: $options", async (each) => {
	const images = restored(each.images) as torch.Tensor;
	await utils.saveImage(images, path("saved.png"), each.options);
	expectTensor(await readImage(path("saved.png"), "rgb"), each.out, {
		exact: true,
	});
});
