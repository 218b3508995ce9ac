import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from support import open_images, pick, report, seed


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(784, 256), nn.Linear(256, 16), nn.Linear(256, 16)
        self.fc3, self.fc4 = nn.Linear(16, 256), nn.Linear(256, 784)

    def forward(self, x):
        h = F.relu(self.fc1(x))
        mean, log_variance = self.fc21(h), self.fc22(h)
        deviation = torch.exp(0.5 * log_variance)
        z = mean + torch.randn_like(deviation) * deviation
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mean, log_variance


def loss_of(x, result):
    y, mean, log_variance = result
    return F.binary_cross_entropy(y, x, reduction="sum") - 0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())


torch.manual_seed(seed)
train_set, test_set = (TensorDataset(x.flatten(1).float().div_(255)) for x, _ in open_images(pick(10_000, 1000), pick(2000, 500), wanted="MNIST"))
model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
losses = []
for epoch in range(pick(6, 2)):
    total = 0.0
    for (x,) in DataLoader(train_set, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        loss = loss_of(x, model(x))
        loss.backward()
        optimizer.step()
        total += loss.item()
    losses.append(total / len(train_set))
model.eval()
with torch.no_grad():
    total = sum(loss_of(x, model(x)).item() for (x,) in DataLoader(test_set, batch_size=1000))
report({"loss": total / len(test_set)}, losses)
