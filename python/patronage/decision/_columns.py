"""Trees from tables: a row a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage.decision._answer import TreeAnswer
from patronage.decision._numbers import Number
from patronage.decision._solving import By, Compounding, Sense, solve
from patronage.decision._utility import Utility

#: The columns that are read where the table has them.
_OPTIONAL = {
    "kind": "kind",
    "probability": "probability",
    "payoff": "payoff",
    "value": "value",
    "time": "time",
    "label": "branch",
    "name": "name",
}


class Tree:
    """A checked decision tree, made from a table by `Tree.from_frame`: for trees that programs make.

    Trees that people write are made by `decide`, `chance` and `pay`.
    """

    __slots__ = ("_kind", "_made")

    _made: _core.Tree
    _kind: str

    def __init__(self, made: _core.Tree, kind: str) -> None:
        self._made = made
        self._kind = kind

    @classmethod
    def from_frame(
        cls,
        table: Any,
        *,
        parent: str = "parent",
        further: Sequence[str] = (),
        progress: Progress = None,
        **columns: str,
    ) -> Tree:
        """A tree from a table, or from a dict of arrays, with a row a node in any order.

        A node's branches keep the order of their rows. Text (".4", "1/3", "#") and integers are exact, floats are
        floats, as in literals.

        Args:
            table: Any table. Where it has columns of these names, they are read: `kind` ("decision", "chance",
                "leaf"), `probability` (of the branch, null where chance does not lead there), `payoff` (on the
                branch; a float on every row), `value` (at the leaf, null elsewhere), `time` (periods from the start
                to the branch), `branch` (its label), `name` (of the node). Without `kind` a row without branches is
                a leaf, one whose branches have probabilities is chance, others are decisions; without `branch` the
                branches of a node are called 1, 2, 3.
            parent: Column with the row of the node above, counted from 0; null or −1 for the root.
            further: Columns of further measures (hours, tons), received on the branch.
            progress: True for a bar, or a callable.
            **columns: Other names of those columns: `probability="p"`, `label="option"`.

        Raises:
            InvalidTree: Circles, none or several roots, probabilities that do not sum to 1; the message names the
                node, or the row where branches have no labels.
            ColumnNotFound: A column that was named is not there.

        Example:
            >>> from patronage.decision import Tree
            >>> tree = Tree.from_frame({
            ...     "parent": [-1, 0, 0, 1, 1],
            ...     "branch": ["", "build", "wait", "good", "bad"],
            ...     "probability": [None, None, None, ".4", "#"],
            ...     "payoff": [0, -5, 0, 100, -20]})
            >>> tree.solve().choice, tree.solve().emv_exact
            (('build',), Fraction(23, 1))
        """
        unknown = columns.keys() - _OPTIONAL.keys()
        if unknown:
            raise TypeError(f"from_frame() has no column '{min(unknown)}'; it has {', '.join(_OPTIONAL)}")
        names = _tables.column_names(table)
        wanted = {"parent": parent}
        for role, usual in _OPTIONAL.items():
            if role in columns:
                wanted[role] = columns[role]
            elif names is None or usual in names:
                wanted[role] = usual
        further = [further] if isinstance(further, str) else list(further)
        read = _tables.to_core(table, [*wanted.values(), *further])
        made = _core.Tree.from_table(read, wanted, further, reporter(progress, "building"))
        return cls(made, _tables.kind_of(table))

    def solve(
        self,
        *,
        sense: Sense = "profit",
        discount_rate: Number | None = None,
        exact: bool = True,
        compounding: Compounding = "period",
        by: By = None,
        utility: Utility | None = None,
        progress: Progress = None,
    ) -> TreeAnswer:
        """Finds the best choice at every decision; the arguments are those of `Node.solve`."""
        return solve(self._made, self._kind, sense, discount_rate, exact, compounding, by, utility, progress)

    @property
    def measures(self) -> tuple[str, ...]:
        """What is received: "payoff" and the further measures."""
        return tuple(self._made.measures())

    @property
    def nbytes(self) -> int:
        """The memory of the tree's arrays in bytes."""
        return self._made.bytes()

    def __len__(self) -> int:
        return len(self._made)

    def __repr__(self) -> str:
        return f"<Tree: {len(self):,} nodes>"
