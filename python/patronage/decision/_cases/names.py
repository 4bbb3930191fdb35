"""Names and numbers of cases, read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from patronage.decision._table import DecisionTable


class Unsupported(Exception):
    """Something that a case expects and that this reader cannot find."""


def number(stored: Any) -> Fraction | float:
    """A number of a case: a fraction if it has one."""
    if isinstance(stored, Mapping):
        return Fraction(stored["exact"]) if "exact" in stored else float(stored["float"])
    return Fraction(str(stored))


def near(a: float, b: float) -> bool:
    """Whether two floats are the same but for the rounding of a few operations."""
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b))


def rows(states: Sequence[str], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """P(signal | state) by state, the rows of the file being in the order of the states."""
    cells = zip(states, given["p_signal_given_state"], strict=True)
    return {state: dict(zip(given["signals"], row, strict=True)) for state, row in cells}


def pick(names: Sequence[str], short: str) -> str:
    """The name that is the short form, or the one with a word, or words, that begin like it."""
    wanted = short.lower().split("_")
    for name in names:
        if name.lower() == " ".join(wanted):
            return name
    words = {name: re.split(r"\W+", name.lower()) for name in names}
    found = [name for name in names if all(any(w.startswith(part) for w in words[name]) for part in wanted)]
    if len(found) != 1:
        raise Unsupported(f"'{short}' is not clearly one of {', '.join(names)}")
    return found[0]


def state_of(table: DecisionTable, key: str) -> str:
    """The state that `…_p_<state>` names."""
    return pick(table.states, key.rsplit("_p_", 1)[1])


def cell(table: DecisionTable, key: str) -> tuple[str, str]:
    """The alternative and the state that `<alternative>_<state>` names."""
    parts = key.split("_")
    for i in range(1, len(parts)):
        try:
            return pick(table.alternatives, "_".join(parts[:i])), pick(table.states, "_".join(parts[i:]))
        except Unsupported:
            continue
    raise Unsupported(f"'{key}' names no alternative and state")
