"""Counts the instructions of our program in three cases, beside the numbers stored in instructions.txt.

    python benches/instructions.py [--mine PATH] [--store]

Instructions, unlike seconds, are the same on a busy machine and on an idle one: two runs differ by about one part in
a hundred thousand. Ends with 1 if a case needs over 2 % more than what is stored; --store writes the new numbers.
Needs valgrind and the shared data; without either it says so and ends with 0.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))
from fimi import expected, plain

STORED = Path(__file__).with_suffix(".txt")
CASES = [("retail", 88, "frequent"), ("chess", 1600, "frequent"), ("mushroom", 812, "closed")]
ALLOWED = 1.02


def count(mine: Path, file: Path, min_count: int, kind: str) -> tuple[int, int]:
    """The instructions of one run on one thread, and the number of sets it found."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    command += [str(mine), str(file), str(min_count), "--kind", kind, "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if not found:
        raise ValueError(done.stderr)
    return int(found[1]), int(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mine", type=Path, default=Path("target/release/mine"), help="our program")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not installed")
        return 0
    head = [line for line in STORED.read_text().splitlines() if line.startswith("#")]
    stored = dict(line.rsplit(maxsplit=1) for line in STORED.read_text().splitlines() if not line.startswith("#"))
    worse = False
    with tempfile.TemporaryDirectory() as folder:
        for name, min_count, kind in CASES:
            file = plain(name, Path(folder))
            if file is None:
                print(f"skipped: the data {name} are absent (PATRONAGE_SHARED)")
                continue
            case = f"{name} {min_count} {kind}"
            instructions, sets = count(options.mine, file, min_count, kind)
            if sets != expected(name, min_count, kind):
                raise AssertionError(f"{case}: {sets} sets, not {expected(name, min_count, kind)}")
            before = int(stored.get(case, instructions))
            worse |= instructions > before * ALLOWED
            print(f"{case}: {instructions:,} instructions, stored {before:,}: {instructions / before - 1:+.2%}")
            stored[case] = str(instructions)
    if options.store:
        STORED.write_text("\n".join([*head, *(f"{case} {number}" for case, number in stored.items()), ""]))
        return 0
    return int(worse)


if __name__ == "__main__":
    sys.exit(main())
