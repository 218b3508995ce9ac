import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../lib/index.ts";
import { root } from "../support/dist.ts";

test("no two of the library's own have the same name: in the package they are in one file", () => {
	const folder = join(root, "lib");
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	const said = files
		.filter((file) => file.endsWith(".ts"))
		.flatMap((file) => {
			const text = readFileSync(join(folder, file), "utf8");
			return [...text.matchAll(/^importable\(import\.meta\.url, (.*)\);/gm)];
		})
		.flatMap(([, names = ""]) => names.split(", "));
	const { tvTensors, transforms } = torch.vision;
	const namespaces: Record<string, object> = {
		transforms,
		tvTensors,
		functional: transforms.functional,
	};
	const names = said.flatMap((name) => {
		const space = namespaces[name];
		if (!space) return [name];
		return Object.entries(space).flatMap(([key, value]) =>
			typeof value === "function" ? [key] : [],
		);
	});
	expect(names.length).toBeGreaterThan(150);
	expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
