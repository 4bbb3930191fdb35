"""Checked trees: from tables, stored as JSON, exchanged as tables of paths and as files of SilverDecisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, Self

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.decision._answer import TreeAnswer
from patronage.decision._drawn import Drawn
from patronage.decision._numbers import Number
from patronage.decision._solving import By, Compounding, Sense, solve
from patronage.decision._table import read_columns
from patronage.decision._utility import Utility
from patronage.errors import InvalidTree

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
#: The columns of a stage of a path, in the order in which the core takes them.
STAGE = ("name", "branch", "probability", "payoff", "time")


class Tree(Drawn):
    """A decision tree that was checked and is kept as flat arrays: what `decide(…).build()` and the readers return.

    `about` says where a tree that was read comes from. Two trees are equal if their nodes are.

    Example:
        >>> from patronage.decision import Tree, decide
        >>> tree = decide("Drink", {"tea": 3, "coffee": "5/2"}).build()
        >>> tree
        <Tree: 3 nodes, exact>
        >>> Tree.from_json(tree.to_json()) == tree
        True
        >>> tree.solve().choice
        ('tea',)
    """

    __slots__ = ("_about", "_kind", "_tree")

    _tree: _core.Tree
    _kind: str
    _about: Mapping[str, Any]

    def __init__(self) -> None:
        raise TypeError(
            "write decide(…).build(), Tree.from_frame, Tree.from_json, Tree.from_paths or Tree.from_silver_decisions"
        )

    @classmethod
    def _of(cls, tree: _core.Tree, kind: str = "dict", about: Mapping[str, Any] | None = None) -> Self:
        made = cls.__new__(cls)
        object.__setattr__(made, "_tree", tree)
        object.__setattr__(made, "_kind", kind)
        object.__setattr__(made, "_about", MappingProxyType(dict(about or {})))
        return made

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a tree is frozen; '{name}' cannot be set")

    @property
    def about(self) -> Mapping[str, Any]:
        """Of a file of SilverDecisions its version, rule, title and description; otherwise empty."""
        return self._about

    def _to_draw(self) -> _core.Tree:
        return self._tree

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
        return solve(self._tree, self._kind, sense, discount_rate, exact, compounding, by, utility, progress)

    @property
    def measures(self) -> tuple[str, ...]:
        """What is received: "payoff" and the further measures."""
        return tuple(self._tree.measures())

    @property
    def nbytes(self) -> int:
        """The memory of the tree's arrays in bytes."""
        return self._tree.bytes()

    @classmethod
    def from_frame(
        cls,
        table: Any,
        *,
        parent: str = "parent",
        further: Sequence[str] = (),
        progress: Progress = None,
        **columns: str,
    ) -> Self:
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
        return cls._of(made, _tables.kind_of(table))

    def to_json(self) -> str:
        """The tree as JSON: a flat list of nodes, with a version; numbers that are exact stay exact."""
        return self._tree.to_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The tree that `to_json` wrote.

        Raises:
            InvalidModel: Text that is no such JSON, another version, unknown or repeated fields, brackets deeper than
                128; circles, orphans, and whatever else is no tree. The message names the node.
        """
        return cls._of(_core.Tree.from_json(_decoded(text)))

    def to_paths(self) -> Paths:
        """The paths from the root to each leaf, a row a path.

        Columns, for stages k = 1, 2, …: `name_k` (of the node that is left; if any has one), `branch_k`,
        `probability_k` (null for alternatives), `payoff_k` and `time_k` (if there are any), and `value` (what is
        received at the leaf). Numbers of an exact tree are text such as "2/5".

        Raises:
            InvalidTree: A payment before the first branch.
            LimitExceeded: More than 50 million steps.

        Example:
            >>> from patronage.decision import chance, decide
            >>> tree = decide("Bet", {"play": chance({"win": (".4", 10), "lose": ("#", -5)}), "pass": 0}).build()
            >>> print(tree.to_paths().to_polars().select("branch_1", "branch_2", "probability_2", "value"))
            shape: (3, 4)
            ┌──────────┬──────────┬───────────────┬───────┐
            │ branch_1 ┆ branch_2 ┆ probability_2 ┆ value │
            │ ---      ┆ ---      ┆ ---           ┆ ---   │
            │ str      ┆ str      ┆ str           ┆ str   │
            ╞══════════╪══════════╪═══════════════╪═══════╡
            │ play     ┆ win      ┆ 2/5           ┆ 10    │
            │ play     ┆ lose     ┆ 3/5           ┆ -5    │
            │ pass     ┆ null     ┆ null          ┆ 0     │
            └──────────┴──────────┴───────────────┴───────┘
        """
        return Paths(self._tree.paths(), {"exact": self._tree.is_exact()}, self._kind)

    @classmethod
    def from_paths(cls, table: Any) -> Self:
        """A tree from the paths to its leaves: any data frame, or a dict of columns, shaped as `to_paths` writes it.

        A node whose branches have probabilities is an event, another is a decision; "#" is the rest of the
        probability. `branch_1` and `value` are needed, a path is empty (null) from its end on. Siblings stand in the
        order in which they come first. Mind that pandas makes floats of integers in a column with empty cells.

        Raises:
            InvalidTree: Paths that contradict each other, or make no tree; the message names path and node.
            ColumnNotFound: A column that is needed is absent.

        Example:
            >>> from patronage.decision import Tree
            >>> Tree.from_paths({
            ...     "branch_1": ["play", "play", "pass"],
            ...     "branch_2": ["win", "lose", None],
            ...     "probability_2": [".4", "#", None],
            ...     "value": [10, -5, 0],
            ... }).solve().emv_exact
            Fraction(1, 1)
        """
        columns = read_columns(table, _tables.kind_of(table))
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise InvalidTree("the table of paths: its columns are not equally long; give each path a row")
        # A tree that is one leaf has paths without a branch.
        _tables.require(list(columns), ["value"] if columns.keys() <= {"value", "name"} else ["branch_1", "value"])
        stages = 0
        while f"branch_{stages + 1}" in columns:
            stages += 1
        wanted = [[f"{part}_{k}" for part in STAGE] for k in range(1, stages + 1)]
        known = {"name", "value"}.union(*wanted)
        if unknown := [name for name in columns if name not in known]:
            gap = re.fullmatch(r"(?:name|branch|probability|payoff|time)_\d+", unknown[0])
            why = f"there is no column branch_{stages + 1}" if gap else "a table of paths has no such column"
            raise InvalidTree(f"the table of paths: column '{unknown[0]}': {why}; rename or remove it")
        parts = [tuple(columns.get(name) for name in names) for names in wanted]
        tree = _core.Tree.from_paths(parts, columns.get("name"), columns["value"])
        return cls._of(tree, _tables.kind_of(table))

    def to_silver_decisions(self, *, title: str = "", sense: Literal["profit", "cost"] = "profit") -> str:
        """The tree as a file of SilverDecisions; fractions stay exact.

        What a leaf pays and what its branch pays become one payoff.

        Args:
            title: Title of the diagram.
            sense: "profit" asks for the maximal expected value, "cost" for the minimal one.

        Raises:
            InvalidTree: What such files cannot hold: times, a payment before the first branch, more than 40 levels.
        """
        return self._tree.to_silver_decisions(title, sense)

    @classmethod
    def from_silver_decisions(
        cls, text: str | bytes, *, tree: int | None = None, criterion: Literal[1, 2] | None = None
    ) -> Self:
        """A tree from a file of SilverDecisions, of any of its three layouts.

        Expressions of numbers, mixed fractions ("1165 891810/1849771"), `+ - * /`, parentheses and names that the
        file's code sets to such expressions are evaluated exactly; functions and random numbers are refused. A
        branch with the name of an earlier sibling gets a number: "max (2)". Positions, colours, notes and stored
        results are not read. `about` has the file's version, rule, title and description.

        Args:
            text: What is in the file.
            tree: Which tree, from 0; needed if there are several.
            criterion: Which payoff, 1 or 2; needed if there are two.

        Raises:
            InvalidModel: Text that is no file of SilverDecisions.
            InvalidTree: A number that cannot be evaluated, or whatever else is no tree; the message names the node.

        Example:
            >>> from patronage.decision import Tree, decide
            >>> file = decide("Drink", {"tea": 3, "coffee": "5/2"}).build().to_silver_decisions(title="Break")
            >>> Tree.from_silver_decisions(file).about["title"]
            'Break'
        """
        made, (version, rule, title, description) = _core.Tree.from_silver_decisions(_decoded(text), tree, criterion)
        about = {"version": version, "rule": rule, "title": title, "description": description}
        return cls._of(made, "dict", about)

    def __len__(self) -> int:
        return len(self._tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickle, (self.to_json(), self._kind, dict(self._about)))

    def __repr__(self) -> str:
        return f"<Tree: {len(self):,} nodes, {'exact' if self._tree.is_exact() else 'floats'}>"


class Paths(Result):
    """The paths of a decision tree, a row a leaf; `Tree.to_paths` says what the columns are."""

    __slots__ = ()


def _decoded(text: str | bytes) -> str:
    return text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text


def _unpickle(text: str, kind: str, about: Mapping[str, Any]) -> Tree:
    return Tree._of(_core.Tree.from_json(text), kind, about)
