"""Association rules, and the measures of them."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from patronage import _core
from patronage.association._coded import Coded, Lang, side, whole
from patronage.errors import InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Every interest measure of a rule X → Y by its name, with its formula.
MEASURES: Mapping[str, str] = dict(_core.measures())


class Rules(Coded):
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
        names_of(about["measures"])
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

    def plot(
        self,
        ax: Axes | None = None,
        *,
        kind: Literal["scatter", "network", "heatmap"] = "scatter",
        top: int | None = None,
    ) -> Axes:
        """A picture of the rules, coloured by lift.

        Args:
            ax: Where to draw; None for a new figure.
            kind: "scatter" for support against confidence; "network" for arrows from items through rules to items,
                one rule a set of items; "heatmap" for antecedents against consequents.
            top: Draws so many rules, those of the highest lift; None for all as a scatter plot, 15 in a network, 30
                in a heat map.

        Raises:
            InvalidParameter: Another kind; a `top` below 1.
        """
        from patronage.plots import association as plots

        kinds = {"scatter": plots.scatter, "network": plots.network, "heatmap": plots.heatmap}
        if kind not in kinds:
            raise InvalidParameter(f"kind = {kind!r} is not possible; expected one of {', '.join(kinds)}")
        most = whole("top", top)
        if most == 0:
            raise InvalidParameter("top = 0 is not possible; expected a whole number from 1")
        return kinds[kind](self, ax, most)

    def _place(self, rule: int | tuple[Any, Any]) -> int:
        if isinstance(rule, tuple) and len(rule) == 2:
            place: int = self._coded.find(*(side("rule", part) for part in rule))
            return place
        if isinstance(rule, numbers.Integral) and not isinstance(rule, bool):
            if not 0 <= rule < len(self):
                raise UnknownName(f"rule {rule} does not exist; there are {len(self)} rules, counted from 0")
            return int(rule)
        raise InvalidParameter(f"rule = {rule!r} is not possible; expected a row, or (antecedent, consequent)")


def names_of(measures: Iterable[str]) -> list[str]:
    if isinstance(measures, str):
        raise InvalidParameter(f"measures = {measures!r} is not possible; expected a list of names")
    names = list(dict.fromkeys(measures))
    for name in names:
        if name not in MEASURES:
            raise UnknownName(f"measure {name!r} does not exist; there are {', '.join(MEASURES)}")
    return names


def strongest(rules: Rules, top: int | None, *, one_a_set: bool = False) -> list[int]:
    """Rules by falling lift, then confidence; of those about the same items the first, where one is enough."""
    order = np.lexsort((-np.asarray(rules["confidence"]), -np.asarray(rules["lift"])))
    if not one_a_set:
        return [int(i) for i in order[:top]]
    lefts, rights = rules["antecedent"], rules["consequent"]
    seen: set[frozenset[Any]] = set()
    chosen: list[int] = []
    for i in order:
        items = frozenset([*lefts[i], *rights[i]])
        if len(chosen) == top:
            break
        if items not in seen:
            seen.add(items)
            chosen.append(int(i))
    return chosen
