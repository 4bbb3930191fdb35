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
        confidence = share("min_confidence", min_confidence)
        names = names_of(measures)
        coded = self._coded.rules(
            confidence,
            whole("max_antecedent", max_antecedent),
            whole("max_consequent", max_consequent),
            whole("max_rules", max_rules),
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
