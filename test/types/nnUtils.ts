// What the compiler says to right and wrong uses of nn.utils.
import { nn, type Tensor, tensor } from "../../lib/index.ts";

const { utils } = nn;
const layer = new nn.Linear(2, 3);
const x: Tensor = tensor([[1, 2]]);

const norm: Tensor = utils.clipGradNorm_(layer.parameters(), 1, Infinity, {
	errorIfNonfinite: true,
});
utils.clipGradValue_(x, 0.5);
// @ts-expect-error a greatest norm is required
utils.clipGradNorm_(layer.parameters());
// @ts-expect-error names are camelCase
utils.clipGradNorm_(layer.parameters(), 1, { norm_type: 2 });

// modules come back as what they were
const same: nn.Linear = utils.parametrizations.weightNorm(layer, { dim: null });
const pruned: nn.Linear = utils.prune.l1Unstructured(same, "weight", 0.5);
const fused: nn.Conv2d = utils.fuseConvBnEval(
	new nn.Conv2d(1, 2, 3).eval(),
	new nn.BatchNorm2d(2).eval(),
);
const raw: nn.Linear = utils.skipInit(nn.Linear, 2, 3, { bias: false });
// @ts-expect-error a Linear takes numbers
utils.skipInit(nn.Linear, "2", 3);
// @ts-expect-error no convolution
utils.fuseConvBnEval(layer, new nn.BatchNorm2d(2));
// @ts-expect-error one of three maps
utils.parametrizations.orthogonal(layer, "weight", "qr");
// @ts-expect-error a dimension is required
utils.prune.lnStructured(layer, "weight", 0.5, 2);

const packed: nn.utils.rnn.PackedSequence = utils.rnn.packSequence([x], true);
const [padded, lengths]: [Tensor, Tensor] = utils.rnn.padPackedSequence(
	packed,
	{ totalLength: 5 },
);
// @ts-expect-error "left" or "right"
utils.rnn.padSequence([x], false, 0, "top");

// a call with other weights has the module's inputs and output
const y: Tensor = utils.stateless.functionalCall(layer, { bias: x }, [x]);
// @ts-expect-error tensors
utils.stateless.functionalCall(layer, { bias: 1 }, [x]);

export { fused, lengths, norm, padded, pruned, raw, y };
