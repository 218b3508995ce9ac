"""The Python side of the bench of transforms; bench/pipelines.ts has the same pipelines in TypeScript.

{"case": name, "seconds": s} -> {"time": seconds per image}
"""

import gc
import json
import sys
import timeit

try:
    import declare_vision_ops  # torchvision without its own C++ operators
except ImportError:
    pass
import torch
from torchvision.transforms import v2

PIPELINES = {
    "MNIST": [
        v2.RandomRotation(15),
        v2.RandomAffine(0, translate=(0.1, 0.1)),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.1307], [0.3081]),
    ],
    "classification": [
        v2.RandomResizedCrop(224, antialias=True),
        v2.RandomHorizontalFlip(),
        v2.ColorJitter(0.4, 0.4, 0.4, 0.1),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ],
}
BATCHES = {
    "MNIST": lambda: torch.randint(0, 256, (128, 1, 28, 28), dtype=torch.uint8),
    "classification": lambda: v2.functional.resize(torch.randint(0, 256, (32, 3, 16, 20), dtype=torch.uint8), [256, 320]),
}
clocks = {}


def measure(case, seconds):
    if case not in clocks:
        torch.manual_seed(0)
        transform, images, place = v2.Compose(PIPELINES[case]), BATCHES[case]().unbind(0), [0]

        def run():
            transform(images[place[0] % len(images)])
            place[0] += 1

        clock = timeit.Timer(run, setup="gc.enable()", globals={"gc": gc})
        clock.timeit(4)
        count = 4
        while (took := clock.timeit(count)) < seconds / 2:
            count *= 2
        clocks[case] = clock, max(1, round(count * seconds / took))
    clock, count = clocks[case]
    return clock.timeit(count) / count


print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"time": measure(request["case"], request["seconds"])}), flush=True)
