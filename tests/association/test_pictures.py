"""Pictures of rules: what they show, and that nothing odd breaks them."""

import itertools
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

import patronage as pt
from patronage.plots.association._layout import apart, spring

KINDS = ["scatter", "network", "heatmap"]


def rules_of(baskets, min_confidence=0.2, min_support=1):
    return pt.frequent_itemsets(baskets, min_support=min_support).rules(min_confidence)


@pytest.fixture(scope="module")
def many():
    rng = np.random.default_rng(5)
    rules = rules_of([[f"item {i}" for i in np.flatnonzero(rng.random(12) < 0.4)] for _ in range(60)], 0.2, 5)
    assert 500 < len(rules) < 5_000
    return rules


CASES = {
    "no rule": [["beer"], ["milk"]],
    "one rule": [["beer", "milk"]] * 9 + [["beer"]],
    "Chinese": [["啤酒", "尿布", "全脂牛奶"], ["啤酒", "尿布"], ["面包"]],
    "long names, signs of formulas": [["a $_{x}$ " * 30, "<b>&\n\t" * 30], ["c" * 500, "a $_{x}$ " * 30]],
    "integers": [[1, 2, 3], [1, 2], [3]],
    "lift 1 throughout": [["a", "b"], ["a", "b"]],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_odd_rules(case, kind):
    rules = rules_of(CASES[case], 0.95 if case == "one rule" else 0.2)
    axes = rules.plot(kind=kind)
    axes.figure.canvas.draw()
    assert axes.get_title(loc="left")
    _, given = plt.subplots()
    assert rules.plot(given, kind=kind, top=1) is given


@pytest.mark.parametrize("kind", KINDS)
def test_many_rules(many, kind):
    axes = many.plot(kind=kind, top=500)
    axes.figure.canvas.draw()
    assert f"500 of {len(many):,} rules" in axes.get_title(loc="left") or kind == "network"


def test_heat_map_has_the_lift_of_each_rule(many):
    axes = many.plot(kind="heatmap", top=len(many))
    cells = axes.images[0].get_array().filled(np.nan)
    lift = np.asarray(many["lift"])
    assert cells[0, 0] == lift.max()
    np.testing.assert_allclose(np.sort(cells[~np.isnan(cells)]), np.sort(lift))
    assert cells.shape == (len(set(map(tuple, many["antecedent"]))), len(set(map(tuple, many["consequent"]))))


def test_network_joins_items_through_rules():
    rules = rules_of([["beer", "diapers"], ["beer", "diapers"], ["milk"], ["milk", "beer"]], 0.6)
    assert sorted(rules["antecedent"]) == [["beer"], ["diapers"]]
    axes = rules.plot(kind="network")
    # One dot for the two rules about the same items, that of the higher confidence.
    (dots,) = [found for found in axes.collections if found.get_array() is not None and len(found.get_offsets()) == 1]
    assert dots.get_array()[0] == rules["lift"][0]
    assert {text.get_text() for text in axes.texts} == {"beer", "diapers"}
    assert "1 of 2 rules between 2 items" in axes.get_title(loc="left")


def test_network_is_the_same_each_time(many):
    first, second = ([text.get_position() for text in many.plot(kind="network").texts] for _ in range(2))
    assert first == second


def test_layout():
    edges = np.array([(0, 3), (3, 1), (1, 4), (4, 2)])
    places = spring(5, edges)
    assert np.array_equal(places, spring(5, edges))
    assert places.min() == 0
    assert places.max() == 1
    near = [np.linalg.norm(places[a] - places[b]) for a, b in edges]
    far = [np.linalg.norm(places[a] - places[b]) for a, b in [(0, 2), (0, 4), (2, 3)]]
    assert max(near) < min(far)

    sizes = np.full((40, 2), [0.2, 0.03])
    moved = apart(np.random.default_rng(1).random((40, 2)), sizes)
    for a, b in itertools.combinations(moved, 2):
        assert abs(a[0] - b[0]) >= 0.2 - 1e-9 or abs(a[1] - b[1]) >= 0.03 - 1e-6


@pytest.mark.parametrize("case", CASES)
def test_checked_rules(case):
    rules = rules_of(CASES[case])
    checked = rules.check(pt.Baskets.from_lists(CASES[case]))
    axes = checked.plot()
    axes.figure.canvas.draw()
    dots = [dot for group in axes.collections for dot in group.get_offsets().tolist()]
    assert sorted(dots) == sorted([c, c] for c in rules["confidence"].tolist())
    # Where no later basket holds the antecedent there is nothing to draw.
    elsewhere = rules.check(pt.Baskets.from_lists([["x"]])).plot()
    elsewhere.figure.canvas.draw()
    assert not elsewhere.collections


def test_counts_of_itemsets():
    counts = pt.association.count_itemsets([range(6)] * 3, min_support=3)
    axes = counts.plot()
    axes.figure.canvas.draw()
    assert [bar.get_height() for bar in axes.patches] == [6, 15, 20, 15, 6, 1]
    assert axes.get_yscale() == "log"
    assert axes.get_title(loc="left") == "63 itemsets"
    pt.association.count_itemsets([["a"], ["b"]], min_support=2).plot().figure.canvas.draw()
    with pytest.warns(pt.errors.LimitWarning):
        limited = pt.association.count_itemsets([range(40)] * 3, min_support=3, max_itemsets=1_000)
    assert "there are more" in limited.plot().get_title(loc="left")


def test_outliers():
    wholesale = [[f"article {i}" for i in range(size)] for size in range(60, 80)]
    found = pt.Baskets.from_lists([["tea", "milk"]] * 200 + wholesale).outliers()
    assert len(found) == 20
    axes = found.plot()
    axes.figure.canvas.draw()
    assert [bar.get_width() for bar in axes.patches] == sorted(found["size"].tolist(), reverse=True)[:15]
    pt.Baskets.from_lists([["tea"]]).outliers().plot().figure.canvas.draw()
    pt.Baskets.from_lists([]).outliers().plot().figure.canvas.draw()


def test_recommendations_read_like_advice():
    rules = rules_of([["<b>", "tea"], ["<b>", "tea"], ["tea"]])
    one, two = rules.recommend(["tea"]), rules.recommend(pt.Baskets.from_lists([["tea"], ["<b>"]]))
    for shown, columns in ((one, ["rank", "item", "reason"]), (two, ["basket", "rank", "item", "reason"])):
        page = shown._repr_html_()
        assert re.findall("<th><bdi>(.*?)</bdi></th>", page) == columns
        assert "because the basket holds" in page
        assert "<b>" not in page


def test_wrong_arguments(many):
    with pytest.raises(pt.errors.InvalidParameter, match="scatter, network, heatmap"):
        many.plot(kind="pie")
    for top in (0, -1, 1.5, "all"):
        with pytest.raises(pt.errors.InvalidParameter, match="top"):
            many.plot(top=top)
