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
    _, _, _, weights, shape = options(sense, discount_rate, compounding, by, utility)
    report = reporter(progress, "solving")
    made = _core.TreeAnswer.solve(root, sense, discount_rate, exact, compounding, weights, shape, report)
    return TreeAnswer._of(made, kind)


def options(
    sense: Sense, discount_rate: Number | None, compounding: Compounding, by: By, utility: Utility | None
) -> tuple[str, Number | None, str, list[tuple[str, Number]] | None, tuple[str, list[Any]] | None]:
    """The options of a solution as the core takes them."""
    if utility is not None and not isinstance(utility, Utility):
        raise InvalidParameter(f"utility = {utility!r} is not possible; expected such as Utility.exponential(50_000)")
    weights: list[tuple[str, Number]] | None = None
    if by is not None:
        weights = [(by, 1)] if isinstance(by, str) else list(dict(by).items())
    shape = None if utility is None else (utility._kind, list(utility._parameters))
    return sense, discount_rate, compounding, weights, shape
