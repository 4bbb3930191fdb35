"""Numbers as they may be given."""

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

#: A payoff or a probability.
Number: TypeAlias = int | float | str | Fraction | Decimal
