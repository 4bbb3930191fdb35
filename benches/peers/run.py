"""Measures Patronage beside its peers: each in a process of its own, in turn, round after round.

    python benches/peers/run.py [--rounds 3] [--case NAME ...]

Prints the median CPU seconds of the call alone (user and system, all threads; after imports, data and a first call on
little data), the extra memory at its peak, and the ratio to ours in the same run. A peer that is not installed, or
that fails, is listed as such.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys

from cases import CASES

MEASURE = """
import json, resource, time
def memory(of):
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(of)) / 1024
    except OSError:  # no Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
{setup}
{warm}
try:
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # forget the peak of the setup
except OSError:
    pass
before, cpu, wall = memory("VmRSS"), time.process_time(), time.perf_counter()
{call}
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
cpu = globals().get("told", cpu)  # a call that repeats itself, or works elsewhere, tells its seconds
print(json.dumps({{"cpu": cpu, "wall": wall, "peak": memory("VmHWM") - before, "answer": str(({answer}))}}))
"""


#: Seconds that a run may take.
LONGEST = 3600


def measure(setup: str, warm: str, call: str, answer: str) -> dict[str, object]:
    """One run in a process of its own."""
    code = MEASURE.format(setup=setup, warm=warm, call=call, answer=answer)
    command = [sys.executable, "-W", "ignore", "-c", code]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return {"failed": f"not done after {LONGEST} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"failed": last[:100]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", action="append", choices=list(CASES))
    options = parser.parse_args()
    packages = ("patronage", "pandas", "polars", "duckdb", "lifetimes", "mlxtend", "pyfim", "rusket")
    packages += ("efficient-apriori", "prefixspan", "pymc-marketing", "numpy", "decision-tool")
    versions = []
    for package in packages:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{package} not installed")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {', '.join(versions)}\n")
    for name in options.case or CASES:
        case = CASES[name]
        runs: dict[str, list[dict[str, object]]] = {tool: [] for tool in case.calls}
        for _ in range(options.rounds):
            for tool, (setup, warm, call, answer) in case.calls.items():
                runs[tool].append(measure(case.setup + setup, warm, call, answer))
        print(f"### {case.title}\n\n| tool | CPU s | wall s | extra MB | × ours | answer |\n|---|--:|--:|--:|--:|---|")
        ours, measured = None, {}
        for tool, found in runs.items():
            failed = [run["failed"] for run in found if "failed" in run]
            if failed:
                print(f"| {tool} | – | – | – | – | {failed[0]} |")
                continue
            cpu, wall, peak = (statistics.median(float(run[key]) for run in found) for key in ("cpu", "wall", "peak"))
            ours = cpu if ours is None else ours
            answer = case.judged(str(found[0]["answer"]))
            print(f"| {tool} | {cpu:.4f} | {wall:.4f} | {peak:.0f} | {cpu / ours:.1f} | {answer} |")
            measured[tool] = cpu, peak
        print("\n".join(["", *case.targets(measured), ""]))


if __name__ == "__main__":
    main()
