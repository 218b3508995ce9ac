// The files that torch.save writes: a zip archive, or before PyTorch 1.6 pickles one after the other.
import { crc32 } from "node:zlib";
import { damaged, type ReadFile, type Region, shown } from "../files.ts";
import type { Node } from "../pickle/nodes.ts";
import { MAX_PICKLE, PickleProblem, readPickle } from "../pickle/reader.ts";
import { Zip } from "../zip/reader.ts";
import type { Storage } from "./args.ts";
import { isAllowed } from "./interpret.ts";
import { readLegacy } from "./legacy.ts";

export interface Archive {
	/** What was saved. */
	root: Node;
	/** Where the storages are that it refers to. */
	locate(storages: ReadonlyMap<string, Storage>): Map<string, Region>;
}

const MAX_VERSION = 10;

/** @throws TorchError or PickleProblem */
export function openArchive(file: ReadFile): Archive {
	const start = Buffer.from(file.bytes(0, Math.min(file.size, 9)));
	if (start.toString("latin1", 0, 4) === "PK\x03\x04") return readZip(file);
	if (start[0] === 0x80) return readLegacy(file);
	throw damaged(
		file.path,
		start[8] === 0x7b
			? "not a file of torch.save; safetensors are read by loadFile"
			: "not a file of torch.save",
	);
}

function readZip(file: ReadFile): Archive {
	const { path } = file;
	const zip = new Zip(file);
	const [first = ""] = zip.names();
	const folder = first.slice(0, first.indexOf("/") + 1);
	const text = (name: string) => {
		const { position, length } = zip.region(folder + name);
		if (length > 100) throw damaged(path, `its ${name} has ${length} bytes`);
		return Buffer.from(file.bytes(position, length)).toString("latin1").trim();
	};
	if (zip.has(`${folder}constants.pkl`))
		throw damaged(path, "a TorchScript program, not a checkpoint");
	const version = text("version");
	if (!/^\d+$/.test(version) || Number(version) > MAX_VERSION)
		throw damaged(path, `its format's version is ${shown(version)}`);
	if (zip.has(`${folder}byteorder`) && text("byteorder") !== "little")
		throw damaged(path, "its byte order is not little endian");
	const { position, length, crc } = zip.region(`${folder}data.pkl`);
	if (length > MAX_PICKLE)
		throw damaged(path, `its pickle has ${length} bytes, beyond ${MAX_PICKLE}`);
	const pickle = file.bytes(position, length);
	if (crc !== undefined && crc32(pickle) !== crc)
		throw damaged(path, "the checksum of its pickle is wrong");
	const { value, end } = readPickle(pickle, {
		isAllowed,
		fileSize: file.size,
	});
	if (end !== length) throw new PickleProblem("ends too early");
	return {
		root: value,
		locate(storages) {
			const regions = new Map<string, Region>();
			for (const [key, { rootBytes }] of storages) {
				const region = zip.region(`${folder}data/${key}`);
				if (region.length < rootBytes)
					throw damaged(
						path,
						`storage ${shown(key)} has ${region.length} bytes, not ${rootBytes}`,
					);
				regions.set(key, region);
			}
			return regions;
		},
	};
}
