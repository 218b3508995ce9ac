/** lib/generated/ is what the generator makes of the schemas of the LibTorch that it was made with. */
import { libtorch } from "../lib/binding.ts";
import { defaultVersions } from "../lib/libtorch/install.ts";
import { compiled, run } from "./support/dist.ts";

const same = libtorch.version.startsWith(defaultVersions.cpu);

(same ? test : test.skip)(
	same
		? "npm run generate would change nothing"
		: `npm run generate would change nothing (skipped: it was made with LibTorch ${defaultVersions.cpu}, this is ${libtorch.version})`,
	async () => {
		const generator = compiled("scripts/generate/main.js");
		const ended = await run(process.execPath, [generator, "--check"]);
		expect(ended).toMatchObject({ code: 0, stderr: "" });
	},
);
