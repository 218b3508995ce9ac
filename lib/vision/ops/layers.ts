/** The layers that blocks are given: functions that make one. */
import * as check from "../../check.ts";
import * as nn from "../../nn/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** A module of one tensor. */
export type Layer = nn.Module<[input: Tensor], Tensor>;

/** Makes a normalisation of so many channels: `(channels) => new nn.BatchNorm2d(channels)`. */
export type NormLayer = (channels: number) => Layer;

/** Makes an activation; one that can overwrites its input if `inplace`. */
export type ActivationLayer = (inplace: boolean) => Layer;

export const batchNorm: NormLayer = (channels) => new nn.BatchNorm2d(channels);
export const relu: ActivationLayer = (inplace) => new nn.ReLU({ inplace });
export const relu6: ActivationLayer = (inplace) => new nn.ReLU6({ inplace });
export const silu: ActivationLayer = (inplace) => new nn.SiLU({ inplace });
export const hardswish: ActivationLayer = (inplace) =>
	new nn.Hardswish({ inplace });
export const gelu: ActivationLayer = () => new nn.GELU();

/** `new nn.BatchNorm2d` with these options. */
export function batchNormWith(options: nn.BatchNormModuleOptions): NormLayer {
	return (channels) => new nn.BatchNorm2d(channels, options);
}

/** A layer's maker is a function; classes, which Python takes, cannot be called. */
export function checkMaker(op: string, name: string, value: unknown): void {
	check.callable(op, name, value);
	const made = (value as { prototype?: unknown; name: string }).prototype;
	if (made instanceof nn.Module)
		throw check.invalidValue(
			op,
			name,
			`expected a function that makes a layer, (…) => new ${(value as { name: string }).name}(…), got the class`,
		);
}
