import torch
from torch import nn
from support import read_table, report, seed

torch.manual_seed(seed)
rows = torch.tensor(list(zip(*read_table("diabetes").values())), dtype=torch.float32)
standard = (rows - rows.mean(0)) / rows.std(0)
x, y = standard[:, :10], standard[:, 10:]
model = nn.Linear(10, 1)
loss_of = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.05, betas=(0.9, 0.999), weight_decay=1e-4, fused=True)
losses = []
for step in range(10):
    optimizer.zero_grad()
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
report({"loss": loss_of(model(x), y).item()}, losses)
