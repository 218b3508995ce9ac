/** Sparse tensors from their parts as users make them: on the default device where none is given. */
import { placedAt } from "../tensor/factories.ts";
import * as creation from "./creation.ts";

export const sparseCooTensor: typeof creation.sparseCooTensor = placedAt(
	creation.sparseCooTensor,
	3,
);
export const sparseCompressedTensor: typeof creation.sparseCompressedTensor =
	placedAt(creation.sparseCompressedTensor, 4);
export const sparseCsrTensor: typeof creation.sparseCsrTensor = placedAt(
	creation.sparseCsrTensor,
	4,
);
export const sparseCscTensor: typeof creation.sparseCscTensor = placedAt(
	creation.sparseCscTensor,
	4,
);
export const sparseBsrTensor: typeof creation.sparseBsrTensor = placedAt(
	creation.sparseBsrTensor,
	4,
);
export const sparseBscTensor: typeof creation.sparseBscTensor = placedAt(
	creation.sparseBscTensor,
	4,
);
