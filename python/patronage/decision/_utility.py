"""What an amount is worth to somebody who does not like, or likes, to take risks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patronage import _core
from patronage.decision._numbers import Number
from patronage.errors import InvalidParameter


class Utility:
    """A utility function of what a path through a tree brings in all, discounted if the tree is.

    Where payoffs are costs, it is a function of the cost with a minus sign. Decisions are made by the certainty
    equivalent, the amount whose utility is the expected utility (von Neumann and Morgenstern 1944; Pratt 1964).

    | made by | u(x) | defined for |
    |---|---|---|
    | `Utility.exponential(R)` | 1 − e^(−x/R) | every x; R > 0 avoids risk, R < 0 seeks it |
    | `Utility.logarithmic(W)` | ln(W + x) | W + x > 0 |
    | `Utility.power(γ, W)` | (W + x)^(1−γ) / (1 − γ), ln(W + x) for γ = 1 | W + x > 0, for γ < 1 also 0 |
    | `Utility.table({x: u})` | straight lines between points | from the first amount to the last |

    Example:
        >>> from patronage.decision import Utility, chance, decide
        >>> game = decide("Game", {"play": chance({"win": (".45", 10_000), "lose": ("#", -10_000)}), "do not play": 0})
        >>> answer = game.solve(utility=Utility.table({-10_000: ".05", 0: ".15", 10_000: ".30"}))
        >>> answer.choice, answer.expected_utility, round(answer.certainty_equivalent, 2), answer.emv
        (('play',), 0.1625, 833.33, -1000.0)
    """

    __slots__ = ("_kind", "_parameters")

    _kind: str
    _parameters: tuple[Number, ...]

    def __init__(self, kind: str, parameters: tuple[Number, ...]) -> None:
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_parameters", parameters)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a Utility is frozen; '{name}' cannot be set")

    @classmethod
    def exponential(cls, risk_tolerance: Number) -> Utility:
        """Constant absolute risk aversion (CARA).

        Args:
            risk_tolerance: R, in the unit of the payoffs; about the amount that one would just risk to lose half of
                for an even chance to win it whole. Negative for those who seek risk.
        """
        return cls("exponential", (risk_tolerance,))

    @classmethod
    def logarithmic(cls, wealth: Number) -> Utility:
        """Constant relative risk aversion of 1 (Bernoulli 1738), on top of a wealth."""
        return cls("logarithmic", (wealth,))

    @classmethod
    def power(cls, risk_aversion: Number, wealth: Number) -> Utility:
        """Constant relative risk aversion γ (0 is neutral, more avoids risk), on top of a wealth."""
        return cls("power", (risk_aversion, wealth))

    @classmethod
    def table(cls, points: Mapping[Any, Number]) -> Utility:
        """Straight lines between points: from amounts to utilities, both increasing. Exact points stay exact."""
        if not isinstance(points, Mapping):
            raise InvalidParameter(f"points = {points!r} is not possible; expected a dict from amount to utility")
        return cls("table", tuple(number for point in points.items() for number in point))

    def __call__(self, amount: Number) -> float:
        """The utility of an amount of profit.

        Example:
            >>> from patronage.decision import Utility
            >>> Utility.logarithmic(100)(0).__round__(4)
            4.6052
        """
        return _core.utility_of(self._kind, list(self._parameters), amount)[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Utility):
            return NotImplemented
        return (self._kind, self._parameters) == (other._kind, other._parameters)

    def __hash__(self) -> int:
        return hash((self._kind, self._parameters))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Utility, (self._kind, self._parameters))

    def __repr__(self) -> str:
        return f"<Utility: {self._kind} {', '.join(map(str, self._parameters))}>"
