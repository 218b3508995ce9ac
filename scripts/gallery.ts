// Renders every image transform on a photo into docs/gallery.html:  node dist/scripts/gallery.js
// It fails for a transform that has no place in it. (The photo: Eileen Collins, NASA, in the public domain.)
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../lib/index.ts";
import { packageRoot } from "../lib/package.ts";

const { io, transforms: T, tvTensors, utils } = torch.vision;
const photo = await io.readImage(
	join(packageRoot, "docs/gallery/astronaut.jpg"),
	"rgb",
);
const image = photo.contiguous(); // uint8 [3, 192, 192]
const [height, width] = [image.size(1), image.size(2)];
const canvasSize = [height, width] as const;

/** A face, and two eyes: what a detector's sample has. */
const sample = () => ({
	image: new tvTensors.Image(image),
	boxes: new tvTensors.BoundingBoxes([[58, 17, 113, 87]], {
		format: "XYXY",
		canvasSize,
	}),
	points: new tvTensors.KeyPoints(
		[
			[77, 50],
			[96, 49],
		],
		{ canvasSize },
	),
	labels: torch.tensor([1]),
});
type Drawn = ReturnType<typeof sample>;

/** Two photos and their labels. */
const batch = () => ({
	images: new tvTensors.Image(
		torch
			.stack([image, image.flip([1]).bitwiseNot()])
			.to("float32")
			.div(255),
	),
	labels: torch.tensor([0, 1]),
});

interface Entry {
	/** The transform; its text is what the page shows. */
	make: () => unknown;
	/** What it is applied to; the photo, unless it says so. */
	on?: () => unknown;
	/** How many draws are shown: 3 of what is random. */
	draws?: 1 | 3;
}

const random = (make: () => unknown, on?: () => unknown): Entry => ({
	make,
	draws: 3,
	...(on ? { on } : {}),
});
const fixed = (make: () => unknown, on?: () => unknown): Entry => ({
	make,
	draws: 1,
	...(on ? { on } : {}),
});
const floats = () => image.to("float32").div(255);

const groups: Readonly<Record<string, readonly Entry[]>> = {
	"Geometry, with boxes and key points": [
		fixed(() => new T.Identity(), sample),
		fixed(() => new T.Resize(96, { antialias: true }), sample),
		random(() => new T.RandomResize(64, 192), sample),
		random(() => new T.RandomShortestSize([64, 128, 180]), sample),
		random(
			() => new T.ScaleJitter([160, 160], { scaleRange: [0.4, 1.2] }),
			sample,
		),
		fixed(() => new T.CenterCrop(128), sample),
		random(() => new T.RandomCrop(128, { padding: 16 }), sample),
		random(() => new T.RandomResizedCrop(160), sample),
		random(() => new T.RandomIoUCrop(), sample),
		fixed(() => new T.FiveCrop(90)),
		fixed(() => new T.TenCrop(90)),
		random(() => new T.RandomHorizontalFlip(), sample),
		random(() => new T.RandomVerticalFlip(), sample),
		fixed(() => new T.Pad([10, 20], { fill: 200 }), sample),
		fixed(() => new T.Pad(30, { paddingMode: "reflect" })),
		random(
			() => new T.RandomZoomOut({ fill: 127, sideRange: [1, 1.8], p: 1 }),
			sample,
		),
		random(
			() => new T.RandomRotation(40, { interpolation: "bilinear" }),
			sample,
		),
		random(() => new T.RandomRotation(90, { expand: true }), sample),
		random(
			() =>
				new T.RandomAffine(20, {
					translate: [0.1, 0.2],
					scale: [0.7, 1.1],
					shear: 15,
				}),
			sample,
		),
		random(
			() => new T.RandomPerspective({ distortionScale: 0.5, p: 1 }),
			sample,
		),
		random(() => new T.ElasticTransform({ alpha: 80, sigma: 5 }), sample),
	],
	Colour: [
		random(
			() =>
				new T.ColorJitter({
					brightness: 0.5,
					contrast: 0.5,
					saturation: 0.8,
					hue: 0.2,
				}),
		),
		random(() => new T.RandomPhotometricDistort({ p: 1 })),
		random(() => new T.RandomChannelPermutation()),
		fixed(() => new T.Grayscale({ numOutputChannels: 3 })),
		random(() => new T.RandomGrayscale(0.5)),
		fixed(
			() => new T.RGB(),
			() => image.narrow(0, 0, 1),
		),
		fixed(() => new T.GaussianBlur(9, { sigma: 3 })),
		random(() => new T.GaussianBlur(15, { sigma: [0.1, 5] })),
		random(() => new T.GaussianNoise({ sigma: 0.15 }), floats),
		fixed(() => new T.RandomInvert(1)),
		fixed(() => new T.RandomPosterize(2, 1)),
		fixed(() => new T.RandomSolarize(128, 1)),
		fixed(() => new T.RandomAdjustSharpness(5, 1)),
		fixed(() => new T.RandomAutocontrast(1)),
		fixed(() => new T.RandomEqualize(1)),
		fixed(() => new T.CLAHE({ clipLimit: 4 })),
		random(() => new T.RandomCLAHE({ p: 1 })),
		random(() => new T.JPEG([1, 20])),
	],
	"Erasing and mixing": [
		random(() => new T.RandomErasing({ p: 1 })),
		random(() => new T.MixUp({ numClasses: 2, alpha: 1 }), batch),
		random(() => new T.CutMix({ numClasses: 2, alpha: 1 }), batch),
	],
	Policies: [
		random(() => new T.AutoAugment({ policy: "imagenet" })),
		random(() => new T.AutoAugment({ policy: "cifar10" })),
		random(() => new T.AutoAugment({ policy: "svhn" })),
		random(() => new T.RandAugment({ magnitude: 12 })),
		random(() => new T.TrivialAugmentWide()),
		random(() => new T.AugMix({ severity: 6 })),
	],
	"Of several": [
		random(
			() =>
				new T.Compose([
					new T.RandomHorizontalFlip(),
					new T.RandomRotation(20),
					new T.ColorJitter({ hue: 0.3 }),
				]),
			sample,
		),
		random(() => new T.RandomApply([new T.GaussianBlur(9, { sigma: 4 })], 0.5)),
		random(
			() =>
				new T.RandomChoice([
					new T.RandomInvert(1),
					new T.RandomSolarize(99, 1),
					new T.Grayscale({ numOutputChannels: 3 }),
				]),
		),
		random(
			() =>
				new T.RandomOrder([
					new T.RandomPosterize(2, 1),
					new T.GaussianBlur(7, { sigma: 3 }),
				]),
		),
		random(
			() =>
				new T.BatchTransform([
					new T.RandomRotation(30),
					new T.RandomHorizontalFlip(),
				]),
			() => torch.stack([image, image]),
		),
		fixed(() => new T.Lambda((x: torch.Tensor) => x.flip([0]))),
	],
	"Values and forms (the picture stays, or is shown brought back to 0 … 1)": [
		fixed(
			() => new T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
			floats,
		),
		fixed(
			() =>
				new T.LinearTransformation(
					torch.eye(3 * 32 * 32).flip([0]),
					torch.zeros([3 * 32 * 32]),
				),
			() => new T.Resize(32)(floats()),
		),
		fixed(() => new T.ToDtype("float32", { scale: true })),
		fixed(() => new T.ConvertImageDtype("float32")),
		fixed(() => new T.ToTensor()),
		fixed(() => new T.ToImage()),
		fixed(() => new T.ToPureTensor()),
		fixed(
			() => new T.UniformTemporalSubsample(2),
			() =>
				new tvTensors.Video(
					torch.stack([0, 1, 2, 3].map((i) => image.roll([24 * i], [2]))),
				),
		),
		fixed(() => new T.ConvertBoundingBoxFormat("CXCYWH"), sample),
		fixed(() => new T.ClampBoundingBoxes(), sample),
		fixed(() => new T.ClampKeyPoints(), sample),
		fixed(() => new T.SetClampingMode("hard"), sample),
		fixed(() => new T.SanitizeBoundingBoxes(), sample),
		fixed(() => new T.SanitizeKeyPoints({ labelsGetter: null }), sample),
	],
};

/** What other transforms are made from, and what is none. */
const notShown = [
	"Transform",
	"GeometricTransform",
	"RandomApplyTransform",
	"functional",
];

function missing(): string[] {
	const shown = Object.values(groups)
		.flat()
		.map(({ make }) => /new T\.(\w+)/.exec(make.toString())?.[1]);
	return Object.keys(T).filter(
		(name) => !shown.includes(name) && !notShown.includes(name),
	);
}

/** Any result as one uint8 picture [3, H, W]. */
async function picture(result: unknown): Promise<torch.Tensor> {
	if (Array.isArray(result))
		return utils.makeGrid(result.map(bytes), { nrow: 5 });
	if (result instanceof torch.Tensor) {
		return result.dim() === 4 ? utils.makeGrid(bytes(result)) : bytes(result);
	}
	if ("images" in (result as object)) {
		return utils.makeGrid(bytes((result as ReturnType<typeof batch>).images));
	}
	const { image: drawn, boxes, points } = result as Drawn;
	const corners = new T.ConvertBoundingBoxFormat("XYXY")({
		image: drawn,
		boxes,
	}).boxes;
	const plain = new T.ToPureTensor();
	const framed = await utils.drawBoundingBoxes(bytes(drawn), plain(corners), {
		colors: "yellow",
		width: 2,
	});
	return utils.drawKeypoints(framed, plain(points).unsqueeze(0), {
		colors: "red",
		radius: 3,
	});
}

/** uint8; floats, whatever their range, brought into it. */
function bytes(tensor: torch.Tensor): torch.Tensor {
	const values = new T.ToPureTensor()(tensor) as torch.Tensor;
	if (values.dtype === "uint8") return values;
	const [low, high] = [values.min(), values.max()];
	const isUnit = Number(low.item()) >= 0 && Number(high.item()) <= 1;
	const unit = isUnit ? values : values.sub(low).div(high.sub(low));
	return unit.mul(255).round().to("uint8");
}

async function html(tensor: torch.Tensor): Promise<string> {
	const file = await io.encodeWebp(tensor, { quality: 62 });
	const source = `data:image/webp;base64,${Buffer.from(file).toString("base64")}`;
	const zoom = tensor.size(1) < 64 ? 4 : 1;
	const [h, w] = tensor.shape.slice(1).map((side) => side * zoom);
	return `<img src="${source}" width="${w}" height="${h}" alt="" loading="lazy">`;
}

const escaped = (text: string): string =>
	text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** The code of a transform, as one would write it. */
const codeOf = ({ make }: Entry): string =>
	make
		.toString()
		.replace(/^\(\) => /, "")
		.replace(/\bT\./g, "")
		.replace(/,?\s+([\])}])/g, (_, end) => (end === "}" ? " }" : end))
		.replace(/([[(])\s+/g, "$1")
		.replace(/\s+/g, " ");

async function card(entry: Entry): Promise<string> {
	const name = /new T\.(\w+)/.exec(entry.make.toString())?.[1] ?? "";
	const pictures: string[] = [];
	for (let seed = 0; seed < (entry.draws ?? 1); seed++) {
		torch.manualSeed(seed);
		const transform = entry.make() as (input: unknown) => unknown;
		const result = transform((entry.on ?? (() => image))());
		pictures.push(await html(await picture(result)));
	}
	return `<section><h3 id="${name}">${name}</h3><code>${escaped(codeOf(entry))}</code><div>${pictures.join("")}</div></section>`;
}

const absent = missing();
if (absent.length > 0)
	throw new Error(
		`no picture of ${absent.join(", ")}: add them to scripts/gallery.ts`,
	);

const parts: string[] = [];
for (const [title, entries] of Object.entries(groups)) {
	const cards: string[] = [];
	for (const entry of entries) cards.push(await card(entry));
	parts.push(`<h2>${title}</h2>\n${cards.join("\n")}`);
}
writeFileSync(
	join(packageRoot, "docs/gallery.html"),
	`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>torch-node: image transforms</title>
<style>
	body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 1320px; padding: 0 1rem; color: #222; background: #fff; }
	section { display: inline-block; vertical-align: top; margin: 0 1.5rem 1.5rem 0; max-width: 100%; }
	h2 { border-bottom: 1px solid #ccc; padding-bottom: .3rem; margin-top: 2.2rem; }
	h3 { margin: 0; font-size: 1rem; }
	code { font-size: .75rem; color: #555; display: block; max-width: 620px; overflow-wrap: anywhere; margin-bottom: .4rem; }
	img { image-rendering: pixelated; margin: 0 6px 0 0; vertical-align: top; background: #eee; max-width: 100%; height: auto; }
	@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } code { color: #aaa; } }
</style>
<h1>Image transforms</h1>
<p>Every transform of <code style="display:inline">torch.vision.transforms</code>, made by <code style="display:inline">scripts/gallery.ts</code>; what is random with the seeds 0, 1 and 2.
Boxes (yellow) and key points (red) of a sample are transformed with its image.</p>
<p>Photo: Eileen Collins, NASA, in the public domain.</p>
${parts.join("\n")}
</html>
`,
);
console.log(
	`docs/gallery.html: ${Object.values(groups).flat().length} transforms`,
);
