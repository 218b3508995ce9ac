import { readFile } from "node:fs/promises";
import type { Placement } from "../files/unzip.ts";

/** Parts of a wheel that only Python or PyTorch's own tests need. */
const unneeded =
	/\/lib(torch_python|torchbind_test|jitbackend_test|backend_with_compiler|aoti_custom_ops)\.so$/;

/** A LibTorch zip has libtorch/…, a wheel torch/…: both become torch/…, with what it takes to run and to build. */
export const placeTorch: Placement = (name) => {
	if (/^torch-[^/]+\.dist-info\/METADATA$/.test(name)) return "torch/METADATA";
	const inside = /^(?:lib)?torch\/(.+)$/.exec(name)?.[1];
	if (inside === undefined || unneeded.test(name)) return null;
	const wanted =
		/^(lib|include|share\/cmake)\//.test(inside) ||
		/^(version\.py|build-version|build-hash)$/.test(inside);
	return wanted ? `torch/${inside}` : null;
};

/** The shared libraries of an NVIDIA wheel, where LibTorch's run path looks for them: beside torch/. */
export const placeNvidia: Placement = (name) =>
	/^nvidia\/.*\/?lib\/[^/]+\.so[.\d]*$/.test(name) ? name : null;

/** What a CUDA wheel's METADATA says it needs of NVIDIA: pip requirements, with their conditions. */
export async function nvidiaRequirements(metadata: string): Promise<string[]> {
	const text = await readFile(metadata, "utf8").catch(() => "");
	return [...text.matchAll(/^Requires-Dist: (.+)$/gm)]
		.map(([, requirement = ""]) => requirement.trim())
		.filter((name) => /^(nvidia-|cuda-toolkit\b)/.test(name))
		.filter((name) => !/\bextra\s*==/.test(name));
}
