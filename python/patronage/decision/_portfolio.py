"""Several decisions, one purse."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from patronage import _core
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import Number, fraction
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: From the name of each project to its options: from label to what it uses and what it is worth.
Projects: TypeAlias = Mapping[str, Mapping[str, tuple[Number, "Number | TreeAnswer"]]]


class PortfolioAnswer(Result):
    """The best set of options under a budget, a row a project.

    Columns: `project`, `choice` (null where none is taken), `resource` (used), `value`.
    `about`: `budget`, `value`, `used` (the least that brings this value), `has_ties` (whether another set brings as
    much and uses as much), `shadow_price`; fractions as text where all numbers are exact.
    """

    __slots__ = ()

    @property
    def choice(self) -> dict[str, str | None]:
        """The option taken of each project; None where none is."""
        return dict(zip(self["project"], self["choice"], strict=True))

    @property
    def value(self) -> float:
        """What the options bring in all."""
        return _float(self.about["value"])

    @property
    def value_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer."""
        return _exact(self.about["value"])

    @property
    def used(self) -> float:
        """What the options use in all."""
        return _float(self.about["used"])

    @property
    def shadow_price(self) -> float:
        """What a little more of the budget would bring, a unit, if options could be taken in part; 0 if nothing.

        The dual price of the linear relaxation, from above.
        """
        return _float(self.about["shadow_price"])

    @property
    def shadow_price_exact(self) -> Fraction | None:
        """The same as a fraction; None in a float answer."""
        return _exact(self.about["shadow_price"])


class EfficientFrontier(Result):
    """What each budget would bring, a row an efficient set.

    Columns: `resource` (used) and `value`, both rising.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Steps: the value that each budget brings."""
        from patronage.plots import decision as plots

        return plots.frontier(self, ax)


def portfolio(
    projects: Projects,
    *,
    budget: Number | None = None,
    progress: Progress = None,
) -> PortfolioAnswer:
    """The best set of options of several projects under one budget; of each project at most one is taken.

    The multiple-choice knapsack problem, solved exactly: efficient sets of more and more projects (Nemhauser & Ullmann
    1969), without those that the linear relaxation rules out (Dyer, Riha & Walker 1995; Kellerer, Pferschy & Pisinger
    2004, *Knapsack Problems*, ch. 11).

    Args:
        projects: From the name of each project to its options: from label to what it uses (not negative) and what it
            is worth, a number or a solved tree, whose EMV counts. Taking none uses nothing and brings nothing.
        budget: What all may use together; None for no limit.
        progress: True for a bar, or a callable.

    Raises:
        InvalidTree: An option that uses a negative amount, or numbers that are none.
        InvalidParameter: A negative budget.
        LimitExceeded: More than 2²¹ sets that may be the best; round the numbers.

    Example:
        >>> from patronage.decision import portfolio
        >>> bids = {"A": {"high": (1, "29.4"), "low": (1, "37.2")}, "B": {"high": (1, "31.6"), "low": (1, "17.6")}}
        >>> best = portfolio(bids, budget=1)
        >>> best.choice, best.value, best.shadow_price
        ({'A': 'low', 'B': None}, 37.2, 31.6)
        >>> portfolio(bids, budget=2).value_exact
        Fraction(344, 5)
    """
    frame, value, used, ties, price = _core.decision_portfolio(_given(projects), budget, reporter(progress, "choosing"))
    about: dict[str, Any] = {
        "budget": None if budget is None else str(budget),
        "value": value[1] or value[0],
        "used": used[1] or used[0],
        "has_ties": ties,
        "shadow_price": price[1] or price[0],
    }
    return PortfolioAnswer(frame, about, "dict")


def efficient_frontier(
    projects: Projects, *, budget: Number | None = None, progress: Progress = None
) -> EfficientFrontier:
    """What each smaller budget would bring: the sets of options that no other set beats.

    Arguments and errors are those of `portfolio`.

    Raises:
        LimitExceeded: More than 2²¹ efficient sets; round the numbers.

    Example:
        >>> from patronage.decision import efficient_frontier
        >>> bids = {"A": {"high": (1, "29.4"), "low": (1, "37.2")}, "B": {"high": (1, "31.6"), "low": (1, "17.6")}}
        >>> efficient_frontier(bids)["value"].tolist()
        [0.0, 37.2, 68.8]
    """
    frame = _core.decision_frontier(_given(projects), budget, reporter(progress, "choosing"))
    return EfficientFrontier(frame, {"budget": None if budget is None else str(budget)}, "dict")


def _given(projects: Projects) -> list[tuple[str, list[tuple[str, Any, Any]]]]:
    given = []
    for name, options in projects.items():
        rows = []
        for label, option in options.items():
            if not isinstance(option, tuple | list) or len(option) != 2:
                raise InvalidParameter(
                    f"option '{label}' of project '{name}' is {option!r}; expected (what it uses, what it is worth)"
                )
            rows.append((label, option[0], _worth(option[1])))
        given.append((name, rows))
    return given


def _worth(value: Number | TreeAnswer) -> Any:
    if isinstance(value, TreeAnswer):
        return value.emv if value.emv_exact is None else value.emv_exact
    return value


def _float(stored: str | float) -> float:
    return float(Fraction(stored))


def _exact(stored: str | float) -> Fraction | None:
    return fraction(stored) if isinstance(stored, str) else None
