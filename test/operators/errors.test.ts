import * as torch from "../../lib/index.ts";

const x = torch.ones(2, 3);
const image = torch.ones(1, 1, 3, 3);
const any = (value: unknown) => value as never;

interface Expected {
	op: string;
	argument?: string;
	code: string;
	message: string | RegExp;
}

function caught(act: () => unknown): torch.TorchError {
	try {
		act();
	} catch (error) {
		if (error instanceof torch.TorchError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

function expectError(act: () => unknown, wanted: Expected): void {
	const { op, argument, code, message } = caught(act);
	expect({ op, argument, code }).toEqual({
		op: wanted.op,
		argument: wanted.argument,
		code: wanted.code,
	});
	expect(message).toMatch(wanted.message);
	expect(message.startsWith(`${op}: `)).toBe(true);
	expect(message).not.toMatch(/\.cpp|Exception raised from|frame #/); // LibTorch's own words, without its backtrace
}

test.each<[string, string, string, () => unknown]>([
	["sum", "dims", "dtype, dim, keepdim", () => x.sum(any({ dims: 1 }))],
	[
		"sum",
		"keepdims",
		"dtype, dim, keepdim",
		() => torch.sum(x, any({ dim: 1, keepdims: true })),
	],
	[
		"sort",
		"descendin",
		"dim, descending, stable",
		() => x.sort(any({ dim: 0, descendin: true })),
	],
	[
		"conv2d",
		"strides",
		"weight, bias, stride, padding, dilation, groups",
		() => torch.conv2d(image, image, any({ strides: 2 })),
	],
	["add", "beta", "other, alpha", () => x.add(x, any({ beta: 1 }))],
	["softmax", "axis", "dim, dtype", () => x.softmax(any({ axis: 1 }))],
	[
		"addmm",
		"gamma",
		"mat1, mat2, beta, alpha",
		() => x.addmm(x, x, any({ gamma: 1 })),
	],
	["cat", "axis", "dim", () => torch.cat([x], any({ axis: 1 }))],
	["clamp", "minimum", "min, max", () => x.clamp(any({ minimum: 1 }))],
	[
		"zeros",
		"typ",
		"dtype, layout, device",
		() => torch.zeros([2], any({ typ: "int64" })),
	],
	[
		"arange",
		"stop",
		"dtype, layout, device",
		() => torch.arange(1, any({ stop: 3 })),
	],
])(
	"%s: an unknown argument %s lists the known: %s",
	(op, argument, known, act) => {
		expectError(act, {
			op,
			argument,
			code: "ERR_INVALID_ARG_VALUE",
			message: `${op}: ${argument}: unknown argument; known are `,
		});
		const listed = caught(act).message.split("known are ")[1]?.split(", ");
		expect(listed).toEqual(expect.arrayContaining(known.split(", ")));
	},
);

test.each<[string, string, () => unknown]>([
	["softmax", "dim", () => x.softmax(any(undefined))],
	["softmax", "dim", () => torch.softmax(x, any({}))],
	["matmul", "other", () => torch.matmul(x, any(undefined))],
	["matmul", "input", () => torch.matmul(any(undefined), x)],
	["unsqueeze", "dim", () => x.unsqueeze(any(undefined))],
	["zeros", "size", () => torch.zeros(any(undefined))],
	["gather", "index", () => x.gather(1, any(undefined))],
	["mv", "vec", () => torch.mv(x, any(undefined))],
	["layerNorm", "normalizedShape", () => torch.layerNorm(x, any(undefined))],
])("%s: a missing argument is named: %s", (op, argument, act) => {
	expectError(act, {
		op,
		argument,
		code: "ERR_INVALID_ARG_TYPE",
		message: /expected .*, got undefined/,
	});
});

test.each<[string, string, string | RegExp, () => unknown]>([
	[
		"matmul",
		"other",
		'expected Tensor, got string "a"',
		() => torch.matmul(x, any("a")),
	],
	["matmul", "other", "expected Tensor, got number 5", () => x.matmul(any(5))],
	["matmul", "other", "expected Tensor, got null", () => x.matmul(any(null))],
	["add", "other", 'string "1"', () => x.add(any("1"))],
	["add", "other", "function", () => x.add(any(() => 1))],
	["add", "input", "number 1", () => torch.add(any(1), 2)],
	["squeeze", "dim", 'string "a"', () => x.squeeze(any("a"))],
	["eye", "n", 'string "a"', () => torch.eye(any("a"))],
	["sum", "keepdim", "number 1", () => x.sum(0, any(1))],
	["sum", "dim", "expected integer", () => x.sum([0, any("1")])],
	["sum", "dim", "expected integer", () => x.sum(2 ** 53)],
	[
		"sum",
		"dtype",
		/expected one of float32, float64, .*, got string "foo"/,
		() => x.sum({ dtype: any("foo") }),
	],
	[
		"zeros",
		"size",
		'expected integer[], got string "a"',
		() => torch.zeros(any("a")),
	],
	[
		"zeros",
		"size",
		"expected integer[], got number 1.5",
		() => torch.zeros(1.5),
	],
	[
		"zeros",
		"device",
		'expected device such as "cpu" or "cuda:0", got string "cpux"',
		() => torch.zeros([2], { device: any("cpux") }),
	],
	[
		"zeros",
		"requiresGrad",
		"expected boolean, got number 1",
		() => torch.zeros([2], { requiresGrad: any(1) }),
	],
	["cat", "tensors", /expected Tensor\[\], got/, () => torch.cat([x, any(5)])],
	[
		"cat",
		"tensors",
		'expected Tensor[], got string "x"',
		() => torch.cat(any("x")),
	],
	["softmax", "dim", "expected integer, got number 0.5", () => x.softmax(0.5)],
	[
		"softmax",
		"dim",
		/expected integer, got (number )?NaN/,
		() => x.softmax(Number.NaN),
	],
	[
		"indexSelect",
		"index",
		"expected Tensor, got number 5",
		() => x.indexSelect(0, any(5)),
	],
	[
		"dropout",
		"train",
		"expected boolean, got number 1",
		() => torch.dropout(x, 0.5, any(1)),
	],
	[
		"dropout",
		"p",
		'expected number, got string "half"',
		() => torch.dropout(x, any("half"), true),
	],
])(
	"%s: an argument of a wrong type is named: %s",
	(op, argument, message, act) => {
		expectError(act, {
			op,
			argument,
			code: "ERR_INVALID_ARG_TYPE",
			message,
		});
	},
);

test.each<[string, string, () => unknown]>([
	[
		"add",
		"The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
		() => x.add(torch.ones(4)),
	],
	[
		"matmul",
		"mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
		() => x.matmul(x),
	],
	["mm", "mat1 and mat2 shapes cannot be multiplied", () => x.mm(x)],
	["bmm", "batch1 must be a 3D tensor", () => torch.bmm(x, x)],
	[
		"dot",
		"1D tensors expected, but got 2D and 2D tensors",
		() => torch.dot(x, x),
	],
	[
		"cat",
		"Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4",
		() => torch.cat([x, torch.ones(3, 4)]),
	],
	["cat", "expected a non-empty list of Tensors", () => torch.cat([])],
	[
		"stack",
		"stack expects each tensor to be equal size, but got [2, 3] at entry 0 and [3] at entry 1",
		() => torch.stack([x, torch.ones(3)]),
	],
	["view", "shape '[4]' is invalid for input of size 6", () => x.view(4)],
	["view", "only one dimension can be inferred", () => x.view([-1, -1])],
	[
		"reshape",
		"shape '[4, 2]' is invalid for input of size 6",
		() => x.reshape(4, 2),
	],
	[
		"expand",
		"The expanded size of the tensor (5) must match the existing size (2)",
		() => x.expand(5, 3),
	],
	["permute", "duplicate dims are not allowed", () => x.permute(0, 0)],
	[
		"sum",
		"dim 0 appears multiple times in the list of dims",
		() => x.sum([0, 0]),
	],
	[
		"conv2d",
		"Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [2, 3]",
		() => torch.conv2d(x, x),
	],
	[
		"conv2d",
		"expected input[1, 1, 3, 3] to have 2 channels, but got 1 channels instead",
		() => torch.conv2d(image, torch.ones(1, 2, 2, 2)),
	],
	["gather", "Expected dtype int32/int64 for index", () => x.gather(1, x)],
	[
		"where",
		"expected condition to be a boolean tensor",
		() => torch.where(x, x, x),
	],
	[
		"mul_",
		"output with shape [2, 3] doesn't match the broadcast shape [2, 2, 3]",
		() => x.mul_(torch.ones(2, 2, 3)),
	],
	[
		"add_",
		"result type Float can't be cast to the desired output type Int",
		() => x.int().add_(1.5),
	],
	[
		"add_",
		"a leaf Variable that requires grad is being used in an in-place operation",
		() => torch.ones(2, { requiresGrad: true }).add_(1),
	],
	["zeros", "Dimension size must be non-negative", () => torch.zeros([2, -1])],
	["arange", "step must be nonzero", () => torch.arange(0, 5, 0)],
	[
		"randint",
		"expects 'from' to be less than 'to'",
		() => torch.randint(5, 2, [1]),
	],
	[
		"multinomial",
		"invalid multinomial distribution",
		() => torch.multinomial(torch.zeros(2), 1),
	],
	[
		"dropout",
		"dropout probability has to be between 0 and 1, but got 2",
		() => torch.dropout(x, 2, true),
	],
	[
		"add",
		"at least two devices, meta and cpu",
		() => x.add(torch.ones(2, 3, { device: "meta" })),
	],
	["topk", "selected index k out of range", () => x.topk(7)],
	["clamp", "At least one of 'min' or 'max' must not be None", () => x.clamp()],
	[
		"normal",
		"normal expects std >= 0.0, but found std -1",
		() => torch.normal(x, -1),
	],
])("%s: what LibTorch refuses has its words: %s", (op, message, act) => {
	expectError(act, { op, code: "ERR_TORCH", message });
});

test.each<[string, string, string, () => unknown]>([
	[
		"sum",
		"ERR_OUT_OF_RANGE",
		"Dimension out of range (expected to be in range of [-2, 1], but got 5)",
		() => x.sum(5),
	],
	[
		"transpose",
		"ERR_OUT_OF_RANGE",
		"Dimension out of range",
		() => x.transpose(0, 2),
	],
	[
		"embedding",
		"ERR_OUT_OF_RANGE",
		"index out of range in self",
		() => torch.embedding(x, torch.tensor([7])),
	],
	[
		"bitwiseAnd",
		"ERR_NOT_IMPLEMENTED",
		"not implemented for 'Float'",
		() => x.bitwiseAnd(x),
	],
])("%s: %s tells what kind of refusal it is: %s", (op, code, message, act) => {
	expectError(act, { op, code, message });
});

test("an argument is not given twice", () => {
	expect(() => torch.softmax(x, 1, any({ dim: 0 }))).toThrow(
		"softmax: dim: given twice, by position and by name",
	);
	expect(() => x.sum(1, any({ dim: 0 }))).toThrow(torch.TorchError);
});

test("a refusal changes nothing", () => {
	const y = torch.ones(2, 3);
	for (const act of [
		() => y.add_(torch.ones(4)),
		() => y.mul_(any("2")),
		() => y.copy_(torch.ones(5)),
		() => y.scatter_(1, torch.tensor([[7]]), 5),
	])
		expect(act).toThrow(torch.TorchError);
	expect(y.tolist()).toEqual([
		[1, 1, 1],
		[1, 1, 1],
	]);
});
