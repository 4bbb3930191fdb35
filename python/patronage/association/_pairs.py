"""Pairs of items that are bought together more or less often than by chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.association._baskets import Baskets
from patronage.association._coded import Coded, Lang, share, support_of, whole
from patronage.association._rules import MEASURES, Correction, Test, names_of
from patronage.association._sequences import row

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: The measure that is the p-value of a test.
P_VALUES: dict[str, str] = {
    "fisher": "fisher_p_value",
    "fisher_less": "fisher_p_value_less",
    "chi_squared": "chi_squared_p_value",
}


class ItemPairs(Coded):
    """Pairs of items, those whose count is farthest from chance first.

    The table has a row a pair: `item_a`, `item_b`, in how many baskets each is (`count_a`, `count_b`) and both
    together (`count`), how many would hold both if the items were independent (`expected` = count_a · count_b / n),
    then the measures asked for. `pairs["yule_q"]` gives any measure of `patronage.association.MEASURES`, of the rule
    from a to b; among them are p-values: "fisher_p_value" (so often together or oftener by chance),
    "fisher_p_value_less" (so seldom or less) and "chi_squared_p_value". They are of one pair each: where many are
    weighed, `significant` corrects for their number. `about` has `n_baskets`, `min_item_count`, `tested` (how many
    pairs were weighed) and what was asked for.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame(list(self.about["measures"]))
        return frame

    @classmethod
    def _restored(cls, stored: Mapping[str, Any], about: Mapping[str, Any], kind: str) -> Self:
        names_of(about["measures"])
        return super()._restored(stored, about, kind)

    def __getitem__(self, column: str) -> Any:
        if column in MEASURES and column not in self.columns:
            return self._coded.frame([column]).column(column)
        return super().__getitem__(column)

    def significant(self, alpha: float = 0.05, *, test: Test = "fisher", correction: Correction = "holm") -> ItemPairs:
        """The pairs whose p-value after a correction for all pairs weighed is at most alpha.

        The table gains the p-value, uncorrected. Corrected is for `about["tested"]` pairs, also those that a lift or
        count left out: these are taken to have the p-value 1.

        Args:
            alpha: The level, in (0, 1].
            test: "fisher" for Fisher's exact one-sided test of pairs together more often than by chance, "fisher_less"
                of those together less often; "chi_squared" for Pearson's, approximate, in either direction.
            correction: As in `Rules.significant`.

        Raises:
            InvalidParameter: A name or a level that is not possible.

        Example:
            >>> import patronage as pt
            >>> pairs = pt.item_pairs([["cola"], ["lemonade"]] * 10, max_lift=0.5)
            >>> pairs.significant(test="fisher_less")["fisher_p_value_less"].round(7).tolist()
            [5.4e-06]
        """
        coded = self._coded.significant(share("alpha", alpha), test, correction)
        p_value = P_VALUES[test]
        measures = list(dict.fromkeys([*self.about["measures"], p_value]))
        about = {"measures": measures, "alpha": float(alpha), "test": test, "correction": correction}
        return ItemPairs(coded, {**self.about, **about}, self._kind)

    def explain(self, pair: int, *, lang: Lang = "en") -> _core.Working:
        """The counts of a pair by its row from 0, what chance would give, and lift and φ.

        Raises:
            UnknownName: There is no such pair.
        """
        working: _core.Working = self._coded.explain(row("pair", pair, len(self)), lang)
        return working

    def in_words(self, *, lang: Lang = "en") -> list[str]:
        """A sentence a pair.

        Example:
            >>> import patronage as pt
            >>> baskets = [["cola"], ["cola"], ["lemonade"], ["lemonade"]]
            >>> pt.item_pairs(baskets, min_item_support=2, max_lift=0.5).in_words()
            ['Of 2 baskets with cola, only 0 (0 %) also have lemonade; by chance 1.0 would.']
        """
        words: list[str] = self._coded.in_words(lang)
        return words

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the lifts between the items of the first pairs."""
        from patronage.plots import association as plots

        return plots.pairs(self, ax)


def item_pairs(
    baskets: Baskets | Iterable[Iterable[Any]],
    *,
    min_item_support: float = 0.01,
    min_lift: float | None = None,
    max_lift: float | None = None,
    min_count: int = 0,
    min_expected: float = 0.0,
    measures: Iterable[str] = ("lift", "leverage", "cosine", "jaccard", "phi"),
    max_pairs: int = 10_000_000,
    progress: Progress = None,
) -> ItemPairs:
    """All pairs of frequent items against chance: those bought together often, seldom, or never.

    Every pair of items that are frequent by themselves is weighed, also pairs that few or no baskets hold. With both
    lifts given, a pair of either kind is kept; with none, every pair.

    A lift below 1 does not yet make two items substitutes: other customers, days or stores bring the same, and small
    baskets hold few pairs of any kind. Compare baskets of similar size, and look at what the same customers buy over
    time (`sequential_patterns`).

    Args:
        baskets: `Baskets`, or an iterable of iterables of items.
        min_item_support: The least support of each item: a float in (0, 1] is a share of all baskets, an integer
            from 1 a number of baskets.
        min_lift: Keeps pairs of at least this lift = n · count / (count_a · count_b), compared exactly: complements.
        max_lift: Keeps pairs of at most this lift, compared exactly: candidates for substitutes.
        min_count: The least number of baskets that hold both.
        min_expected: The least number of baskets that would hold both by chance; 5 is a usual choice with `max_lift`,
            as having none says little where few are to be expected.
        measures: Columns of the table; any of `patronage.association.MEASURES`, p-values among them.
        max_pairs: The number of pairs at which the search gives up.
        progress: True for a bar, or a callable of (items done, items in all).

    Raises:
        InvalidParameter: A parameter outside its range.
        LimitExceeded: More pairs than `max_pairs`.

    Example:
        >>> import patronage as pt
        >>> baskets = [["cola", "crisps"], ["cola", "crisps"], ["cola"], ["lemonade", "crisps"], ["lemonade"]]
        >>> pairs = pt.item_pairs(baskets, min_item_support=2, max_lift=0.9)
        >>> [(row["item_a"], row["item_b"], row["count"], row["expected"]) for row in pairs.to_dicts()]
        [('cola', 'lemonade', 0, 1.2), ('crisps', 'lemonade', 1, 1.2)]
    """
    if not isinstance(baskets, Baskets):
        baskets = Baskets.from_lists(baskets)
    names = names_of(measures)
    support = support_of("min_item_support", min_item_support)
    together, chance = whole("min_count", min_count), share("min_expected", min_expected)
    least = None if min_lift is None else share("min_lift", min_lift)
    highest = None if max_lift is None else share("max_lift", max_lift)
    most = whole("max_pairs", max_pairs)
    report = reporter(progress, "weighing pairs")
    coded = _core.ItemPairs(baskets._coded, support, together, chance, least, highest, most, report)
    about = {
        "n_baskets": coded.n_baskets,
        "min_item_support": support,
        "min_item_count": coded.min_item_count,
        "tested": coded.tested,
        "min_count": together,
        "min_expected": chance,
        "min_lift": least,
        "max_lift": highest,
        "measures": names,
    }
    return ItemPairs(coded, about, baskets._kind)
