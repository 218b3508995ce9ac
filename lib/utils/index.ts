/** torch.utils. */
export * as checkpoint from "./checkpoint/index.ts";
export * as tensorboard from "./tensorboard/index.ts";
