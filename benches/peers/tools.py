"""The C programs: how each is called, and where it says how many sets it found."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KINDS = {"frequent": "s", "closed": "c", "maximal": "m"}


@dataclass(frozen=True)
class Tool:
    """A program in one way of being called."""

    name: str
    #: The program of each kind of sets.
    programs: dict[str, str]
    #: Arguments; {kind} is its letter, {file} and {min_count} are put in.
    arguments: tuple[str, ...]
    #: The family, which says how its answer is read.
    family: str

    def command(self, kind: str, file: str, min_count: int) -> list[str]:
        letter = _KINDS[kind] if self.family == "Borgelt" else {"frequent": "F", "closed": "C", "maximal": "M"}[kind]
        return [a.format(kind=letter, file=file, min_count=min_count) for a in self.arguments]

    def sets(self, said: str) -> int | None:
        """The number of sets but the empty one, in what the program printed."""
        if self.family == "Borgelt":
            found = re.search(r"\[(\d+) set\(s\)\]", said)
            return int(found[1]) if found else None
        # The total, then the number of sets of each size from 0.
        sizes = re.search(r"^(\d+)\s*\n(\d+)\s*$", said, re.MULTILINE)
        return int(sizes[1]) - int(sizes[2]) if sizes else None


def _borgelt(name: str, *, out: bool) -> Tool:
    programs = dict.fromkeys(_KINDS, name.lower())
    arguments = ("-t{kind}", "-s-{min_count}", "{file}", *(("/dev/null",) if out else ()))
    return Tool(f"{name} {'out' if out else 'count'}", programs, arguments, "Borgelt")


_LCM3 = {"frequent": "lcm3_all", "closed": "lcm3_closed"}

#: «out» writes the sets as text to /dev/null, «count» only counts them.
TOOLS = [
    Tool("LCM 3 out", _LCM3, ("{file}", "{min_count}", "/dev/null"), "LCM"),
    Tool("LCM 5 out", dict.fromkeys(_KINDS, "lcm5"), ("{kind}f", "{file}", "{min_count}", "/dev/null"), "LCM"),
    _borgelt("fpgrowth", out=False),
    _borgelt("fpgrowth", out=True),
    _borgelt("eclat", out=False),
    _borgelt("SaM", out=False),
]
