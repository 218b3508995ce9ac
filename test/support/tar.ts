/** Tar files, good ones and bad ones. */

export interface TarEntry {
	name: string;
	data?: Buffer | string;
	/** "0" a file, "5" a folder, "2" a link, "L" a long name, "x" attributes. */
	type?: string;
	link?: string;
	/** What the header says, if not the data's length. */
	size?: number;
}

function header({ name, type = "0", link = "" }: TarEntry, size: number) {
	const block = Buffer.alloc(512);
	block.write(name, 0, 100);
	block.write("0000644\0", 100);
	block.write("0000000\0", 108);
	block.write("0000000\0", 116);
	block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
	block.write("00000000000\0", 136);
	block.write("        ", 148);
	block.write(type, 156);
	block.write(link, 157, 100);
	block.write("ustar\x0000", 257, "latin1");
	const sum = block.reduce((total, byte) => total + byte, 0);
	block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
	return block;
}

export function tar(entries: readonly TarEntry[]): Buffer {
	const parts = entries.flatMap((entry) => {
		const data = Buffer.from(entry.data ?? "");
		const padding = Buffer.alloc((512 - (data.length % 512)) % 512);
		return [header(entry, entry.size ?? data.length), data, padding];
	});
	return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
