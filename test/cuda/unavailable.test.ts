/** Without a GPU every call that needs one says so in one sentence, and what asks answers no. */
import * as torch from "../../lib/index.ts";
import { hasGpu, whyNot } from "./gpu.ts";

const { cuda } = torch;
const x = torch.ones([2, 3]);
const onCuda = { device: "cuda" } as const;

const calls: { [name: string]: () => unknown } = {
	"cuda.currentDevice": () => cuda.currentDevice(),
	"cuda.setDevice": () => cuda.setDevice(0),
	"cuda.synchronize": () => cuda.synchronize(),
	"cuda.memoryAllocated": () => cuda.memoryAllocated(),
	"cuda.maxMemoryAllocated": () => cuda.maxMemoryAllocated("cuda:0"),
	"cuda.memoryReserved": () => cuda.memoryReserved(0),
	"cuda.maxMemoryReserved": () => cuda.maxMemoryReserved(),
	"cuda.resetPeakMemoryStats": () => cuda.resetPeakMemoryStats(),
	"cuda.initialSeed": () => cuda.initialSeed(),
	"cuda.getRngState": () => cuda.getRngState(),
	"cuda.setRngState": () =>
		cuda.setRngState(torch.zeros([16], { dtype: "uint8" })),
	"x.to": () => x.to("cuda"),
	"x.to by name": () => x.to({ device: "cuda:0", dtype: "float64" }),
	"x.cuda": () => x.cuda(),
	tensor: () => torch.tensor([1, 2], onCuda),
	zeros: () => torch.zeros([2], onCuda),
	full: () => torch.full([2], 1, onCuda),
	randn: () => torch.randn([2], onCuda),
	randint: () => torch.randint(3, [2], onCuda),
	arange: () => torch.arange(3, onCuda),
	linspace: () => torch.linspace(0, 1, 3, onCuda),
	eye: () => torch.eye(2, onCuda),
	empty: () => torch.empty([2], { device: "cuda:1" }),
	zerosLike: () => torch.zerosLike(x, onCuda),
	Generator: () => new torch.Generator("cuda"),
	"nn.Linear": () => new torch.nn.Linear(2, 3, onCuda),
	"model.to": () => new torch.nn.Linear(2, 3).to("cuda"),
	"model.cuda": () => new torch.nn.Linear(2, 3).cuda(),
};

(hasGpu ? describe.skip : describe)(
	hasGpu ? "without a GPU (skipped: there is one)" : "without a GPU",
	() => {
		test("isAvailable and deviceCount answer", () => {
			expect(cuda.isAvailable()).toBe(false);
			expect(cuda.deviceCount()).toBe(0);
		});

		test("nothing to seed and nothing to give back is no error, as in Python", () => {
			const before = torch.randn([3], {
				generator: new torch.Generator().manualSeed(5),
			});
			cuda.manualSeed(5);
			cuda.manualSeedAll(5);
			cuda.emptyCache();
			torch.manualSeed(5);
			expect(torch.randn([3]).equal(before)).toBe(true);
		});

		test.each(Object.entries(calls))("%s says why", (_name, call) => {
			let error: unknown;
			try {
				call();
			} catch (thrown) {
				error = thrown;
			}
			expect(error).toBeInstanceOf(torch.TorchError);
			const { code, message } = error as torch.TorchError;
			expect(code).toBe("ERR_DEVICE_UNAVAILABLE");
			expect(message).toMatch(
				/^\w+: device: "cuda(:\d)?" cannot be used: [^\n]+$/,
			);
			expect(message).toContain(whyNot);
		});

		test("a call that failed leaves the CPU usable", () => {
			expect(() => x.to("cuda")).toThrow("cannot be used");
			expect(x.sum().item()).toBe(6);
		});
	},
);

test.each([
	[() => cuda.synchronize("cpu" as "cuda")],
	[() => cuda.memoryAllocated("gpu" as "cuda")],
	[() => cuda.memoryAllocated(-1)],
	[() => cuda.memoryAllocated(1.5)],
	[() => cuda.setDevice({} as number)],
])("%s: a device that is none is refused by name", (call) => {
	expect(call).toThrow(/^\w+: device: expected/);
});
