import * as check from "../../check.ts";
import { Parameter } from "../../nn/parameter.ts";
import { privateOperator } from "../../operator.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Complex } from "../../types.ts";
import { atomicWrite, atomicWriteAsync } from "../atomicWrite.ts";
import { PickleWriter } from "../pickle/writer.ts";
import { Unchanged } from "../tensorBytes.ts";
import { type Member, zip } from "../zip/writer.ts";
import { isOptimizerState } from "./interpret.ts";
import { plain, Storages } from "./storages.ts";
import { kindOf, tensorsOf } from "./survey.ts";

/**
 * Writes a value to a file that `load` reads, and Python's `torch.load`: state dicts, numbers, strings, and containers of these.
 *
 * The file appears whole or not at all; one that was there before is replaced. Tensors that share memory share it again when loaded,
 * and of a storage no more is written than they cover. Python finds objects and Maps as dictionaries, arrays as lists and frozen
 * ones as tuples, Sets as sets, Uint8Arrays as bytes, `{ re, im }` as complex numbers, null as None. A whole number becomes an int. An
 * object's undefined members are left out; elsewhere undefined is None. The keys of an optimizer's `state` become numbers, as
 * PyTorch has them. Tensors on other devices are written as the CPU's.
 *
 * @throws TorchError that names the place of what cannot be saved: functions, modules and other objects with a class, cycles
 * @see https://docs.pytorch.org/docs/stable/generated/torch.save.html
 *
 * @example
 * save(model.stateDict(), "model.pt");
 * save({ model: model.stateDict(), optimizer: optimizer.stateDict(), epoch: 3 }, "run.pt");
 */
export function save(value: unknown, path: string): void {
	atomicWrite(path, chunksOf("save", value, path));
}

/**
 * {@link save} that lets others run between one chunk and the next. The tensors must stay as they are until it is done.
 *
 * @throws TorchError also where a tensor was changed meanwhile: the old file then stays
 *
 * @example
 * await saveAsync(model.stateDict(), "model.pt");
 */
export async function saveAsync(value: unknown, path: string): Promise<void> {
	await atomicWriteAsync(path, chunksOf("saveAsync", value, path));
}

/** Everything but the tensors' bytes is settled before the first chunk. */
function chunksOf(
	op: string,
	value: unknown,
	path: string,
): Iterable<Uint8Array> {
	check.string(op, "path", path);
	const unchanged = new Unchanged(op, path);
	const parts = new Map<Tensor, Parts>();
	const storages = new Storages();
	for (const [tensor, place] of tensorsOf(op, value)) {
		unchanged.add(place, tensor);
		const part = partsOf(plain(op, place, tensor));
		parts.set(tensor, part);
		for (const strided of part.strided) storages.add(strided);
	}
	const writer = new StateWriter(parts, storages);
	writer.value(value);
	const pickle = writer.pickle.end();
	return (function* () {
		yield* zip(members(pickle, storages));
		unchanged.check();
	})();
}

const FOLDER = "archive/"; // the name that torch.save gives where the file has none

function* members(pickle: Uint8Array, { all }: Storages): Generator<Member> {
	const text = (name: string, text: string): Member => ({
		name: FOLDER + name,
		length: text.length,
		chunks: [Buffer.from(text)],
	});
	yield {
		name: `${FOLDER}data.pkl`,
		length: pickle.length,
		chunks: [pickle],
	};
	yield text(".format_version", "1");
	yield text(".storage_alignment", "64");
	yield text("byteorder", "little");
	for (const storage of all)
		yield {
			name: `${FOLDER}data/${storage.key}`,
			length: storage.length,
			chunks: storage.bytes(),
		};
	yield text("version", "3\n");
}

const indicesOf = privateOperator("_indices");
const valuesOf = privateOperator("_values");

/** What of a tensor lies in storages. */
interface Parts {
	tensor: Tensor;
	strided: Tensor[];
}

function partsOf(tensor: Tensor): Parts {
	const layout = layoutOf(tensor);
	if (tensor.device === "meta") return { tensor, strided: [] };
	if (layout === "strided") return { tensor, strided: [tensor] };
	if (layout === "sparse_coo")
		return {
			tensor,
			strided: [indicesOf(tensor) as Tensor, valuesOf(tensor) as Tensor],
		};
	const [compressed, other] = /csr|bsr/.test(layout)
		? [tensor.crowIndices(), tensor.colIndices()]
		: [tensor.ccolIndices(), tensor.rowIndices()];
	return { tensor, strided: [compressed, other, tensor.values()] };
}

type Entries = [key: unknown, item: unknown][];

/** An object's members that are there. What is an optimizer's state dict has numbers for keys in its `state`. */
function entriesOf(value: Record<string, unknown>): Entries {
	const entries: Entries = Object.entries(value).filter(
		([, item]) => item !== undefined,
	);
	const { state } = value;
	if (!isOptimizerState(new Map(entries)) || kindOf(state) !== "object")
		return entries;
	const numbered = Object.entries(state as object).map(
		([key, item]): [unknown, unknown] => [
			/^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key,
			item,
		],
	);
	return entries.map(([key, item]) => [
		key,
		key === "state" ? new Map(numbered) : item,
	]);
}

/** The name that Python has for it. */
function layoutOf({ layout }: Tensor): string {
	return layout.replace(/^sparse_?/, "sparse_");
}

/** Writes values as Python's pickle module would. */
class StateWriter {
	readonly pickle = new PickleWriter();
	readonly #parts: ReadonlyMap<Tensor, Parts>;
	readonly #storages: Storages;

	constructor(parts: ReadonlyMap<Tensor, Parts>, storages: Storages) {
		this.#parts = parts;
		this.#storages = storages;
	}

	value(value: unknown): void {
		const { pickle } = this;
		const items = (values: Iterable<unknown>) =>
			Array.from(values, (item) => () => this.value(item));
		const isObject = typeof value === "object" && value !== null;
		if (isObject && pickle.recall(value)) return;
		switch (kindOf(value)) {
			case "none":
				pickle.none();
				break;
			case "boolean":
				pickle.boolean(value as boolean);
				break;
			case "number":
				pickle.number(value as number);
				break;
			case "bigint":
				pickle.integer(value as bigint);
				break;
			case "string":
				pickle.string(value as string);
				break;
			case "list":
				pickle.list(value, items(value as unknown[]));
				break;
			case "map":
				this.#dict(value, [...(value as Map<unknown, unknown>)]);
				break;
			case "object":
				this.#dict(value, entriesOf(value as Record<string, unknown>));
				break;
			case "tuple":
				pickle.tuple(items(value as unknown[]));
				pickle.remember(value);
				break;
			case "set": {
				const list = items(value as Set<unknown>);
				pickle.call("__builtin__", "set", [() => pickle.list({}, list)]);
				pickle.remember(value);
				break;
			}
			case "complex": {
				const { re, im } = value as Complex;
				const float = (part: number) => () => pickle.float(part);
				pickle.call("__builtin__", "complex", [float(re), float(im)]);
				break;
			}
			case "bytes": {
				const text = Buffer.from(value as Uint8Array).toString("latin1");
				pickle.call("_codecs", "encode", items([text, "latin1"]));
				pickle.remember(value);
				break;
			}
			case "tensor":
				this.#tensor(value as Tensor);
				pickle.remember(value);
				break;
		}
	}

	#dict(value: unknown, entries: readonly (readonly unknown[])[]): void {
		this.pickle.dict(
			value,
			entries.map(([key, item]) => () => {
				this.value(key);
				this.value(item);
			}),
		);
	}

	#tensor(tensor: Tensor): void {
		const { pickle } = this;
		const { requiresGrad } = tensor;
		const parts = this.#parts.get(tensor) as Parts;
		if (!(tensor instanceof Parameter)) {
			this.#rebuild(parts, requiresGrad);
			return;
		}
		pickle.call("torch._utils", "_rebuild_parameter", [
			() => this.#rebuild(parts, false),
			() => pickle.boolean(requiresGrad),
			() => pickle.call("collections", "OrderedDict", []),
		]);
	}

	#rebuild({ tensor, strided }: Parts, requiresGrad: boolean): void {
		const { pickle } = this;
		if (tensor.device === "meta") {
			pickle.call("torch._utils", "_rebuild_meta_tensor_no_storage", [
				() => pickle.global("torch", tensor.dtype),
				() => this.#lengths(tensor.shape),
				() => this.#lengths(tensor.stride()),
				() => pickle.boolean(requiresGrad),
			]);
		} else if (tensor.layout === "strided") {
			this.#strided(strided[0] as Tensor, requiresGrad);
		} else {
			const layout = [() => pickle.string(`torch.${layoutOf(tensor)}`)];
			const parts = strided.map((part) => () => this.#strided(part, false));
			const size = [() => this.#lengths(tensor.shape)];
			parts.push(() => pickle.call("torch", "Size", size));
			if (tensor.layout === "sparse_coo")
				parts.push(() => pickle.boolean(tensor.isCoalesced()));
			pickle.call("torch._utils", "_rebuild_sparse_tensor", [
				() => pickle.call("torch.serialization", "_get_layout", layout),
				() => pickle.tuple(parts),
			]);
		}
	}

	#lengths(list: readonly number[]): void {
		const { pickle } = this;
		pickle.tuple(list.map((length) => () => pickle.number(length)));
	}

	#strided(tensor: Tensor, requiresGrad: boolean): void {
		const { pickle } = this;
		const storage = this.#storages.of(tensor);
		const { className } = storage;
		const id = [
			() => pickle.string("storage"),
			() =>
				className === null
					? pickle.global("torch.storage", "UntypedStorage")
					: pickle.global("torch", className),
			() => pickle.string(storage.key),
			() => pickle.string("cpu"),
			() =>
				pickle.number(
					className === null
						? storage.length
						: storage.length / tensor.elementSize(),
				),
		];
		const args = [
			() => pickle.persistent(() => pickle.tuple(id)),
			() => pickle.number(storage.offsetOf(tensor)),
			() => this.#lengths(tensor.shape),
			() => this.#lengths(tensor.stride()),
			() => pickle.boolean(requiresGrad),
			() => pickle.call("collections", "OrderedDict", []),
		];
		if (className === null)
			pickle.call("torch._utils", "_rebuild_tensor_v3", [
				...args,
				() => pickle.global("torch", tensor.dtype),
			]);
		else pickle.call("torch._utils", "_rebuild_tensor_v2", args);
	}
}
