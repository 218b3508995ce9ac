/** The compiler's part of the tests: `tsc -p test` fails where a line below has another type, or is not refused. */

import { zeros } from "../../lib/generated/functions.ts";
import type { Tensor } from "../../lib/tensor/tensor.ts";
import { Digits } from "../../lib/vision/datasets/index.ts";
import type { Pixels } from "../../lib/vision/transforms/functional/index.ts";
import {
	Compose,
	Normalize,
	RandomCrop,
	RandomRotation,
	ToTensor,
	Transform,
} from "../../lib/vision/transforms/index.ts";
import {
	BoundingBoxes,
	Image,
	Mask,
} from "../../lib/vision/tvTensors/index.ts";

type Equal<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
/** Compiles if the function's type is as stated. */
const is = <Stated extends true>(_?: Stated): void => {};

test("types hold", () => {
	const never = (): boolean => false; // so that nothing below runs
	if (!never()) return;

	const rotation = new RandomRotation([-5, 20], {
		interpolation: "bilinear",
		fill: [1, 2, 3],
	});
	is<Equal<ReturnType<typeof rotation>, Tensor>>();
	is<Equal<Parameters<typeof rotation>, [image: Tensor]>>();
	is<Equal<Parameters<ToTensor>, [image: Tensor | Pixels]>>();
	// @ts-expect-error: no such mode
	new RandomRotation(5, { interpolation: "lanczos" });
	// @ts-expect-error: a range has two ends
	new RandomRotation([1, 2, 3]);
	// @ts-expect-error: no such option
	new RandomCrop(5, { pad: 3 });
	// @ts-expect-error: pixels become a tensor by ToTensor alone
	rotation({ data: new Uint8Array(4), width: 2, height: 2 });
	// @ts-expect-error: a transform says what it does with an image
	class _Nothing extends Transform {}

	const chain = new Compose([
		new ToTensor(),
		rotation,
		(x: Tensor) => x.shape,
		(shape: number[]) => shape.join("×"),
	]);
	is<Equal<Parameters<typeof chain>, [image: Tensor | Pixels]>>();
	is<Equal<ReturnType<typeof chain>, string>>();
	new Compose([
		new ToTensor(),
		(x: Tensor) => x.shape,
		// @ts-expect-error: Normalize takes a tensor, not its shape
		new Normalize([0.5], [0.5]),
	]);
	const list: (ToTensor | Normalize)[] = [
		new ToTensor(),
		new Normalize([0.5], [0.5]),
	];
	const some = new Compose(list);
	is<Equal<ReturnType<typeof some>, Tensor>>();
	// @ts-expect-error: not all of them take pixels
	some({ data: new Uint8Array(4), width: 2, height: 2 });
	const augmented = new Compose([rotation, ...list]);
	is<Equal<ReturnType<typeof augmented>, Tensor>>();

	const sample = {
		image: new Image(zeros([3, 8, 8])),
		targets: [
			{
				boxes: new BoundingBoxes([1, 2, 3, 4], {
					format: "XYXY",
					canvasSize: [8, 8],
				}),
			},
		],
		label: 3,
	};
	const turned = rotation(sample);
	is<Equal<typeof turned, typeof sample>>();
	const mask = rotation(new Mask(zeros([8, 8])));
	is<Equal<typeof mask, Mask>>();
	// @ts-expect-error: nothing in it is said to be an image
	rotation({ image: zeros([3, 8, 8]), label: 3 });
	// @ts-expect-error: boxes lie in an image
	new BoundingBoxes([1, 2, 3, 4], { format: "XYXY" });
	// @ts-expect-error: no such format
	new BoundingBoxes([1, 2, 3, 4], { format: "LTRB", canvasSize: [8, 8] });
	const both = new Compose([rotation, new Compose([new RandomCrop(5)])]);
	const cropped = both(sample);
	is<Equal<typeof cropped, typeof sample>>();
	const picture = both(zeros([3, 8, 8]));
	is<Equal<typeof picture, Tensor>>();
	const counted = new Compose([
		rotation,
		(one: typeof sample) => ({ ...one, count: one.targets.length }),
		rotation,
	]);
	is<Equal<ReturnType<typeof counted>["count"], number>>();
	// @ts-expect-error: a chain that takes samples of one form takes no others
	counted(zeros([3, 8, 8]));

	const digits = new Digits("folder");
	is<Equal<ReturnType<typeof digits.getItem>, [Tensor, number]>>();
	const named = new Digits("folder", {
		transform: chain,
		targetTransform: String,
	});
	is<Equal<ReturnType<typeof named.getItem>, [string, string]>>();
	// @ts-expect-error: downloading takes time: Digits.load
	new Digits("folder", { download: true });
});
