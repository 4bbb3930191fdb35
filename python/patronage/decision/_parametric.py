"""Trees whose numbers are expressions of named parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patronage import _core
from patronage._progress import Progress
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import Number
from patronage.decision._questions import Questions, merged
from patronage.decision._solving import By, Compounding, Sense, solve
from patronage.decision._stored import Tree
from patronage.decision._utility import Utility


class ParametricTree(Questions):
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
        return Tree._of(self._tree.tree(merged(values, parameters)))

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
        tree = self._tree.tree(merged(values, parameters))
        return solve(tree, "dict", sense, discount_rate, exact, compounding, by, utility, progress)

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
