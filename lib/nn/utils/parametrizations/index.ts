/** Ready-made parametrizations: PyTorch's `torch.nn.utils.parametrizations`. */

export { orthogonal } from "./orthogonal.ts";
export { spectralNorm } from "./spectralNorm.ts";
export { weightNorm } from "./weightNorm.ts";
