"""Association rules, and the measures of them."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from patronage import _core
from patronage._progress import Progress, reporter
from patronage._result import Result, html_table
from patronage.association._baskets import Baskets
from patronage.association._coded import Coded, Lang, share, side, whole
from patronage.errors import InvalidParameter, UnknownName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Test = Literal["fisher", "fisher_less", "chi_squared"]
Correction = Literal["none", "bonferroni", "holm", "benjamini_hochberg"]

#: What `Rules.explain` shows unless told otherwise.
EXPLAINED = ("support", "confidence", "lift", "leverage", "conviction")

#: Every interest measure of a rule X → Y by its name, with its formula.
MEASURES: Mapping[str, str] = dict(_core.measures())


class Rules(Coded):
    """Association rules X → Y: baskets with the antecedent X tend to hold the consequent Y.

    The table has a row a rule: `antecedent`, `consequent`, in how many baskets each is (`antecedent_count`,
    `consequent_count`) and both together (`count`), then the measures asked for. `rules["cosine"]` gives any
    measure of `patronage.association.MEASURES`. A measure that is undefined is null; conviction is infinite where
    a rule is never wrong. `about` is that of the itemsets, with `min_confidence`, the limits on items, and
    `n_examined`: how many candidates the search chose from, which is all splits of the itemsets that the limits
    allow, whatever their confidence.
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
            return self._coded.measure(column).column(column)
        return super().__getitem__(column)

    def non_redundant(self) -> Rules:
        """The rules more confident than every rule X' → Y from a part X' of the antecedent X.

        Their `improvement` is positive (Bayardo, Agrawal and Gunopulos 1999), decided in integers. X' is neither
        empty nor all of X; its support is known from the itemsets, whether or not X' → Y is among the rules.

        Raises:
            InvalidParameter: Rules from closed itemsets, which do not tell the support of every part.

        Example:
            >>> import patronage as pt
            >>> baskets = [["beer", "crisps"], ["beer", "crisps"], ["beer", "crisps", "tea"], ["tea", "beer"]]
            >>> rules = pt.frequent_itemsets(baskets, min_support=1).rules(0.6, max_consequent=1)
            >>> len(rules), len(rules.non_redundant())
            (4, 3)
        """
        return self._some(self._coded.non_redundant(), non_redundant=True)

    def productive(self, *, alpha: float = 0.05) -> Rules:
        """The rules in whose antecedent every item tells something (Webb 2007, 2010).

        They are more confident than every rule from a part of the antecedent, the empty part included; and among
        the baskets with all items of the antecedent but one, Fisher's one-sided test finds at level `alpha` that
        those with that item hold the consequent more often, for each item. The level is not corrected for the number
        of rules; `significant` does that.

        Args:
            alpha: The level of each test, in (0, 1]; 1 asks only for a gain, however small.

        Raises:
            InvalidParameter: Rules from closed itemsets; alpha outside its range.

        Example:
            >>> import patronage as pt
            >>> baskets = [["beer", "crisps"]] * 9 + [["milk"]] * 8 + [["milk", "beer"]]
            >>> rules = pt.frequent_itemsets(baskets, min_support=1).rules(0.1)
            >>> len(rules), len(rules.productive(alpha=0.01))
            (4, 2)
        """
        return self._some(self._coded.productive(share("alpha", alpha)), productive=float(alpha))

    def significant(
        self,
        alpha: float = 0.05,
        *,
        test: Test = "fisher",
        correction: Correction = "holm",
        n_tests: int | None = None,
    ) -> Rules:
        """The rules whose p-value after a correction for many tests is at most alpha.

        The table gains `p_value` and `adjusted_p_value`.

        Args:
            alpha: The level, in (0, 1].
            test: "fisher" for Fisher's exact one-sided test (X and Y together more often than by chance);
                "fisher_less" for the same the other way (less often: lift below 1, which only rules of a low
                `min_confidence` have); "chi_squared" for Pearson's, which is approximate and takes departures in either
                direction.
            correction: "holm" (1979) or "bonferroni": with probability 1 - alpha no rule of chance passes;
                "benjamini_hochberg" (1995): the expected share of rules of chance among those that pass is at most
                alpha; "none".
            n_tests: The number of tests to correct for. None for those actually made: `about["n_examined"]`, which
                counts what the search looked at and not only what was confident enough (Webb 2007). Tests that are
                not in the table are taken to have the p-value 1. `Itemsets.n_testable` gives a smaller number that
                still keeps the promise of "bonferroni".

        Raises:
            InvalidParameter: A name or a level that is not possible; fewer tests than rules.

        Example:
            >>> import patronage as pt
            >>> baskets = [["beer", "crisps"]] * 10 + [["milk"]] * 9 + [["milk", "beer"]]
            >>> rules = pt.frequent_itemsets(baskets, min_support=1).rules(0.05)
            >>> passed = rules.significant(0.01, correction="bonferroni")
            >>> len(rules), len(passed), passed.about["n_tests"], passed["adjusted_p_value"].round(6).tolist()
            (4, 2, 4, [0.000238, 0.000238])
        """
        coded = self._coded.significant(share("alpha", alpha), test, correction, whole("n_tests", n_tests))
        return self._some(coded, alpha=float(alpha), test=test, correction=correction, n_tests=coded.n_tests)

    def check(
        self,
        later: Baskets,
        *,
        alpha: float = 0.05,
        test: Test = "fisher",
        correction: Correction = "holm",
        progress: Progress = None,
    ) -> CheckedRules:
        """The rules on baskets that they were not found in, later ones say (Webb 2007: hold-out evaluation).

        As the rules were chosen before, as many tests are made as there are rules, however many were examined.

        Args:
            later: Baskets that the rules were not found in.
            alpha: The level at which a rule passes.
            test: As in `significant`.
            correction: As in `significant`.
            progress: True for a bar, or a callable of (sets done, sets in all).

        Raises:
            NotEnoughData: No baskets.

        Example:
            >>> import patronage as pt
            >>> baskets = [["beer", "crisps"]] * 10 + [["milk"]] * 10
            >>> rules = pt.frequent_itemsets(baskets[::2], min_support=2).rules()
            >>> rules.check(pt.Baskets.from_lists(baskets[1::2])).to_dicts()[0]["passes"]
            True
        """
        if not isinstance(later, Baskets):
            later = Baskets.from_lists(later)
        level = share("alpha", alpha)
        if not 0 < level <= 1:
            raise InvalidParameter(f"alpha = {alpha!r} is not possible; expected a probability in (0, 1]")
        frame = self._coded.check(later._coded, level, test, correction, reporter(progress, "counting sets"))
        about = {"alpha": level, "test": test, "correction": correction, "n_tests": len(self)}
        return CheckedRules(frame, {"n_baskets": len(later), **about}, self._kind)

    def firing(self, basket: Iterable[Any]) -> Rules:
        """The rules whose antecedent a basket holds.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> itemsets.rules().firing(["milk", "tea"])["consequent"]
            [['beer']]
        """
        items = side("basket", basket)
        return self._some(self._coded.firing(items), firing=items)

    def recommend(
        self, basket: Iterable[Any] | Baskets, *, k: int = 5, by: str = "confidence", lang: Lang = "en"
    ) -> Recommendations:
        """The k items that a basket lacks and the rules recommend, with the reason; or so for many baskets.

        A rule fires if the basket holds its antecedent; those items of its consequent are recommended that the
        basket lacks. Each item stands with the rule that has the greatest value of the measure `by` (of equals, the
        one in the most baskets), the best item first. With "confidence" these are the items most likely to be
        bought, popular ones often; with "lift" those that the basket makes most likely, compared with other baskets.
        A rule of lift below 1 recommends too, and its reason says so; `significant` leaves such rules out.

        Args:
            basket: The items of a basket, or `Baskets`.
            k: The largest number of items for a basket.
            by: A measure, any of `patronage.association.MEASURES`.
            lang: The language of the reasons: "en" or "zh".

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> itemsets.rules().recommend(["milk"])["reason"][0]
            'beer, because the basket holds milk. Of the 2 baskets with milk, 2 (100 %) also have beer; that is ...'
        """
        baskets = basket if isinstance(basket, Baskets) else Baskets.from_lists([side("basket", basket)])
        frame = self._coded.recommend(baskets._coded, whole("k", k), by, lang)
        about = {"n_baskets": len(baskets), "k": int(k), "by": by, "lang": lang}
        return Recommendations(frame, about, self._kind)

    def _some(self, coded: _core.Rules, **about: Any) -> Rules:
        return Rules(coded, {**self.about, **about}, self._kind)

    def explain(
        self, rule: int | tuple[Any, Any], *, measures: Iterable[str] | None = None, lang: Lang = "en"
    ) -> _core.Working:
        """The counts of a rule, and each measure step by step: in symbols, with its numbers, and its value.

        Args:
            rule: The row of a rule, from 0, or its (antecedent, consequent): an item or a list of items each.
            measures: Which, by name; support, confidence, lift, leverage and conviction unless given.
            lang: "en" or "zh".

        Raises:
            UnknownName: There is no such rule or measure.

        Example:
            >>> import patronage as pt
            >>> itemsets = pt.frequent_itemsets([["beer", "milk"], ["beer"], ["beer", "milk"]], min_support=0.5)
            >>> print(itemsets.rules().explain(("milk", "beer")))
            Rule: milk → beer
            ...
              confidence(X → Y) = count(X, Y) / count(X) = 2 / 2 = 1
            100 % of the baskets with milk also hold beer.
            ...
            >>> print(itemsets.rules().explain(("milk", "beer"), measures=["jaccard"]))
            Rule: milk → beer
            ...
              jaccard(X → Y) = n₁₁ / (n₁. + n.₁ − n₁₁) = 2 / (2 + 3 − 2) = 0.6667
            The share of the baskets with X or Y that hold both.
        """
        names = names_of(EXPLAINED if measures is None else measures)
        working: _core.Working = self._coded.explain(self._place(rule), names, lang)
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


class CheckedRules(Result):
    """Rules on baskets that they were not found in.

    The table has a row a rule: `antecedent`, `consequent`, `confidence` and `lift` as they were found; how many of the
    later baskets hold each side and both (`later_antecedent_count`, `later_consequent_count`, `later_count`), and
    `later_confidence`, `later_lift`; `p_value`, `adjusted_p_value`, and whether the rule `passes`. Confidence and lift
    are null where no later basket holds the antecedent. `about` has the number of later baskets, the level, the test,
    the correction and the number of tests.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The confidence as it was found against that in the later baskets, a dot a rule; which pass, by colour."""
        from patronage.plots import association as plots

        return plots.checked(self, ax)


class Recommendations(Result):
    """What rules recommend for baskets.

    The table has a row a recommendation: `basket` (its row, from 0), `rank` (from 1), `item`, `confidence` and `lift`
    of the rule, `rule` (its row in the rules) and the `reason` in words. `about` has the number of baskets, `k` and
    the measure that ranked them.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        # Whoever reads it wants the item and the reason; the figures stand in the reason.
        which = ["basket"] if self.about["n_baskets"] > 1 else []
        return html_table(self._frame, self._caption(), columns=[*which, "rank", "item", "reason"])


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
