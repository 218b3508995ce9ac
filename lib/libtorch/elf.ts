import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const machines: Record<number, string> = {
	3: "ia32",
	40: "arm",
	62: "x64",
	183: "arm64",
	243: "riscv64",
};

/** The header of a shared library: which processor it is for, and whether the file is as long as its header says. */
export interface ElfHeader {
	/** In Node's words (`process.arch`): "x64", "arm64", … */
	arch: string;
	complete: boolean;
}

/** Reads 64 bytes of `file`; null when it is no ELF file. A file that cannot be read throws as `fs` throws. */
export function readElfHeader(file: string): ElfHeader | null {
	const descriptor = openSync(file, "r");
	try {
		const header = Buffer.alloc(64);
		const length = readSync(descriptor, header, 0, 64, 0);
		if (length < 20 || header.readUInt32BE(0) !== 0x7f454c46) return null;
		const machine = header.readUInt16LE(18);
		const arch = machines[machine] ?? `ELF machine ${machine}`;
		if (length < 64) return { arch, complete: false };
		if (header[4] !== 2) return { arch, complete: true }; // 32 bits: other offsets, and never ours
		// The table of sections comes last in what compilers write, so a file cut short ends before it.
		const end =
			Number(header.readBigUInt64LE(40)) +
			header.readUInt16LE(58) * header.readUInt16LE(60);
		return { arch, complete: fstatSync(descriptor).size >= end };
	} finally {
		closeSync(descriptor);
	}
}
