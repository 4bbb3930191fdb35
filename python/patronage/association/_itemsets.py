"""The search for itemsets, and those found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.association._coded import Coded, Lang, share, side, whole
from patronage.association._rules import Rules, names_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["frequent", "closed", "maximal", "generators"]


class Itemsets(Coded):
    """Sets of items that many baskets hold.

    The table has a row a set, the most frequent first: `items`, `length` (how many), `count` (of baskets) and
    `support` (their share). It is decoded when it is read; `count_of` and `rules` do without it. `about` has
    `n_baskets`, `min_support` as it was given, `min_count` (the least number of baskets), `kind`, what else was asked
    for, and `limited`: None, or how far a search came that passed a limit (`searched` of `items` frequent items, and
    the number of baskets that `fits`).
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    def _head(self, rows: int) -> _core.Frame:
        # Of ten million sets only those that are shown are decoded.
        frame: _core.Frame = self._coded.frame(rows)
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
        count: int | None = self._coded.count_of(side("items", items))
        return count

    def rules(
        self,
        min_confidence: float = 0.5,
        *,
        measures: Sequence[str] = ("support", "confidence", "lift", "leverage", "conviction"),
        max_antecedent: int | None = None,
        max_consequent: int | None = None,
        antecedent_from: Iterable[Any] | None = None,
        consequent_from: Iterable[Any] | None = None,
        antecedent_contains: Iterable[Any] | None = None,
        consequent_contains: Iterable[Any] | None = None,
        must_contain: Iterable[Any] | None = None,
        without: Iterable[Any] | None = None,
        minimal: bool = False,
        sort_by: str | None = "lift",
        max_rules: int = 10_000_000,
        progress: Progress = None,
    ) -> Rules:
        """The rules X → Y between the parts of each itemset.

        From frequent itemsets come all rules, from closed ones those whose items together are a closed set. Limits
        on sizes and items cut the search short: sets that can give no rule are not looked at.

        Args:
            min_confidence: The least share of the baskets with X that hold Y, in [0, 1], compared exactly.
            measures: Columns of the table; any of `patronage.association.MEASURES`. Others can be read later:
                `rules["zhang"]`.
            max_antecedent: The largest number of items in X.
            max_consequent: The largest number of items in Y.
            antecedent_from: X holds no other items than these.
            consequent_from: Y holds no other items than these.
            antecedent_contains: X holds all of these items.
            consequent_contains: Y holds all of these items.
            must_contain: The rule holds all of these items, on either side.
            without: The rule holds none of these items.
            minimal: Only the minimal non-redundant rules (Bastide et al. 2000, Zaki 2000): X is a generator (no part
                of it is in as few baskets), and X and Y together are closed (no larger set is in as many). All other
                rules of the same counts follow from them.
            sort_by: A measure by whose falling value the rules stand; None keeps the order of the itemsets.
            max_rules: The number of rules at which the search gives up.
            progress: True for a bar, or a callable of (itemsets done, itemsets in all).

        Raises:
            InvalidParameter: Maximal itemsets, generators, and closed itemsets of limited length: they do not tell
                the support of every part of a rule. `minimal` with itemsets of limited length.
            UnknownName: An item that rules must hold and that is not frequent; a measure that does not exist.
            LimitExceeded: More rules than `max_rules`.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> rules = itemsets.rules(min_confidence=0.9)
            >>> rules["antecedent"], rules["consequent"], rules["confidence"].tolist()
            ([['milk']], [['beer']], [1.0])
            >>> len(itemsets.rules(consequent_from=["milk"])), len(itemsets.rules(without=["milk"]))
            (1, 0)
        """
        confidence = share("min_confidence", min_confidence)
        names = names_of(measures)
        limits = {
            "antecedent_from": antecedent_from,
            "consequent_from": consequent_from,
            "antecedent_contains": antecedent_contains,
            "consequent_contains": consequent_contains,
            "must_contain": must_contain,
            "without": without,
        }
        given = {name: side(name, items) for name, items in limits.items() if items is not None}
        antecedent, consequent = whole("max_antecedent", max_antecedent), whole("max_consequent", max_consequent)
        coded = self._coded.rules(
            confidence,
            antecedent,
            consequent,
            given,
            bool(minimal),
            whole("max_rules", max_rules),
            sort_by,
            reporter(progress, "searching rules"),
        )
        about = {**self.about, "min_confidence": confidence, "sort_by": sort_by, "measures": names}
        about |= {"n_examined": coded.n_examined, "max_antecedent": antecedent, "max_consequent": consequent}
        if minimal:
            about["minimal"] = True
        return Rules(coded, {**about, **given}, self._kind)

    def n_testable(
        self,
        alpha: float = 0.05,
        *,
        max_antecedent: int | None = None,
        max_consequent: int | None = None,
        max_rules: int = 10_000_000,
        progress: Progress = None,
    ) -> int:
        """How many of the candidates for rules could be significant at all: `n_tests` for `Rules.significant`.

        A candidate whose sides are in so few (or so many) baskets that even its least possible p-value of Fisher's
        test is above alpha / k cannot pass, and need not be counted among k tests (Tarone 1990; Terada et al. 2013:
        LAMP). Candidates are the splits of the itemsets, whatever their confidence.

        Args:
            alpha: The level at which rules are to be tested.
            max_antecedent: As in `rules`.
            max_consequent: As in `rules`.
            max_rules: The number of candidates at which the count gives up.
            progress: True for a bar, or a callable of (itemsets done, itemsets in all).

        Example:
            >>> import patronage as pt
            >>> baskets = [["beer", "crisps"]] * 6 + [["milk"]] * 6 + [["milk", "tea"]]
            >>> itemsets = pt.frequent_itemsets(baskets, min_support=1)
            >>> itemsets.rules(min_confidence=0).about["n_examined"], itemsets.n_testable(0.05)
            (4, 2)
        """
        count: int = self._coded.n_testable(
            share("alpha", alpha),
            whole("max_antecedent", max_antecedent),
            whole("max_consequent", max_consequent),
            {},
            whole("max_rules", max_rules),
            reporter(progress, "counting candidates"),
        )
        return count

    def plot(self, ax: Axes | None = None) -> Axes:
        """The most frequent sets and their supports."""
        from patronage.plots import association as plots

        return plots.itemsets(self, ax)

    def explain(self, *, lang: Lang = "en") -> _core.Working:
        """The sets by their length, as a textbook counts them: single items, pairs, triples."""
        working: _core.Working = self._coded.explain(lang)
        return working
