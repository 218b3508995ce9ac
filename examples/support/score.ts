import type { Tensor } from "torch-node";

/** Mean loss and accuracy over the batches seen so far. */
export class Score {
	#loss = 0;
	#correct = 0;
	count = 0;

	/** Takes a batch's mean loss, its scores [N, classes] and its labels [N]. */
	add(loss: Tensor, output: Tensor, labels: Tensor): void {
		const size = labels.size(0);
		this.#loss += Number(loss.item()) * size;
		this.#correct += Number(output.argmax(1).eq(labels).sum().item());
		this.count += size;
	}

	get loss(): number {
		return this.#loss / this.count;
	}

	/** From 0 to 1. */
	get accuracy(): number {
		return this.#correct / this.count;
	}
}
