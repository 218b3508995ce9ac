"""The Python side of the bench: reads cases from stdin, one JSON object a line, and answers with seconds per iteration.

{"case": name, "seconds": s} -> {"time": seconds per iteration}
"""

import gc
import json
import sys
import timeit

import torch

import operators
import steps

gc.enable()
timers = {}


def timer(case):
    if case not in timers:
        if case in operators.STATEMENTS:
            # The statement stands in timeit's own loop, so Python pays no call for being measured.
            timers[case] = [timeit.Timer(operators.STATEMENTS[case], setup="gc.enable()", globals=operators.names()), 0]
        else:
            timers[case] = [timeit.Timer(steps.make(case), setup="gc.enable()", globals={"gc": gc}), 0]
    return timers[case]


def measure(case, seconds):
    entry = timer(case)
    clock, count = entry
    if count == 0:
        clock.timeit(10)  # first calls choose kernels
        count = 10
        while (took := clock.timeit(count)) < seconds / 2:
            count *= 2
        entry[1] = count = max(1, round(count * seconds / took))
    return clock.timeit(count) / count


print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"time": measure(request["case"], request["seconds"])}), flush=True)
