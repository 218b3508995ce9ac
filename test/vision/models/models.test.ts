/**
 * Models beside torchvision's: names, shapes and printed trees of all; weights from the same seed, outputs and gradients of one or more
 * of each family, with options other than the defaults. `node dist/scripts/models/main.js` compares the numbers of all.
 */
import * as torch from "../../../lib/index.ts";
import {
	build,
	cases,
	free,
	nameOf,
	outputsDistance,
	structure,
	trainedDistance,
	weightsDistance,
} from "../../../scripts/models/reference.ts";

// Gradients through so many layers depend on the order of sums: the numbers to compare with were made by two threads.
const threads = torch.getNumThreads();
beforeAll(() => torch.setNumThreads(2));
afterAll(() => torch.setNumThreads(threads));

/** What the variants do not cover. */
const others = new Set([
	"efficientnet_v2_s",
	"lraspp_mobilenet_v3_large",
	"regnet_y_400mf",
	"resnet18",
	"squeezenet1_0",
	"swin_v2_t",
]);
const isVariant = ({ options }: { options: object }) =>
	Object.keys(options).length > 0;
const run = cases.filter(
	(given) => isVariant(given) || others.has(given.model),
);
const titled = (list: typeof cases) =>
	list.map((given) => ({ name: nameOf(given), given }));

test("the models are torchvision's", () => {
	const names = cases.filter((c) => !isVariant(c)).map((c) => c.model);
	expect(torch.vision.models.listModels()).toEqual(names.sort());
});

test.each(titled(cases))(
	"$name has torchvision's layers, keys and shapes",
	({ given }) => {
		const { parameters, entries, keys, tree } = given;
		expect(structure(given)).toEqual({ parameters, entries, keys, tree });
	},
);

test.each(titled(run))(
	"$name has torchvision's weights, outputs and gradients",
	({ given }) => {
		torch.manualSeed(0);
		const model = build(given);
		expect(weightsDistance(model, given)).toBeLessThan(1e-6);
		expect(outputsDistance(model, given)).toBeLessThan(1e-4);
		const { outputs, gradients } = trainedDistance(model, given);
		expect(outputs).toBeLessThan(1e-4);
		expect(gradients).toBeLessThan(1e-4);
		free(model);
	},
);
