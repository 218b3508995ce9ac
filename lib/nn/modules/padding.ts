import * as check from "../../check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import * as F from "../functional/index.ts";
import { Module } from "../module.ts";
import { python } from "../names.ts";

/** One number for all sides, or [left, right]. */
type Padding1d = number | readonly [number, number];
/** One number for all sides, or [left, right, top, bottom]. */
type Padding2d = number | readonly [number, number, number, number];
/** One number for all sides, or [left, right, top, bottom, front, back]. */
type Padding3d =
	| number
	| readonly [number, number, number, number, number, number];

/** What lies beyond the edges; negative padding cuts off. */
type Mode = "constant" | "reflect" | "replicate" | "circular";

abstract class PadNd extends Module<[input: Tensor], Tensor> {
	readonly padding: readonly number[]; // before and after, last dimension first

	constructor(dims: number, padding: number | readonly number[]) {
		super();
		const op = new.target.name;
		const sides = 2 * dims;
		const all = Array.isArray(padding)
			? padding
			: new Array<number>(sides).fill(padding as number);
		if (all.length !== sides)
			throw check.invalidType(
				op,
				"padding",
				`number, or ${sides} numbers`,
				padding,
			);
		for (const [i, each] of all.entries())
			check.integer(
				op,
				Array.isArray(padding) ? `padding[${i}]` : "padding",
				each,
			);
		this.padding = [...all];
	}

	protected abstract readonly mode: Mode;

	override forward(input: Tensor): Tensor {
		return F.pad(input, this.padding, this.mode);
	}

	override extraRepr(): string {
		return python(this.padding);
	}
}

abstract class Constant extends PadNd {
	readonly value: number;

	constructor(
		dims: number,
		padding: number | readonly number[],
		value: number,
	) {
		super(dims, padding);
		this.value = check.number(new.target.name, "value", value);
	}

	protected override get mode(): Mode {
		return "constant";
	}

	override forward(input: Tensor): Tensor {
		return F.pad(input, this.padding, this.mode, this.value);
	}

	override extraRepr(): string {
		return `padding=${python(this.padding)}, value=${python(this.value)}`;
	}
}

/** Puts `value` around the length of [N, C, L] or [C, L]. */
export class ConstantPad1d extends Constant {
	constructor(padding: Padding1d, value: number) {
		super(1, padding, value);
	}
}

/** Puts `value` around [N, C, H, W] or [C, H, W]. */
export class ConstantPad2d extends Constant {
	constructor(padding: Padding2d, value: number) {
		super(2, padding, value);
	}
}

/** Puts `value` around [N, C, D, H, W] or [C, D, H, W]. */
export class ConstantPad3d extends Constant {
	constructor(padding: Padding3d, value: number) {
		super(3, padding, value);
	}
}

/** Puts zeros around the length of [N, C, L] or [C, L]. */
export class ZeroPad1d extends ConstantPad1d {
	constructor(padding: Padding1d) {
		super(padding, 0);
	}

	override extraRepr(): string {
		return python(this.padding);
	}
}

/** Puts zeros around [N, C, H, W] or [C, H, W]. */
export class ZeroPad2d extends ConstantPad2d {
	constructor(padding: Padding2d) {
		super(padding, 0);
	}

	override extraRepr(): string {
		return python(this.padding);
	}
}

/** Puts zeros around [N, C, D, H, W] or [C, D, H, W]. */
export class ZeroPad3d extends ConstantPad3d {
	constructor(padding: Padding3d) {
		super(padding, 0);
	}

	override extraRepr(): string {
		return python(this.padding);
	}
}

abstract class Reflection extends PadNd {
	protected override get mode(): Mode {
		return "reflect";
	}
}

/** Mirrors the length of [N, C, L] or [C, L] at its edges. */
export class ReflectionPad1d extends Reflection {
	constructor(padding: Padding1d) {
		super(1, padding);
	}
}

/** Mirrors [N, C, H, W] or [C, H, W] at its edges. */
export class ReflectionPad2d extends Reflection {
	constructor(padding: Padding2d) {
		super(2, padding);
	}
}

/** Mirrors [N, C, D, H, W] or [C, D, H, W] at its edges. */
export class ReflectionPad3d extends Reflection {
	constructor(padding: Padding3d) {
		super(3, padding);
	}
}

abstract class Replication extends PadNd {
	protected override get mode(): Mode {
		return "replicate";
	}
}

/** Repeats the edges of the length of [N, C, L] or [C, L]. */
export class ReplicationPad1d extends Replication {
	constructor(padding: Padding1d) {
		super(1, padding);
	}
}

/** Repeats the edges of [N, C, H, W] or [C, H, W]. */
export class ReplicationPad2d extends Replication {
	constructor(padding: Padding2d) {
		super(2, padding);
	}
}

/** Repeats the edges of [N, C, D, H, W] or [C, D, H, W]. */
export class ReplicationPad3d extends Replication {
	constructor(padding: Padding3d) {
		super(3, padding);
	}
}

abstract class Circular extends PadNd {
	protected override get mode(): Mode {
		return "circular";
	}
}

/** Goes on with the other end of the length of [N, C, L] or [C, L]. */
export class CircularPad1d extends Circular {
	constructor(padding: Padding1d) {
		super(1, padding);
	}
}

/** Goes on with the other end of [N, C, H, W] or [C, H, W]. */
export class CircularPad2d extends Circular {
	constructor(padding: Padding2d) {
		super(2, padding);
	}
}

/** Goes on with the other end of [N, C, D, H, W] or [C, D, H, W]. */
export class CircularPad3d extends Circular {
	constructor(padding: Padding3d) {
		super(3, padding);
	}
}
