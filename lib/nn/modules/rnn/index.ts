export type { GRUOptions, LSTMOptions } from "./base.ts";
export {
	GRUCell,
	LSTMCell,
	RNNCell,
	type RNNCellModuleOptions,
	type RNNCellOptions,
} from "./cells.ts";
export { GRU, LSTM, RNN, type RNNOptions } from "./layers.ts";
export type { LSTMState } from "./state.ts";
