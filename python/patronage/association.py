"""What customers buy together: frequent, closed and maximal itemsets, and association rules."""

from __future__ import annotations

import json
import numbers
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.errors import InvalidInput, InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MEASURES", "Baskets", "Itemsets", "Rules", "frequent_itemsets"]

Kind = Literal["frequent", "closed", "maximal", "generators"]
Lang = Literal["en", "zh"]

#: Every interest measure of a rule X → Y by its name, with its formula.
MEASURES: Mapping[str, str] = dict(_core.measures())


class _Coded(Result):
    """A result that stays coded in the core; its table is decoded when it is read for the first time."""

    __slots__ = ("_coded",)

    _coded: Any

    def __init__(self, coded: Any, about: Mapping[str, Any], kind: str) -> None:
        # Without a frame: `__getattr__` makes it when it is asked for.
        object.__setattr__(self, "_coded", coded)
        object.__setattr__(self, "_about", MappingProxyType(dict(about)))
        object.__setattr__(self, "_kind", kind)

    def __getattr__(self, name: str) -> Any:
        if name != "_frame":
            raise AttributeError(f"a {type(self).__name__} has no '{name}'")
        frame = self._decode()
        object.__setattr__(self, "_frame", frame)
        return frame

    def _decode(self) -> _core.Frame:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._coded)

    def _stored(self) -> dict[str, Any]:
        return {"coded": json.loads(self._coded.to_json())}

    @classmethod
    def _restored(cls, stored: Mapping[str, Any], about: Mapping[str, Any], kind: str) -> Self:
        core: Any = getattr(_core, cls.__name__)
        return cls(core.from_json(json.dumps(stored["coded"])), about, kind)


class Baskets(_Coded):
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


class Itemsets(_Coded):
    """Sets of items that many baskets hold.

    The table has a row a set, the most frequent first: `items`, `length` (how many), `count` (of baskets) and
    `support` (their share). It is decoded when it is read; `count_of` and `rules` do without it. `about` has
    `n_baskets`, `min_support` as it was given, `min_count` (the least number of baskets), `kind`, `max_length`.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def count_of(self, items: Iterable[Any]) -> int | None:
        """In how many baskets these items are together, if the itemsets tell, else None.

        Frequent and closed itemsets tell it of every frequent set, the other kinds of their own sets.

        Example:
            >>> import patronage as pt
            >>> closed = pt.frequent_itemsets([["a", "b"], ["a", "b"], ["a"]], min_support=2, kind="closed")
            >>> closed["items"], closed.count_of(["b"])
            ([['a'], ['a', 'b']], 2)
        """
        count: int | None = self._coded.count_of(_side("items", items))
        return count

    def rules(
        self,
        min_confidence: float = 0.5,
        *,
        measures: Sequence[str] = ("support", "confidence", "lift", "leverage", "conviction"),
        max_antecedent: int | None = None,
        max_consequent: int | None = None,
        sort_by: str | None = "lift",
        max_rules: int = 10_000_000,
        progress: Progress = None,
    ) -> Rules:
        """The rules X → Y between the parts of each itemset.

        From frequent itemsets come all rules, from closed ones those whose items together are a closed set.

        Args:
            min_confidence: The least share of the baskets with X that hold Y, in [0, 1], compared exactly.
            measures: Columns of the table; any of `patronage.association.MEASURES`. Others can be read later:
                `rules["zhang"]`.
            max_antecedent: The largest number of items in X.
            max_consequent: The largest number of items in Y.
            sort_by: A measure by whose falling value the rules stand; None keeps the order of the itemsets.
            max_rules: The number of rules at which the search gives up.
            progress: True for a bar, or a callable of (itemsets done, itemsets in all).

        Raises:
            InvalidParameter: Maximal itemsets, generators, and closed itemsets of limited length: they do not tell
                the support of every part of a rule.
            LimitExceeded: More rules than `max_rules`.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> rules = itemsets.rules(min_confidence=0.9)
            >>> rules["antecedent"], rules["consequent"], rules["confidence"].tolist()
            ([['milk']], [['beer']], [1.0])
        """
        confidence = _share("min_confidence", min_confidence)
        names = _names(measures)
        coded = self._coded.rules(
            confidence,
            _whole("max_antecedent", max_antecedent),
            _whole("max_consequent", max_consequent),
            _whole("max_rules", max_rules),
            sort_by,
            reporter(progress, "searching rules"),
        )
        about = {**self.about, "min_confidence": confidence, "sort_by": sort_by, "measures": names}
        return Rules(coded, about, self._kind)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The most frequent sets and their supports."""
        from patronage.plots import association as plots

        return plots.itemsets(self, ax)

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The sets by their length, as a textbook counts them: single items, pairs, triples."""
        working: _core.Working = self._coded.explain(lang)
        return working


class Rules(_Coded):
    """Association rules X → Y: baskets with the antecedent X tend to hold the consequent Y.

    The table has a row a rule: `antecedent`, `consequent`, in how many baskets each is (`antecedent_count`,
    `consequent_count`) and both together (`count`), then the measures asked for. `rules["cosine"]` gives any
    measure of `patronage.association.MEASURES`. A measure that is undefined is null; conviction is infinite where
    a rule is never wrong. `about` is that of the itemsets, with `min_confidence`.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame(list(self.about["measures"]))
        return frame

    @classmethod
    def _restored(cls, stored: Mapping[str, Any], about: Mapping[str, Any], kind: str) -> Self:
        _names(about["measures"])
        return super()._restored(stored, about, kind)

    def __getitem__(self, column: str) -> Any:
        if column in MEASURES and column not in self.columns:
            return self._coded.frame([column]).column(column)
        return super().__getitem__(column)

    def explain(self, rule: int | tuple[Any, Any], *, lang: Lang = "en") -> _core.Working:
        """The counts of a rule, and support, confidence, lift, leverage and conviction step by step.

        Args:
            rule: The row of a rule, from 0, or its (antecedent, consequent): an item or a list of items each.
            lang: "en" or "zh".

        Raises:
            UnknownName: There is no such rule.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> print(itemsets.rules().explain(("milk", "beer")))
            Rule: milk → beer
            ...
              confidence(X → Y) = count(X, Y) / count(X) = 2 / 2 = 1
            100 % of the baskets with milk also hold beer.
            ...
        """
        working: _core.Working = self._coded.explain(self._place(rule), lang)
        return working

    def in_words(self, *, lang: Lang = "en") -> list[str]:
        """A sentence a rule.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> itemsets.rules(min_confidence=0.9).in_words()
            ['Of the 2 baskets with milk, 2 (100 %) also have beer; that is 1.00 times the share among all baskets.']
        """
        words: list[str] = self._coded.in_words(lang)
        return words

    def plot(self, ax: Axes | None = None) -> Axes:
        """Support against confidence, coloured by lift."""
        from patronage.plots import association as plots

        return plots.rules(self, ax)

    def _place(self, rule: int | tuple[Any, Any]) -> int:
        if isinstance(rule, tuple) and len(rule) == 2:
            place: int = self._coded.find(*(_side("rule", side) for side in rule))
            return place
        if isinstance(rule, numbers.Integral) and not isinstance(rule, bool):
            if not 0 <= rule < len(self):
                raise UnknownName(f"rule {rule} does not exist; there are {len(self)} rules, counted from 0")
            return int(rule)
        raise InvalidParameter(f"rule = {rule!r} is not possible; expected a row, or (antecedent, consequent)")


def frequent_itemsets(
    baskets: Baskets | Iterable[Iterable[Any]],
    *,
    min_support: float,
    kind: Kind = "frequent",
    max_length: int | None = None,
    max_itemsets: int = 10_000_000,
    progress: Progress = None,
) -> Itemsets:
    """Sets of items that many baskets hold.

    Args:
        baskets: `Baskets`, or an iterable of iterables of items.
        min_support: A float in (0, 1] is a share of all baskets, an integer from 1 a number of baskets. Decided in
            integers: a set in exactly ⌈share × n⌉ baskets counts, the share taken as the decimal it is written as.
        kind: "frequent" for all sets; "closed" for those that no superset matches in support; "maximal" for those
            without a frequent superset; "generators" for those that no proper subset matches in support.
        max_length: Leaves out sets of more items. What is closed or maximal is decided among all sets, before.
        max_itemsets: The number of sets at which the search gives up; ten million take about 120 MB.
        progress: True for a bar (tqdm or rich), or a callable of (tasks done, tasks in all).

    Raises:
        InvalidParameter: A support, kind or limit outside its range.
        LimitExceeded: More sets than `max_itemsets`; the message names a support that fits.

    Example:
        >>> import patronage as pt
        >>> baskets = [["beer", "diapers", "milk"], ["beer", "diapers"], ["beer", "milk"], ["cola"]]
        >>> itemsets = pt.frequent_itemsets(baskets, min_support=0.5)
        >>> list(zip(itemsets["items"], itemsets["count"].tolist()))
        [(['beer'], 3), (['diapers'], 2), (['beer', 'diapers'], 2), (['milk'], 2), (['beer', 'milk'], 2)]
    """
    if not isinstance(baskets, Baskets):
        baskets = Baskets.from_lists(baskets)
    support: float
    if isinstance(min_support, numbers.Integral) and not isinstance(min_support, bool):
        support = _whole("min_support", min_support)
    else:
        support = _share("min_support", min_support)
    length = _whole("max_length", max_length)
    most = _whole("max_itemsets", max_itemsets)
    coded = _core.Itemsets(baskets._coded, support, kind, length, most, reporter(progress, "searching itemsets"))
    about = {
        "n_baskets": coded.n_baskets,
        "min_support": support,
        "min_count": coded.min_count,
        "kind": kind,
        "max_length": length,
    }
    return Itemsets(coded, about, baskets._kind)


def _share(name: str, value: Any) -> float:
    if isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_):
        return float(value)
    raise InvalidParameter(f"{name} = {value!r} is not possible; expected a number")


def _whole(name: str, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 0:
        raise InvalidParameter(f"{name} = {value!r} is not possible; expected a whole number from 1")
    # What is beyond 64 bits is beyond every limit, too.
    return min(int(value), 2**64 - 1)


def _names(measures: Iterable[str]) -> list[str]:
    if isinstance(measures, str):
        raise InvalidParameter(f"measures = {measures!r} is not possible; expected a list of names")
    names = list(dict.fromkeys(measures))
    for name in names:
        if name not in MEASURES:
            raise UnknownName(f"measure {name!r} does not exist; there are {', '.join(MEASURES)}")
    return names


def _side(name: str, items: Any) -> list[int | str]:
    """An item, or several, as the core reads them."""
    if isinstance(items, str | numbers.Integral):
        items = [items]
    if not isinstance(items, Iterable):
        raise InvalidParameter(f"{name} = {items!r} is not possible; expected an item or a list of items")
    listed = list(items)
    for item in listed:
        if not isinstance(item, str | numbers.Integral) or isinstance(item, bool):
            raise InvalidParameter(f"{name}: {item!r} is no item; items are strings or integers")
    return listed
