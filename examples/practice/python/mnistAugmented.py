import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from support import fit, losses_of, open_images, pick, report, seed, small_cnn

try:
    import declare_vision_ops  # where torchvision's own operators cannot be loaded
except ImportError:
    pass
from torchvision.transforms import v2

torch.manual_seed(seed)
train, test = open_images(pick(5000, 300), pick(2000, 300), wanted="MNIST")
normalize = [v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.1307], [0.3081])]
augment = v2.Compose([v2.RandomRotation(15), v2.RandomAffine(0, translate=(0.1, 0.1)), *normalize])


class Transformed(Dataset):
    def __init__(self, pair, transform):
        (self.images, self.labels), self.transform = pair, transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        return self.transform(self.images[i]), self.labels[i]


model = small_cnn(1, 28)
history = fit(model, DataLoader(Transformed(train, augment), batch_size=64, shuffle=True),
              DataLoader(Transformed(test, v2.Compose(normalize)), batch_size=1000), nn.CrossEntropyLoss(),
              torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(3, 2))
report({"accuracy": history[-1]["val_acc"]}, losses_of(history))
