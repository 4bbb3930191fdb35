"""Sequences: what each customer bought, basket after basket; the patterns in them, and rules."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage.association._coded import Coded, Lang, share, side, support_of, whole
from patronage.errors import InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SequenceKind = Literal["frequent", "closed", "maximal"]


class Sequences(Coded):
    """What each customer bought, basket after basket: what `sequential_patterns` reads.

    Made by `from_table`, `from_lists`, or `TransactionLog.sequences`. An item that a basket holds twice counts once;
    `about["repeated"]` has how often. `about["grain"]` says what parts one basket of a customer from the next: the
    "day", the "moment" (timestamp), or the "step" where baskets are only numbered.

    The table has a row a basket: `customer`, when (`day`, `time` or `step`), `items` and `size`.
    """

    __slots__ = ()

    @classmethod
    def _made(cls, coded: _core.Sequences, kind: str) -> Sequences:
        about = {
            "customers": len(coded),
            "baskets": coded.n_baskets,
            "items": coded.n_items,
            "grain": coded.grain,
            "repeated": coded.repeated,
        }
        return cls(coded, about, kind)

    @classmethod
    def from_table(
        cls,
        table: Any,
        *,
        customer: str,
        time: str,
        item: str,
        grain: Literal["day", "moment"] = "day",
        progress: Progress = None,
    ) -> Sequences:
        """Sequences from a long table: a row an item that a customer bought.

        Args:
            table: pandas, Polars, DuckDB or Arrow table, dict of columns, or a stream of Arrow batches.
            customer: Column of customer ids: integers or strings.
            time: Column of dates or timestamps, or of whole numbers that grow from one basket of a customer to the
                next, such as order numbers.
            item: Column of item ids: integers or strings.
            grain: "day": all that a customer bought on one day is one basket. "moment": all with one timestamp.
                Where `time` holds whole numbers, each number is a basket.
            progress: True for a bar, or a callable of (rows done, rows in all).

        Raises:
            ColumnNotFound: A column is not there; the message lists those that are.
            InvalidInput: Missing ids or times; the message names column, first row and count.

        Example:
            >>> import patronage as pt
            >>> table = {"who": [1, 1, 1], "when": ["2024-05-01", "2024-05-01", "2024-05-09"],
            ...          "what": ["tea", "milk", "tea"]}
            >>> pt.Sequences.from_table(table, customer="who", time="when", item="what")["items"]
            [['milk', 'tea'], ['tea']]
        """
        columns = _tables.to_core(table, [customer, time, item])
        if grain not in ("day", "moment"):
            raise InvalidParameter(f"grain = {grain!r} is not possible; expected 'day' or 'moment'")
        report = reporter(progress, "reading sequences")
        coded = _core.Sequences.from_table(columns, customer, time, item, grain, report)
        return cls._made(coded, _tables.kind_of(table))

    @classmethod
    def from_lists(cls, sequences: Iterable[Iterable[Iterable[Any]]]) -> Sequences:
        """Sequences from lists: of each customer a list of baskets in the order of time, each a list of items.

        Customers and baskets are numbered from 0. A basket without items is passed over.

        Raises:
            InvalidInput: Something in place of a customer, a basket or an item; the message says where.

        Example:
            >>> import patronage as pt
            >>> sequences = pt.Sequences.from_lists([[["tea"], ["milk", "tea"]], [["milk"]]])
            >>> len(sequences), sequences.about["baskets"]
            (2, 3)
        """
        coded = _core.Sequences.from_lists(sequences)
        return cls._made(coded, "dict")

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many customers have 1, 2, 3 … baskets."""
        from patronage.plots import association as plots

        return plots.sequences(self, ax)


class SequentialPatterns(Coded):
    """What many customers bought one after the other.

    The table has a row a pattern, the most frequent first: `pattern` (a list of elements in the order of time, each
    a list of items of one basket), `length` (items, over all elements), `count` (of customers) and `support` (their
    share among all customers). `about` has `n_customers`, `min_support` as it was given, `min_count`, `kind`,
    `max_length`, `max_gap`, `window` and `grain`.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def count_of(self, pattern: Iterable[Any]) -> int | None:
        """How many customers support a pattern, if it is one of these, else None.

        Args:
            pattern: The elements in the order of time, each an item or a list of items of one basket.

        Example:
            >>> import patronage as pt
            >>> bought = [[["tea"], ["milk"]], [["tea"], ["bread"], ["milk", "bread"]]]
            >>> patterns = pt.sequential_patterns(bought, min_support=2)
            >>> patterns.count_of(["tea", "milk"]), patterns.count_of(["milk", "tea"])
            (2, None)
        """
        if isinstance(pattern, str) or not isinstance(pattern, Iterable):
            raise InvalidParameter(f"pattern = {pattern!r} is not possible; expected a list of elements")
        count: int | None = self._coded.count_of([side("pattern", element) for element in pattern])
        return count

    def rules(
        self,
        min_confidence: float = 0.5,
        *,
        repeats: bool = True,
        sort_by: Literal["lift"] | None = "lift",
        progress: Progress = None,
    ) -> SequentialRules:
        """The rules X → y: of the customers who bought X, which later bought y.

        X is all elements of a pattern but the last, y is the last. With X before y, count(X → y) customers, n
        customers in all: confidence = count(X → y) / count(X), lift = n · count(X → y) / (count(X) · count(y)),
        where count(y) are the customers who bought y at any time. With a gap or a window, y counts only within it.

        Args:
            min_confidence: The least share of the customers with X who later bought y, in [0, 1], compared exactly.
            repeats: Whether to keep rules whose y has an item of X: bought again. Their lift says little, as all
                customers with X bought that item.
            sort_by: "lift" for the highest first; None keeps the order of the patterns.
            progress: True for a bar, or a callable.

        Raises:
            InvalidParameter: Closed or maximal patterns: they do not tell the support of every part of a rule.

        Example:
            >>> import patronage as pt
            >>> bought = [[["tea"], ["milk"]], [["tea"], ["bread"], ["milk"]], [["tea"]], [["bread"]]]
            >>> rules = pt.sequential_patterns(bought, min_support=2).rules(min_confidence=0.6)
            >>> rules["antecedent"], rules["consequent"], rules["lift"].round(2).tolist()
            ([[['tea']]], [['milk']], [1.33])
        """
        if sort_by not in ("lift", None):
            raise InvalidParameter(f"sort_by = {sort_by!r} is not possible; expected 'lift' or None")
        confidence = share("min_confidence", min_confidence)
        if not isinstance(repeats, bool):
            raise InvalidParameter(f"repeats = {repeats!r} is not possible; expected True or False")
        report = reporter(progress, "searching rules")
        coded = self._coded.rules(confidence, repeats, sort_by == "lift", report)
        about = {**self.about, "min_confidence": confidence, "repeats": repeats, "sort_by": sort_by}
        return SequentialRules(coded, about, self._kind)

    def in_words(self, *, lang: Lang = "en") -> list[str]:
        """A sentence a pattern, the most frequent first.

        Example:
            >>> import patronage as pt
            >>> pt.sequential_patterns([[["tea"], ["milk"]], [["tea"]]], min_support=0.9).in_words()
            ['2 of 2 customers (100 %) bought tea.']
        """
        words: list[str] = self._coded.in_words(lang)
        return words

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The patterns by their length, each with its count and support."""
        working: _core.Working = self._coded.explain(lang)
        return working

    def plot(self, ax: Axes | None = None) -> Axes:
        """The most frequent patterns of two or more elements and their supports."""
        from patronage.plots import association as plots

        return plots.patterns(self, ax)


class SequentialRules(Coded):
    """Rules X → y: customers who bought X and later y.

    The table has a row a rule: `antecedent` (a list of elements in the order of time), `consequent` (a list of items
    of one basket), how many customers bought the antecedent (`antecedent_count`), the consequent at any time
    (`consequent_count`) and the one after the other (`count`), then `support`, `confidence` and `lift`. `about` is
    that of the patterns, with `min_confidence`, `repeats` and `sort_by`.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def explain(self, rule: int, *, lang: Lang = "en") -> _core.Working:
        """Support, confidence and lift of a rule, by its row from 0, step by step.

        Raises:
            UnknownName: There is no such rule.
        """
        working: _core.Working = self._coded.explain(row("rule", rule, len(self)), lang)
        return working

    def in_words(self, *, lang: Lang = "en") -> list[str]:
        """A sentence a rule.

        Example:
            >>> import patronage as pt
            >>> bought = [[["tea"], ["milk"]], [["tea"], ["milk"]], [["tea"]], [["bread"]]]
            >>> print(*pt.sequential_patterns(bought, min_support=2).rules().in_words())
            Of the 3 customers who bought tea, 2 (66.7 %) later bought milk; that is 1.33 times the share of all
            customers who ever bought milk.
        """
        words: list[str] = self._coded.in_words(lang)
        return words

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rules of the highest lift: the share who later bought, beside the share of all customers."""
        from patronage.plots import association as plots

        return plots.sequential_rules(self, ax)


def sequential_patterns(
    sequences: Sequences | Iterable[Iterable[Iterable[Any]]],
    *,
    min_support: float,
    kind: SequenceKind = "frequent",
    max_length: int | None = None,
    max_gap: int | None = None,
    window: int | None = None,
    max_patterns: int = 10_000_000,
    progress: Progress = None,
) -> SequentialPatterns:
    """What many customers bought one after the other: PrefixSpan (Pei, Han, Mortazavi-Asl et al. 2001, 2004).

    A pattern is a list of elements, each a set of items. A customer supports it if its elements can be found in
    baskets of the customer in this order; each customer counts once.

    Args:
        sequences: `Sequences`, or an iterable of customers, each an iterable of baskets, each an iterable of items.
        min_support: A float in (0, 1] is a share of all customers, an integer from 1 a number of customers.
        kind: "frequent" for all patterns; "closed" for those that no longer pattern around them matches in support
            (Wang and Han 2004); "maximal" for those without a frequent pattern around them.
        max_length: Leaves out patterns of more items, over all elements.
        max_gap: The longest time from an element to the next: days, or steps where baskets are only numbered. Only
            for frequent patterns: with a gap, a longer pattern may have more support than a part of it.
        window: The longest time from the first element to the last, in the same unit.
        max_patterns: The number of patterns at which the search gives up; ten million take about 120 MB.
        progress: True for a bar (tqdm or rich), or a callable of (tasks done, tasks in all).

    Raises:
        InvalidParameter: A support, kind or limit outside its range.
        LimitExceeded: More patterns than `max_patterns`; the message names a support that fits.

    Example:
        >>> import patronage as pt
        >>> bought = [[["tea"], ["milk", "bread"]], [["tea", "milk"], ["milk"]], [["bread"], ["tea"]]]
        >>> patterns = pt.sequential_patterns(bought, min_support=2)
        >>> list(zip(patterns["pattern"], patterns["count"].tolist()))
        [([['tea']], 3), ([['bread']], 2), ([['milk']], 2), ([['tea'], ['milk']], 2)]
    """
    if not isinstance(sequences, Sequences):
        sequences = Sequences.from_lists(sequences)
    support = support_of("min_support", min_support)
    length, gap, span = (
        whole(name, limit) for name, limit in (("max_length", max_length), ("max_gap", max_gap), ("window", window))
    )
    most = whole("max_patterns", max_patterns)
    report = reporter(progress, "searching patterns")
    coded = _core.SequentialPatterns(sequences._coded, support, kind, length, gap, span, most, report)
    about = {
        "n_customers": coded.n_customers,
        "min_support": support,
        "min_count": coded.min_count,
        "kind": kind,
        "max_length": length,
        "max_gap": gap,
        "window": span,
        "grain": sequences.about["grain"],
    }
    return SequentialPatterns(coded, about, sequences._kind)


def row(what: str, number: Any, rows: int) -> int:
    """A row of a result, from 0."""
    if not isinstance(number, numbers.Integral) or isinstance(number, bool):
        raise InvalidParameter(f"{what} = {number!r} is not possible; expected the number of a row")
    place = int(number)
    if not 0 <= place < rows:
        raise UnknownName(f"{what} {place} does not exist; there are {rows} {what}s, counted from 0")
    return place
