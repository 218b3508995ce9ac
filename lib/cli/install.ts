import { parseArgs } from "node:util";
import { type InstallOptions, install } from "../libtorch/install.ts";
import { progressReport } from "./progress.ts";

/** `torch-node install …`: returns the exit code. */
export async function installCommand(args: string[]): Promise<number> {
	let options: InstallOptions;
	try {
		options = parse(args);
	} catch (error) {
		console.error(`torch-node install: ${(error as Error).message}`);
		return 2;
	}
	const report = progressReport();
	try {
		const { path, version, already } = await install({ ...options, report });
		report.end();
		const verb = already ? "is already in" : "is installed in";
		console.log(`LibTorch ${version} ${verb} ${path}`);
		return 0;
	} catch (error) {
		report.end();
		console.error(`torch-node install: ${(error as Error).message}`);
		return 1;
	}
}

function parse(args: string[]): InstallOptions {
	const { values } = parseArgs({
		args,
		options: {
			cpu: { type: "boolean" },
			cuda: { type: "string" },
			from: { type: "string" },
			version: { type: "string" },
			sha256: { type: "string" },
		},
	});
	const { cpu, cuda, from, version, sha256 } = values;
	if (cpu && cuda) throw new Error("--cpu or --cuda, not both");
	if (cuda !== undefined && !/^\d+(\.\d+)?$/.test(cuda)) {
		throw new Error(`--cuda: expected CUDA's version, as in 13, got "${cuda}"`);
	}
	if (version !== undefined && !/^\d+\.\d+\.\d+$/.test(version)) {
		throw new Error(`--version: expected three numbers, got "${version}"`);
	}
	if (sha256 !== undefined && !/^[0-9a-fA-F]{64}$/.test(sha256)) {
		throw new Error("--sha256: expected 64 hexadecimal digits");
	}
	const options: InstallOptions = { from, version, sha256 };
	if (cpu) return { ...options, cuda: null };
	return cuda === undefined ? options : { ...options, cuda };
}
