import { keep } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import { sameLayout } from "./layout.ts";
import { camelCase, snakeCase } from "./names.ts";
import type {
	OptimizerStateDict,
	ParamGroup,
	ParamState,
	SavedGroup,
	SavedValue,
	StateValue,
} from "./types.ts";

/** Groups and state in PyTorch's form; parameters are numbered in the order of the groups. */
export function pack<Options extends object>(
	groups: ParamGroup<Options>[],
	state: ReadonlyMap<Tensor, ParamState>,
): OptimizerStateDict {
	const numbers = new Map<Tensor, number>();
	let start = 0;
	const param_groups = groups.map(({ params, ...options }): SavedGroup => {
		params.forEach((param, i) => {
			if (!numbers.has(param)) numbers.set(param, start + i);
		});
		start += params.length;
		const saved: { [option: string]: SavedValue } = {};
		for (const [name, value] of Object.entries(options))
			saved[snakeCase(name)] = value as SavedValue;
		return {
			...saved,
			params: params.map((param) => numbers.get(param) as number),
		};
	});
	const packed: OptimizerStateDict["state"] = {};
	for (const [param, remembered] of state) {
		const number = numbers.get(param);
		if (number !== undefined && Object.keys(remembered).length > 0)
			packed[number] = { ...remembered };
	}
	return { state: packed, param_groups };
}

/** A saved group's options under their names here. Lists are copied: a group's options may be changed in place. */
export function unpackOptions(saved: SavedGroup): { [name: string]: unknown } {
	const options: { [name: string]: unknown } = {};
	for (const [name, value] of Object.entries(saved))
		if (name !== "params")
			options[camelCase(name)] = Array.isArray(value) ? [...value] : value;
	return options;
}

/**
 * One parameter's saved state, on the device and in the dtype and layout of the parameter. Its `step` counts beyond what half
 * precision can: it stays float32, and where it is unless a kernel reads it on the device.
 */
export function unpackState(
	saved: ParamState,
	param: Tensor,
	onDevice: boolean,
): ParamState {
	const convert = (
		value: StateValue | undefined,
		name?: string,
	): StateValue | undefined => {
		if (Array.isArray(value))
			return value.map((item) => convert(item) as StateValue);
		if (!(value instanceof Tensor)) return value;
		if (name !== "step") return keep(likeParam(value, param));
		return onDevice
			? keep(value.to({ dtype: "float32", device: param.device }))
			: value;
	};
	const state: ParamState = {};
	for (const [name, value] of Object.entries(saved))
		state[name] = convert(value, name);
	return state;
}

function likeParam(value: Tensor, param: Tensor): Tensor {
	const dtype = param.isFloatingPoint() ? param.dtype : value.dtype;
	const moved = value.to({ dtype, device: param.device });
	const sameShape = String(moved.shape) === String(param.shape);
	if (!sameShape || sameLayout(moved, param)) return moved;
	return param.detach().emptyLike({ dtype }).copy_(moved);
}
