import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from support import fit, losses_of, normalized, open_images, pick, report, seed, small_cnn

train, test = open_images(pick(60_000, 1000), pick(1000, 500), wanted="CIFAR10")
everything = normalized(train)
few = Subset(everything, range(pick(1000, 200)))
validation = DataLoader(normalized(test), batch_size=1000)


def fit_on(samples, epochs):
    torch.manual_seed(seed)
    model = small_cnn(train[0].shape[1], train[0].shape[2])
    return fit(model, DataLoader(samples, batch_size=64, shuffle=True), validation, nn.CrossEntropyLoss(),
               torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs)


on_few, on_all = fit_on(few, pick(10, 3)), fit_on(everything, pick(1, 2))
report({"accuracyOnFew": on_few[-1]["val_acc"], "accuracyOnAll": on_all[-1]["val_acc"]}, losses_of(on_few, on_all))
