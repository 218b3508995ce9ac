#!/usr/bin/env node
import { packageVersion } from "../package.ts";

const usage = `torch-node ${packageVersion()}: PyTorch for Node.js

  torch-node install   get LibTorch, which torch-node runs on (once per machine)
    --cpu              the CPU build (default)
    --cuda 13          the CUDA 13 build, with the NVIDIA libraries that it needs
    --from FILE|URL    from a wheel or a LibTorch zip; or a folder of wheels
    --version 2.13.0   another version
    --sha256 HEX       refuse an archive that hashes to something else
  torch-node doctor    say what is installed, what was found, and what is wrong
  torch-node --help, --version

LibTorch goes to ~/.cache/torch-node; TORCH_NODE_CACHE names another folder, and LIBTORCH a LibTorch of your own.`;

/** Ends with 0 when all is well, 1 when something failed, 2 when the command line was not understood. */
async function main([command, ...rest]: string[]): Promise<number> {
	const helpAsked = rest.some((word) => word === "--help" || word === "-h");
	switch (helpAsked ? "--help" : command) {
		case "install":
			return (await import("./install.ts")).installCommand(rest);
		case "doctor":
			if (rest.length > 0) {
				console.error(
					`torch-node doctor: takes no arguments, got ${rest.join(" ")}`,
				);
				return 2;
			}
			return (await import("./doctor.ts")).doctor();
		case "--version":
		case "-v":
			console.log(packageVersion());
			return 0;
		case "--help":
		case "-h":
			console.log(usage);
			return 0;
		default:
			if (command) console.error(`torch-node: no command "${command}"\n`);
			console.error(usage);
			return 2;
	}
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(`torch-node: ${(error as Error).message}`);
	return 1;
});
