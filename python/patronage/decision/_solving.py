"""The one way from a tree to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import Number
from patronage.decision._utility import Utility
from patronage.errors import InvalidParameter

Sense: TypeAlias = Literal["profit", "cost"]
Compounding: TypeAlias = Literal["period", "continuous"]
By: TypeAlias = str | Mapping[str, Number] | None


def solve(
    root: Any,
    kind: str,
    sense: Sense,
    discount_rate: Number | None,
    exact: bool,
    compounding: Compounding,
    by: By,
    utility: Utility | None,
    progress: Progress,
) -> TreeAnswer:
    """Solves nested objects, or a tree of the core."""
    if utility is not None and not isinstance(utility, Utility):
        raise InvalidParameter(f"utility = {utility!r} is not possible; expected such as Utility.exponential(50_000)")
    weights = None if by is None else [(by, 1)] if isinstance(by, str) else list(dict(by).items())
    shape = None if utility is None else (utility._kind, list(utility._parameters))
    report = reporter(progress, "solving")
    made = _core.TreeAnswer.solve(root, sense, discount_rate, exact, compounding, weights, shape, report)
    return TreeAnswer._of(made, kind)
