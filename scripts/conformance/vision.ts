/**
 * Replays torchvision's functional cases: bytes have to be the same, floats within 1e-5.
 *
 * vision.jsonl: `{fn, dtype, input, args, kwargs, out}` a line, under torchvision's names.
 */
import * as torch from "../../lib/index.ts";
import type { Dump, Encoded } from "./dump.ts";
import type { Outcome, Report } from "./report.ts";

interface VisionCase {
	fn: string;
	dtype: string;
	input: Encoded;
	args: Encoded[];
	kwargs: { [name: string]: Encoded };
	out: Encoded;
}

/** Arguments after the image that are given by position; all others are given by name. */
const positional: { readonly [fn: string]: readonly string[] } = {
	rotate: ["angle"],
	affine: ["angle", "translate", "scale", "shear"],
	perspective: ["startpoints", "endpoints"],
	resize: ["size"],
	resized_crop: ["top", "left", "height", "width", "size"],
	pad: ["padding"],
	crop: ["top", "left", "height", "width"],
	center_crop: ["output_size"],
	five_crop: ["size"],
	ten_crop: ["size"],
	posterize: ["bits"],
	solarize: ["threshold"],
	adjust_brightness: ["brightness_factor"],
	adjust_contrast: ["contrast_factor"],
	adjust_saturation: ["saturation_factor"],
	adjust_sharpness: ["sharpness_factor"],
	adjust_hue: ["hue_factor"],
	adjust_gamma: ["gamma"],
	gaussian_blur: ["kernel_size"],
	normalize: ["mean", "std"],
	erase: ["i", "j", "h", "w", "v"],
	to_dtype: ["dtype"],
};

/** `only`: the cases of one function, "resized_crop". */
export function replayVision(dump: Dump, report: Report, only?: string): void {
	for (const [i, test] of dump.cases<VisionCase>("vision.jsonl").entries()) {
		if (only !== undefined && only !== test.fn) continue;
		const place = `#${i} ${test.dtype} ${JSON.stringify(test.kwargs)}`;
		report.run(test.fn, place, () => {
			const input = dump.decode(test.input) as torch.Tensor;
			const before = input.clone();
			const outcome = nearness(call(dump, test, input), dump.decode(test.out));
			return torch.equal(input, before)
				? outcome
				: { what: "the image that was given has changed" };
		});
	}
}

const camelCase = (name: string): string =>
	name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

type Function = (...args: unknown[]) => unknown;

function call(dump: Dump, test: VisionCase, input: torch.Tensor): unknown {
	const functions = torch.vision.transforms.functional as unknown as {
		[name: string]: Function | undefined;
	};
	const run = functions[camelCase(test.fn)];
	if (run === undefined) throw new Error("there is no such function");
	const names = positional[test.fn] ?? [];
	const given = Object.entries(test.kwargs);
	const args = names.map((name) => dump.decode(test.kwargs[name] as Encoded));
	const options = given
		.filter(([name]) => !names.includes(name))
		.map(([name, value]) => [camelCase(name), dump.decode(value)]);
	return options.length > 0
		? run(input, ...args, Object.fromEntries(options))
		: run(input, ...args);
}

function nearness(ours: unknown, theirs: unknown): Outcome {
	if (Array.isArray(theirs)) {
		if (!Array.isArray(ours) || ours.length !== theirs.length) {
			return { what: `torchvision has ${theirs.length} results` };
		}
		const found = ours.map((item, i) => nearness(item, theirs[i]));
		const rank = (o: Outcome) =>
			typeof o === "object" ? 2 : o === "close" ? 1 : 0;
		return found.sort((a, b) => rank(b) - rank(a))[0] ?? "equal";
	}
	const [a, b] = [ours as torch.Tensor, theirs as torch.Tensor];
	if (a.dtype !== b.dtype) {
		return { what: `dtype ${a.dtype}, torchvision's ${b.dtype}` };
	}
	if (a.shape.join() !== b.shape.join()) {
		return { what: `shape [${a.shape}], torchvision's [${b.shape}]` };
	}
	if (torch.equal(a, b)) return "equal";
	const apart = a.double().sub(b.double()).abs().max().item() as number;
	return b.isFloatingPoint() && apart <= 1e-5
		? "close"
		: { what: `values differ by up to ${apart}` };
}
