/** Mixed precision, beside PyTorch's: dtypes and values under autocast, training in it, and how a GradScaler changes its scale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";

interface Shown {
	dtype: torch.DType;
	values: number[];
}

interface Step {
	factor: string;
	weight: number[];
	state: torch.amp.GradScalerState;
}

const fixture: {
	bfloat16: { [code: string]: Shown };
	float16: { [code: string]: Shown };
	training: { losses: number[]; weight: number[] };
	scaling: Step[];
} = JSON.parse(
	readFileSync(join(__dirname, "../fixtures/amp/autocast.json"), "utf8"),
);

const { functional: F } = torch.nn;

function ramp(...shape: number[]): torch.Tensor {
	const count = shape.reduce((product, size) => product * size, 1);
	return torch.arange(count).reshape(shape).mul(0.1).sub(0.4);
}

const given = {
	torch,
	F,
	x: ramp(2, 3),
	w: ramp(3, 4),
	image: ramp(1, 2, 4, 4),
	kernel: ramp(3, 2, 2, 2),
};

function evaluate(code: string): torch.Tensor {
	return new Function(...Object.keys(given), `return ${code}`)(
		...Object.values(given),
	);
}

/** How far values may lie from Python's: a unit or two in the last place of the dtype. */
const slack: { [dtype: string]: number } = {
	bfloat16: 2 ** -7,
	float16: 2 ** -10,
};

describe.each(["bfloat16", "float16"] as const)("%s", (dtype) => {
	test.each(Object.entries(fixture[dtype]))("%s", (code, wanted) => {
		const result = torch.autocast("cpu", { dtype }, () => evaluate(code));
		expect(result.dtype).toBe(wanted.dtype);
		const allowed = slack[wanted.dtype] ?? slack[dtype] ?? 0;
		const values = result.float().flatten().tolist() as number[];
		expect(values.length).toBe(wanted.values.length);
		for (const [i, value] of values.entries()) {
			const right = wanted.values[i] as number;
			expect(Math.abs(value - right)).toBeLessThanOrEqual(
				allowed * Math.max(0.1, Math.abs(right)),
			);
		}
	});
});

test("training under autocast goes as in PyTorch", () => {
	const model = new torch.nn.Sequential(
		...[
			new torch.nn.Linear(3, 4),
			new torch.nn.ReLU(),
			new torch.nn.Linear(4, 1),
		],
	);
	for (const parameter of model.parameters())
		torch.noGrad(() => parameter.copy_(ramp(...parameter.shape).abs()));
	const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 });
	const losses: number[] = [];
	for (let i = 0; i < 3; i++) {
		optimizer.zeroGrad();
		const loss = torch.autocast("cpu", () =>
			F.mseLoss(model(given.x) as torch.Tensor, torch.ones(2, 1)),
		);
		loss.backward();
		optimizer.step();
		losses.push(loss.item() as number);
	}
	const weight = [...model.parameters()][2]?.flatten().tolist() as number[];
	for (const [own, right] of [
		[losses, fixture.training.losses],
		[weight, fixture.training.weight],
	] as const)
		for (const [i, value] of own.entries())
			expect(value).toBeCloseTo(right[i] as number, 2);
});

test("a GradScaler's steps, scales and states are PyTorch's", () => {
	const weight = torch.ones(2, { requiresGrad: true });
	const optimizer = new torch.optim.SGD([weight], { lr: 0.25 });
	const scaler = new torch.GradScaler("cpu", {
		initScale: 8,
		growthInterval: 2,
	});
	for (const { factor, weight: wanted, state } of fixture.scaling) {
		optimizer.zeroGrad();
		const number = factor === "inf" ? Infinity : Number(factor);
		torch.scope(() => scaler.scale(weight.mul(number).sum()).backward());
		scaler.unscale_(optimizer);
		torch.nn.utils.clipGradNorm_([weight], 1);
		scaler.step(optimizer);
		scaler.update();
		for (const [i, value] of (weight.tolist() as number[]).entries())
			expect(value).toBeCloseTo(wanted[i] as number, 6);
		expect(scaler.stateDict()).toEqual(state);
	}
	const other = new torch.amp.GradScaler("cpu");
	other.loadStateDict(scaler.stateDict() as torch.amp.GradScalerState);
	expect(other.stateDict()).toEqual(scaler.stateDict());
});

test("a mode ends with its block, and where an error leaves it", () => {
	const dtype = () => given.x.mm(given.w).dtype;
	{
		using _outer = torch.autocast("cpu");
		expect([dtype(), torch.isAutocastEnabled("cpu")]).toEqual([
			"bfloat16",
			true,
		]);
		expect(torch.autocast("cpu", { enabled: false }, dtype)).toBe("float32");
		expect(
			torch.autocast("cpu", { dtype: "float16", cacheEnabled: false }, () => [
				dtype(),
				torch.isAutocastCacheEnabled(),
			]),
		).toEqual(["float16", false]);
		expect(() =>
			torch.autocast("cpu", { enabled: false }, () => {
				throw new Error("planted");
			}),
		).toThrow("planted");
		expect(dtype()).toBe("bfloat16");
	}
	expect([
		dtype(),
		torch.isAutocastEnabled("cpu"),
		torch.isAutocastCacheEnabled(),
	]).toEqual(["float32", false, true]);
	expect(torch.getAutocastDtype("cuda")).toBe("float16");
	torch.setAutocastDtype("cpu", "float16");
	torch.setAutocastEnabled("cpu", true);
	expect([
		dtype(),
		torch.getAutocastCpuDtype(),
		torch.isAutocastCpuEnabled(),
	]).toEqual(["float16", "float16", true]);
	torch.setAutocastEnabled("cpu", false);
	torch.setAutocastDtype("cpu", "bfloat16");
});

test("a cast parameter is kept until the outermost mode ends, and follows it when it changes", () => {
	const w = torch.ones(3, 4, { requiresGrad: true });
	const x = given.x;
	const first = torch.autocast("cpu", () => x.mm(w));
	torch.noGrad(() => w.mul_(2));
	const second = torch.autocast("cpu", () => x.mm(w));
	expect(second.tolist()).toEqual(first.mul(2).tolist());
});

const any = (value: unknown) => value as never;
test.each<[string, () => unknown]>([
	[
		'autocast: deviceType: expected one of "cpu", "cuda", got string "tpu"',
		() => torch.autocast(any("tpu")),
	],
	[
		'autocast: dtype: expected one of "bfloat16", "float16", got string "int8"',
		() => torch.autocast("cpu", { dtype: any("int8") }),
	],
	[
		"autocast: dtyp: unknown option; known are dtype, enabled, cacheEnabled",
		() => torch.autocast("cpu", any({ dtyp: 1 })),
	],
	[
		"autocast: enabled: expected boolean, got number 1",
		() => torch.autocast("cpu", { enabled: any(1) }),
	],
	[
		"GradScaler: growthFactor: expected a number above 1, got 1",
		() => new torch.GradScaler("cpu", { growthFactor: 1 }),
	],
	[
		"GradScaler: growthInterval: expected a number at least 1, got 0",
		() => new torch.GradScaler("cpu", { growthInterval: 0 }),
	],
	[
		"GradScaler: no step was made since the last update()",
		() => new torch.GradScaler("cpu").update(),
	],
	[
		"GradScaler: no gradient of this optimizer was found: call backward first",
		() =>
			new torch.GradScaler("cpu").step(
				new torch.optim.SGD([torch.ones(1, { requiresGrad: true })], { lr: 1 }),
			),
	],
])("%s", (message, act) => {
	expect(act).toThrow(torch.TorchError);
	expect(act).toThrow(message);
});

test("a scaler that is off does the plain step", () => {
	const scaler = new torch.GradScaler("cpu", { enabled: false });
	const weight = torch.ones(1, { requiresGrad: true });
	const optimizer = new torch.optim.SGD([weight], { lr: 0.5 });
	const loss = weight.sum();
	expect(scaler.scale(loss)).toBe(loss);
	loss.backward();
	scaler.step(optimizer);
	scaler.update();
	expect([weight.tolist(), scaler.getScale(), scaler.stateDict()]).toEqual([
		[0.5],
		1,
		{},
	]);
});
