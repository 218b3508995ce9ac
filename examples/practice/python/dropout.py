import torch
from torch import nn
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, seed

torch.manual_seed(seed)
train, test = open_images(pick(10_000, 1000), pick(2000, 500))
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.5),
                      nn.Linear(256, 10))
history = fit(model, DataLoader(normalized(train), batch_size=64, shuffle=True), DataLoader(normalized(test), batch_size=1000),
              nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(5, 2))
report({"trainAccuracy": history[-1]["acc"], "accuracy": history[-1]["val_acc"]}, losses_of(history))
