"""What becomes of a decision when its numbers change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.decision._drawn import Lang
from patronage.decision._numbers import Number, fraction
from patronage.errors import InvalidModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def question(
    tree: _core.ParametricTree, method: str, first: tuple[Any, ...], keywords: Mapping[str, Any]
) -> dict[str, Any]:
    """What was asked, as JSON holds it: an answer is stored as its question."""
    given = {name: _plain(value) for name, value in keywords.items() if value is not None}
    return {"tree": json.loads(tree.to_json()), "method": method, "first": _plain(first), "keywords": given}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction | Decimal):
        return str(value)
    if hasattr(value, "_stored") and not isinstance(value, Result):
        return value._stored()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.ndarray):
        # Long: made a list only when it is written.
        return value
    return value.item() if isinstance(value, np.generic) else value


class Asked(Result):
    """A result that is stored as its question, and found again when it is read."""

    __slots__ = ("_made", "_question")

    _made: Any
    _question: dict[str, Any]

    @classmethod
    def _from(
        cls, frame: _core.Frame, about: Mapping[str, Any], made: Any, asked: dict[str, Any], kind: str = "dict"
    ) -> Self:
        result = cls(frame, about, kind)
        object.__setattr__(result, "_made", made)
        object.__setattr__(result, "_question", asked)
        return result

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The result in plain words.

        Args:
            lang: "en" or "zh".
        """
        working: _core.Working = self._made.explain(lang)
        return working

    def to_json(self) -> str:
        """The question as JSON, with a version; `from_json` answers it again."""
        head = {"patronage": type(self).__name__, "version": self._version}
        written = {**head, "question": self._question}
        return json.dumps(written, ensure_ascii=False, allow_nan=False, default=np.ndarray.tolist)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The answer to the question that `to_json` wrote."""
        from patronage.decision._parametric import ParametricTree

        try:
            stored = json.loads(text)
            name, version, asked = stored["patronage"], stored["version"], stored["question"]
            if name != cls.__name__ or version != cls._version:
                raise InvalidModel(
                    f"cannot read the stored result: it is a {name} of version {version}, not a {cls.__name__} of "
                    f"version {cls._version}"
                )
            tree = ParametricTree.from_json(json.dumps(asked["tree"], ensure_ascii=False))
            method = asked["method"]
            if method not in METHODS:
                raise InvalidModel(f"cannot read the stored {name}: there is no question '{method}'")
            found = getattr(tree, method)(*asked["first"], **asked["keywords"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            if isinstance(problem, InvalidModel):
                raise
            raise InvalidModel(f"cannot read the stored {cls.__name__}: {problem}") from problem
        if not isinstance(found, cls):
            raise InvalidModel(f"cannot read the stored {cls.__name__}: its question has another answer")
        return found


#: The questions that may be stored.
METHODS = ("one_way", "two_way", "tornado", "spider", "derivatives", "simulate")


class OneWay(Asked):
    """A row a region of one parameter with the same best strategy.

    Columns: `from`, `to`, `choice` (the best alternatives of the root: several if they tie all through the region,
    none if the root is no decision), `strategy` (all that is to be decided, in words), `emv` (the expected value as a
    formula). At its ends the strategies of both neighbours are as good.
    """

    __slots__ = ()

    @classmethod
    def _of(cls, made: _core.OneWay, about: Mapping[str, Any], asked: dict[str, Any]) -> Self:
        return cls._from(made.frame("en"), about, made, asked)

    def break_even(self) -> list[Fraction | float]:
        """The values at which the strategy changes: fractions where they are, floats where they are irrational.

        All are floats where the tree, its parameters or the range have floats.
        """
        return [_value(pair) for pair in self._made.break_evens()]

    def emv(self, at: Number) -> float:
        """The expected value under the best strategy at a value of the parameter."""
        return float(self._made.emv(at)[0])

    def emv_exact(self, at: Number) -> Fraction | None:
        """The same as a fraction; None where floats were given."""
        return fraction(self._made.emv(at)[1])

    def functions(self) -> list[tuple[list[Fraction], list[Fraction]]]:
        """The expected value in each region as a quotient of two polynomials.

        The coefficients of numerator and denominator, from that of x⁰ on.
        """
        found = self._made.coefficients()
        return [([Fraction(c) for c in top], [Fraction(c) for c in bottom]) for top, bottom in found]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The expected value of the best strategy against the parameter, and where the strategy changes."""
        from patronage.plots import sensitivity as plots

        return plots.one_way(self, ax)


class TwoWay(Asked):
    """A row a region of the second parameter, for each of some values of the first.

    Columns: `x`, `y_from`, `y_to`, `choice` (the best alternatives of the root), `strategy` (all that is to be
    decided, in words). The borders are exact on each value of x; between two of them nothing was worked out. Where the
    borders are straight lines nothing is lost by that.
    """

    __slots__ = ()

    def break_even(self) -> list[tuple[Fraction | float, list[Fraction | float]]]:
        """For each x the values of y at which the strategy changes: fractions where they are."""
        return [(_value(x), [_value(y) for y in ys]) for x, ys in self._made.break_evens()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The plane of both parameters, a colour a strategy."""
        from patronage.plots import sensitivity as plots

        return plots.two_way(self, ax)


class Tornado(Asked):
    """A row a parameter, the longest swing first.

    Columns: `parameter`, `low`, `high`, `emv_low`, `emv_high` (the expected value under the best choices there),
    `swing` (their distance), `choice_low`, `choice_high`, `break_even` (as text: where the best strategy changes
    strictly between the two ends).

    A tornado looks at the ends only. What happens between them, such as a strategy that is best in the middle, shows
    in `break_even`, and in `one_way`.
    """

    __slots__ = ()

    @property
    def emv(self) -> float:
        """The expected value at the base values."""
        return float(self._made.base()[0][0])

    @property
    def changes(self) -> list[str]:
        """The parameters for which the best strategy changes somewhere between their ends."""
        return [name for name, points in zip(self["parameter"], self["break_even"], strict=True) if points]

    def fractions(self) -> list[tuple[Fraction | None, Fraction | None, Fraction | None]]:
        """`emv_low`, `emv_high` and `swing` of each row as fractions; None in a float answer."""
        return [(fraction(low[1]), fraction(high[1]), fraction(swing[1])) for low, high, swing in self._made.values()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """A bar a parameter around the expected value at the base values; a dot where the strategy changes."""
        from patronage.plots import sensitivity as plots

        return plots.tornado(self, ax)


class Spider(Asked):
    """A row a value of a parameter, the others at their base values.

    Columns: `parameter`, `value`, `emv` (the expected value under the best choices there), `choice`.
    """

    __slots__ = ()

    def fractions(self) -> list[tuple[Fraction | None, Fraction | None]]:
        """Value and expected value of each row as fractions; None in a float answer."""
        return [(fraction(value[1]), fraction(emv[1])) for value, emv in self._made.values()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """A line a parameter: the expected value against where it stands between its ends."""
        from patronage.plots import sensitivity as plots

        return plots.spider(self, ax)


class Derivatives(Asked):
    """A row a parameter: what the expected value changes by for each unit of it, at the base values.

    Columns: `parameter`, `value`, `derivative`. `about["has_ties"]` says whether alternatives tie on the way: then
    the derivatives are those of the first.
    """

    __slots__ = ()

    def exact(self) -> dict[str, Fraction | None]:
        """The derivatives as fractions; None where floats were given."""
        return {name: fraction(by) for name, (_, by) in self._made.values()}

    def plot(self, ax: Axes | None = None) -> Axes:
        """A bar a parameter."""
        from patronage.plots import sensitivity as plots

        return plots.derivatives(self, ax)


def _value(pair: tuple[float, str | None]) -> Fraction | float:
    return pair[0] if pair[1] is None else Fraction(pair[1])
