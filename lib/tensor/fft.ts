/** torch.fft: the operators, of which two make tensors on the default device. */
import * as generated from "../generated/fft.ts";
import { placed } from "./factories.ts";

export * from "../generated/fft.ts";

export const fftfreq: typeof generated.fftfreq = placed(generated.fftfreq);
export const rfftfreq: typeof generated.rfftfreq = placed(generated.rfftfreq);
