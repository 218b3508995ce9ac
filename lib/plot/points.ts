/** Numbers of tensors and arrays, as diagrams take them. */
import * as check from "../check.ts";
import { isTensor } from "../handle.ts";
import { scope } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A tensor of one dimension, or an array. */
export type Numbers = Tensor | readonly number[];

export interface Point {
	x: number;
	y: number;
}

export function numbersOf(op: string, name: string, values: Numbers): number[] {
	if (isTensor(values)) {
		const x = values as Tensor;
		if (x.dim() !== 1)
			throw check.invalidValue(
				op,
				name,
				`expected one dimension, got a tensor of shape [${x.shape.join(", ")}]`,
			);
		const numbers = scope(() => x.detach().to("cpu").to("float64").tolist());
		return checked(op, name, numbers as number[]);
	}
	if (!Array.isArray(values))
		throw check.invalidType(op, name, "Tensor or number[]", values);
	return checked(op, name, values as readonly number[]);
}

function checked(
	op: string,
	name: string,
	values: readonly number[],
): number[] {
	for (const [i, value] of values.entries())
		if (!Number.isFinite(value))
			throw check.invalidType(op, `${name}[${i}]`, "finite number", value);
	return [...values];
}

/** The fields of a curve, each as numbers, all of one length. */
export function fieldsOf<Name extends string>(
	op: string,
	where: string,
	curve: { readonly [Field in Name]: Numbers },
	names: readonly Name[],
): { [Field in Name]: number[] } {
	if (typeof curve !== "object" || curve === null)
		throw check.invalidType(op, where, `{ ${names.join(", ")} }`, curve);
	const fields = {} as { [Field in Name]: number[] };
	for (const name of names)
		fields[name] = numbersOf(op, `${where}.${name}`, curve[name]);
	const [first, ...rest] = names as [Name, ...Name[]];
	const count = fields[first].length;
	if (count === 0)
		throw check.invalidValue(op, where, "there are no points in it");
	for (const name of rest)
		if (fields[name].length !== count)
			throw check.invalidValue(
				op,
				`${where}.${name}`,
				`expected ${count} numbers, as ${first} has, got ${fields[name].length}`,
			);
	return fields;
}

/** Points of a curve within 0 … 1, but those that nobody could see beside the one before. */
export function thinned(x: readonly number[], y: readonly number[]): Point[] {
	const points: Point[] = [];
	let last: Point | undefined;
	for (const [i, at] of x.entries()) {
		const point = { x: at, y: y[i] as number };
		const isSeen =
			!last || Math.abs(last.x - point.x) + Math.abs(last.y - point.y) > 1e-3;
		if (!isSeen && i < x.length - 1) continue;
		points.push(point);
		last = point;
	}
	return points;
}

/** The area under a curve, by trapezes. */
export function areaUnder(x: readonly number[], y: readonly number[]): number {
	let area = 0;
	for (let i = 1; i < x.length; i++)
		area +=
			((x[i] as number) - (x[i - 1] as number)) *
			(((y[i] as number) + (y[i - 1] as number)) / 2);
	return area;
}

/** One curve, one of each class, or several by name. */
export type Curves<Curve> =
	| Curve
	| readonly Curve[]
	| { readonly [name: string]: Curve };

/** Curves with their names; "" for a single one. `field`: what a curve has. */
export function namedCurves<Curve extends object>(
	op: string,
	argument: string,
	curves: Curves<Curve>,
	field: keyof Curve & string,
	classes: readonly string[] | undefined,
): { name: string; where: string; curve: Curve }[] {
	if (typeof curves !== "object" || curves === null)
		throw check.invalidType(op, argument, "curve, or several", curves);
	if (field in curves)
		return [{ name: "", where: argument, curve: curves as Curve }];
	const isList = Array.isArray(curves);
	const entries = Object.entries(curves as Record<string, Curve>);
	if (entries.length === 0)
		throw check.invalidValue(op, argument, "there are no curves in it");
	if (
		isList &&
		classes &&
		classes.length < entries.length &&
		entries.length > 1
	)
		throw check.invalidValue(
			op,
			"classes",
			`expected names of ${entries.length} classes, got ${classes.length}`,
		);
	return entries.map(([key, curve]) => ({
		name: !isList
			? key
			: entries.length === 1
				? ""
				: (classes?.[Number(key)] ?? `class ${key}`),
		where: isList ? `${argument}[${key}]` : `${argument}.${key}`,
		curve,
	}));
}
