/** torch.utils. */
export * as checkpoint from "./checkpoint/index.ts";
