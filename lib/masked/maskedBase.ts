/** Of a MaskedTensor: its parts, what it is, its gradients, and its other forms. */
import { inspect } from "node:util";
import * as check from "../check.ts";
import { sparseCsrTensor } from "../sparse/creation.ts";
import type { GraphNode } from "../tensor/graphNode.ts";
import type { Tensor, ToOptions } from "../tensor/tensor.ts";
import type { Device, DType, Layout, Scalar } from "../types.ts";
import { formatMasked } from "./maskedPrinting.ts";
import type { MaskedTensor } from "./maskedTensor.ts";
import {
	isMaskedTensor,
	type Parts,
	partsOf,
	refuseSparse,
	wrap,
} from "./parts.ts";

const asMasked = (x: MaskedBase): MaskedTensor => x as MaskedTensor;

/** `fn` of data and mask alike. */
export function both(
	x: MaskedBase,
	op: string,
	fn: (x: Tensor) => Tensor,
): MaskedTensor {
	const { data, mask } = partsOf(x);
	if (x.isSparse) throw refuseSparse(op);
	return wrap(fn(data), fn(mask));
}

export abstract class MaskedBase {
	/** So that `torch.scope` finds the tensors of one that is returned. */
	declare protected readonly parts: Parts;

	/** All elements, those that are not there among them. Gradients go through it. */
	getData(): Tensor {
		return partsOf(this).data;
	}

	/** True where an element is there. */
	getMask(): Tensor {
		return partsOf(this).mask;
	}

	/** A plain tensor, with `value` in place of what is not there. Gradients go through it. */
	toTensor(value: Scalar): Tensor {
		const { data, mask } = partsOf(this.toDense());
		return data.maskedFill(mask.logicalNot(), value);
	}

	get shape(): number[] {
		return partsOf(this).data.shape;
	}

	get ndim(): number {
		return partsOf(this).data.ndim;
	}

	get dtype(): DType {
		return partsOf(this).data.dtype;
	}

	get device(): string {
		return partsOf(this).data.device;
	}

	get layout(): Layout {
		return partsOf(this).data.layout;
	}

	get isSparse(): boolean {
		return this.layout !== "strided";
	}

	dim(): number {
		return this.ndim;
	}

	numel(): number {
		return partsOf(this).data.numel();
	}

	/** The size of a dimension, or all of them. */
	size(): number[];
	size(dim: number): number;
	size(dim?: number): number | number[] {
		const { data } = partsOf(this);
		return dim === undefined ? data.shape : data.size(dim);
	}

	isContiguous(): boolean {
		return partsOf(this).data.isContiguous();
	}

	/** The element of a tensor of one. @throws TorchError where it is not there */
	item(): number | bigint | boolean {
		const { data, mask } = partsOf(this.toDense());
		if (mask.numel() === 1 && !mask.item())
			throw check.invalidValue("item", "this", "the element is masked out");
		return data.item() as number;
	}

	// ---- autograd

	get requiresGrad(): boolean {
		return partsOf(this).data.requiresGrad;
	}

	set requiresGrad(value: boolean) {
		partsOf(this).data.requiresGrad = value;
	}

	requiresGrad_(requiresGrad = true): this {
		partsOf(this).data.requiresGrad_(requiresGrad);
		return this;
	}

	get isLeaf(): boolean {
		return partsOf(this).data.isLeaf;
	}

	get gradFn(): GraphNode | null {
		return partsOf(this).data.gradFn;
	}

	/** The gradient, with the tensor's own mask; null before there is one. */
	get grad(): MaskedTensor | null {
		const { data, mask } = partsOf(this);
		return data.grad === null ? null : wrap(data.grad, mask);
	}

	set grad(value: MaskedTensor | null) {
		partsOf(this).data.grad = value === null ? null : partsOf(value).data;
	}

	/** Gradients of this for the leaves that it is made of; without `gradient` it must be of one element. */
	backward(gradient?: MaskedTensor | Tensor): void {
		const { data } = partsOf(this);
		const given = isMaskedTensor(gradient) ? gradient.toTensor(0) : gradient;
		if (given === undefined) data.backward();
		else data.backward({ gradient: given });
	}

	detach(): MaskedTensor {
		const { data, mask } = partsOf(this);
		return wrap(data.detach(), mask);
	}

	clone(): MaskedTensor {
		const { data, mask } = partsOf(this);
		return wrap(data.clone(), mask.clone());
	}

	// ---- other forms of the same

	/** Of another dtype, or on another device. */
	to(target: DType | Device | ToOptions): MaskedTensor {
		const { data, mask } = partsOf(this);
		const made = data.to(target as ToOptions);
		const { device } = made;
		return wrap(made, mask.to({ device: device as Device }));
	}

	contiguous(): MaskedTensor {
		return both(this, "contiguous", (x) => x.contiguous());
	}

	toDense(): MaskedTensor {
		const { data, mask } = partsOf(this);
		return this.isSparse
			? wrap(data.toDense(), mask.toDense())
			: asMasked(this);
	}

	/** In the COO layout: what is not there takes no memory. */
	toSparse(): MaskedTensor {
		if (this.layout === "sparse_coo") return asMasked(this);
		const { data, mask } = partsOf(this.toDense());
		const counts = mask.toSparse().coalesce();
		return wrap(data.sparseMask(counts), counts);
	}

	/** In the CSR layout, of two dimensions. */
	toSparseCsr(): MaskedTensor {
		if (this.layout === "sparse_csr") return asMasked(this);
		if (this.ndim !== 2)
			throw check.invalidValue(
				"toSparseCsr",
				"this",
				`expected two dimensions, got ${this.ndim}`,
			);
		const { data, mask } = partsOf(this.toDense());
		const counts = mask.toSparseCsr();
		// Gathered: LibTorch has no derivative of sparseMask for this layout.
		const values = data.index(...mask.nonzero().unbind(1));
		const [outer, inner] = [counts.crowIndices(), counts.colIndices()];
		const device = data.device as Device;
		const made = sparseCsrTensor(outer, inner, values, data.shape, { device });
		return wrap(made, counts);
	}

	toString(): string {
		const { data, mask } = partsOf(this);
		return formatMasked(data, mask);
	}

	[inspect.custom](): string {
		return this.toString();
	}
}
