/** What is done with a batch: gradients, penalties, clipping, and the optimizer's step. */
import * as check from "../check.ts";
import type { Module } from "../nn/index.ts";
import { clipGradNorm_, clipGradValue_ } from "../nn/utils/index.ts";
import { LBFGS, type Optimizer } from "../optim/index.ts";
import { scope } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import { itemsOf, onDevice } from "./batches.ts";
import type { AnyFitOptions } from "./options.ts";
import { Penalties } from "./penalties.ts";

const op = "fit";

/** What a batch gave. */
export interface Learnt {
	/** As the model was given them. */
	items: readonly unknown[];
	/** From before they were mixed. */
	target: unknown;
	output: unknown;
	loss: Tensor;
}

export class Learner {
	/** Batches whose gradients wait for the optimizer. */
	waiting = 0;
	readonly #model: Module<unknown[], unknown>;
	readonly #options: AnyFitOptions;
	readonly #optimizer: Optimizer;
	readonly #penalties: Penalties;
	readonly #accumulate: number;

	constructor(model: Module<unknown[], unknown>, options: AnyFitOptions) {
		this.#model = model;
		this.#options = options;
		this.#optimizer = options.optimizer;
		const { l1 = 0, l2 = 0 } = options;
		this.#penalties = new Penalties(op, options.optimizer, l1, l2);
		this.#accumulate = options.gradAccumulation ?? 1;
	}

	/** Whether there are as many gradients as a step needs. */
	get isFull(): boolean {
		return this.waiting === this.#accumulate;
	}

	/** Gradients of a batch; with LBFGS, which evaluates it several times, the step as well. */
	learn(batch: unknown): Learnt {
		const { unpack, device = null, mix } = this.#options;
		const optimizer = this.#optimizer;
		const given = unpack ? unpack(batch) : itemsOf(op, batch);
		const moved = onDevice(given, device) as unknown[];
		const items = mix ? [...mix(...(moved as [unknown]))] : moved;
		const target = moved.at(-1);
		if (this.waiting === 0) optimizer.zeroGrad();
		this.waiting += 1;
		if (!(optimizer instanceof LBFGS))
			return { ...this.#evaluate(items), items, target };
		let first: Pick<Learnt, "loss" | "output"> | undefined;
		optimizer.step(() => {
			optimizer.zeroGrad();
			const evaluated = this.#evaluate(items);
			this.#clip();
			first ??= evaluated;
			return evaluated.loss;
		});
		return { ...(first as Learnt), items, target };
	}

	#evaluate(items: readonly unknown[]): Pick<Learnt, "loss" | "output"> {
		const output = this.#model(...items.slice(0, -1));
		const loss = this.#options.loss(output, items.at(-1));
		checkLoss(loss);
		let objective = this.#penalties.addTo(loss);
		if (this.#accumulate > 1) objective = objective.div(this.#accumulate);
		objective.backward();
		return { loss, output };
	}

	/** The optimizer's step with the gradients that wait, though they may be fewer than usual. */
	update(): void {
		scope(() => {
			const missing = this.#accumulate / this.waiting;
			if (missing > 1)
				for (const { grad } of this.#parameters()) grad?.mul_(missing);
			if (!(this.#optimizer instanceof LBFGS)) {
				this.#clip();
				this.#optimizer.step();
			}
		});
		this.waiting = 0;
	}

	#clip(): void {
		const { clipGradNorm, clipGradValue } = this.#options;
		if (clipGradValue !== undefined)
			clipGradValue_(this.#parameters(), clipGradValue);
		if (clipGradNorm !== undefined)
			clipGradNorm_(this.#parameters(), clipGradNorm);
	}

	#parameters(): Tensor[] {
		return this.#optimizer.paramGroups.flatMap(({ params }) => params);
	}
}

function checkLoss(loss: unknown): void {
	if (loss instanceof Tensor && loss.numel() === 1) return;
	throw loss instanceof Tensor
		? check.invalidValue(
				op,
				"loss",
				`expected a scalar, got shape [${loss.shape.join(", ")}]: take its mean`,
			)
		: check.invalidType(op, "loss", "function that gives a Tensor", loss);
}
