/** A GPU's memory: counted, given back in time without dispose, and its end survived. */
import * as torch from "../../lib/index.ts";
import { describeOnGpu } from "./gpu.ts";

const { cuda } = torch;
const device = "cuda";
const megabyte = 2 ** 20;

describeOnGpu("memory", () => {
	test("what tensors hold, and the most that they held", () => {
		cuda.emptyCache();
		const before = cuda.memoryAllocated();
		const a = torch.empty([8 * megabyte], { dtype: "uint8", device });
		expect(cuda.memoryAllocated() - before).toBe(8 * megabyte);
		cuda.resetPeakMemoryStats();
		const b = torch.empty([16 * megabyte], { dtype: "uint8", device });
		b.dispose();
		expect(cuda.memoryAllocated() - before).toBe(8 * megabyte);
		expect(cuda.maxMemoryAllocated() - before).toBe(24 * megabyte);
		expect(cuda.memoryAllocated("cuda:0")).toBe(cuda.memoryAllocated(0));
		a.dispose();
		expect(cuda.memoryAllocated()).toBe(before);
		cuda.resetPeakMemoryStats();
		expect(cuda.maxMemoryAllocated()).toBe(before);
	});

	test("emptyCache gives back what is kept for the next ones", () => {
		torch.empty([64 * megabyte], { dtype: "uint8", device }).dispose();
		const reserved = cuda.memoryReserved();
		expect(reserved).toBeGreaterThanOrEqual(64 * megabyte);
		expect(cuda.maxMemoryReserved()).toBeGreaterThanOrEqual(reserved);
		cuda.emptyCache();
		expect(cuda.memoryReserved()).toBeLessThanOrEqual(reserved - 64 * megabyte);
	});

	test("20,000 tensors of 1 MB in a synchronous loop, none disposed: bounded", () => {
		cuda.resetPeakMemoryStats();
		const x = torch.zeros([megabyte / 4], { device });
		for (let i = 0; i < 20_000; i++) x.add(1);
		expect(cuda.maxMemoryAllocated()).toBeLessThan(1000 * megabyte);
		expect(x.sum().item()).toBe(0);
	});

	test("large ones that nothing refers to any more make way", () => {
		for (let i = 0; i < 300; i++)
			torch.empty([2 ** 32], { dtype: "uint8", device }); // 4 GiB each
		expect(cuda.memoryAllocated()).toBeLessThan(300 * 2 ** 32);
	});

	test("a training loop holds no more after a hundred steps than after ten", () => {
		const model = new torch.nn.Linear(256, 256, { device });
		const optimizer = new torch.optim.Adam(model.parameters());
		const x = torch.randn([64, 256], { device });
		const step = () => {
			optimizer.zeroGrad();
			model(x).pow(2).mean().backward();
			optimizer.step();
		};
		for (let i = 0; i < 200; i++) step();
		cuda.resetPeakMemoryStats();
		for (let i = 0; i < 2000; i++) step();
		expect(cuda.maxMemoryAllocated()).toBeLessThan(1000 * megabyte);
	});

	test("out of memory is an error, and life goes on", () => {
		const much = () => torch.empty([2 ** 46], { dtype: "uint8", device });
		expect(much).toThrow(torch.TorchError);
		expect(much).toThrow(
			expect.objectContaining({ code: "ERR_OUT_OF_MEMORY", op: "empty" }),
		);
		expect(much).toThrow(/^empty: CUDA out of memory\. Tried to allocate/);
		const x = torch.ones([1000, 1000], { device });
		expect(x.matmul(x).mean().item()).toBe(1000);
	});
});
