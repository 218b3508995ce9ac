/** torch.amp: automatic mixed precision. */
export {
	type AutocastDevice,
	type AutocastDtype,
	type AutocastOptions,
	autocast,
	isAutocastAvailable,
} from "./autocast.ts";
export {
	GradScaler,
	type GradScalerOptions,
	type GradScalerState,
} from "./gradScaler.ts";
