import * as check from "../../check.ts";
import { empty } from "../../generated/functions.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Device } from "../../types.ts";
import { type AnyModule, Module } from "../module.ts";
import { Buffer, Parameter } from "../parameter.ts";
import { memberOf } from "./members.ts";

/**
 * A module whose parameters are not initialised: they have memory and any values. For weights that are loaded anyway.
 *
 * @param moduleClass takes options with a `device` as its last argument
 * @param args those of its constructor
 * @see torch.nn.utils.skip_init
 * @example
 * const layer = nn.utils.skipInit(nn.Linear, 1000, 1000);
 */
export function skipInit<
	Args extends unknown[],
	Made extends Module<never, unknown>,
>(moduleClass: new (...args: Args) => Made, ...args: Args): Made {
	const op = "skipInit";
	if (
		typeof moduleClass !== "function" ||
		!(moduleClass.prototype instanceof Module)
	)
		throw check.invalidType(op, "moduleClass", "Module class", moduleClass);
	const last = args.at(-1);
	const hasOptions =
		typeof last === "object" &&
		last !== null &&
		Object.getPrototypeOf(Object.getPrototypeOf(last) ?? null) === null;
	const options = hasOptions ? (last as { device?: Device }) : {};
	const given = hasOptions ? args.slice(0, -1) : args;
	const made = new moduleClass(
		...([...given, { ...options, device: "meta" }] as unknown as Args),
	);
	for (const module of made.modules())
		fill(module, { device: options.device ?? "cpu" });
	return made;
}

/** Gives a module's own members memory: tensors without any cannot get some, so others take their place. */
function fill(module: AnyModule, { device }: { device: Device }): void {
	const like = (tensor: Tensor) =>
		empty(tensor.shape, { dtype: tensor.dtype, device });
	for (const [name, parameter] of module.namedParameters({ recurse: false }))
		memberOf(module, name)?.set(
			new Parameter(like(parameter), { requiresGrad: parameter.requiresGrad }),
		);
	for (const [name, buffer] of module.namedBuffers({ recurse: false }))
		memberOf(module, name)?.set(
			new Buffer(like(buffer), { persistent: buffer.persistent }),
		);
}
