import copy

import torch
from torch import nn
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, run_epoch, seed

torch.manual_seed(seed)
train, test = open_images(pick(4000, 500), pick(4000, 500))
validation = DataLoader(normalized(test), batch_size=1000)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
best, best_weights, best_epoch = float("inf"), None, 0


def stop(history, patience=5):
    global best, best_weights, best_epoch
    if history[-1]["val_loss"] < best:
        best, best_weights, best_epoch = history[-1]["val_loss"], copy.deepcopy(model.state_dict()), len(history)
    return len(history) - best_epoch >= patience


history = fit(model, DataLoader(normalized(train), batch_size=64, shuffle=True), validation, nn.CrossEntropyLoss(),
              torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=100, stop=stop)
model.load_state_dict(best_weights)
loss, accuracy = run_epoch(model, validation, nn.CrossEntropyLoss())
report({"accuracy": accuracy, "loss": loss, "epochs": len(history), "bestEpoch": best_epoch}, losses_of(history))
