import torch
from torch import nn
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, seed, small_cnn

train, test = open_images(pick(1000, 200), pick(500, 300), wanted="CIFAR10")
train_set, test_set = normalized(train), normalized(test)
channels, size = train[0].shape[1:3]


def deep_cnn(channels):
    def pair(a, b):
        return [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]

    return nn.Sequential(*pair(channels, 8), *pair(8, 16), *pair(16, 32), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(128, 128), nn.ReLU(),
                         nn.Linear(128, 10))


def fit_model(make):
    torch.manual_seed(seed)
    model = make()
    return fit(model, DataLoader(train_set, batch_size=32, shuffle=True), DataLoader(test_set, batch_size=1000), nn.CrossEntropyLoss(),
               torch.optim.Adam(model.parameters(), lr=0.003, fused=True), epochs=pick(15, 2))


simple, deep = fit_model(lambda: small_cnn(channels, size)), fit_model(lambda: deep_cnn(channels))
scores = {}
for name, history in (("Simple", simple), ("Deep", deep)):
    last = history[-1]
    scores |= {f"trainAccuracy{name}": last["acc"], f"accuracy{name}": last["val_acc"], f"gap{name}": last["val_loss"] - last["loss"]}
report(scores, losses_of(simple, deep))
