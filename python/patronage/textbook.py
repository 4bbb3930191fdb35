"""The examples of Chinese course texts on customer relationships, ready to use, in English and in Chinese.

Where the printed text is wrong, the example is right, and its `misprint` says what was printed.

    >>> import patronage as pt
    >>> hospital = pt.textbook.southern_hospital()
    >>> hospital.misprint.printed, hospital.misprint.right
    (600000, 60000)
    >>> pt.textbook.supermarket(lang="zh").lists["T2"]
    ('尿布', '婴儿爽身粉')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from patronage import _core

if TYPE_CHECKING:
    from patronage.association import Baskets, Itemsets, Rules
    from patronage.clv import SimpleClv
    from patronage.decision import DecisionTable, Node
    from patronage.segmentation import PyramidTiers

__all__ = [
    "CourierCustomer",
    "Grades",
    "Misprint",
    "SouthernHospital",
    "Supermarket",
    "courier_customer",
    "pyramid",
    "southern_hospital",
    "supermarket",
]

Lang = Literal["en", "zh"]


@dataclass(frozen=True)
class Misprint:
    """A number that the course text prints wrong: what stands there, what should, and how we know."""

    printed: int
    right: int
    note: str


@dataclass(frozen=True)
class Supermarket:
    """The supermarket's shopping list: `lists` of items by basket, and the `min_support` of the text.

    `numbers` has antecedent and consequent of the rules R1 to R6. `note` says what the text does not: the rule with
    the highest support has a lift below 1.
    """

    title: str
    lists: Mapping[str, tuple[str, ...]]
    min_support: float
    numbers: Mapping[str, tuple[str, str]]
    note: str

    @property
    def baskets(self) -> Baskets:
        """The five baskets, to be mined."""
        from patronage.association import Baskets

        return Baskets.from_lists(list(self.lists.values()))

    @property
    def itemsets(self) -> Itemsets:
        """The itemsets in two or more of the five baskets."""
        from patronage.association import frequent_itemsets

        return frequent_itemsets(self.baskets, min_support=self.min_support)

    @property
    def rules(self) -> Rules:
        """The six rules R1 to R6: a confidence of 50 % or more."""
        return self.itemsets.rules(min_confidence=0.5)


@dataclass(frozen=True)
class SouthernHospital:
    """A maker of hospital gowns chooses a plant size under an uncertain market.

    `payoffs` of each plant, in dollars, by `states` of the market, which have `probabilities`.
    """

    title: str
    question: str
    states: tuple[str, str]
    probabilities: tuple[str, str]
    payoffs: Mapping[str, tuple[int, int]]
    misprint: Misprint

    @property
    def tree(self) -> Node:
        """The decision tree; `tree.solve()` gives expected values, choice and EVPI."""
        from patronage.decision import chance, decide

        chances = {
            plant: 0
            if payoffs == (0, 0)  # who builds nothing need not ask what the market does
            else chance(dict(zip(self.states, zip(self.probabilities, payoffs, strict=True), strict=True)))
            for plant, payoffs in self.payoffs.items()
        }
        return decide(self.question, chances)

    @property
    def table(self) -> DecisionTable:
        """The decision table: a row a plant, a column a state of the market."""
        from patronage.decision import DecisionTable

        rows = {plant: dict(zip(self.states, row, strict=True)) for plant, row in self.payoffs.items()}
        return DecisionTable(rows, probabilities=dict(zip(self.states, self.probabilities, strict=True)))


@dataclass(frozen=True)
class CourierCustomer:
    """A customer who spends the same with a courier every month for ten years (Peters 1987).

    `referrals` are the lifelong customers of the same kind whom he brings by word of mouth (口碑效应).
    """

    title: str
    revenue_per_month: int
    months_a_year: int
    years: int
    periods: int
    referrals: int
    misprint: Misprint

    @property
    def value(self) -> SimpleClv:
        """What the customer is worth: 1500 × 12 × 10 = 180,000."""
        from patronage.clv import simple_clv

        return simple_clv(revenue_per_period=self.revenue_per_month, periods=self.periods)

    @property
    def value_with_referrals(self) -> SimpleClv:
        """The same, and as a separate term the value of the customer he brings: 360,000 together."""
        from patronage.clv import simple_clv

        return simple_clv(revenue_per_period=self.revenue_per_month, periods=self.periods, referrals=self.referrals)


@dataclass(frozen=True)
class Grades:
    """A hundred made-up customers, of whom few bring most, and the texts' names for grades and stages.

    `customers` is a table with `customer` and `monetary`; `ladder` has the rungs from prospect 潜在客户 to advocate
    拥护者, `work` the stages of the work with customers, `measures` what RFM measures, and `values` the three parts
    of a customer's value.
    """

    customers: Mapping[str, list[float]]
    ladder: tuple[str, ...]
    work: tuple[str, ...]
    measures: tuple[str, ...]
    values: tuple[str, ...]
    lang: Lang

    @property
    def tiers(self) -> PyramidTiers:
        """The hundred customers in the texts' four grades: 1 %, 19 %, 30 %, 50 %."""
        return self._graded("textbook")

    @property
    def gold_and_iron(self) -> PyramidTiers:
        """The hundred customers in two tiers: 20 % gold 黄金层级, 80 % iron 钢铁层级."""
        return self._graded("gold_iron")

    def _graded(self, preset: Literal["textbook", "gold_iron"]) -> PyramidTiers:
        from patronage import segmentation

        return segmentation.pyramid(self.customers, preset=preset, lang=self.lang)


def supermarket(lang: Lang = "en") -> Supermarket:
    """The supermarket's shopping list: five baskets, from which six rules follow.

    Args:
        lang: Language of the items, "en" or "zh".
    """
    stored = _core.textbook_supermarket(lang)
    return Supermarket(
        stored["title"],
        {name: tuple(items) for name, items in stored["lists"].items()},
        stored["min_support"],
        {number: (antecedent, consequent) for number, antecedent, consequent in stored["rules"]},
        stored["note"],
    )


def southern_hospital(lang: Lang = "en") -> SouthernHospital:
    """Southern Hospital Supply 南方医院供应企业: which plant has the highest expected monetary value?

    Args:
        lang: Language of the labels, "en" or "zh".
    """
    stored = _core.textbook_southern_hospital(lang)
    pairs = {name: tuple(stored.pop(name)) for name in ("states", "probabilities")}
    return SouthernHospital(**{**stored, **pairs, "misprint": Misprint(*stored["misprint"])})


def courier_customer(lang: Lang = "en") -> CourierCustomer:
    """The courier's customer: what 1,500 a month for ten years are worth.

    Args:
        lang: Language of the labels, "en" or "zh".
    """
    stored = _core.textbook_courier_customer(lang)
    return CourierCustomer(**{**stored, "misprint": Misprint(*stored["misprint"])})


def pyramid(lang: Lang = "en") -> Grades:
    """The customer pyramid of the course texts, on a hundred made-up customers.

    Args:
        lang: Language of the labels, "en" or "zh".

    Example:
        >>> import patronage as pt
        >>> pt.textbook.pyramid(lang="zh").tiers.summary()["tier"]
        ['重要客户', '次要客户', '普通客户', '小客户']
    """
    stored = _core.textbook_grades(lang)
    monetary = stored.pop("monetary")
    customers = {"customer": list(range(1, len(monetary) + 1)), "monetary": monetary}
    return Grades(customers, **{name: tuple(names) for name, names in stored.items()}, lang=lang)
