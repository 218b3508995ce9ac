import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vision } from "torch-node";
import { openImages } from "./images.ts";

/** Writes the first images of Fashion-MNIST as PNG files into a folder for each class, unless they are there. Gives the folder above them. */
export async function imageFolder(count: number): Promise<string> {
	const folder = `runs/clothes-${count}`;
	if (existsSync(folder)) return folder;
	const { images, labels } = await openImages({ train: count, test: 1 }).then(
		({ train: [images, labels] }) => ({
			images,
			labels: labels.tolist() as number[],
		}),
	);
	const unfinished = `${folder}.${process.pid}`;
	for (const [i, label] of labels.entries()) {
		const home = join(unfinished, `class${label}`);
		await mkdir(home, { recursive: true });
		const file = join(home, `${String(i).padStart(5, "0")}.png`);
		await writeFile(file, await vision.io.encodePng(images.select(0, i)));
	}
	await rename(unfinished, folder).catch(() =>
		rm(unfinished, { recursive: true }),
	); // another run was faster
	return folder;
}
