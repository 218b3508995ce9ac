// What torch.save wrote before PyTorch 1.6, and writes with _use_new_zipfile_serialization=False: pickles of a magic number, a version,
// the machine, what was saved, and the storages' keys; then each storage as its length in elements (int64) and its bytes.
import { damaged, type ReadFile, type Region, shown } from "../files.ts";
import { Dict, List, type Node } from "../pickle/nodes.ts";
import { MAX_PICKLE, PickleEnds, readPickle } from "../pickle/reader.ts";
import type { Archive } from "./archive.ts";
import { sizeOf } from "./dtypes.ts";
import { isAllowed } from "./interpret.ts";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

export function readLegacy(file: ReadFile): Archive {
	const { path } = file;
	const { values, end } = readPickles(file);
	const [magic, version, machine, root, keys] = values;
	if (magic !== MAGIC || version !== VERSION)
		throw damaged(path, "a pickle, but not one of torch.save");
	if (!(machine instanceof Dict) || !isLittleEndian(machine))
		throw damaged(path, "its byte order is not little endian");
	if (!(keys instanceof List)) throw damaged(path, "has no list of storages");
	return {
		root: root as Node,
		locate(storages) {
			const regions = new Map<string, Region>();
			let position = end;
			for (const key of keys.items) {
				const storage = typeof key === "string" && storages.get(key);
				if (!storage || regions.has(key))
					throw damaged(path, "has a storage that no tensor uses");
				const { dtype, rootBytes } = storage;
				if (position + 8 + rootBytes > file.size)
					throw damaged(path, `cut short: storage ${shown(key)} is missing`);
				const head = Buffer.from(file.bytes(position, 8));
				if (head.readBigInt64LE() !== BigInt(rootBytes / sizeOf(dtype)))
					throw damaged(path, `storage ${shown(key)} has another length`);
				regions.set(key, { position: position + 8, length: rootBytes });
				position += 8 + rootBytes;
			}
			for (const key of storages.keys())
				if (!regions.has(key))
					throw damaged(path, `storage ${shown(key)} is missing`);
			return regions;
		},
	};
}

/** Nobody knows where the pickles end before they are read: the file's beginning, as much as it takes. */
function readPickles(file: ReadFile): { values: Node[]; end: number } {
	for (let length = 2 ** 16; ; length *= 4) {
		const all = Math.min(file.size, MAX_PICKLE);
		const bytes = file.bytes(0, Math.min(length, all));
		try {
			const values: Node[] = [];
			let start = 0;
			while (values.length < 5) {
				const options = { isAllowed, fileSize: file.size, start };
				const { value, end } = readPickle(bytes, options);
				values.push(value);
				start = end;
				if (values[0] !== MAGIC)
					throw damaged(file.path, "a pickle, but not one of torch.save");
			}
			return { values, end: start };
		} catch (error) {
			if (!(error instanceof PickleEnds) || bytes.length === all) throw error;
		}
	}
}

function isLittleEndian({ entries }: Dict): boolean {
	return entries[entries.indexOf("little_endian") + 1] === true;
}
