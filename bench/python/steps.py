"""Training steps; bench/steps.ts has the same in TypeScript, under the same names. `fused` is an option of Adam."""

import torch
import torch.nn.functional as F
from torch import nn


def mlp(sizes):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layers += [nn.ReLU()] if i else []
        layers += [nn.Linear(inputs, outputs)]
    return nn.Sequential(*layers)


class Cnn(nn.Module):
    """The network of pytorch/examples' mnist."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(9216, 128)
        self.fc2 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.dropout1(F.max_pool2d(x, 2))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), 1)


def step_of(model, x, y, loss_of, fused):
    optimizer = torch.optim.Adam(model.parameters(), fused=fused)

    def step():
        optimizer.zero_grad()
        loss_of(model(x), y).backward()
        optimizer.step()

    return step


def make(case, device):
    torch.manual_seed(0)
    name, _, optimizer = case.partition(", ")
    fused = True if optimizer == "fused" else None
    if name == "MLP":
        x, y = torch.randn(256, 784, device=device), torch.randint(10, (256,), device=device)
        return step_of(mlp([784, 512, 256, 10]).to(device), x, y, F.cross_entropy, fused)
    if name == "CNN":
        x, y = torch.randn(64, 1, 28, 28, device=device), torch.randint(10, (64,), device=device)
        return step_of(Cnn().to(device), x, y, F.nll_loss, fused)
    raise ValueError(case)
