"""The basket of small operators; bench/operators.ts has the same in TypeScript, under the same names."""

import gc

import torch
import torch.nn.functional as F

STATEMENTS = {
    "add": "torch.add(a, b)",
    "mul with a number": "torch.mul(a, 2.5)",
    "add with alpha": "torch.add(a, b, alpha=2)",
    "relu": "torch.relu(a)",
    "matmul 2×2": "torch.matmul(m, m)",
    "matmul 1024×1024": "torch.matmul(large, large)",
    "addmm": "torch.addmm(v, m, m)",
    "linear": "F.linear(m, m, v)",
    "conv2d": "F.conv2d(image, kernel, None, padding=1)",
    "softmax": "torch.softmax(m, 1)",
    "sum": "torch.sum(m)",
    "mean over a dimension": "torch.mean(m, 1)",
    "view": "m.view(4)",
    "transpose": "m.transpose(0, 1)",
    "index": "m[where]",
    "cat": "torch.cat([m, m])",
    "stack": "torch.stack([m, m])",
    "clone": "m.clone()",
    "zeros": "torch.zeros(2, 2, device=device)",
    "add that records a gradient": "torch.add(w, b)",
    "backward of a small graph": "torch.sum(torch.relu(torch.mul(w, b))).backward()",
}


def names(device):
    torch.manual_seed(0)

    def rand(*shape, **options):
        return torch.rand(*shape, device=device, **options)

    return {
        "torch": torch, "F": F, "gc": gc, "device": device,
        "a": rand(1), "b": rand(1), "w": rand(1, requires_grad=True),
        "m": rand(2, 2), "v": rand(2), "large": rand(1024, 1024),
        "image": rand(1, 1, 8, 8), "kernel": rand(4, 1, 3, 3),
        "where": torch.tensor([1, 0], device=device),
    }
