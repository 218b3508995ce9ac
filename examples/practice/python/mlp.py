import torch
from torch import nn
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, seed

torch.manual_seed(seed)
train, test = open_images(pick(20_000, 1000), pick(5000, 500))
train_set, test_set = normalized(train, pad=2), normalized(test, pad=2)
model = nn.Sequential(nn.Flatten(), nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
history = fit(model, DataLoader(train_set, batch_size=64, shuffle=True), DataLoader(test_set, batch_size=1000), nn.CrossEntropyLoss(),
              torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=0.01, fused=True), epochs=pick(3, 2))
report({"accuracy": history[-1]["val_acc"]}, losses_of(history))
