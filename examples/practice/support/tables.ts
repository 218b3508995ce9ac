import { fileURLToPath } from "node:url";

const folder = new URL(
	"examples/data/tables/",
	import.meta.resolve("torch-node/package.json"),
);

/** The file of a table in examples/data/tables. */
export function tablePath(name: string): string {
	return fileURLToPath(new URL(`${name}.csv`, folder));
}
