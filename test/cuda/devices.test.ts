/** Where tensors are, how they get there, and what happens when they are in different places. */
import * as torch from "../../lib/index.ts";
import { describeOnGpu } from "./gpu.ts";

describeOnGpu("devices", () => {
	test("there is one, and it is the current one", () => {
		expect(torch.cuda.deviceCount()).toBeGreaterThan(0);
		expect(torch.cuda.currentDevice()).toBe(0);
		torch.cuda.setDevice(0);
		expect(torch.cuda.currentDevice()).toBe(0);
		expect(torch.zeros([1], { device: "cuda" }).device).toBe("cuda:0");
		expect(torch.zeros([1], { device: "cuda:0" }).device).toBe("cuda:0");
	});

	test("one that is not there is refused", () => {
		const count = torch.cuda.deviceCount();
		expect(() => torch.zeros([1], { device: `cuda:${count}` })).toThrow(
			`"cuda:${count}" cannot be used: the last one is ${count - 1}`,
		);
		expect(() => torch.cuda.setDevice(count)).toThrow("cannot be used");
	});

	test.each([
		"float32",
		"float64",
		"float16",
		"bfloat16",
		"int64",
		"int32",
		"uint8",
		"bool",
		"complex64",
	] as const)("%s goes there and back unchanged", (dtype) => {
		const x = torch.tensor([0, 1, 2, 3, 4, 5], { dtype }).view(2, 3);
		const there = x.to("cuda");
		expect([there.device, there.dtype, there.shape]).toEqual([
			"cuda:0",
			dtype,
			[2, 3],
		]);
		expect(there.cpu().device).toBe("cpu");
		expect(there.cpu().equal(x)).toBe(true);
		expect(there.tolist()).toEqual(x.tolist());
		expect(there.t().tolist()).toEqual(x.t().tolist()); // not contiguous
	});

	test("each way to say it gives the same", () => {
		const x = torch.randn([5]);
		for (const there of [
			x.to("cuda"),
			x.to("cuda:0"),
			x.to({ device: "cuda" }),
			x.cuda(),
			x.cuda(0),
			x.to(torch.ones([1], { device: "cuda" })),
			torch.tensor(x.tolist() as number[], { device: "cuda" }),
		]) {
			expect(there.device).toBe("cuda:0");
			expect(there.cpu().equal(x)).toBe(true);
		}
		const there = x.to("cuda");
		expect(there.to("cuda")).toBe(there);
		expect(there.to({ device: "cuda", dtype: "float64" }).dtype).toBe(
			"float64",
		);
	});

	test("numbers and arrays come out of it", () => {
		const x = torch.arange(6, { dtype: "float32", device: "cuda" }).view(2, 3);
		expect(x.sum().item()).toBe(15);
		expect(x.toArray()).toEqual(x.cpu().toArray());
		expect(Array.from(x.toTypedArray() as Float32Array)).toEqual([
			0, 1, 2, 3, 4, 5,
		]);
		expect(x.select(0, 1).tolist()).toEqual([3, 4, 5]);
	});

	test("printing names the device", () => {
		expect(String(torch.ones([2], { device: "cuda" }))).toBe(
			"tensor([1., 1.], device='cuda:0')",
		);
	});

	test("tensors on different devices: LibTorch's sentence with the operator's name", () => {
		const [here, there] = [
			torch.ones([2, 2]),
			torch.ones([2, 2], { device: "cuda" }),
		];
		for (const [op, call] of [
			["add", () => here.add(there)],
			["matmul", () => there.matmul(here)],
			["linear", () => torch.nn.functional.linear(there, here)],
			["cat", () => torch.cat([here, there])],
		] as const) {
			expect(call).toThrow(torch.TorchError);
			expect(call).toThrow(new RegExp(`^${op}: `));
			expect(call).toThrow(/same device/);
			expect(call).toThrow(/^[^\n]*cuda:0[^\n]*$/);
		}
		expect(there.add(torch.tensor(1)).cpu().tolist()).toEqual([
			[2, 2],
			[2, 2],
		]); // one element without dimensions may be on the CPU
	});

	test("synchronize waits for what was given", () => {
		const x = torch.randn([512, 512], { device: "cuda" });
		let y = x;
		for (let i = 0; i < 50; i++) y = y.matmul(x).div(32);
		torch.cuda.synchronize();
		torch.cuda.synchronize(0);
		torch.cuda.synchronize("cuda:0");
		expect(y.isfinite().all().item()).toBe(true);
	});
});
