"""Trees whose numbers are expressions of named parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import Number
from patronage.decision._sensitivity import OneWay, question
from patronage.decision._solving import By, Compounding, Sense, options, solve
from patronage.decision._stored import Tree
from patronage.decision._utility import Utility


class ParametricTree:
    """A decision tree some of whose numbers are expressions, with a base value for each parameter.

    Made by `decide(…).with_parameters(…)`. Expressions have numbers, names, `+ - * /` and parentheses: "p", "1-p",
    "-20000 - fee". A keyword that is the name of a parameter gives it another value; parameters that are called as an
    option is, such as "sense", are given in a dict.

    Example:
        >>> from patronage.decision import chance, decide
        >>> plant = decide("Plant", {
        ...     "large": chance({"favourable": ("p", 200_000), "unfavourable": ("#", -180_000)}),
        ...     "small": chance({"favourable": ("p", 100_000), "unfavourable": ("1-p", "-20000 - fee")}),
        ...     "none":  0}).with_parameters(p="1/2", fee=0)
        >>> plant
        <ParametricTree: 8 nodes; p=1/2, fee=0>
        >>> plant.solve().choice, plant.solve(p=".7").choice
        (('small',), ('large',))
        >>> plant.one_way("p", low=0, high=1).break_even()
        [Fraction(1, 6), Fraction(8, 13)]
    """

    __slots__ = ("_tree",)

    _tree: _core.ParametricTree

    def __init__(self) -> None:
        raise TypeError("write decide(…).with_parameters(…) or ParametricTree.from_json")

    @classmethod
    def _of(cls, tree: _core.ParametricTree) -> ParametricTree:
        made = cls.__new__(cls)
        object.__setattr__(made, "_tree", tree)
        return made

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a parametric tree is frozen; '{name}' cannot be set")

    @property
    def parameters(self) -> dict[str, str | float]:
        """The parameters and their base values: fractions as text, floats as floats."""
        return {name: exact or value for name, (value, exact) in self._tree.parameters()}

    def tree(self, values: Mapping[str, Number] | None = None, /, **parameters: Number) -> Tree:
        """The tree with numbers in it: at the base values, but for those given.

        Raises:
            InvalidTree: Probabilities that are none there, or do not sum to 1; an expression that divides by nought.
            UnknownName: No such parameter.
        """
        return Tree._of(self._tree.tree(_merged(values, parameters)))

    def solve(
        self,
        values: Mapping[str, Number] | None = None,
        /,
        *,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        exact: bool = True,
        compounding: Compounding = "period",
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> TreeAnswer:
        """Solves the tree at the base values, but for those given; the options are those of `Node.solve`.

        Exact where the tree and the values of its parameters are.
        """
        tree = self._tree.tree(_merged(values, parameters))
        return solve(tree, "dict", sense, discount_rate, exact, compounding, by, utility, progress)

    def one_way(
        self,
        parameter: str,
        /,
        values: Mapping[str, Number] | None = None,
        *,
        low: Number,
        high: Number,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
        **parameters: Number,
    ) -> OneWay:
        """The best strategies for every value of one parameter from `low` to `high`: exact, not on a grid.

        Rollback over functions: expected values are quotients of polynomials in the parameter with fractions as
        coefficients, and at each decision the range is cut where the best alternative changes. The roots are
        isolated by exact signs (Sturm 1829): break-evens that are fractions come as fractions, the others to the last
        bit of a float. Floats in the tree count as the decimals that they are written with; then all answers are
        floats.

        Args:
            parameter: The one that varies.
            values: Other values for the other parameters; keywords do as well.
            low: Where the range begins.
            high: Where it ends.
            sense: "profit" if more is better, "cost" if less is.
            discount_rate: As in `solve`; whole periods only.
            by: As in `solve`.
            utility: Not possible: sensitivity is by expected value.
            progress: True for a bar, or a callable.
            **parameters: Other values for the other parameters.

        Raises:
            InvalidTree: A probability outside 0 to 1, a sum that is not 1, or a division by nought, anywhere in the
                range; the message names the node and the value.
            InvalidParameter: An empty range; a utility.
            LimitExceeded: More than 10,000 intervals, a degree above 64, or fractions of more than 4,096 bits.

        Example:
            >>> from patronage.decision import chance, decide
            >>> twice = chance({"win": ("p", chance({"win": ("p", 100), "lose": ("#", 0)})), "lose": ("#", 0)})
            >>> found = decide("Bet", {"twice": twice, "sure": "t"}).with_parameters(p=".5", t=50).one_way(
            ...     "p", low=0, high=1)
            >>> found["choice"], found.break_even(), found.emv_exact(".9")
            ([['sure'], ['twice']], [0.7071067811865476], Fraction(81, 1))
        """
        base = self._tree.with_base(_merged(values, parameters))
        asked = options(sense, discount_rate, "period", by, utility)
        found = base.one_way(parameter, low, high, asked, reporter(progress, "solving"))
        about = {"parameter": parameter, "low": str(low), "high": str(high), "sense": sense, "exact": found.exact()}
        asking = {"low": low, "high": high, "sense": sense, "discount_rate": discount_rate, "by": by}
        return OneWay._of(found, about, question(base, "one_way", parameter, asking))

    def to_json(self) -> str:
        """The tree as JSON, with a version: nodes with their expressions, and the parameters."""
        return self._tree.to_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> ParametricTree:
        """The tree that `to_json` wrote.

        Raises:
            InvalidModel: Text that is no such JSON, another version, whatever is no tree.
        """
        text = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
        return cls._of(_core.ParametricTree.from_json(text))

    def __len__(self) -> int:
        return len(self._tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParametricTree) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return (ParametricTree.from_json, (self.to_json(),))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"<ParametricTree: {len(self):,} nodes; {values or 'no parameters'}>"


def _merged(values: Mapping[str, Number] | None, parameters: Mapping[str, Number]) -> list[tuple[str, Number]]:
    return [*(values or {}).items(), *parameters.items()]
