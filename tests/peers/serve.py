"""Answers the bench: one JSON request a line, one JSON line with the wall and thread time of the call in seconds
and the largest memory beyond that before it in bytes. Arrays are .npy files in the current folder.
"""

import json
import sys
import time
from functools import lru_cache

import numpy as np


@lru_cache(maxsize=4)
def load(name):
    return np.load(name)


def serve(calls, packages, prepare):
    """Times what `calls` has by name. `prepare` takes a name and its arguments and does what is not timed; what it
    returns, if anything, is added to the answer. So is a dictionary that a call returns: one that starts another
    process tells times itself. `packages` names the modules whose versions are told."""
    for line in sys.stdin:
        request = json.loads(line)
        call = request.pop("call")
        if call == "versions":
            names = [f"{name} {module.__version__}" for name, module in packages.items()]
            answer = {"versions": ", ".join([f"Python {sys.version.split()[0]}", *names])}
        else:
            answer = timed(calls[call], request, lambda: prepare(call, request))
        print(json.dumps(answer), flush=True)


def timed(call, arguments, prepare):
    told = prepare() or {}
    before = status("VmRSS:")
    wall, cpu = time.perf_counter(), time.thread_time()
    returned = call(**arguments)
    answer = {"cpu_s": time.thread_time() - cpu, "wall_s": time.perf_counter() - wall}
    # Of the process so far, the largest: of this call if it took more than any before.
    told |= returned if isinstance(returned, dict) else {}
    return answer | told | {"peak_bytes": before and status("VmHWM:") - before}


def status(key):
    """A size in bytes that Linux tells of this process, or None."""
    try:
        with open("/proc/self/status") as lines:
            return next(1024 * int(line.split()[1]) for line in lines if line.startswith(key))
    except (OSError, StopIteration):
        return None
