import numpy as np
import torch
from sklearn.model_selection import KFold
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from support import fit, losses_of, pick, read_table, report, seed

table = read_table("breastCancer")
y = torch.tensor([["benign", "malignant"].index(kind) for kind in table.pop("diagnosis")])
x = torch.tensor(list(zip(*table.values())), dtype=torch.float32)
makes = {
    "Linear": lambda: nn.Sequential(nn.Linear(30, 2)),
    "Deep": lambda: nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2)),
}
scores, losses = {}, []
for name, make in makes.items():
    own = []
    for train, test in KFold(5).split(x):
        mean, std = x[train].mean(0), x[train].std(0)
        parts = [TensorDataset((x[i] - mean) / std, y[i]) for i in (train, test)]
        torch.manual_seed(seed)
        model = make()
        history = fit(model, DataLoader(parts[0], batch_size=32, shuffle=True), DataLoader(parts[1], batch_size=1000), nn.CrossEntropyLoss(),
                      torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(20, 2))
        own.append(history[-1]["val_acc"])
        losses += losses_of(history)
    scores |= {f"accuracy{name}": np.mean(own), f"deviation{name}": np.std(own, ddof=1)}
report(scores, losses)
