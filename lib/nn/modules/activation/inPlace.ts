import type { Tensor } from "../../../tensor/tensor.ts";
import * as F from "../../functional/index.ts";
import { Module } from "../../module.ts";
import { flag, settings } from "../../settings.ts";

export interface InplaceOptions {
	/** Whether the input is overwritten. Default false. */
	inplace?: boolean | undefined;
}

/** An activation with no other option than to overwrite its input. */
abstract class InPlace extends Module<[input: Tensor], Tensor> {
	readonly inplace: boolean;

	constructor(options: InplaceOptions = {}) {
		super();
		const { inplace } = settings(new.target.name, options, {
			inplace: flag(false),
		});
		this.inplace = inplace;
	}

	override extraRepr(): string {
		return this.inplace ? "inplace=True" : "";
	}
}

/** max(0, x) of each element. */
export class ReLU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.relu(input, this.inplace);
	}
}

/** min(max(0, x), 6) of each element. */
export class ReLU6 extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.relu6(input, this.inplace);
	}
}

/** scale · (max(0, x) + min(0, α (eˣ - 1))), for self-normalising networks: https://arxiv.org/abs/1706.02515 */
export class SELU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.selu(input, this.inplace);
	}
}

/** x σ(x), also called swish. */
export class SiLU extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.silu(input, this.inplace);
	}
}

/** x tanh(log(1 + eˣ)): https://arxiv.org/abs/1908.08681 */
export class Mish extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.mish(input, this.inplace);
	}
}

/** x relu6(x + 3) / 6: https://arxiv.org/abs/1905.02244 */
export class Hardswish extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.hardswish(input, this.inplace);
	}

	override extraRepr(): string {
		return "";
	}
}

/** relu6(x + 3) / 6 of each element. */
export class Hardsigmoid extends InPlace {
	override forward(input: Tensor): Tensor {
		return F.hardsigmoid(input, this.inplace);
	}

	override extraRepr(): string {
		return "";
	}
}

/** What Python prints for `inplace` after another argument. */
export function inplaceText(inplace: boolean): string {
	return inplace ? ", inplace=True" : "";
}
