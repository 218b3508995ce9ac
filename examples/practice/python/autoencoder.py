import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from support import fit, losses_of, open_images, pick, report, seed

torch.manual_seed(seed)
train, test = open_images(pick(10_000, 1000), pick(2000, 500), wanted="MNIST")


def pixels(pair):
    flat = pair[0].flatten(1).float().div_(255)
    return TensorDataset(flat, flat)


model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 32), nn.ReLU(), nn.Linear(32, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())
history = fit(model, DataLoader(pixels(train), batch_size=64, shuffle=True), DataLoader(pixels(test), batch_size=1000), nn.MSELoss(),
              torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(6, 2))
report({"loss": history[-1]["val_loss"]}, losses_of(history))
