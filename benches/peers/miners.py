"""Measures the itemset miner beside the C programs: file to all sets, each run a process of its own, in turn.

    python benches/peers/miners.py --tools DIR [--mine PATH] [--rounds 3] [--row NAME@COUNT ...] [--part PART ...]

Prints Markdown: the median seconds of the processor (user and system, all threads, the whole process) and the peak
of the memory; the ratio to ours; whether each target of speed is met; one thread against two. Every number of sets
is compared with the reference; a tool that finds another number is marked. A program that is not in DIR (or in
PATRONAGE_TOOLS) is listed as absent, as is data that is not in PATRONAGE_SHARED.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median

from fimi import expected, plain
from tools import TOOLS

FREQUENT = [
    ("retail", 88),
    ("retail", 10),
    ("T10I4D100K", 100),
    ("T10I4D100K", 20),
    ("online_retail", 100),
    ("BMS-WebView-1", 36),
    ("kosarak_head36k", 50),
    ("zipf990k", 500),
    ("T40I10D100K_regen", 1000),
    ("mushroom", 812),
    ("mushroom", 406),
    ("chess", 1600),
    ("chess", 1200),
    ("accidents_head", 4500),
    ("connect8ply", 94454),
]
#: Where reading is most of the work: few sets for the items that are read.
INPUT_BOUND = [("retail", 88), ("T10I4D100K", 100), ("online_retail", 100), ("zipf990k", 500)]
CONDENSED = [
    ("retail", 88),
    ("T10I4D100K", 100),
    ("chess", 1600),
    ("mushroom", 812),
    ("accidents_head", 4500),
    ("connect_head10k", 8000),
]
OURS = "patronage"


@dataclass(frozen=True)
class Run:
    """One process: what it cost, and how many sets it says there are."""

    cpu: float
    wall: float
    #: MB; None where it is not above that of the process that started it.
    peak: float | None
    sets: int | None
    #: Of ours: the seconds of each thread, the main one first, which only reads; and the wall time of the search.
    threads: tuple[float, ...] = ()
    search: float = 0.0


def run(command: list[str]) -> tuple[Run, str]:
    """Runs a program to its end, and what it printed."""
    with tempfile.TemporaryFile("w+") as printed:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said = printed.read()
    if process.returncode < 0:
        raise ChildProcessError(f"{command[0]} was ended by signal {-process.returncode}")
    # A process starts with the peak of the one that started it: this one's.
    peak = used.ru_maxrss if used.ru_maxrss > own_peak() else None
    return Run(used.ru_utime + used.ru_stime, wall, peak and peak / 1024, None), said


def own_peak() -> int:
    """The peak of this process, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Row:
    """A question put to all programs, and their runs."""

    def __init__(self, name: str, min_count: int, kind: str) -> None:
        self.name, self.min_count, self.kind = name, min_count, kind
        self.expected = expected(name, min_count, kind)
        self.runs: dict[str, list[Run]] = {}

    @property
    def key(self) -> tuple[str, int]:
        return self.name, self.min_count

    def ask(self, mine: Path, tools: Path, file: Path, threads: tuple[int, ...]) -> None:
        """One round: ours on each number of threads, then each program that is there."""
        for number in threads:
            options = ["--kind", self.kind, "--threads", str(number), "--json"]
            cost, said = run([str(mine), str(file), str(self.min_count), *options])
            answer = json.loads(said)
            shares = tuple(answer["threads"])
            known = Run(cost.cpu, cost.wall, answer["peak_mb"], answer["sets"], shares, answer["mine_wall"])
            if known.sets != self.expected:
                raise AssertionError(f"{self.name}@{self.min_count} {self.kind}: {known.sets}, not {self.expected}")
            self.runs.setdefault(f"{OURS} {number}", []).append(known)
        if self.kind == "frequent" and len(threads) == 1:
            cost, said = run([str(mine), str(file), str(self.min_count), "--count"])
            if int(said) != self.expected:
                raise AssertionError(f"{self.name}@{self.min_count}: counted {said}, not {self.expected}")
            self.runs.setdefault(f"{OURS} count", []).append(Run(cost.cpu, cost.wall, cost.peak, int(said)))
        for tool in TOOLS if 1 in threads and len(threads) == 1 else ():
            program = tools / tool.programs.get(self.kind, "absent")
            if program.exists():
                cost, said = run([str(program), *tool.command(self.kind, str(file), self.min_count)])
                sets = tool.sets(said)
                self.runs.setdefault(tool.name, []).append(Run(cost.cpu, cost.wall, cost.peak, sets))

    def cpu(self, name: str) -> float | None:
        return median(run.cpu for run in self.runs[name]) if name in self.runs else None

    def ratio(self, *names: str, way: str = "1") -> float | None:
        """The least of the tools' seconds over ours, keeping the sets or only counting them."""
        theirs = [cpu for name in names if (cpu := self.cpu(name)) is not None]
        ours = self.cpu(f"{OURS} {way}")
        return min(theirs) / ours if theirs and ours else None

    def cell(self, name: str) -> str:
        """Seconds and peak of a program, and by how many sets it is wrong."""
        if name not in self.runs:
            return "absent"
        runs = self.runs[name]
        peaks = [run.peak for run in runs if run.peak is not None]
        peak = f"{median(peaks):.0f}" if peaks else f"≤ {own_peak() / 1024:.0f}"
        sets = runs[0].sets
        wrong = "" if sets == self.expected else " **?**" if sets is None else f" **{sets - (self.expected or 0):+d}**"
        return f"{self.cpu(name):.3f} ({peak}){wrong}"


def compare(rows: list[Row], title: str) -> None:
    """The table of one kind of sets."""
    names = [tool.name for tool in TOOLS if any(tool.name in row.runs for row in rows)]
    absent = [tool.name for tool in TOOLS if tool.name not in names]
    print(f"### {title}: CPU s (peak MB)\n")
    ours = [f"{OURS} 1", *([f"{OURS} count"] if any(f"{OURS} count" in row.runs for row in rows) else [])]
    heads = [OURS, f"{OURS} count"][: len(ours)]
    print(f"| data @ count | sets | {' | '.join([*heads, *names])} | best ÷ ours |")
    print(f"|---|--:|{'--:|' * (len(names) + len(ours) + 1)}")
    for row in rows:
        ratio = row.ratio(*names)
        cells = " | ".join(row.cell(name) for name in [*ours, *names])
        best = "–" if ratio is None else f"{ratio:.2f}"
        print(f"| {row.name} @{row.min_count} | {row.expected:,} | {cells} | {best} |")
    if absent:
        print(f"\nAbsent: {', '.join(absent)}.")
    print()


def target(words: str, ratios: list[float | None], least: float, *, mean: float = 0) -> None:
    """A line of the list of targets: whether the least ratio, and the geometric mean, reach it."""
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        print(f"- {words}: not measured")
        return
    met = min(known) >= least and geometric_mean(known) >= mean
    print(
        f"- {words}: {'met' if met else '**missed**'} "
        f"(least {min(known):.2f}, geometric mean {geometric_mean(known):.2f}, "
        f"{sum(ratio < least for ratio in known)} of {len(known)} rows below {least:g})"
    )


def threads(rows: list[Row]) -> None:
    """One thread against two: the search alone, without the reading of the file."""
    print("### One thread and two: the search alone\n")
    print("| data @ count | CPU s 1 | CPU s 2 | CPU 2 ÷ 1 | wall s 1 | wall s 2 | wall 1 ÷ 2 | by CPU |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    by_wall, by_cpu = [], []
    for row in rows:
        one, two = row.runs[f"{OURS} 1"], row.runs[f"{OURS} 2"]
        cpu = [median(sum(run.threads[1:]) for run in runs) for runs in (one, two)]
        wall = [median(run.search for run in runs) for runs in (one, two)]
        busier = median(max(run.threads[1:]) for run in two)
        if cpu[0] > 0.05:
            by_wall.append(wall[0] / wall[1])
            by_cpu.append(cpu[0] / busier)
        print(
            f"| {row.name} @{row.min_count} | {cpu[0]:.3f} | {cpu[1]:.3f} | {cpu[1] / cpu[0]:.2f} | {wall[0]:.3f} | "
            f"{wall[1]:.3f} | {wall[0] / wall[1]:.2f} | {cpu[0] / busier:.2f} |"
        )
    print("\n«by CPU»: the seconds of one worker over those of the busier of two, which is the speed-up that two idle")
    print("processors would give if none waited for the other; wall time is that of this machine as it was.\n")
    target("Two threads ≥ 1.7× on searches over 50 ms, by wall time", by_wall, 1.7)
    target("Two threads ≥ 1.7× on searches over 50 ms, by CPU", by_cpu, 1.7)
    print()


def rows_of(cases: list[tuple[str, int]], kind: str, options: argparse.Namespace, *numbers: int) -> Iterator[Row]:
    """Asks every case, round after round; says which data are absent."""
    for name, min_count in cases:
        if options.row and f"{name}@{min_count}" not in options.row:
            continue
        file = plain(name, options.folder)
        if file is None:
            print(f"{name} @{min_count}: the data are absent.\n")
            continue
        row = Row(name, min_count, kind)
        for _ in range(options.rounds):
            row.ask(options.mine, options.tools, file, numbers)
        yield row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, default=Path(os.environ.get("PATRONAGE_TOOLS", "absent")))
    parser.add_argument("--mine", type=Path, default=Path("target/release/mine"), help="our program")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--row", action="append", help="such as retail@88; all unless given")
    parser.add_argument("--part", action="append", choices=["frequent", "closed", "maximal", "threads"])
    parser.add_argument("--folder", type=Path, help="where plain copies of the data are kept")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory() as folder:
        options.folder = options.folder or Path(folder)
        options.folder.mkdir(exist_ok=True)
        parts = options.part or ["frequent", "closed", "maximal", "threads"]
        print(f"{platform.machine()}, {os.cpu_count()} cores, median of {options.rounds}\n")
        every = [tool.name for tool in TOOLS]
        if "frequent" in parts:
            rows = list(rows_of(FREQUENT, "frequent", options, 1))
            compare(rows, "All frequent sets")
            best = [row.ratio(*every) for row in rows]
            target("The best of them, never slower and ≥ 1.5× in the mean", best, 1, mean=1.5)
            bound = [row.ratio(*every) for row in rows if row.key in INPUT_BOUND]
            target("The best of them, ≥ 3× where reading is most of the work", bound, 3)
            written = [row.ratio(*(name for name in every if name.endswith("out"))) for row in rows]
            target(
                "The best of those that write the sets out, never slower and ≥ 1.5× in the mean", written, 1, mean=1.5
            )
            counted = [row.ratio(*(name for name in every if name.endswith("count")), way="count") for row in rows]
            target("The best of those that only count, beside our count, never slower", counted, 1)
            for name in ("fpgrowth out", "fpgrowth count"):
                target(f"{name} (Borgelt), ≥ 2× everywhere", [row.ratio(name) for row in rows], 2)
            print()
        for kind in ("closed", "maximal"):
            if kind in parts:
                rows = list(rows_of(CONDENSED, kind, options, 1))
                compare(rows, f"{kind.capitalize()} sets")
                best = [row.ratio("LCM 5 out", "fpgrowth out") for row in rows]
                target("The better of LCM 5 and fpgrowth, ≥ 1.5×", best, 1.5)
                print()
        if "threads" in parts:
            threads(list(rows_of(FREQUENT, "frequent", options, 1, 2)))


if __name__ == "__main__":
    main()
