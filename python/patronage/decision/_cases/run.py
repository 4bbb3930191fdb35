"""The checks of one case as they are made."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patronage.decision._answer import TreeAnswer
from patronage.decision._cases.case import Case, CaseCheck, Status
from patronage.decision._cases.names import Unsupported, near, number
from patronage.decision._table import DecisionTable, TableAnswer
from patronage.decision._tree import Node
from patronage.errors import PatronageError


class Run:
    """The checks of one case, and all values that were found on the way."""

    def __init__(self, case: Case) -> None:
        self.case, self.data = case, case.data
        self.checks: list[CaseCheck] = []
        #: What was found, by what it is: the printed values are looked up here.
        self.found: dict[str, Any] = {}
        #: The same with probabilities rounded to some decimals.
        self.rounded: dict[str, Any] = {}

    def say(self, what: str, expected: Any, found: Any, status: Status, note: str = "") -> None:
        self.checks.append(CaseCheck(self.case.id, what, expected, found, status, note))

    def equal(self, what: str, expected: Any, found: Any) -> None:
        """Compares names, lists and truths."""
        self.say(what, expected, found, "agree" if expected == found else "differ")

    def value(self, what: str, expected: Any, found: Any) -> None:
        """Compares numbers: as fractions where there are any, and floats to the last bit but a few."""
        self.found[what] = found
        wanted = number(expected)
        exact = isinstance(wanted, Fraction) and isinstance(found, Fraction)
        same = wanted == found if exact else found is not None and near(float(wanted), float(found))
        self.say(what, wanted, found, "agree" if same else "differ")

    def table(self) -> tuple[DecisionTable, TableAnswer]:
        if self.case.table is None:
            raise Unsupported("the case has no table")
        alpha = self.data.get("hurwicz_alpha")
        section = self.data["expected"].get("table", self.data["expected"])
        alpha = section.get("hurwicz", {}).get("alpha", alpha)
        return self.case.table, self.case.table.solve(sense=self.case.sense, optimism=alpha)

    def solve(self, tree: Node) -> TreeAnswer:
        return tree.solve(sense=self.case.sense, discount_rate=self.data.get("discount_rate"))

    def tree(self) -> TreeAnswer:
        if self.case.tree is None:
            raise Unsupported("the case has no tree")
        return self.solve(self.case.tree)


def guarded(this: Run, what: str, check: Callable[[], None]) -> None:
    """Whatever cannot be found is said, never skipped."""
    try:
        check()
    except Unsupported as reason:
        this.say(what, "…", None, "not supported", str(reason))
    except PatronageError as problem:
        this.say(what, "…", None, "differ", f"{type(problem).__name__}: {problem}")
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as problem:
        this.say(what, "…", None, "not supported", f"cannot be read: {problem!r}")
