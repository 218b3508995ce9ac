/** The lengths of lists that the declarations of lib/generated accept are those that LibTorch takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";

type Tensor = torch.Tensor;
/** A call with a list of ones in place of one argument. */
type Call = (list: never) => unknown;

const places = [6, 6, 6];
const x = [1, 2, 3].map((d) => torch.rand([2, 4, ...places.slice(0, d)]));
const w = [1, 2, 3].map((d) =>
	torch.rand([4, 4, ...new Array<number>(d).fill(2)]),
);
const [x1, x2, x3] = x as [Tensor, Tensor, Tensor];
const [w1, w2, w3] = w as [Tensor, Tensor, Tensor];
const by = (list: readonly number[], size: number) =>
	list.map(() => size) as never;
const up = (list: readonly number[]) => list.map((_, i) => i) as never;
const unpooled = torch.maxPool2dWithIndices(x2, 2);
const unpooled3 = torch.maxPool3dWithIndices(x3, 2);
const columns = torch.im2col(x2, 2, 1, 0, 1);

const calls: { readonly [argument: string]: Call } = {
	"conv1d stride": (l) => torch.conv1d(x1, w1, null, l),
	"conv1d padding": (l) => torch.conv1d(x1, w1, null, 1, l as 1),
	"conv1d dilation": (l) => torch.conv1d(x1, w1, null, 1, 0, l),
	"conv2d stride": (l) => torch.conv2d(x2, w2, null, l),
	"conv2d padding": (l) => torch.conv2d(x2, w2, null, 1, l as 1),
	"conv2d dilation": (l) => torch.conv2d(x2, w2, null, 1, 0, l),
	"conv3d stride": (l) => torch.conv3d(x3, w3, null, l),
	"conv3d padding": (l) => torch.conv3d(x3, w3, null, 1, l as 1),
	"conv3d dilation": (l) => torch.conv3d(x3, w3, null, 1, 0, l),
	"convTranspose1d stride": (l) => torch.convTranspose1d(x1, w1, null, l),
	"convTranspose2d stride": (l) => torch.convTranspose2d(x2, w2, null, l),
	"convTranspose2d padding": (l) => torch.convTranspose2d(x2, w2, null, 1, l),
	"convTranspose2d outputPadding": (l) =>
		torch.convTranspose2d(x2, w2, null, 2, 0, l),
	"convTranspose2d dilation": (l) =>
		torch.convTranspose2d(x2, w2, null, 2, 0, 0, 1, l),
	"convTranspose3d outputPadding": (l) =>
		torch.convTranspose3d(x3, w3, null, 2, 0, l),
	"avgPool1d kernelSize": (l) => torch.avgPool1d(x1, l),
	"avgPool1d stride": (l) => torch.avgPool1d(x1, 2, l),
	"avgPool2d kernelSize": (l) => torch.nn.functional.avgPool2d(x2, l),
	"avgPool2d stride": (l) => torch.nn.functional.avgPool2d(x2, 2, l),
	"avgPool2d padding": (l) => torch.nn.functional.avgPool2d(x2, 2, 2, l),
	"avgPool3d stride": (l) => torch.nn.functional.avgPool3d(x3, 2, l),
	"maxPool1d dilation": (l) => torch.maxPool1d(x1, 2, 2, 0, l),
	"maxPool2d kernelSize": (l) => torch.maxPool2d(x2, l),
	"maxPool2d stride": (l) => torch.maxPool2d(x2, 2, l),
	"maxPool2d padding": (l) => torch.maxPool2d(x2, 2, 2, l),
	"maxPool2dWithIndices dilation": (l) =>
		torch.maxPool2dWithIndices(x2, 2, 2, 0, l),
	"maxPool3d stride": (l) => torch.maxPool3d(x3, 2, l),
	"maxPool3dWithIndices kernelSize": (l) => torch.maxPool3dWithIndices(x3, l),
	"adaptiveAvgPool1d outputSize": (l) => torch.adaptiveAvgPool1d(x1, l),
	"adaptiveAvgPool2d outputSize": (l) => x2.adaptiveAvgPool2d(l),
	"adaptiveMaxPool3d outputSize": (l) => x3.adaptiveMaxPool3d(l),
	"reflectionPad1d padding": (l) => x1.reflectionPad1d(l),
	"reflectionPad2d padding": (l) => x2.reflectionPad2d(l),
	"replicationPad3d padding": (l) => x3.replicationPad3d(l),
	"upsampleNearest1d outputSize": (l) => torch.upsampleNearest1d(x1, l),
	"upsampleBilinear2d outputSize": (l) =>
		torch.upsampleBilinear2d(x2, l, false),
	"upsampleTrilinear3d outputSize": (l) =>
		torch.upsampleTrilinear3d(x3, l, false),
	"im2col kernelSize": (l) => torch.im2col(x2, l, 1, 0, 1),
	"col2im outputSize": (l) => torch.col2im(columns, by(l, 6), 2, 1, 0, 1),
	"fractionalMaxPool2d outputSize": (l) =>
		torch.fractionalMaxPool2d(x2, 2, l, torch.rand(2, 4, 2)),
	"maxUnpool2d outputSize": (l) => torch.maxUnpool2d(...unpooled, by(l, 6)),
	"maxUnpool3d stride": (l) => torch.maxUnpool3d(...unpooled3, 6, by(l, 2), 0),
	"rot90 dims": (l) => torch.rot90(x2, 1, up(l)),
	"matrixNorm dim": (l) => torch.linalg.matrixNorm(x2, 2, up(l)),
	"toSparseBsr blocksize": (l) => torch.ones(4, 4).toSparseBsr(l),
	"mkldnnMaxPool2d kernelSize": (l) => torch.mkldnnMaxPool2d(x2.toMkldnn(), l),
};

const declarations = ["functions", "methods", "linalg"].map((name) =>
	readFileSync(join(__dirname, `../../lib/generated/${name}.ts`), "utf8"),
);

/** The lengths that the declarations have for an argument. */
function declared(name: string, argument: string): number[] {
	const pattern = new RegExp(
		`^(?:export function |\\t)${name}\\([^\\n]*?\\b${argument}\\??: ([^:]*?)(?:, \\w+\\??:|\\)|;| })`,
		"m",
	);
	const found = declarations.map((text) => pattern.exec(text)?.[1]);
	const type = found.find((each) => each?.includes("readonly"));
	if (type === undefined) throw new Error(`no lists: ${name} ${argument}`);
	return [...type.matchAll(/readonly \[([^\]]*)\]/g)].map(([, inner]) =>
		inner === "" ? 0 : (inner as string).split(",").length,
	);
}

test.each(Object.keys(calls))("%s", (key) => {
	const call = calls[key] as Call;
	const [name, argument] = key.split(" ") as [string, string];
	const lengths = declared(name, argument);
	const taken = [];
	for (let length = 0; length <= Math.max(...lengths) + 1; length++) {
		try {
			call(new Array(length).fill(1) as never);
			taken.push(length);
		} catch {}
	}
	expect(taken).toEqual(lengths);
});
