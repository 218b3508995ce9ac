/**
 * Objects that are called like functions, as Python's `__call__` does: `model(x)`, `loss(output, target)`, `transform(image)`.
 *
 * The constructor returns an arrow function whose prototype is the class's, so fields (private ones too) are defined on that
 * function, `instanceof` holds, and methods are found as usual. The function's own `name` and `length` are removed: both are
 * common names of fields. Nothing is inherited from `Function.prototype`, so `call`, `apply` and `bind` are free names as well.
 *
 * ```ts
 * class Scale extends Callable<[number], number> {
 *   #factor: number;
 *   constructor(factor: number) {
 *     super();
 *     this.#factor = factor;
 *   }
 *   protected override invoke(x: number): number {
 *     return x * this.#factor;
 *   }
 * }
 * new Scale(3)(2); // 6
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor makes instances that have the call signature
export abstract class Callable<Inputs extends unknown[], Output> {
	constructor() {
		const self = ((...inputs: Inputs) =>
			self.invoke(...inputs)) as unknown as this & {
			name?: string;
			length?: number;
		};
		delete self.name;
		delete self.length;
		// biome-ignore lint/correctness/noConstructorReturn: the function is the instance, subclasses' fields are put on it
		return Object.setPrototypeOf(self, new.target.prototype);
	}

	/** What a call does. */
	protected abstract invoke(...inputs: Inputs): Output;
}

export interface Callable<Inputs extends unknown[], Output> {
	// biome-ignore lint/style/useShorthandFunctionType: merged with the class
	(...inputs: Inputs): Output;
}
