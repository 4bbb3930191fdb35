"""The supermarket's shopping list of the course text, on the face."""

from fractions import Fraction

import pytest

import patronage as pt

BASKETS = [
    ["beer", "diapers", "baby powder", "bread", "umbrella"],
    ["diapers", "baby powder"],
    ["beer", "diapers", "milk"],
    ["beer", "diapers", "detergent"],
    ["beer", "milk", "cola"],
]
ITEMSETS = {
    ("beer",): 4,
    ("diapers",): 4,
    ("baby powder",): 2,
    ("milk",): 2,
    ("beer", "diapers"): 3,
    ("beer", "milk"): 2,
    ("baby powder", "diapers"): 2,
}
INFINITE = float("inf")
RULES = {
    ("beer", "diapers"): ("3/5", "3/4", "15/16", "-1/25", "4/5"),
    ("diapers", "beer"): ("3/5", "3/4", "15/16", "-1/25", "4/5"),
    ("milk", "beer"): ("2/5", "1", "5/4", "2/25", INFINITE),
    ("beer", "milk"): ("2/5", "1/2", "5/4", "2/25", "6/5"),
    ("diapers", "baby powder"): ("2/5", "1/2", "5/4", "2/25", "6/5"),
    ("baby powder", "diapers"): ("2/5", "1", "5/4", "2/25", INFINITE),
}


@pytest.fixture
def rules():
    return pt.frequent_itemsets(BASKETS, min_support=0.4).rules(min_confidence=0.5)


def test_itemsets():
    itemsets = pt.frequent_itemsets(BASKETS, min_support=0.4)
    assert {tuple(row["items"]): row["count"] for row in itemsets.to_dicts()} == ITEMSETS
    assert itemsets.about["min_count"] == 2
    assert itemsets["support"].tolist() == sorted((n / 5 for n in ITEMSETS.values()), reverse=True)


def test_rules(rules):
    found = {(row["antecedent"][0], row["consequent"][0]): row for row in rules.to_dicts()}
    assert found.keys() == RULES.keys()
    for sides, expected in RULES.items():
        values = [found[sides][name] for name in ("support", "confidence", "lift", "leverage", "conviction")]
        assert values == [float(Fraction(e)) if isinstance(e, str) else e for e in expected], sides


def test_high_confidence_and_yet_a_lift_below_one(rules):
    text = str(rules.explain(("beer", "diapers")))
    assert "5 × 3 / (4 × 4) = 15 / 16 = 0.9375" in text
    assert "less likely than average" in text
    assert "低于平均水平" in str(rules.explain((["beer"], "diapers"), lang="zh"))
    row = [row["antecedent"] + row["consequent"] for row in rules.to_dicts()].index(["beer", "diapers"])
    assert str(rules.explain(row)) == text
    assert rules.in_words()[row].startswith("Of the 4 baskets with beer, 3 (75 %) also have diapers; that is 0.94")
    assert len(rules.in_words(lang="zh")) == len(rules)


def test_the_sets_by_length():
    working = str(pt.frequent_itemsets(BASKETS, min_support=0.4).explain(lang="zh"))
    assert "1 项统计：4 个" in working
    assert "2 项统计：3 个" in working


def test_the_share_is_the_decimal_it_is_written_as():
    baskets = [["rare"]] * 7 + [["other"]] * 18
    assert pt.frequent_itemsets(baskets, min_support=0.28).count_of(["rare"]) == 7
    assert pt.frequent_itemsets([["rare"]] * 7 + [[]] * 93, min_support=0.07).count_of(["rare"]) == 7
    assert pt.frequent_itemsets(baskets, min_support=0.2800001).count_of(["rare"]) is None
