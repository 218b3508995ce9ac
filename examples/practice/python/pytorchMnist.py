import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from support import fit, losses_of, normalized, open_images, pick, report, seed


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv2(F.relu(self.conv1(x)))), 2)
        x = F.relu(self.fc1(torch.flatten(self.dropout1(x), 1)))
        return F.log_softmax(self.fc2(self.dropout2(x)), 1)


torch.manual_seed(seed)
train, test = open_images(pick(60_000, 320), pick(10_000, 200))
model = Net()
optimizer = torch.optim.Adadelta(model.parameters(), lr=1.0)
history = fit(model, DataLoader(normalized(train), batch_size=64, shuffle=True), DataLoader(normalized(test), batch_size=1000), nn.NLLLoss(),
              optimizer, epochs=pick(3, 1), scheduler=torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.7))
report({f"accuracy{i + 1}": epoch["val_acc"] for i, epoch in enumerate(history)}, losses_of(history))
