/** Parameters that are computed from others: PyTorch's `torch.nn.utils.parametrize`. */
import { noGrad } from "../../../autograd/index.ts";
import * as check from "../../../check.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { type AnyModule, Module } from "../../module.ts";
import { ModuleDict } from "../../modules/container.ts";
import { stateName } from "../../names.ts";
import { Buffer, Parameter } from "../../parameter.ts";
import { memberOf } from "../members.ts";
import {
	checkAlike,
	inverseOf,
	type Parametrization,
	ParametrizationList,
} from "./parametrizationList.ts";

export {
	type Parametrization,
	ParametrizationList,
} from "./parametrizationList.ts";

/** What parametrized modules have. */
interface Parametrized {
	parametrizations?: ModuleDict<Record<string, ParametrizationList>>;
}

/** The tensors computed since caching began, by the list that computes them; null: nothing is cached. */
let cache: Map<ParametrizationList, Tensor> | null = null;

function enter(): () => void {
	const before = cache;
	cache = before ?? new Map();
	return () => {
		cache = before;
	};
}

/**
 * Computes each parametrized tensor only once: while `fn` runs, or until the end of the block. For models that use one several times in a
 * forward pass.
 *
 * @see torch.nn.utils.parametrize.cached
 * @example
 * const y = nn.utils.parametrize.cached(() => model(x));
 */
export function cached(): Disposable;
export function cached<T>(fn: () => T): T;
export function cached<T>(fn?: () => T): T | Disposable {
	const leave = enter();
	if (fn === undefined) return { [Symbol.dispose]: leave };
	try {
		return fn();
	} finally {
		leave();
	}
}

function computed(list: ParametrizationList): Tensor {
	if (cache === null) return list();
	let value = cache.get(list);
	if (value === undefined) {
		value = list();
		cache.set(list, value);
	}
	return value;
}

function listsOf(
	module: AnyModule,
): ModuleDict<Record<string, ParametrizationList>> | null {
	const { parametrizations } = module as unknown as Parametrized;
	return parametrizations instanceof ModuleDict ? parametrizations : null;
}

/** Whether a tensor of the module is parametrized, or any. Names are the field's, or the state dict's. */
export function isParametrized(
	module: AnyModule,
	tensorName?: string,
): boolean {
	const lists = listsOf(module);
	if (lists === null) return false;
	return tensorName === undefined
		? lists.size > 0
		: lists.has(stateName(tensorName));
}

/**
 * Computes a parameter or a buffer of a module by `parametrization`, from now on: whenever it is read. What it is computed from is in
 * `module.parametrizations`, under `parametrizations.<name>.original` in the state dict. Another one goes on from the first one's result.
 *
 * @param parametrization its `rightInverse`, where it has one, gives the first original and makes the tensor assignable
 * @param options unsafe: the parametrization may change dtype and shape. Default: false
 * @returns the module
 * @see torch.nn.utils.parametrize.register_parametrization
 * @example
 * class Symmetric extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).t());
 *   }
 * }
 * const layer = new nn.Linear(3, 3);
 * nn.utils.parametrize.registerParametrization(layer, "weight", new Symmetric());
 */
export function registerParametrization<Parent extends AnyModule>(
	module: Parent,
	tensorName: string,
	parametrization: Parametrization,
	options: { unsafe?: boolean } = {},
): Parent {
	const op = "registerParametrization";
	if (!(module instanceof Module))
		throw check.invalidType(op, "module", "Module", module);
	check.string(op, "tensorName", tensorName);
	if (!((parametrization as unknown) instanceof Module))
		throw check.invalidType(op, "parametrization", "Module", parametrization);
	check.options(op, options, ["unsafe"]);
	const { unsafe = false } = options;
	parametrization.train(module.training);
	const key = stateName(tensorName);
	const lists = listsOf(module);
	if (lists?.has(key)) {
		const list = lists.get(key);
		if (!unsafe) checkNext(parametrization, list());
		list.append(parametrization);
		list.unsafe ||= unsafe;
		return module;
	}
	const place = memberOf(module, tensorName);
	const original = place?.get();
	const isMember = original instanceof Parameter || original instanceof Buffer;
	if (!isMember || !place?.field)
		throw check.invalidValue(
			op,
			"tensorName",
			`${module.constructor.name} does not have a parameter, a buffer, or a parametrized element with name "${tensorName}"`,
		);
	const list = new ParametrizationList([parametrization], original, { unsafe });
	const fields = module as unknown as Record<string, unknown>;
	delete fields[place.field];
	if (lists === null) {
		injectClass(module);
		(module as unknown as Parametrized).parametrizations = new ModuleDict();
	}
	injectProperty(module, place.field, key);
	listsOf(module)?.set(key, list);
	return module;
}

/** A further parametrization has to keep dtype and shape, there and back. */
function checkNext(parametrization: Parametrization, before: Tensor): void {
	noGrad(() => {
		const after = (parametrization as unknown as (x: Tensor) => Tensor)(before);
		checkAlike("a parametrization", after, before);
		checkAlike(
			"the output of `rightInverse`",
			inverseOf(parametrization, after),
			before,
		);
	});
}

/** Gives a module a class of its own, so that a property can be put in the place of its field. */
function injectClass(module: AnyModule): void {
	const Base = module.constructor as new () => object;
	const Parametrized = class extends Base {};
	Object.defineProperty(Parametrized, "name", {
		value: `Parametrized${Base.name}`,
	});
	Object.setPrototypeOf(module, Parametrized.prototype);
}

function injectProperty(module: AnyModule, field: string, key: string): void {
	Object.defineProperty(Object.getPrototypeOf(module), field, {
		get(this: AnyModule) {
			return computed(
				(listsOf(this) as NonNullable<ReturnType<typeof listsOf>>).get(key),
			);
		},
		set(this: AnyModule, value: Tensor) {
			listsOf(this)?.get(key).rightInverse(value);
		},
		configurable: true,
	});
}

/** The names under which a module's parametrized tensors are read. */
function parametrizedFields(module: AnyModule): string[] {
	return Object.getOwnPropertyNames(Object.getPrototypeOf(module)).filter(
		(name) => name !== "constructor" && isParametrized(module, name),
	);
}

/** The class that a module had before it was parametrized. */
export function typeBeforeParametrizations(
	module: AnyModule,
): abstract new (
	...args: never
) => AnyModule {
	const Class = module.constructor;
	return (
		isParametrized(module) ? Object.getPrototypeOf(Class) : Class
	) as abstract new (
		...args: never
	) => AnyModule;
}

/**
 * Makes a parametrized tensor a parameter or a buffer again.
 *
 * @param options leaveParametrized: it keeps its present value, not the original's. Default: true
 * @throws TorchError where the tensor is computed from several and is not to keep its value
 * @see torch.nn.utils.parametrize.remove_parametrizations
 */
export function removeParametrizations<Parent extends AnyModule>(
	module: Parent,
	tensorName: string,
	options: { leaveParametrized?: boolean } = {},
): Parent {
	const op = "removeParametrizations";
	check.options(op, options, ["leaveParametrized"]);
	const { leaveParametrized = true } = options;
	const lists = listsOf(module);
	const key = stateName(tensorName);
	if (!lists?.has(key))
		throw check.invalidValue(
			op,
			"tensorName",
			`${module.constructor.name} does not have a parametrization on "${tensorName}"`,
		);
	const list = lists.get(key);
	const prototype = Object.getPrototypeOf(module) as object;
	const field = parametrizedFields(module).find(
		(name) => stateName(name) === key,
	) as string;
	const value = list();
	let [original] = list.originals as [Tensor];
	if (list.hasOneOriginal) {
		if (leaveParametrized) original.data = value.detach();
	} else if (leaveParametrized)
		original = value.requiresGrad
			? new Parameter(value.detach())
			: new Buffer(value.detach());
	else
		throw check.invalidValue(
			op,
			"leaveParametrized",
			"Cannot leave unparametrized a tensor that is parametrized in terms of a sequence of tensors.",
		);
	// The class may be a copy's, too: it stays as it is, and this module gets another.
	const others = parametrizedFields(module).filter((other) => other !== field);
	lists.delete(key);
	Object.setPrototypeOf(module, Object.getPrototypeOf(prototype) as object);
	if (others.length === 0) Reflect.deleteProperty(module, "parametrizations");
	else injectClass(module);
	for (const other of others) injectProperty(module, other, stateName(other));
	(module as unknown as Record<string, unknown>)[field] = original;
	return module;
}

/**
 * Parametrizes `toModule` as `fromModule` is, by the same modules and originals.
 *
 * @param tensorName only this tensor. Default: all parametrized ones
 * @see torch.nn.utils.parametrize.transfer_parametrizations_and_params
 */
export function transferParametrizationsAndParams<Parent extends AnyModule>(
	fromModule: AnyModule,
	toModule: Parent,
	tensorName?: string,
): Parent {
	const lists = listsOf(fromModule);
	if (lists === null) return toModule;
	const keys =
		tensorName === undefined ? [...lists.keys()] : [stateName(tensorName)];
	const known = parametrizedFields(fromModule);
	for (const key of keys) {
		const from = lists.get(key);
		const field = known.find((name) => stateName(name) === key) ?? key;
		const fields = toModule as unknown as Record<string, unknown>;
		if (memberOf(toModule, field) === null && !isParametrized(toModule, key))
			fields[field] = new Parameter(from().detach());
		for (const parametrization of from.parametrizations)
			registerParametrization(toModule, field, parametrization);
		listsOf(toModule)?.get(key).share(from.originals);
	}
	return toModule;
}
