"""Pairs of items, and itemsets by group."""

import pickle
from itertools import combinations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, fisher_exact

import patronage as pt

ITEMS = "abcdef"
lists = st.lists(st.lists(st.sampled_from(ITEMS), max_size=6), min_size=1, max_size=14)


@settings(deadline=None, max_examples=60)
@given(lists, st.integers(1, 4), st.sampled_from([None, 0.0, 0.5, 1.0]), st.sampled_from([None, 1.0, 1.2, 2.0]))
def test_pairs(baskets, least, most_lift, least_lift):
    n = len(baskets)
    count = {items: sum(set(items) <= set(b) for b in baskets) for k in (1, 2) for items in combinations(ITEMS, k)}
    expected = {}
    for a, b in combinations(ITEMS, 2):
        x, y, both = count[a,], count[b,], count[a, b]
        if min(x, y) < least:
            continue
        # Tenths, in whole numbers.
        low = most_lift is not None and 10 * n * both <= round(10 * most_lift) * x * y
        high = least_lift is not None and 10 * n * both >= round(10 * least_lift) * x * y
        if low or high or (most_lift is None and least_lift is None):
            expected[a, b] = (x, y, both)
    pairs = pt.item_pairs(baskets, min_item_support=least, max_lift=most_lift, min_lift=least_lift)
    found = {(r["item_a"], r["item_b"]): (r["count_a"], r["count_b"], r["count"]) for r in pairs.to_dicts()}
    assert found == expected
    x, y, both = (np.asarray(pairs[name]) for name in ("count_a", "count_b", "count"))
    np.testing.assert_allclose(pairs["expected"], x * y / n)
    np.testing.assert_allclose(pairs["lift"], n * both / (x * y))
    np.testing.assert_allclose(pairs["leverage"], both / n - x * y / n**2, atol=1e-15)
    np.testing.assert_allclose(pairs["cosine"], both / np.sqrt(x * y))
    np.testing.assert_allclose(pairs["jaccard"], both / (x + y - both))
    assert (np.diff(np.abs(both - x * y / n)) <= 1e-12).all()


@settings(deadline=None, max_examples=60)
@given(lists, st.sampled_from(["fisher", "fisher_less"]), st.sampled_from([0.05, 0.3, 1.0]))
def test_significant_pairs(baskets, test, alpha):
    pairs = pt.item_pairs(baskets, min_item_support=1)
    n = len(baskets)
    p_values = []
    for row in pairs.to_dicts():
        both, a, b = row["count"], row["count_a"], row["count_b"]
        cells = [[both, a - both], [b - both, n - a - b + both]]
        p_values.append(fisher_exact(cells, alternative="greater" if test == "fisher" else "less").pvalue)
    assert pairs.about["tested"] == len(pairs)
    adjusted = [min(1.0, len(pairs) * p) for p in p_values]
    # What lies on the level but for rounding may fall on either side.
    clear = {i: p < alpha for i, p in enumerate(adjusted) if abs(p - alpha) > 1e-9 or alpha == 1}
    passed = pairs.significant(alpha, test=test, correction="bonferroni")
    found = {(row["item_a"], row["item_b"]) for row in passed.to_dicts()}
    for i, passes in clear.items():
        assert ((pairs["item_a"][i], pairs["item_b"][i]) in found) == (passes or alpha == 1)
    assert passed.columns[-1] == ("fisher_p_value" if test == "fisher" else "fisher_p_value_less")
    assert type(passed).from_json(passed.to_json()) == passed


def test_significant_pairs_count_those_not_kept():
    baskets = [["cola"], ["lemonade"]] * 10 + [["tea"], ["rum"]]
    every, kept = (pt.item_pairs(baskets, min_item_support=1, max_lift=lift) for lift in (None, 0.0))
    assert (every.about["tested"], kept.about["tested"]) == (6, 6)
    p = fisher_exact([[0, 10], [10, 2]], alternative="less").pvalue
    for pairs in (every, kept):
        assert len(pairs.significant(6.01 * p, test="fisher_less", correction="bonferroni")) == 1
        assert len(pairs.significant(5.99 * p, test="fisher_less", correction="bonferroni")) == 0
    for options in ({"alpha": 0.0}, {"test": "z"}, {"correction": "sidak"}):
        with pytest.raises(pt.errors.InvalidParameter, match=next(iter(options))):
            every.significant(**options)


BASKETS = [["cola", "crisps"]] * 3 + [["lemonade", "crisps"]] + [["lemonade"]] * 3 + [["$x^{$", "<script>"]]


def test_pairs_can_do_what_results_do():
    pairs = pt.item_pairs(pt.Baskets.from_lists(BASKETS), min_item_support=0.1, measures=["lift", "zhang"])
    for again in (pt.ItemPairs.from_json(pairs.to_json()), pickle.loads(pickle.dumps(pairs))):
        assert again == pairs
        assert again.to_dicts() == pairs.to_dicts()
    assert pairs.columns[-2:] == ["lift", "zhang"]
    assert len(pairs["yule_q"]) == len(pairs)
    assert pairs.about["tested"] == 5 * 4 // 2
    pairs.plot().figure.canvas.draw()
    pt.item_pairs([], min_item_support=1).plot()
    assert "<script>" not in pairs._repr_html_()
    rows = pairs.to_dicts()
    place = next(i for i, r in enumerate(rows) if (r["item_a"], r["item_b"]) == ("cola", "lemonade"))
    assert pairs.in_words()[place] == "Of 3 baskets with cola, only 0 (0 %) also have lemonade; by chance 1.5 would."
    assert "只有 0 个" in pairs.in_words(lang="zh")[place]
    text = pairs.explain(place).to_text()
    assert "3 × 4" in text
    assert "not yet a substitute" in text
    assert "替代品" in pairs.explain(place, lang="zh").to_text()
    numbered = pt.item_pairs([[1, 2], [1, 2], [2]], min_item_support=1)
    assert numbered["item_a"].tolist() == [1]
    assert pt.item_pairs(BASKETS, min_item_support=3, max_lift=0.9, min_expected=1.6).about["min_expected"] == 1.6


def test_bad_pairs():
    for options in (
        {"min_item_support": 0},
        {"min_lift": -1.0},
        {"max_lift": float("nan")},
        {"min_expected": float("inf")},
        {"min_count": -1},
        {"min_count": 1.5},
    ):
        with pytest.raises(pt.errors.InvalidParameter, match=next(iter(options))):
            pt.item_pairs(BASKETS, **options)
    with pytest.raises(pt.errors.UnknownName):
        pt.item_pairs(BASKETS, measures=["lfit"])
    with pytest.raises(pt.errors.LimitExceeded):
        pt.item_pairs(BASKETS, max_pairs=2)
    with pytest.raises(pt.errors.UnknownName):
        pt.item_pairs(BASKETS).explain(99)


@settings(deadline=None, max_examples=40)
@given(st.lists(lists, min_size=2, max_size=3), st.integers(1, 3))
def test_groups(groups, least):
    named = {f"g{i}": baskets for i, baskets in enumerate(groups)}
    grouped = pt.frequent_itemsets_by_group(named, min_support=least, max_length=2)
    sets = set()
    for name, baskets in named.items():
        alone = pt.frequent_itemsets(baskets, min_support=least, max_length=2)
        assert grouped.itemsets(name).to_dicts() == alone.to_dicts()
        rows = [row for row in grouped.to_dicts() if row.pop("group") == name]
        assert rows == alone.to_dicts()
        sets |= {tuple(items) for items in alone["items"]}
    compared = grouped.compare()
    rows = compared.to_dicts()
    assert {(row["group"], tuple(row["items"])) for row in rows} == {(name, items) for name in named for items in sets}
    assert len(rows) == len(named) * len(sets)
    for row in rows:
        here = [set(row["items"]) <= set(b) for b in named[row["group"]]]
        rest = [set(row["items"]) <= set(b) for name in named if name != row["group"] for b in named[name]]
        assert (row["count"], row["count_elsewhere"]) == (sum(here), sum(rest))
        assert row["difference"] == pytest.approx(np.mean(here) - np.mean(rest))
        if row["z"] is not None:
            table = [[sum(here), len(here) - sum(here)], [sum(rest), len(rest) - sum(rest)]]
            test = chi2_contingency(table, correction=False)
            assert row["z"] ** 2 == pytest.approx(test.statistic, abs=1e-12)
            assert row["p_value"] == pytest.approx(test.pvalue)
            assert row["p_adjusted"] == pytest.approx(min(1, test.pvalue * compared.about["tests"]))
        else:
            assert sum(here) + sum(rest) in (0, len(here) + len(rest))


GROUPS = {"city": [["tea", "milk"]] * 4 + [["tea"]], "country": [["bread", "tea"]] * 3 + [["$x^{$", "<b>"]]}


def test_groups_can_do_what_results_do():
    grouped = pt.frequent_itemsets_by_group(GROUPS, min_support=0.2)
    compared = grouped.compare()
    for result in (grouped, compared):
        for again in (type(result).from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
            assert again == result
            assert again.to_dicts() == result.to_dicts()
        assert "<b>" not in result._repr_html_()
        result.plot().figure.canvas.draw()
    assert grouped.groups == ["city", "country"]
    assert grouped.about["n_baskets"] == [5, 4]
    again = type(grouped).from_json(grouped.to_json())
    assert again.itemsets("city").rules() == grouped.itemsets("city").rules()
    assert len(grouped.in_words()) == len(compared)
    assert "其他组" in grouped.in_words(lang="zh")[0]
    with pytest.raises(pt.errors.UnknownName, match="'city', 'country'"):
        grouped.itemsets("moon")


def test_groups_of_a_table():
    rows = [(i, item, name) for name, lists in GROUPS.items() for i, items in enumerate(lists) for item in items]
    table = dict(zip(("order", "product", "store"), map(list, zip(*rows, strict=True)), strict=True))
    roles = {"basket": "order", "item": "product", "group": "store"}
    expected = pt.frequent_itemsets_by_group(GROUPS, min_support=0.2).to_dicts()
    for form in (table, pd.DataFrame(table), pl.DataFrame(table), pl.LazyFrame(table), pl.DataFrame(table).to_arrow()):
        assert pt.frequent_itemsets_by_group(form, min_support=0.2, **roles).to_dicts() == expected
    stream = pl.DataFrame(table).to_arrow().to_reader(max_chunksize=3)
    assert pt.frequent_itemsets_by_group(stream, min_support=0.2, **roles).to_dicts() == expected
    missing = {**table, "store": [None, *table["store"][1:]]}
    for form in (missing, pl.DataFrame(missing)):
        with pytest.raises(pt.errors.InvalidInput, match=r"column 'store'.*row 0"):
            pt.frequent_itemsets_by_group(form, min_support=0.2, **roles)
    with pytest.raises(pt.errors.ColumnNotFound):
        pt.frequent_itemsets_by_group(table, min_support=0.2, **{**roles, "group": "shop"})


def test_bad_groups():
    for groups, options, error in [
        (GROUPS, {"basket": "order"}, pt.errors.InvalidParameter),
        (7, {}, pt.errors.InvalidParameter),
        ({}, {}, pt.errors.InvalidParameter),
        ({1.5: [["a"]]}, {}, pt.errors.InvalidParameter),
        ({"a": [["a"]], 1: [["a"]]}, {}, pt.errors.InvalidInput),
        ({"a": []}, {}, pt.errors.NotEnoughData),
        ({"a": [["a"]], "b": [[1]]}, {}, pt.errors.InvalidInput),
        ({"a": [range(20)]}, {"max_itemsets": 100}, pt.errors.LimitExceeded),
    ]:
        with pytest.raises(error):
            pt.frequent_itemsets_by_group(groups, min_support=0.2, **options)
