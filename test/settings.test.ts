/** LibTorch's own switches: what is set is what is read, and what it does. */
import * as torch from "../lib/index.ts";

const any = (value: unknown) => value as never;
const { cuda, cudnn, lapack, mkl, mkldnn, openmp } = torch.backends;

test("deterministic algorithms", () => {
	expect(torch.getDeterministicDebugMode()).toBe(0);
	torch.useDeterministicAlgorithms(true, { warnOnly: true });
	expect([
		torch.areDeterministicAlgorithmsEnabled(),
		torch.isDeterministicAlgorithmsWarnOnlyEnabled(),
		torch.getDeterministicDebugMode(),
	]).toEqual([true, true, 1]);
	torch.setDeterministicDebugMode("error");
	// what such an algorithm does: memory that is not filled in is NaN
	expect(torch.empty(2).isnan().all().item()).toBe(true);
	torch.setDeterministicDebugMode(0);
	expect(torch.areDeterministicAlgorithmsEnabled()).toBe(false);
});

test("precision of float32 products", () => {
	expect(torch.getFloat32MatmulPrecision()).toBe("highest");
	torch.setFloat32MatmulPrecision("medium");
	expect(torch.getFloat32MatmulPrecision()).toBe("medium");
	torch.setFloat32MatmulPrecision("highest");
});

test("numbers too small for full precision", () => {
	const tiny = () => torch.tensor([1e-40]).mul(1).item();
	expect(torch.setFlushDenormal(true)).toBe(true);
	expect(tiny()).toBe(0);
	torch.setFlushDenormal(false);
	expect(tiny()).toBeGreaterThan(0);
});

test("others are kept as they are set", () => {
	expect(torch.isWarnAlwaysEnabled()).toBe(false);
	torch.setWarnAlways(true);
	expect(torch.isWarnAlwaysEnabled()).toBe(true);
	torch.setWarnAlways(false);
	expect(torch.getNumInteropThreads()).toBeGreaterThan(0);
	torch.setAnomalyEnabled(true, false);
	expect([torch.isAnomalyEnabled(), torch.isAnomalyCheckNanEnabled()]).toEqual([
		true,
		false,
	]);
	torch.setAnomalyEnabled(false);
	expect([torch.isAnomalyEnabled(), torch.isAnomalyCheckNanEnabled()]).toEqual([
		false,
		true,
	]);
});

test("backends", () => {
	const places: [object, string, boolean][] = [
		[cudnn, "enabled", true],
		[cudnn, "benchmark", false],
		[cudnn, "deterministic", false],
		[cudnn, "allowTf32", true],
		[cuda.matmul, "allowTf32", false],
		[mkldnn, "enabled", true],
		[mkldnn, "deterministic", false],
	];
	for (const [holder, name, initial] of places) {
		expect([name, Reflect.get(holder, name)]).toEqual([name, initial]);
		Reflect.set(holder, name, !initial);
		expect([name, Reflect.get(holder, name)]).toEqual([name, !initial]);
		Reflect.set(holder, name, initial);
	}
	for (const [set, get] of [
		[cuda.enableFlashSdp, cuda.flashSdpEnabled],
		[cuda.enableMemEfficientSdp, cuda.memEfficientSdpEnabled],
		[cuda.enableMathSdp, cuda.mathSdpEnabled],
		[cuda.enableCudnnSdp, cuda.cudnnSdpEnabled],
	] as const) {
		const before = get();
		set(!before);
		expect(get()).toBe(!before);
		set(before);
	}
	for (const { isAvailable } of [mkldnn, mkl, openmp, lapack])
		expect(isAvailable()).toBe(true);
	expect(typeof cuda.isBuilt()).toBe("boolean");
});

test("oneDNN that is off is not taken", () => {
	const x = torch.ones(2, 2);
	expect(x.toMkldnn().layout).toBe("_mkldnn");
	mkldnn.enabled = false;
	const sum = torch.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2));
	mkldnn.enabled = true;
	expect(sum.flatten().tolist()).toEqual([4, 4, 4, 4]);
});

test.each<[string, () => unknown]>([
	[
		"useDeterministicAlgorithms: mode: expected boolean, got number 1",
		() => torch.useDeterministicAlgorithms(any(1)),
	],
	[
		"useDeterministicAlgorithms: warn: unknown option; known are warnOnly",
		() => torch.useDeterministicAlgorithms(true, any({ warn: true })),
	],
	[
		'setDeterministicDebugMode: debugMode: expected one of "default", "warn", "error", got string "x"',
		() => torch.setDeterministicDebugMode(any("x")),
	],
	[
		'setFloat32MatmulPrecision: precision: expected one of "highest", "high", "medium", got string "low"',
		() => torch.setFloat32MatmulPrecision(any("low")),
	],
	[
		"backends.cudnn.enabled: enabled: expected boolean, got number 1",
		() => {
			cudnn.enabled = any(1);
		},
	],
	[
		"backends.cuda.enableFlashSdp: enabled: expected boolean, got string",
		() => cuda.enableFlashSdp(any("x")),
	],
])("%s", (message, act) => {
	expect(act).toThrow(message);
});
