import torch
from torch import nn
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, seed, small_cnn

train, test = open_images(pick(8000, 1000), pick(2000, 500), wanted="CIFAR10")
train_set, test_set = normalized(train), normalized(test)


def fit_with(lr):
    torch.manual_seed(seed)
    model = small_cnn(train[0].shape[1], train[0].shape[2])
    return fit(model, DataLoader(train_set, batch_size=64, shuffle=True), DataLoader(test_set, batch_size=1000), nn.CrossEntropyLoss(),
               torch.optim.Adam(model.parameters(), lr=lr, fused=True), epochs=pick(3, 2))


high, low = fit_with(0.01), fit_with(0.0001)
report({"accuracyAtHigh": high[-1]["val_acc"], "accuracyAtLow": low[-1]["val_acc"]}, losses_of(high, low))
