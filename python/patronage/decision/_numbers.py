"""Numbers as they come and go."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

#: A payoff or a probability.
Number: TypeAlias = int | float | str | Fraction | Decimal

#: A number of the core: the float, and the fraction as text.
Pair: TypeAlias = tuple[float, str | None]


def fraction(text: str | None) -> Fraction | None:
    """A fraction that the core wrote."""
    return None if text is None else Fraction(text)
