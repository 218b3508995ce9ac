/** torch.backends: which libraries LibTorch has, and whether operators may take them. For the whole process. */
import { native } from "../binding.ts";
import * as check from "../check.ts";

/** A switch as a property that can be read and set. */
function property(path: string, name: string): PropertyDescriptor {
	return {
		enumerable: true,
		get: () => native.getSwitch(name),
		set: (on: boolean) =>
			native.setSwitch(
				name,
				check.boolean(path, path.split(".").at(-1) ?? "", on),
			),
	};
}

function switches<T extends object>(
	path: string,
	methods: Partial<T>,
	names: { readonly [property: string]: string },
): T {
	const object = { ...methods };
	for (const [own, name] of Object.entries(names))
		Object.defineProperty(object, own, property(`${path}.${own}`, name));
	return Object.seal(object) as T;
}

/** https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.cudnn */
export interface Cudnn {
	/** Whether cuDNN may be taken. Default: true. */
	enabled: boolean;
	/** Whether the fastest algorithm is found out for each new shape: worth it where shapes stay. Default: false. */
	benchmark: boolean;
	/** Whether only deterministic algorithms are taken. Default: false. */
	deterministic: boolean;
	/** Whether convolutions may be in TensorFloat32. Default: true. */
	allowTf32: boolean;
}

export const cudnn: Cudnn = switches(
	"backends.cudnn",
	{},
	{
		enabled: "cudnn",
		benchmark: "cudnnBenchmark",
		deterministic: "cudnnDeterministic",
		allowTf32: "cudnnAllowTf32",
	},
);

/** https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.cuda */
export interface Cuda {
	readonly matmul: {
		/** Whether products of float32 matrices may be in TensorFloat32. Default: false. */
		allowTf32: boolean;
	};
	/** Sets whether `scaledDotProductAttention` may take the flash kernel. */
	enableFlashSdp(enabled: boolean): void;
	flashSdpEnabled(): boolean;
	/** The same for the kernel that needs little memory. */
	enableMemEfficientSdp(enabled: boolean): void;
	memEfficientSdpEnabled(): boolean;
	/** The same for the composed operators, which are always possible. */
	enableMathSdp(enabled: boolean): void;
	mathSdpEnabled(): boolean;
	/** The same for cuDNN's kernel. */
	enableCudnnSdp(enabled: boolean): void;
	cudnnSdpEnabled(): boolean;
	/** Whether LibTorch was built for CUDA. */
	isBuilt(): boolean;
}

const set = (method: string, name: string) => (enabled: boolean) =>
	native.setSwitch(
		name,
		check.boolean(`backends.cuda.${method}`, "enabled", enabled),
	);
const get = (name: string) => () => native.getSwitch(name);

export const cuda: Cuda = Object.freeze({
	matmul: switches<Cuda["matmul"]>(
		"backends.cuda.matmul",
		{},
		{
			allowTf32: "cublasAllowTf32",
		},
	),
	enableFlashSdp: set("enableFlashSdp", "flashSdp"),
	flashSdpEnabled: get("flashSdp"),
	enableMemEfficientSdp: set("enableMemEfficientSdp", "memEfficientSdp"),
	memEfficientSdpEnabled: get("memEfficientSdp"),
	enableMathSdp: set("enableMathSdp", "mathSdp"),
	mathSdpEnabled: get("mathSdp"),
	enableCudnnSdp: set("enableCudnnSdp", "cudnnSdp"),
	cudnnSdpEnabled: get("cudnnSdp"),
	isBuilt: () => native.hasBackend("cuda"),
});

/** https://docs.pytorch.org/docs/stable/backends.html#module-torch.backends.mkldnn */
export interface Mkldnn {
	/** Whether oneDNN may be taken on the CPU. Default: true. */
	enabled: boolean;
	/** Whether only its deterministic algorithms are taken. Default: false. */
	deterministic: boolean;
	/** Whether LibTorch has oneDNN. */
	isAvailable(): boolean;
}

export const mkldnn: Mkldnn = switches<Mkldnn>(
	"backends.mkldnn",
	{ isAvailable: get("hasMkldnn") },
	{ enabled: "mkldnn", deterministic: "mkldnnDeterministic" },
);

/** A library that LibTorch has or has not. */
export interface Library {
	isAvailable(): boolean;
}

/** Intel's MKL. */
export const mkl: Library = Object.freeze({ isAvailable: get("mkl") });
/** OpenMP, which shares an operator's work among threads. */
export const openmp: Library = Object.freeze({ isAvailable: get("openmp") });
/** LAPACK, for linear algebra. */
export const lapack: Library = Object.freeze({ isAvailable: get("lapack") });
