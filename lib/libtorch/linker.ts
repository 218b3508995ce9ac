import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The libraries that LibTorch in the folder `lib` needs and lacks, as the system's own linker sees it. */
export function unresolved(lib: string): string[] {
	const missing = new Set<string>();
	for (const name of ["libtorch_cpu.so", "libtorch_cuda.so"]) {
		const { stdout } = spawnSync("ldd", [join(lib, name)], {
			encoding: "utf8",
			env: process.env,
		});
		for (const [, library] of (stdout ?? "").matchAll(/(\S+) => not found/g)) {
			if (library) missing.add(library);
		}
	}
	return [...missing];
}
