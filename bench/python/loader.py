"""The Python side of bench/loader.ts.

loader.py make FOLDER COUNT     JPEG files in ten classes, parts of scikit-learn's photos
loader.py measure FOLDER        answers each line {"case", "workers", "persistent"} with {"time", "samples"} of an epoch
"""

import gzip, json, os, random, sys, time

try:
    import declare_vision_ops  # where torchvision's compiled operators do not fit this PyTorch
except ImportError:
    pass
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2


def make(folder: str, count: int) -> None:
    from sklearn.datasets import load_sample_images

    photos = [Image.fromarray(photo) for photo in load_sample_images().images]
    draw = random.Random(0)
    for i in range(count):
        photo = photos[i // 10 % len(photos)]
        width, height = draw.randint(200, 400), draw.randint(200, 300)
        left, top = draw.randint(0, max(photo.width - width, 0)), draw.randint(0, max(photo.height - height, 0))
        place = os.path.join(folder, f"class{i % 10}")
        os.makedirs(place, exist_ok=True)
        part = photo.crop((left, top, left + width, top + height)).resize((500, 375))
        part.save(os.path.join(place, f"{i:04}.jpg"), quality=draw.randint(80, 95))


class FashionMNIST(Dataset):
    """torchvision's, from where Debian's package puts the files."""

    def __init__(self, transform) -> None:
        def read(name: str, offset: int):
            with gzip.open(f"/usr/share/datasets/fashion-mnist/train-{name}-ubyte.gz") as file:
                return np.frombuffer(file.read(), np.uint8, offset=offset)

        self.data = torch.from_numpy(read("images-idx3", 16).reshape(-1, 28, 28).copy())
        self.targets = torch.from_numpy(read("labels-idx1", 8).astype(np.int64))
        self.transform = transform

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int):
        image, target = self.data[index], int(self.targets[index])
        return self.transform(Image.fromarray(image.numpy(), mode="L")), target


def datasets(name: str, folder: str):
    if name == "Fashion-MNIST":
        return FashionMNIST(
            v2.Compose([v2.RandomHorizontalFlip(), v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.286], [0.353])])
        )
    return ImageFolder(
        folder,
        v2.Compose(
            [
                v2.RandomResizedCrop(224),
                v2.RandomHorizontalFlip(),
                v2.ToImage(),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
            ]
        ),
    )


def measure(folder: str) -> None:
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    loaders = {}
    for line in sys.stdin:
        request = json.loads(line)
        if line not in loaders:
            loaders[line] = DataLoader(
                datasets(request["case"], folder),
                batch_size=64,
                shuffle=True,
                num_workers=request["workers"],
                persistent_workers=request["persistent"],
            )
        start, samples = time.perf_counter(), 0
        for _, targets in loaders[line]:
            samples += targets.numel()
        print(json.dumps({"time": time.perf_counter() - start, "samples": samples}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    else:
        measure(sys.argv[2])
