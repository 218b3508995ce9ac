"""Steps of optimisers on the parameters of ResNet-18, with default options; bench/optimizers.ts has the same in TypeScript."""

import math

import torch


def resnet18():
    """The shapes of all 62 parameters: convolutions, each with the scale and shift of its normalisation, and the last layer."""
    shapes, inputs = [(64, 3, 7, 7), (64,), (64,)], 64
    for channels in (64, 128, 256, 512):
        norm = [(channels,), (channels,)]
        for source in (inputs, channels):
            shapes += [(channels, source, 3, 3), *norm]
            shapes += [(channels, channels, 3, 3), *norm]
            if source != channels:
                shapes += [(channels, source, 1, 1), *norm]
        inputs = channels
    return [*shapes, (1000, 512), (1000,)]


def parameters(device, shapes, grad_of=torch.randn_like):
    """Parameters with gradients that stay as they are."""
    torch.manual_seed(0)
    params = []
    for shape in shapes:
        param = torch.randn(shape, device=device, requires_grad=True)
        with torch.no_grad():
            param.grad = grad_of(param)
        params.append(param)
    return params


def make(case, device):
    name = case.removesuffix(" step")
    cls = getattr(torch.optim, name)
    if name == "LBFGS":  # two iterations towards zero
        params = parameters(device, resnet18())
        optimizer = cls(params, lr=0.1, max_iter=2, history_size=2)

        @torch.no_grad()
        def closure():
            for param in params:
                param.grad.copy_(param)
            return params[0].square().sum().item()

        return lambda: optimizer.step(closure)
    if name == "Muon":  # kernels as matrices
        shapes = [(s[0], math.prod(s[1:])) for s in resnet18() if len(s) > 1]
        return cls(parameters(device, shapes)).step
    if name == "SparseAdam":  # gradients of all rows
        return cls(parameters(device, resnet18(), lambda p: torch.randn_like(p).to_sparse(1))).step
    return cls(parameters(device, resnet18())).step
