"""Checks files of worked decision cases: `python -m patronage.decision.cases FILE …` prints a line a check.

The exit status is 0 if all agree, 1 if any differs, 2 if none differs but some are not supported.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from patronage.decision._cases import load_case
from patronage.errors import PatronageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks the cases of files, and says how many checks agree."""
    parser = argparse.ArgumentParser(
        prog="python -m patronage.decision.cases", description="Checks worked decision cases (schema decision-cases/1)."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a JSON file of cases")
    parser.add_argument("-q", "--quiet", action="store_true", help="only what does not agree, and the count")
    options = parser.parse_args(arguments)
    count: Counter[str] = Counter()
    unsupported = []
    for path in options.files:
        try:
            cases = load_case(path)
        except (PatronageError, OSError) as problem:
            print(f"{path}: {problem}", file=sys.stderr)
            return 1
        for case in cases:
            for check in case.check():
                count[check.status] += 1
                if not (options.quiet and check.status in ("agree", "explained")):
                    print(check)
                if check.status == "not supported":
                    unsupported.append(check)
    print(", ".join(f"{count[status]:,} {status}" for status in ("agree", "explained", "differ", "not supported")))
    if unsupported:
        print(f"NOT SUPPORTED, hence NOT CHECKED ({len(unsupported)}):", file=sys.stderr)
        for check in unsupported:
            print(f"  {check.case}: {check.what}: {check.note}", file=sys.stderr)
    return 1 if count["differ"] else 2 if unsupported else 0


if __name__ == "__main__":
    sys.exit(main())
