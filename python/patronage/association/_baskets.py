"""Baskets: what was bought together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.association import _levels, _onehot
from patronage.association._coded import Coded, whole
from patronage.association._levels import MissingParent
from patronage.errors import InvalidInput, InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How `Baskets.outliers` decides, unless it is told.
FENCE = "Tukey's outer fence on the logarithms of the sizes: size × Q1³ > Q3⁴"


class Outliers(Result):
    """Baskets that hold uncommonly many items, a row each: `basket` (its id, or its place from 0) and `size`.

    `about` has the largest ordinary size (`max_size`), how it was found (`rule`, and the quartiles of the sizes),
    and how many baskets there are in all (`n_baskets`).
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The largest of these baskets beside the largest ordinary size."""
        from patronage.plots import association as plots

        return plots.outliers(self, ax)


class Baskets(Coded):
    """Baskets of items: what `frequent_itemsets` reads.

    Made by `from_lists`, `from_table`, `from_onehot`, `from_csr`, `by_group`, or `TransactionLog.baskets`. An item
    that a basket holds twice counts once, and a basket without items counts among all baskets; `about` has both
    numbers (`repeated`, `empty`), the number of different `items`, and how many baskets are uncommonly large
    (`outliers`). Items are integers or strings.

    The table has a row a basket: `items` (in the order of their ids) and `size`.
    """

    __slots__ = ()

    @classmethod
    def _made(cls, coded: _core.Baskets, kind: str, **more: Any) -> Baskets:
        about = {
            "items": coded.n_items,
            "repeated": coded.repeated,
            "empty": coded.empty,
            "outliers": coded.size_fence()["outliers"],
        }
        return cls(coded, {**about, **more}, kind)

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
    def from_table(
        cls,
        table: Any,
        *,
        basket: str | None = None,
        item: str | None = None,
        items: str | None = None,
        progress: Progress = None,
    ) -> Baskets:
        """Baskets from a long table (a row an item of a basket), or from a column of lists (a row a basket).

        Args:
            table: pandas, Polars, DuckDB or Arrow table, dict of columns, or a stream of Arrow batches. Columns of
                64-bit integers are read where they stand, without a copy.
            basket: Column that says which basket: integers or strings. Baskets stand in the order of these ids.
            item: Column that says which item: integers or strings.
            items: Column of lists of items, in place of the two others. Baskets stand in the order of the rows.
            progress: True for a bar, or a callable of (rows done, rows in all).

        Raises:
            ColumnNotFound: A column is not there; the message lists those that are.
            InvalidInput: Missing ids; the message names column, first row and count.
            InvalidParameter: Neither `basket` and `item` nor `items`, or all of them.

        Example:
            >>> import patronage as pt
            >>> table = {"order": [1, 1, 2], "product": ["beer", "milk", "beer"]}
            >>> pt.Baskets.from_table(table, basket="order", item="product").to_dicts()
            [{'items': ['beer', 'milk'], 'size': 2}, {'items': ['beer'], 'size': 1}]

            A row a basket:

            >>> pt.Baskets.from_table({"products": [["beer", "milk"], []]}, items="products")["items"]
            [['beer', 'milk'], []]
        """
        report = reporter(progress, "reading baskets")
        kind = _tables.kind_of(table)
        if items is not None and basket is None and item is None:
            lists = _python_lists(table, items)
            if lists is not None:
                return cls._made(_core.Baskets.from_lists(lists), kind)
            return cls._made(_core.Baskets.from_list_column(_tables.to_core(table, [items]), items, report), kind)
        if items is not None or basket is None or item is None:
            raise InvalidParameter("give basket= and item= for a long table, or items= alone for a column of lists")
        columns = _tables.to_core(table, [basket, item])
        return cls._made(_core.Baskets.from_table(columns, basket, item, report), kind)

    @classmethod
    def by_group(
        cls, table: Any, *, basket: str, item: str, group: str, progress: Progress = None
    ) -> dict[Any, Baskets]:
        """The baskets of each group of a long table: of each store, of each segment, read in one go.

        The groups stand in the order of their ids. All know the same items (`about["items"]`), whether bought there
        or not. A basket whose rows are of several groups is a basket of each, with the items bought there.

        Args:
            table: As in `from_table`.
            basket: Column that says which basket.
            item: Column that says which item.
            group: Column that says which group: integers or strings.
            progress: True for a bar, or a callable of (rows done, rows in all).

        Raises:
            ColumnNotFound: A column is not there; the message lists those that are.
            InvalidInput: Missing ids; the message names column, first row and count.

        Example:
            >>> import patronage as pt
            >>> table = {"store": ["N", "S", "N"], "order": [1, 2, 1], "product": ["tea", "tea", "milk"]}
            >>> stores = pt.Baskets.by_group(table, basket="order", item="product", group="store")
            >>> {store: baskets["items"] for store, baskets in stores.items()}
            {'N': [['milk', 'tea']], 'S': [['tea']]}
        """
        columns = _tables.to_core(table, [basket, item, group])
        kind, report = _tables.kind_of(table), reporter(progress, "reading baskets")
        groups, coded = _core.Baskets.by_group(columns, basket, item, group, report)
        return {name: cls._made(each, kind) for name, each in zip(groups, coded, strict=True)}

    @classmethod
    def from_onehot(cls, table: Any, *, names: Iterable[str] | Iterable[int] | None = None) -> Baskets:
        """Baskets from a row a basket and a column an item, of true and false or 1 and 0.

        Args:
            table: A table, a pandas frame with sparse columns, a NumPy array of two dimensions, or a SciPy sparse
                matrix; what is sparse is never made dense.
            names: The items of a matrix, a name a column; without them the items are 0, 1, 2 …

        Raises:
            InvalidInput: A value that is neither; the message names column, first row and count.

        Example:
            >>> import numpy as np, patronage as pt
            >>> baskets = pt.Baskets.from_onehot({"beer": [True, False], "milk": [True, True]})
            >>> baskets["items"]
            [['beer', 'milk'], ['milk']]
            >>> pt.Baskets.from_onehot(np.array([[1, 0], [1, 1]]), names=["beer", "milk"])["items"]
            [['beer'], ['beer', 'milk']]
        """
        return cls._made(*_onehot.read(table, names))

    @classmethod
    def from_csr(cls, offsets: Any, codes: Any, labels: Iterable[str] | Iterable[int] | None = None) -> Baskets:
        """Baskets from compressed sparse rows: basket b holds the items `codes[offsets[b]:offsets[b + 1]]`.

        Args:
            offsets: Whole numbers that start at 0, never fall, and end at the number of codes.
            codes: Of each item of each basket its place in `labels`, in any order.
            labels: The items; without them the items are 0, 1, 2 …

        Raises:
            InvalidInput: Numbers that are not whole, or negative; codes without a label.
            InvalidParameter: Offsets that do not fit; labels given twice.

        Example:
            >>> import patronage as pt
            >>> pt.Baskets.from_csr([0, 2, 2, 3], [1, 0, 1], ["beer", "milk"])["items"]
            [['beer', 'milk'], [], ['milk']]
        """
        places = _counts("codes", codes, np.uint32)
        if labels is None:
            labels = range(int(places.max()) + 1 if len(places) else 0)
        listed = _onehot.labels_of(labels)
        return cls._made(_core.Baskets.from_csr(_counts("offsets", offsets, np.uint64), places, listed), "dict")

    @property
    def ids(self) -> Any:
        """The id of each basket where a table gave them ids (a NumPy array or a list), else None."""
        ids = self._coded.ids()
        return None if ids is None else ids.column("basket")

    @property
    def ancestors(self) -> dict[Any, list[Any]]:
        """The ancestors of each item that has any, after `with_ancestors`."""
        frame = self._coded.ancestors()
        return dict(zip(_tables.to_list(frame, "item"), frame.column("ancestors"), strict=True))

    def outliers(self, max_size: int | None = None) -> Outliers:
        """The baskets that hold uncommonly many items: wholesale orders, test accounts, wrong keys.

        A few of them slow the search down and make items look related that are not.

        Args:
            max_size: The largest size that is ordinary. Without it, a size is out of the ordinary if it lies beyond
                Tukey's outer fence (Exploratory Data Analysis, 1977) on the logarithms of the sizes,
                ln s > ln Q3 + 3 (ln Q3 − ln Q1), that is s × Q1³ > Q3⁴, decided in integers. Q1 and Q3 are the ⌈n/4⌉-th
                and ⌈3n/4⌉-th smallest size of the n baskets that are not empty; Q3 + 1 stands for Q3 where both are
                equal.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_lists([["tea", "milk"]] * 20 + [map(str, range(50))])
            >>> found = baskets.outliers()
            >>> found.to_dicts(), found.about["max_size"]
            ([{'basket': 20, 'size': 50}], 10)
        """
        most, about = self._largest(max_size)
        frame = self._coded.larger_than(2**64 - 1 if most is None else most)
        return Outliers(frame, {"max_size": most, **about, "n_baskets": len(self)}, self._kind)

    def without_outliers(self, max_size: int | None = None) -> Baskets:
        """The baskets without those that `outliers` finds; `about` says how many were set aside, and the rule.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_lists([["tea", "milk"], ["tea", "milk", "rum"]])
            >>> fewer = baskets.without_outliers(max_size=2)
            >>> fewer["items"], fewer.about["set_aside"]
            ([['milk', 'tea']], 1)
        """
        most, about = self._largest(max_size)
        coded = self._coded if most is None else self._coded.without_larger_than(most)
        aside = {"max_size": most, "set_aside": len(self) - len(coded), **about}
        return type(self)._made(coded, self._kind, **aside)

    def _largest(self, max_size: int | None) -> tuple[int | None, dict[str, Any]]:
        """The largest ordinary size (None if all are), and how it was found."""
        if max_size is not None:
            return whole("max_size", max_size), {"rule": "given"}
        fence = self._coded.size_fence()
        about = {name: fence[name] for name in ("lower_quartile", "upper_quartile")}
        return fence["max_size"], {"rule": FENCE, **about}

    def roll_up(
        self, parents: Any, *, item: str | None = None, parent: str | None = None, missing: MissingParent = "error"
    ) -> Baskets:
        """Baskets of the level above: in place of each item its category; once more, and it is its department.

        Args:
            parents: A dict (or pandas Series) of item to parent, or to a list of parents; or a table.
            item: Column of the table that has the items.
            parent: Column of the table that has their parents.
            missing: "error" refuses items without a parent, "keep" keeps them as they are.

        Raises:
            UnknownName: Items without a parent; the message names them.
            InvalidInput: Parents and kept items that are partly integers and partly strings.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_lists([["milk", "butter"], ["rum"]])
            >>> baskets.roll_up({"milk": "dairy", "butter": "dairy", "rum": "drinks"})["items"]
            [['dairy'], ['drinks']]
        """
        keep = _levels.keeps(missing)
        return type(self)._made(self._coded.roll_up(*_levels.table_of(parents, item, parent), keep), self._kind)

    def with_ancestors(
        self, parents: Any, *, item: str | None = None, parent: str | None = None, missing: MissingParent = "error"
    ) -> Baskets:
        """Baskets with the ancestors of their items added, up to the top, for rules between levels.

        These are the extended transactions of Srikant and Agrawal (Mining Generalized Association Rules, VLDB
        1995). `ancestors` tells which item stands under which. The arguments are those of `roll_up`; a dict holds
        all levels: products to categories, categories to departments.

        Raises:
            UnknownName: Items of which `parents` does not speak; the message names them.
            InvalidParameter: An item that is its own ancestor.
            InvalidInput: Items and parents that are partly integers and partly strings.

        Example:
            >>> import patronage as pt
            >>> baskets = pt.Baskets.from_lists([["milk", "butter"]])
            >>> extended = baskets.with_ancestors({"milk": "dairy", "butter": "dairy", "dairy": "food"})
            >>> extended["items"], extended.ancestors["milk"]
            ([['butter', 'dairy', 'food', 'milk']], ['dairy', 'food'])
        """
        keep = _levels.keeps(missing)
        coded = self._coded.with_ancestors(*_levels.table_of(parents, item, parent), keep)
        return type(self)._made(coded, self._kind)

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many baskets hold 0, 1, 2 … items."""
        from patronage.plots import association as plots

        return plots.baskets(self, ax)


def _python_lists(table: Any, items: str) -> Any:
    """A column of lists that Python holds, or None where Arrow does."""
    if _tables.kind_of(table) not in ("dict", "pandas"):
        return None
    names = _tables.column_names(table)
    if names is not None:
        _tables.require(names, [items])
    column = table[items]
    return None if type(getattr(column, "dtype", None)).__name__ == "ArrowDtype" else column


def _counts(name: str, values: Any, dtype: Any) -> Any:
    """Whole numbers from 0 as an array of a type."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise InvalidInput(f"{name}: an array of {array.dtype} in {array.ndim} dimension(s); give whole numbers in one")
    outside = (array < 0) | (array > np.iinfo(dtype).max)
    if outside.any():
        row = int(outside.argmax())
        raise InvalidInput(f"{name}: {array[row]} at place {row} is not from 0 to {np.iinfo(dtype).max}")
    return np.ascontiguousarray(array, dtype=dtype)
