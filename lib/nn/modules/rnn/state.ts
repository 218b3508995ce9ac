import type { Tensor } from "../../../tensor/tensor.ts";
import { choice } from "../../settings.ts";

export const NONLINEARITY = choice<"tanh" | "relu">("tanh", ["tanh", "relu"]);

/** The hidden state and the cell's. */
export type LSTMState = readonly [hidden: Tensor, cell: Tensor];
