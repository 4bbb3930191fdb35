"""What all textbook values share: a working, a value, and how timing and numbers are read."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.errors import InvalidParameter

FirstPayment = Literal["start", "middle", "end"]
Lang = Literal["en", "zh"]


class Explained(Result):
    """A result that shows its working, which is made again from `about`."""

    __slots__ = ()

    _working: ClassVar[Any]

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The working: formula, numbers, value, and what it means, in English or Chinese ("zh")."""
        working: _core.Working = type(self)._working(self.about, lang)
        return working

    def _repr_html_(self) -> str:
        return self.explain().to_html()

    def __str__(self) -> str:
        return self.explain().to_text()


class Worked(Explained):
    """One value with its parts as columns of a single row; `about` has what went in."""

    __slots__ = ()

    @property
    def value(self) -> float:
        """The value."""
        return float(self["value"][0])

    def __float__(self) -> float:
        return self.value


def survive(given: bool | None, first_payment: str) -> bool:
    """Whether the first payment takes retention, where nothing was said: only at the end of the period."""
    return first_payment == "end" if given is None else given


def numbers(name: str, values: Any) -> list[float]:
    """A list of floats out of any sequence."""
    try:
        read = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        read = None
    if read is None or read.ndim != 1:
        raise InvalidParameter(f"{name} = {values!r} is not possible; expected a sequence of numbers")
    listed: list[float] = read.tolist()
    return listed
