import type { Tensor } from "../../tensor/tensor.ts";
import { imageShape } from "../transforms/functional/colour/pixels.ts";
import { sizeOfInputs } from "../transforms/query.ts";
import type { Random } from "../transforms/random.ts";
import { Transform } from "../transforms/transform.ts";
import { type AffineParameters, matrixOf, resample } from "./affine.ts";
import { shiftBrightness, shiftChannels } from "./colour.ts";
import type { Settings } from "./options.ts";

const op = "ImageDataGenerator";

/** What is done with one image; the names are Keras', whose x are rows. */
export interface KerasParameters extends AffineParameters {
	flipHorizontal: boolean;
	flipVertical: boolean;
	/** What is added to all values; null: nothing. */
	channelShiftIntensity: number | null;
	/** A factor; null: none. */
	brightness: number | null;
}

/** @internal The random part of an ImageDataGenerator: of images [..., C, H, W] with values 0 to 255, to float32. */
export class KerasAugmentation extends Transform<KerasParameters> {
	readonly settings: Settings;

	constructor(settings: Settings) {
		super();
		this.settings = settings;
	}

	override draw(random: Random, inputs: readonly Tensor[]): KerasParameters {
		const { height, width } = sizeOfInputs(op, inputs);
		return this.drawFor(random, height, width);
	}

	/** In the order in which Keras draws, from torch's generator. */
	drawFor(random: Random, height: number, width: number): KerasParameters {
		const { settings } = this;
		const within = (range: number): number =>
			range === 0 ? 0 : random.uniform(-range, range);
		const [from, to] = settings.zoomRange;
		const zoom = (): number =>
			from === 1 && to === 1 ? 1 : random.uniform(from, to);
		const theta = within(settings.rotationRange);
		const tx = shift(random, settings.heightShiftRange, height);
		const ty = shift(random, settings.widthShiftRange, width);
		const shear = within(settings.shearRange);
		const [zx, zy] = [zoom(), zoom()];
		const [horizontal, vertical] = [random.unit() < 0.5, random.unit() < 0.5];
		const { channelShiftRange, brightnessRange } = settings;
		return {
			theta,
			tx,
			ty,
			shear,
			zx,
			zy,
			flipHorizontal: horizontal && settings.horizontalFlip,
			flipVertical: vertical && settings.verticalFlip,
			channelShiftIntensity:
				channelShiftRange === 0 ? null : within(channelShiftRange),
			brightness: brightnessRange && random.uniform(...brightnessRange),
		};
	}

	override apply(image: Tensor, parameters: KerasParameters): Tensor {
		const [height, width] = imageShape(op, image).slice(-2) as [number, number];
		const steps: ((image: Tensor) => Tensor)[] = [];
		const matrix = matrixOf(parameters, height, width);
		const { channelShiftIntensity, brightness } = parameters;
		if (matrix) steps.push((x) => resample(x, matrix, this.settings));
		if (channelShiftIntensity !== null) {
			steps.push((x) => shiftChannels(x, channelShiftIntensity));
		}
		if (parameters.flipHorizontal) steps.push((x) => x.flip([-1]));
		if (parameters.flipVertical) steps.push((x) => x.flip([-2]));
		if (brightness !== null) {
			steps.push((x) => shiftBrightness(x, brightness));
		}
		return steps.reduce((current, step) => {
			const next = step(current);
			if (current !== image) current.dispose();
			return next;
		}, image.to("float32"));
	}
}

/** Numbers below 1 are parts of the size; whole ones pixels, and less of them; one of a list goes either way. */
function shift(
	random: Random,
	range: number | readonly number[],
	size: number,
): number {
	if (range === 0) return 0;
	const sign = (): number => (random.integer(2) === 0 ? -1 : 1);
	if (typeof range !== "number") {
		const chosen = (range[random.integer(range.length)] ?? 0) * sign();
		return Math.max(...range) < 1 ? chosen * size : chosen;
	}
	if (Number.isInteger(range)) return random.integer(range) * sign();
	const drawn = random.uniform(-range, range);
	return range < 1 ? drawn * size : drawn;
}
