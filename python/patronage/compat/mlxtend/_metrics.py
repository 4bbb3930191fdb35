"""The measures of mlxtend's rules, from supports; on floats, or exactly on fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

#: How near to a threshold rounding may have put a value on the wrong side.
_BAND = 1e-9
#: Supports are shares of at most so many rows; floats tell such fractions apart.
_MOST_ROWS = 10_000_000


@dataclass(frozen=True)
class Sides:
    """Rules A → C: supports, and with missing values how many rows each is not known of.

    `lost_both`, `lost_left` and `lost_right` count the rows that lack a value of A ∪ C, A, C; `left_only` those with
    all of A that lack a value of C, `right_only` those with all of C that lack a value of A.
    """

    both: Any
    left: Any
    right: Any
    n: Any = 1
    lost_both: Any = 0
    lost_left: Any = 0
    lost_right: Any = 0
    left_only: Any = 0
    right_only: Any = 0

    def exactly(self, rules: np.ndarray) -> Sides:
        """Some of the rules with their supports as the fractions that they are rounded from."""
        fractions = {
            name: np.array([_fraction(value) for value in getattr(self, name)[rules].tolist()], dtype=object)
            for name in ("both", "left", "right")
        }
        counts = {
            name: value[rules].astype(object) if isinstance(value, np.ndarray) else value
            for name, value in vars(self).items()
            if name not in fractions
        }
        return Sides(**fractions, **counts)


def _fraction(value: float) -> Fraction:
    """The share of at most ten million rows that is rounded to this float, or the float itself where there is none."""
    share = Fraction(value).limit_denominator(_MOST_ROWS)
    return share if float(share) == value else Fraction(value)


def _divided(top: Any, bottom: Any, by_zero: float | None = None) -> Any:
    """The quotient; by zero what is given, else what floats say: inf, or NaN for 0 / 0."""
    zero = bottom == 0
    with np.errstate(all="ignore"):
        return np.where(zero, top * np.inf if by_zero is None else by_zero, top / np.where(zero, 1, bottom))


def confidence(rules: Sides) -> Any:
    """The share of A's rows that have C, as far as both are known."""
    return _divided(
        rules.both * (rules.n - rules.lost_both), rules.left * (rules.n - rules.lost_left) - rules.left_only
    )


def _reverse_confidence(rules: Sides) -> Any:
    return _divided(
        rules.both * (rules.n - rules.lost_both), rules.right * (rules.n - rules.lost_right) - rules.right_only
    )


def _leverage(rules: Sides) -> Any:
    return rules.both - rules.left * rules.right


def _conviction(rules: Sides) -> Any:
    sure = confidence(rules)
    return np.where(sure < 1, _divided(1 - rules.right, 1 - sure), np.inf)


def _zhang(rules: Sides) -> Any:
    most = np.maximum(rules.both * (1 - rules.left), rules.left * (rules.right - rules.both))
    return _divided(_leverage(rules), most, by_zero=0)


#: Each measure by mlxtend's name, in mlxtend's order.
METRICS: Mapping[str, Callable[[Sides], Any]] = {
    "antecedent support": lambda rules: rules.left,
    "consequent support": lambda rules: rules.right,
    "support": lambda rules: rules.both,
    "confidence": confidence,
    "lift": lambda rules: _divided(confidence(rules), rules.right),
    "representativity": lambda rules: (rules.n - rules.lost_both) / rules.n + 0 * rules.both,
    "leverage": _leverage,
    "conviction": _conviction,
    "zhangs_metric": _zhang,
    "jaccard": lambda rules: _divided(rules.both, rules.left + rules.right - rules.both),
    "certainty": lambda rules: _divided(confidence(rules) - rules.right, 1 - rules.right, by_zero=0),
    "kulczynski": lambda rules: (confidence(rules) + _reverse_confidence(rules)) / 2,
}


def reaches(metric: str, rules: Sides, threshold: float) -> np.ndarray:
    """Whether the measure of each rule, rounded once, is at least the threshold.

    Floats decide; what they put a hair's breadth below is decided again in fractions.
    """
    score = METRICS[metric](rules)
    reached = np.asarray(score >= threshold)
    near = np.flatnonzero(~reached & (threshold - score <= _BAND * max(1.0, abs(threshold))))
    if len(near):
        exact = METRICS[metric](rules.exactly(near))
        reached[near] = [float(value) >= threshold for value in exact]
    return reached
