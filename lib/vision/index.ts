export * as datasets from "./datasets/index.ts";
export * as io from "./io/index.ts";
export * as keras from "./keras/index.ts";
export * as models from "./models/index.ts";
export * as ops from "./ops/index.ts";
export * as transforms from "./transforms/index.ts";
export * as tvTensors from "./tvTensors/index.ts";
export * as utils from "./utils/index.ts";
