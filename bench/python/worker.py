"""The Python side of the bench: reads cases from stdin, one JSON object a line, and answers with seconds per iteration.
Its argument is the device to compute on (cpu).

{"case": name, "seconds": s} -> {"time": seconds per iteration}
"""

import gc
import json
import sys
import timeit

import torch

import operators
import optimizers
import steps

gc.enable()
device = sys.argv[1] if len(sys.argv) > 1 else "cpu"
timers = {}


def run(clock, count):
    """Seconds that `count` iterations take: a GPU works on by itself, so its work is waited for."""
    start = timeit.default_timer()
    clock.timeit(count)
    if device != "cpu":
        torch.cuda.synchronize()
    return timeit.default_timer() - start


def timer(case):
    if case not in timers:
        if case in operators.STATEMENTS:
            # The statement stands in timeit's own loop, so Python pays no call for being measured.
            timers[case] = [timeit.Timer(operators.STATEMENTS[case], setup="gc.enable()", globals=operators.names(device)), 0]
        else:
            make = optimizers.make if case.endswith(" step") else steps.make
            timers[case] = [timeit.Timer(make(case, device), setup="gc.enable()", globals={"gc": gc}), 0]
    return timers[case]


def measure(case, seconds):
    entry = timer(case)
    clock, count = entry
    if count == 0:
        run(clock, 10)  # first calls choose kernels
        count = 10
        while (took := run(clock, count)) < seconds / 2:
            count *= 2
        entry[1] = count = max(1, round(count * seconds / took))
    return run(clock, count) / count


print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"time": measure(request["case"], request["seconds"])}), flush=True)
