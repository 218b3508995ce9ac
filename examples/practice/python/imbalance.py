import torch
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler
from support import balanced, fit, losses_of, normalized, open_images, pick, report, seed

T_SHIRT, SHIRT = 0, 6
train, test = open_images(pick(60_000, 6000), 10_000)


def wardrobe(pair, t_shirts, shirts):
    x, y = pair
    rows = torch.cat([(y == T_SHIRT).nonzero()[:t_shirts, 0], (y == SHIRT).nonzero()[:shirts, 0]])
    return normalized((x[rows], (y[rows] == SHIRT).long()))


train_set = wardrobe(train, pick(6000, 400), pick(300, 20))
test_set = wardrobe(test, pick(1000, 200), pick(1000, 200))
labels = train_set.tensors[1]
weights = labels.bincount().reciprocal() * (len(labels) / 2)


def fit_with(order, weight=None):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 2))
    return fit(model, DataLoader(train_set, batch_size=64, **order), DataLoader(test_set, batch_size=1000), nn.CrossEntropyLoss(weight=weight),
               torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(8, 2), score=balanced)


plain = fit_with({"shuffle": True})
weighted = fit_with({"shuffle": True}, weights)
sampled = fit_with({"sampler": WeightedRandomSampler(weights[labels], len(labels))})
report({"accuracyPlain": plain[-1]["val_acc"], "accuracyWeighted": weighted[-1]["val_acc"], "accuracySampled": sampled[-1]["val_acc"]},
       losses_of(plain, weighted, sampled))
