"""Itemsets by group: what is typical of a store, a segment, a season."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from patronage import _core, _tables
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.association._baskets import Baskets
from patronage.association._coded import Coded, Lang, support_of, whole
from patronage.association._itemsets import Itemsets
from patronage.association._search import Kind
from patronage.errors import InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class GroupComparison(Result):
    """Each set in each group against all other groups together, the largest |z| first.

    Columns: `group`, `items`; `count` and `support` in the group; `count_elsewhere` and `support_elsewhere` over all
    other groups; `difference` of the supports; `ratio` (infinite if the set is in this group alone); `z` =
    (p₁ − p₂) / √(p (1 − p) (1/n₁ + 1/n₂)), whose square is Pearson's χ² of the 2 × 2 table; `p_value`, two-sided by
    the normal distribution; `p_adjusted` = p_value times the number of tests, at most 1 (Bonferroni). Null where
    every basket or none holds the set. `about["tests"]` is the number of tests. The test takes baskets as independent;
    those of one customer are not, so that p-values of logs with many baskets a customer are too small.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The sets that tell the groups apart most: their support in each group."""
        from patronage.plots import association as plots

        return plots.comparison(self, ax)


class GroupedItemsets(Coded):
    """The itemsets of each group of baskets.

    The table has a row a group and itemset, the most frequent of each group first: `group`, `items`, `length`,
    `count` and `support` (a share of the group's baskets). `itemsets(group)` gives those of one group, from which
    rules come; `compare()` the support of every set in every group. `about` has `groups` (by name the number of
    baskets), `min_support`, `min_counts`, `kind`, `max_length`.
    """

    __slots__ = ()

    def _decode(self) -> _core.Frame:
        frame: _core.Frame = self._coded.frame()
        return frame

    @property
    def groups(self) -> list[Any]:
        """The names of the groups, in the order they were given."""
        return list(self.about["groups"])

    def itemsets(self, group: Any) -> Itemsets:
        """The itemsets of a group.

        Raises:
            UnknownName: There is no such group.

        Example:
            >>> import patronage as pt
            >>> city, country = [["tea", "milk"], ["tea", "milk"]], [["bread"], ["tea"]]
            >>> grouped = pt.frequent_itemsets_by_group({"city": city, "country": country}, min_support=0.5)
            >>> grouped.itemsets("city").rules().in_words()[0]
            'Of the 2 baskets with milk, 2 (100 %) also have tea; that is 1.00 times the share among all baskets.'
        """
        if group not in self.groups:
            known = ", ".join(repr(name) for name in self.groups[:10])
            raise UnknownName(f"group {group!r} does not exist; there are {known}")
        coded = self._coded.itemsets(self.groups.index(group))
        about = {
            "n_baskets": coded.n_baskets,
            "min_support": self.about["min_support"],
            "min_count": coded.min_count,
            "kind": self.about["kind"],
            "max_length": self.about["max_length"],
        }
        return Itemsets(coded, about, self._kind)

    def compare(self) -> GroupComparison:
        """Each set that is among the itemsets of any group, in each group against all others together.

        Example:
            >>> import patronage as pt
            >>> city, country = [["tea", "milk"], ["tea", "milk"]], [["bread"], ["tea"], ["bread"]]
            >>> grouped = pt.frequent_itemsets_by_group({"city": city, "country": country}, min_support=0.5)
            >>> row = grouped.compare().to_dicts()[0]
            >>> row["group"], row["items"], row["support"], row["support_elsewhere"]
            ('city', ['milk'], 1.0, 0.0)
        """
        frame, _ = self._coded.compare("en")
        about = {"groups": self.about["groups"], "tests": self._coded.tests}
        return GroupComparison(frame, about, self._kind)

    def in_words(self, *, lang: Lang = "en") -> list[str]:
        """A sentence a row of `compare()`, in its order.

        Example:
            >>> import patronage as pt
            >>> groups = {"city": [["tea"], ["tea"]], "country": [["bread"], ["tea"]]}
            >>> pt.frequent_itemsets_by_group(groups, min_support=0.9).in_words()[0]
            'city: 2 of 2 baskets (100 %) hold tea, elsewhere 50 %: 2.00 times the share.'
        """
        words: list[str]
        _, words = self._coded.compare(lang)
        return words

    def plot(self, ax: Axes | None = None) -> Axes:
        """The sets that tell the groups apart most: their support in each group."""
        return self.compare().plot(ax)


def frequent_itemsets_by_group(
    groups: Mapping[Any, Any] | Any,
    *,
    min_support: float,
    basket: str | None = None,
    item: str | None = None,
    group: str | None = None,
    kind: Kind = "frequent",
    max_length: int | None = None,
    max_itemsets: int = 10_000_000,
    progress: Progress = None,
) -> GroupedItemsets:
    """The itemsets of each group of baskets, each searched for itself.

    Args:
        groups: A mapping from the name of each group (all integers or all strings) to its `Baskets` or lists of
            items; or a long table or a stream of Arrow batches, a row an item of a basket, with the names of three
            columns, as `Baskets.by_group` reads them:
        basket: Column that says which basket. A basket belongs to one group: one number in two groups is two baskets.
        item: Column that says which item.
        group: Column that says which group: integers or strings.
        min_support: A float in (0, 1] is a share of each group's baskets, an integer from 1 a number of baskets of
            each group.
        kind: "frequent", "closed", "maximal" or "generators", as in `frequent_itemsets`.
        max_length: Leaves out sets of more items.
        max_itemsets: The number of sets of one group at which the search gives up.
        progress: True for a bar, or a callable of (groups done, groups in all).

    Raises:
        InvalidParameter: Some of the three columns without the others; a parameter outside its range.
        InvalidInput: Rows without a group, a basket or an item.
        NotEnoughData: A group without baskets.
        LimitExceeded: More sets than `max_itemsets` in a group, which the message names.

    Example:
        >>> import patronage as pt
        >>> table = {"order": [1, 1, 2, 3, 3], "product": ["tea", "milk", "tea", "tea", "bread"],
        ...          "store": ["city", "city", "city", "country", "country"]}
        >>> grouped = pt.frequent_itemsets_by_group(
        ...     table, basket="order", item="product", group="store", min_support=0.9)
        >>> grouped["group"], grouped["items"]
        (['city', 'country', 'country', 'country'], [['tea'], ['bread'], ['tea'], ['bread', 'tea']])
    """
    named = {"basket": basket, "item": item, "group": group}
    missing = [name for name, column in named.items() if column is None]
    if basket is not None and item is not None and group is not None:
        baskets = Baskets.by_group(groups, basket=basket, item=item, group=group)
        table_kind = _tables.kind_of(groups)
    elif len(missing) < 3:
        raise InvalidParameter(f"{', '.join(missing)}: needed where groups come from a table; give a column's name")
    elif isinstance(groups, Mapping):
        baskets = {
            name: given if isinstance(given, Baskets) else Baskets.from_lists(given) for name, given in groups.items()
        }
        table_kind = next(iter(baskets.values()))._kind if baskets else "dict"
    else:
        raise InvalidParameter(
            f"groups = a {type(groups).__name__} is not possible; expected a mapping from names to baskets, or a table "
            "with basket=, item= and group="
        )
    support = support_of("min_support", min_support)
    length, most = whole("max_length", max_length), whole("max_itemsets", max_itemsets)
    for name in baskets:
        if not isinstance(name, int | str) or isinstance(name, bool):
            raise InvalidParameter(f"group {name!r} is no name; names are strings or integers")
    coded = _core.GroupedItemsets(
        [(name, given._coded) for name, given in baskets.items()],
        support,
        kind,
        length,
        most,
        reporter(progress, "searching groups"),
    )
    sizes = coded.sizes()
    about = {
        "groups": list(baskets),
        "n_baskets": [n for _, n in sizes],
        "min_support": support,
        "min_counts": [least for least, _ in sizes],
        "kind": kind,
        "max_length": length,
    }
    return GroupedItemsets(coded, about, table_kind)
