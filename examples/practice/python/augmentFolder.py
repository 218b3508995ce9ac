"""Keras' ImageDataGenerator in NumPy and SciPy, as keras-preprocessing has it; its numbers are drawn from torch's generator."""
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy import ndimage
from torch import nn
from torch.utils.data import DataLoader, Dataset
from support import fit, losses_of, open_images, pick, report, seed, small_cnn

count = pick(2000, 200)
folder = Path(f"runs/clothes-{count}")
if not folder.exists():
    images, labels = open_images(count, 1)[0]
    for i, label in enumerate(labels.tolist()):
        (folder / f"class{label}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(images[i, 0].numpy()).save(folder / f"class{label}/{i:05}.png")


def uniform(a, b):
    return torch.empty(1).uniform_(a, b).item()


def augmented(x):
    """Up to 10 degrees, a tenth up, down and aside, a tenth larger or smaller, and turned about."""
    theta, tx, ty = np.deg2rad(uniform(-10, 10)), uniform(-0.1, 0.1) * 28, uniform(-0.1, 0.1) * 28
    zx, zy = uniform(0.9, 1.1), uniform(0.9, 1.1)
    flips, _ = uniform(0, 1) < 0.5, uniform(0, 1)
    turn = np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])
    matrix = turn @ np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1]]) @ np.diag([zx, zy, 1])
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = 13.5, -13.5
    matrix = there @ matrix @ back
    x = ndimage.affine_transform(x, matrix[:2, :2], matrix[:2, 2], order=1, mode="nearest")
    return x[:, ::-1].copy() if flips else x


def plain(x):
    uniform(0, 1), uniform(0, 1)  # Keras draws its flips even where there are none
    return x


class Folder(Dataset):
    def __init__(self, part, transform):
        self.transform, self.files = transform, []
        for label, home in enumerate(sorted(folder.iterdir())):
            files = sorted(home.iterdir())
            cut = int(0.25 * len(files))  # validation_split=0.25
            self.files += [(file, label) for file in (files[:cut] if part == "validation" else files[cut:])]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        file, label = self.files[i]
        x = self.transform(np.asarray(Image.open(file).convert("L"), dtype=np.float32))
        return torch.from_numpy(x).unsqueeze(0) * (1 / 255), label


torch.manual_seed(seed)
model = small_cnn(1, 28)
history = fit(model, DataLoader(Folder("training", augmented), batch_size=32, shuffle=True), DataLoader(Folder("validation", plain), batch_size=32),
              nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=0.001, fused=True), epochs=pick(6, 2))
report({"accuracy": history[-1]["val_acc"]}, losses_of(history))
