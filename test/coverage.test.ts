/** docs/coverage.md lists every public name of PyTorch with its state here, and is current. */
import { compiled, run } from "./support/dist.ts";

test("npm run coverage would change nothing, and every name has a state", async () => {
	const script = compiled("scripts/coverage/main.js");
	const ended = await run(process.execPath, [script, "--check"]);
	expect(ended).toMatchObject({ code: 0, stderr: "" });
});
