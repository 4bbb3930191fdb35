"""What is done with rules: limits, redundancy, significance, later baskets, recommendations, workings."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import patronage as pt
from patronage.association import MEASURES

ITEMS = "abcde"
lists = st.lists(st.lists(st.sampled_from(ITEMS), max_size=7), min_size=1, max_size=14)
BASKETS = (
    [["beer", "crisps", "nuts"]] * 12 + [["beer", "crisps"]] * 8 + [["milk", "bread"]] * 9 + [["beer", "milk"]] * 5
)


@pytest.fixture
def itemsets():
    return pt.frequent_itemsets(BASKETS, min_support=4)


def sides(rules):
    return {(frozenset(x), frozenset(y)) for x, y in zip(rules["antecedent"], rules["consequent"], strict=True)}


def subsets(items):
    items = sorted(items)
    return [frozenset(s) for s in chain.from_iterable(combinations(items, k) for k in range(1, len(items)))]


@settings(deadline=None, max_examples=40)
@given(lists, st.lists(st.sampled_from(ITEMS), max_size=4), st.lists(st.sampled_from(ITEMS), max_size=2))
def test_limits_on_items(baskets, chosen, needed):
    itemsets = pt.frequent_itemsets(baskets, min_support=1)
    rules = sides(itemsets.rules(0.2))
    chosen = set(chosen)
    assert sides(itemsets.rules(0.2, antecedent_from=chosen)) == {r for r in rules if r[0] <= chosen}
    assert sides(itemsets.rules(0.2, consequent_from=chosen)) == {r for r in rules if r[1] <= chosen}
    assert sides(itemsets.rules(0.2, without=chosen)) == {r for r in rules if not (r[0] | r[1]) & chosen}
    needed = set(needed)
    if all(itemsets.count_of([item]) for item in needed):
        assert sides(itemsets.rules(0.2, must_contain=needed)) == {r for r in rules if needed <= r[0] | r[1]}
        assert sides(itemsets.rules(0.2, antecedent_contains=needed)) == {r for r in rules if needed <= r[0]}
        assert sides(itemsets.rules(0.2, consequent_contains=needed)) == {r for r in rules if needed <= r[1]}
    else:
        with pytest.raises(pt.errors.UnknownName, match="frequent items"):
            itemsets.rules(0.2, must_contain=needed)


@settings(deadline=None, max_examples=40)
@given(lists)
def test_redundancy(baskets):
    rules = pt.frequent_itemsets(baskets, min_support=1).rules(0.1)
    held = [set(basket) for basket in baskets]

    def confidence(x, y):
        return sum(x | y <= basket for basket in held) / sum(x <= basket for basket in held)

    expected = {
        (x, y) for x, y in sides(rules) if all(confidence(x, y) > confidence(part, y) + 1e-12 for part in subsets(x))
    }
    assert sides(rules.non_redundant()) == expected
    assert (rules.non_redundant()["improvement"] > 0).all()


def test_p_values_are_those_of_scipy(itemsets):
    rules = itemsets.rules(0.1, sort_by=None)
    n = len(BASKETS)
    x, y, both = (rules[name] for name in ("antecedent_count", "consequent_count", "count"))
    fisher = stats.hypergeom.sf(both - 1, n, x, y)
    np.testing.assert_allclose(rules["fisher_p_value"], fisher, rtol=1e-10)
    tables = [[[b, i - b], [j - b, n - i - j + b]] for i, j, b in zip(x, y, both, strict=True)]
    chi = [stats.chi2_contingency(table, correction=False) for table in tables]
    np.testing.assert_allclose(rules["chi_squared"], [c.statistic for c in chi], rtol=1e-10)
    np.testing.assert_allclose(rules["chi_squared_p_value"], [c.pvalue for c in chi], rtol=1e-9)
    tested = rules.significant(1.0, correction="benjamini_hochberg", n_tests=len(rules))
    np.testing.assert_allclose(tested["adjusted_p_value"], stats.false_discovery_control(fisher), rtol=1e-9)


def test_significant_rules(itemsets):
    rules = itemsets.rules(0.1)
    assert rules.about["n_examined"] == 2 * (len(itemsets) - itemsets.to_pandas().eval("length == 1").sum()) + 4
    passed = rules.significant(0.01)
    assert 0 < len(passed) < len(rules)
    assert passed.about["n_tests"] == rules.about["n_examined"]
    assert passed.about["correction"] == "holm"
    assert passed.columns[-2:] == ["p_value", "adjusted_p_value"]
    assert (passed["adjusted_p_value"] <= 0.01).all()
    assert (passed["p_value"] <= passed["adjusted_p_value"]).all()
    assert type(passed).from_json(passed.to_json()) == passed
    few = rules.significant(0.01, correction="bonferroni", n_tests=10**9)
    assert sides(few) <= sides(passed)
    assert itemsets.n_testable(0.01) <= rules.about["n_examined"]
    productive = rules.productive(alpha=0.05)
    assert sides(productive) <= sides(rules.non_redundant())
    assert (productive["lift"] > 1).all()


def test_minimal_rules(itemsets):
    closed = pt.frequent_itemsets(BASKETS, min_support=4, kind="closed")
    minimal = itemsets.rules(0.1, minimal=True)
    assert sides(minimal) == sides(closed.rules(0.1, minimal=True))
    # nuts come only with beer and crisps: nuts → beer follows from nuts → beer, crisps.
    assert (frozenset(["nuts"]), frozenset(["beer", "crisps"])) in sides(minimal)
    assert (frozenset(["nuts"]), frozenset(["beer"])) not in sides(minimal)
    with pytest.raises(pt.errors.InvalidParameter, match="max_length"):
        pt.frequent_itemsets(BASKETS, min_support=4, max_length=2).rules(minimal=True)
    with pytest.raises(pt.errors.InvalidParameter, match="frequent"):
        closed.rules().non_redundant()


def test_later_baskets(itemsets):
    rules = itemsets.rules(0.5)
    later = [["beer", "crisps"], ["beer"], ["nuts", "wine"], []]
    checked = rules.check(later, correction="bonferroni")
    row = {(tuple(r["antecedent"]), tuple(r["consequent"])): r for r in checked.to_dicts()}
    found = row[("crisps",), ("beer",)]
    assert [found[f"later_{name}"] for name in ("antecedent_count", "consequent_count", "count")] == [1, 2, 1]
    assert (found["later_confidence"], found["later_lift"]) == (1.0, 2.0)
    assert found["p_value"] == pytest.approx(0.5, abs=1e-15)  # one basket, and beer is in two of four
    assert found["adjusted_p_value"] == 1.0
    unseen = row[("milk",), ("bread",)]
    assert unseen["later_confidence"] is None
    assert (unseen["p_value"], unseen["passes"]) == (1.0, False)
    assert checked.about["n_tests"] == len(rules)
    assert type(checked).from_json(checked.to_json()) == checked
    with pytest.raises(pt.errors.PatronageError, match="baskets"):
        rules.check([])


def test_recommendations(itemsets):
    rules = itemsets.rules(0.2)
    one = rules.recommend(["nuts", "unheard of"], k=3)
    assert one["item"] == ["crisps", "beer"] or one["item"] == ["beer", "crisps"]
    assert one["confidence"].tolist() == [1.0, 1.0]
    assert one["reason"][0].startswith(f"{one['item'][0]}, because the basket holds ")
    assert "购物篮" in rules.recommend(["nuts"], lang="zh")["reason"][0]
    many = rules.recommend(pt.Baskets.from_lists([["nuts"], [], ["milk"]]), k=1, by="lift")
    assert many["basket"].tolist() == [0, 2]
    assert many["item"][1] == "bread"
    assert type(many).from_json(many.to_json()) == many
    for basket, place in zip(many["basket"], many["rule"], strict=True):
        assert set(rules["antecedent"][place]) <= {0: {"nuts"}, 2: {"milk"}}[basket]
    assert len(rules.recommend([])) == 0
    assert len(rules.firing(["tea"])) == 0
    firing = rules.firing(["nuts", "milk"])
    assert sides(firing) == {r for r in sides(rules) if r[0] <= {"nuts", "milk"}}


def test_items_that_are_numbers():
    rules = pt.frequent_itemsets([[1, 2], [1, 2], [3]], min_support=1).rules()
    assert rules.recommend([1])["item"].tolist() == [2]
    assert len(rules.recommend(["1"])) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_measure_can_be_explained(itemsets, lang):
    rules = itemsets.rules(0.2)
    working = rules.explain((["beer", "crisps"], "nuts"), measures=list(MEASURES), lang=lang)
    text = working.to_text()
    assert text.count("(X → Y) = ") == len(MEASURES)
    assert all(number in text for number in ("12", "20", "34"))
    assert "<script" not in working.to_html()
    short = rules.explain((["beer", "crisps"], "nuts"), measures=["improvement", "fisher_p_value"], lang=lang)
    # beer, crisps → nuts: 12 of 20; the best part is crisps → nuts with the same 12 of 20.
    assert "12 / 20 − 12 / 20 = 0" in short.to_text()
    assert "P(K ≥ 12), K ~ Hypergeometric(34, 20, 12)" in short.to_text()


def test_parameters_out_of_range(itemsets):
    rules = itemsets.rules(0.2)
    for call, name in [
        (lambda: rules.significant(0), "alpha"),
        (lambda: rules.significant(1.5), "alpha"),
        (lambda: rules.significant(test="t"), "test"),
        (lambda: rules.significant(correction="sidak"), "correction"),
        (lambda: rules.significant(n_tests=1), "n_tests"),
        (lambda: rules.check(BASKETS, alpha=2), "alpha"),
        (lambda: rules.productive(alpha=0), "alpha"),
        (lambda: itemsets.rules(without=1.5), "without"),
        (lambda: rules.recommend(["beer"], k=-1), "k"),
    ]:
        with pytest.raises(pt.errors.InvalidParameter, match=name):
            call()
    for call in (
        lambda: itemsets.rules(must_contain=["caviar"]),
        lambda: rules.recommend(["beer"], by="luck"),
        lambda: rules.explain(0, measures=["luck"]),
    ):
        with pytest.raises(pt.errors.UnknownName):
            call()
