import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from support import fit, losses_of, pick, read_table, report, seed

torch.manual_seed(seed)
rows = torch.tensor(list(zip(*read_table("diabetes").values())), dtype=torch.float32)
x, progression = rows[:, :10], rows[:, 10]
y = (progression > progression.median()).long()
trained = 300
inputs = (x - x[:trained].mean(0)) / x[:trained].std(0)
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 2))
history = fit(model, DataLoader(TensorDataset(inputs[:trained], y[:trained]), batch_size=32, shuffle=True), None, nn.CrossEntropyLoss(),
              torch.optim.Adam(model.parameters(), lr=0.003, fused=True), epochs=pick(30, 3))
model.eval()
with torch.no_grad():
    decided = model(inputs[trained:]).argmax(1)
target = y[trained:]


def differences(group):
    """Of two groups: selection rates; the larger of true and of false positive rates."""
    rates = [[decided[who].float().mean().item() for who in (group == g, (group == g) & (target == 1), (group == g) & (target == 0))]
             for g in group.unique()]
    gaps = [abs(a - b) for a, b in zip(*rates)]
    return gaps[0], max(gaps[1:])


sex, age = differences(x[trained:, 1]), differences(x[trained:, 0] >= 50)
report({"accuracy": (decided == target).float().mean().item(), "parityBySex": sex[0], "oddsBySex": sex[1], "parityByAge": age[0], "oddsByAge": age[1]},
       losses_of(history))
