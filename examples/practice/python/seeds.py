"""Runs one program with seeds 0, 1, … in one process, since imports can take longer than it does: seeds.py NAME COUNT [--small]."""
import runpy, sys
from pathlib import Path

name, count, *options = sys.argv[1:]
for seed in range(int(count)):
    sys.modules.pop("support", None)  # it reads the command line
    sys.argv = [name, "--seed", str(seed), *options]
    runpy.run_path(str(Path(__file__).with_name(f"{name}.py")), run_name="__main__")
    sys.stdout.flush()
