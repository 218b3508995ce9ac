export { type GRUOptions, type LSTMOptions, RNNBase } from "./base.ts";
export {
	GRUCell,
	LSTMCell,
	RNNCell,
	RNNCellBase,
	type RNNCellModuleOptions,
	type RNNCellOptions,
} from "./cells.ts";
export { GRU, LSTM, RNN, type RNNOptions } from "./layers.ts";
export type { LSTMState } from "./state.ts";
