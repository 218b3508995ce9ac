import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { io } from "../../lib/index.ts";
import { temporaryFolder } from "../support/folder.ts";

const temporary = temporaryFolder();

function roundTrip(state: { [key: string]: unknown }) {
	const path = temporary("checkpoint.safetensors");
	io.saveCheckpoint(path, state);
	return io.loadCheckpoint(path);
}

test("plain values come back as they were", () => {
	const state = {
		text: "ü\n\u0000",
		numbers: [0, -0, 1.5, 1e300, Number.NaN, Infinity, -Infinity, 2 ** 60],
		big: 2n ** 80n,
		flags: { yes: true, no: false, nothing: null, missing: undefined },
		empty: [{}, []],
		$dollar: { $tensor: "not one", $$: 1, $number: "5" },
		"a.b": { "": 0 },
	};
	expect(roundTrip(state)).toStrictEqual(state);
	const proto = JSON.parse('{"__proto__":{"polluted":true}}');
	expect(JSON.stringify(roundTrip({ proto }))).toBe(
		`{"proto":{"__proto__":{"polluted":true}}}`,
	);
});

test("tensors come back where they were, under names that say where", () => {
	const weight = torch.randn([2, 3]);
	const path = temporary("named.safetensors");
	io.saveCheckpoint(path, {
		model: { "fc.weight": weight },
		list: [torch.tensor([1, 2]), { deep: torch.tensor(true) }],
		"list.0": torch.tensor(3),
	});
	expect(Object.keys(io.loadFile(path)).sort()).toEqual([
		"list.0",
		"list.0'",
		"list.1.deep",
		"model.fc.weight",
	]);
	const {
		model,
		list,
		"list.0": odd,
	} = io.loadCheckpoint(path) as never as {
		model: Record<string, torch.Tensor>;
		list: [torch.Tensor, { deep: torch.Tensor }];
		"list.0": torch.Tensor;
	};
	expect(model["fc.weight"]?.equal(weight)).toBe(true);
	expect(list[0].tolist()).toEqual([1, 2]);
	expect(list[1].deep.item()).toBe(true);
	expect(odd.item()).toBe(3);
});

test("a tensor that occurs twice is one tensor again", () => {
	const shared = torch.ones([2]);
	const { a, b } = roundTrip({ a: shared, b: [shared] }) as never as {
		a: torch.Tensor;
		b: [torch.Tensor];
	};
	expect(a).toBe(b[0]);
});

test("what is not plain is refused with its place", () => {
	const save = (state: { [key: string]: unknown }) => () =>
		io.saveCheckpoint(temporary("refused"), state);
	expect(save({ a: { b: () => 1 } })).toThrow(
		"saveCheckpoint: state.a.b: expected a tensor or plain data, got function",
	);
	expect(save({ a: [0, new Map()] })).toThrow(
		"state.a.1: expected a tensor or plain data, got Map",
	);
	expect(save({ when: new Date() })).toThrow(
		"state.when: expected a tensor or plain data, got Date",
	);
});

test("a safetensors file that is no checkpoint is said to be none", () => {
	const path = join(__dirname, "../fixtures/safetensors/odd.safetensors");
	expect(() => io.loadCheckpoint(path)).toThrow(
		expect.objectContaining({
			code: "ERR_INVALID_FILE",
			message: `${path}: a safetensors file, but no checkpoint of torch-node`,
		}),
	);
});
