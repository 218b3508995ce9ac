"""What the programs share: the command line, data, the loop, and the report. The counterpart of ../support, for comparison only."""
import argparse, csv, gzip, json, os
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--small", action="store_true")
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()
seed = arguments.seed
here = Path(__file__).resolve().parent


def pick(full, small):
    return small if arguments.small else full


def report(scores, losses):
    print(json.dumps({"scores": scores, "losses": losses}))


def read_idx(path):
    with gzip.open(path) as file:
        head = file.read(4)
        shape = [int.from_bytes(file.read(4), "big") for _ in range(head[3])]
        return torch.from_numpy(np.frombuffer(file.read(), np.uint8).reshape(shape).copy())


def open_images(train, test, wanted=None):
    """uint8 [N, C, size, size] and int64 [N], for training and for testing; CIFAR-10 or MNIST where they lie in runs/data, else Fashion-MNIST."""
    cifar = Path("runs/data/cifar-10-batches-py")
    if wanted == "CIFAR10" and cifar.exists():
        import torchvision

        parts = [torchvision.datasets.CIFAR10("runs/data", train=part) for part in (True, False)]
        pairs = [(torch.from_numpy(p.data).permute(0, 3, 1, 2).contiguous(), torch.tensor(p.targets)) for p in parts]
    else:
        folders = [Path("runs/data/MNIST/raw")] if wanted == "MNIST" else []
        folders += [Path("runs/data/FashionMNIST/raw"), Path("/usr/share/datasets/fashion-mnist")]
        folder = next(f for f in folders if f.exists())
        pairs = [(read_idx(folder / f"{part}-images-idx3-ubyte.gz").unsqueeze(1), read_idx(folder / f"{part}-labels-idx1-ubyte.gz").long())
                 for part in ("train", "t10k")]
    return [(x[:count], y[:count]) for (x, y), count in zip(pairs, (train, test))]


def normalized(pair, pad=0):
    x = pair[0].float().div_(255).sub_(0.286).div_(0.353)
    return TensorDataset(nn.functional.pad(x, [pad] * 4, value=-0.286 / 0.353) if pad else x, pair[1])


def small_cnn(channels, size):
    return nn.Sequential(
        nn.Conv2d(channels, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * (size // 4) ** 2, 10),
    )


def read_table(name):
    """Columns by name; numbers where all values are."""
    with open(here / f"../../data/tables/{name}.csv", encoding="utf8") as file:
        head, *rows = csv.reader(file)
    columns = dict(zip(head, zip(*rows)))
    for key, values in columns.items():
        try:
            columns[key] = [float(v) for v in values]
        except ValueError:
            pass
    return columns


def accuracy(right, total):
    return sum(right) / sum(total)


def balanced(right, total):
    shares = [r / t for r, t in zip(right, total) if t]
    return sum(shares) / len(shares)


def run_epoch(model, loader, loss_of, optimizer=None, score=accuracy):
    """One pass over the data: the mean loss of the samples, and the accuracy (None where targets are no classes)."""
    model.train(optimizer is not None)
    total, count, right, of = 0.0, 0, {}, {}
    with torch.set_grad_enabled(optimizer is not None):
        for *inputs, target in loader:
            output = model(*inputs)
            loss = loss_of(output, target)
            if optimizer is not None:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(target)
            count += len(target)
            if not target.is_floating_point():
                hits = output.argmax(1) == target
                for label in target.unique().tolist():
                    mine = target == label
                    right[label] = right.get(label, 0) + int((hits & mine).sum())
                    of[label] = of.get(label, 0) + int(mine.sum())
    return total / count, score(list(right.values()), list(of.values())) if of else None


def fit(model, train_loader, test_loader, loss_of, optimizer, epochs, scheduler=None, score=accuracy, stop=None):
    """Of each epoch: loss, acc, val_loss, val_acc. `stop` is asked after each whether that was enough."""
    history = []
    for _ in range(epochs):
        loss, acc = run_epoch(model, train_loader, loss_of, optimizer, score)
        val_loss, val_acc = run_epoch(model, test_loader, loss_of, None, score) if test_loader is not None else (None, None)
        if scheduler is not None:
            scheduler.step()
        history.append({"loss": loss, "acc": acc, "val_loss": val_loss, "val_acc": val_acc})
        if stop is not None and stop(history):
            break
    return history


def losses_of(*histories):
    return [epoch["loss"] for history in histories for epoch in history]
