"""Baskets: what was bought together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage.association._coded import Coded
from patronage.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Baskets(Coded):
    """Baskets of items: what `frequent_itemsets` reads.

    Made by `from_lists`, `from_table`, `from_onehot`, or `TransactionLog.baskets`. An item that a basket holds
    twice counts once, and a basket without items counts among all baskets; `about` has both numbers (`repeated`,
    `empty`). Items are integers or strings.

    The table has a row a basket: `items` (in the order of their ids) and `size`.
    """

    __slots__ = ()

    @classmethod
    def _made(cls, coded: _core.Baskets, kind: str) -> Baskets:
        about = {"items": coded.n_items, "repeated": coded.repeated, "empty": coded.empty}
        return cls(coded, about, kind)

    @classmethod
    def from_lists(cls, baskets: Iterable[Iterable[Any]]) -> Baskets:
        """Baskets from lists of items.

        Raises:
            InvalidInput: Something in place of a basket or an item; the message says where.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_lists([["beer", "milk", "beer"], ["milk"], []])
            >>> len(baskets), baskets.about["repeated"], baskets.about["empty"]
            (3, 1, 1)
        """
        if not isinstance(baskets, Iterable) or isinstance(baskets, str | bytes):
            raise InvalidInput(
                f"a {type(baskets).__name__} is no list of baskets; give a list of lists of items, or use "
                "Baskets.from_table or Baskets.from_onehot"
            )
        return cls._made(_core.Baskets.from_lists(baskets), "dict")

    @classmethod
    def from_table(cls, table: Any, *, basket: str, item: str, progress: Progress = None) -> Baskets:
        """Baskets from a long table: a row an item of a basket. Baskets stand in the order of their ids.

        Args:
            table: pandas, Polars, DuckDB or Arrow table, dict of columns, or a stream of Arrow batches.
            basket: Column that says which basket: integers or strings.
            item: Column that says which item: integers or strings.
            progress: True for a bar, or a callable of (rows done, rows in all).

        Raises:
            ColumnNotFound: A column is not there; the message lists those that are.
            InvalidInput: Missing ids; the message names column, first row and count.

        Example:
            >>> import patronage as pt
            >>> table = {"order": [1, 1, 2], "product": ["beer", "milk", "beer"]}
            >>> pt.Baskets.from_table(table, basket="order", item="product").to_dicts()
            [{'items': ['beer', 'milk'], 'size': 2}, {'items': ['beer'], 'size': 1}]
        """
        columns = _tables.to_core(table, [basket, item])
        report = reporter(progress, "reading baskets")
        return cls._made(_core.Baskets.from_table(columns, basket, item, report), _tables.kind_of(table))

    @classmethod
    def from_onehot(cls, table: Any) -> Baskets:
        """Baskets from a table with a row a basket and a column an item, of true and false or 1 and 0.

        Raises:
            InvalidInput: A value that is neither; the message names column, first row and count.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_onehot({"beer": [True, False], "milk": [True, True]})
            >>> baskets["items"]
            [['beer', 'milk'], ['milk']]
        """
        names = _tables.column_names(table)
        if names is None and _tables.kind_of(table) == "pandas":
            raise InvalidInput("the columns are not all named by strings; rename them: frame.columns.astype(str)")
        columns = table if names is None else _tables.to_core(table, names)
        return cls._made(_core.Baskets.from_onehot(columns), _tables.kind_of(table))

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many baskets hold 0, 1, 2 … items."""
        from patronage.plots import association as plots

        return plots.baskets(self, ax)
