"""What every result can do, and parameters out of range."""

import pickle

import matplotlib.pyplot as plt
import numpy as np
import polars as pl
import pytest

import patronage as pt
from patronage.association import MEASURES

HOSTILE = ["<script>alert(1)</script>", '"onload="x', "\u202eelim", "$x^{$", "a\nb", "'; --"]
BASKETS = [[*HOSTILE[:3]], [*HOSTILE[:4]], [*HOSTILE], ["plain", HOSTILE[0]]]


@pytest.fixture
def results():
    baskets = pt.Baskets.from_lists(BASKETS)
    itemsets = pt.frequent_itemsets(baskets, min_support=2)
    return baskets, itemsets, itemsets.rules(min_confidence=0.1)


def test_json_and_pickle(results):
    for result in results:
        for again in (type(result).from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
            assert again == result
            assert again.to_dicts() == result.to_dicts()
            assert dict(again.about) == dict(result.about)
        assert pt.Result.from_json(result.to_json()) == result
        with pytest.raises(AttributeError, match="frozen"):
            result.about = {}
    _, itemsets, rules = (type(r).from_json(r.to_json()) for r in results)
    assert itemsets.rules(min_confidence=0.1) == rules
    assert rules.in_words() == results[2].in_words()


def test_a_stored_result_that_is_none(results):
    for result in results:
        text = result.to_json()
        for wrong in (text.replace('"coded"', '"columns"'), text[:-9], text.replace('"version": 1', '"version": 7')):
            with pytest.raises(pt.errors.InvalidModel):
                type(result).from_json(wrong)
    with pytest.raises(pt.errors.InvalidModel):
        pt.Rules.from_json(results[1].to_json())
    text = results[2].to_json().replace('"lift", "leverage"', '"lift", "levity"')
    with pytest.raises(pt.errors.PatronageError):
        pt.Rules.from_json(text)


def test_hostile_names_are_text(results):
    for result in results:
        page = result._repr_html_()
        assert "<script>" not in page
        assert '"onload' not in page
        assert "&lt;script&gt;" in page
        axes = result.plot()
        axes.figure.canvas.draw()
        assert axes.get_title(loc="left")
    _, itemsets, rules = results
    for working in (itemsets.explain(), rules.explain(0), rules.explain(0, lang="zh")):
        assert "<script>" not in working.to_html()
        assert "<script>" in working.to_text() or "alert" not in working.to_text()


def test_plots_draw_where_they_are_told(results):
    for result in results:
        _, ax = plt.subplots()
        assert result.plot(ax) is ax


def test_any_measure_can_be_read(results):
    rules = results[2]
    for name in MEASURES:
        assert len(rules[name]) == len(rules)
    n, x, y, xy = len(BASKETS), rules["antecedent_count"], rules["consequent_count"], rules["count"]
    np.testing.assert_allclose(rules["cosine"], xy / np.sqrt(x * y), rtol=1e-14)
    np.testing.assert_allclose(rules["jaccard"], xy / (x + y - xy), rtol=1e-14)
    np.testing.assert_allclose(rules["lift"], n * xy / (x * y), rtol=1e-14)
    assert (np.diff(rules["lift"]) <= 0).all()
    chosen = pt.frequent_itemsets(BASKETS, min_support=2).rules(measures=["zhang"], sort_by="zhang")
    assert chosen.columns == ["antecedent", "consequent", "antecedent_count", "consequent_count", "count", "zhang"]
    with pytest.raises(pt.errors.ColumnNotFound):
        rules["interestingness"]


def test_lists_of_integers_and_arrow_tools():
    rules = pt.frequent_itemsets([[1, 2], [1, 2], [3]], min_support=0.5).rules()
    assert rules["antecedent"] == [[1], [2]]
    assert pl.DataFrame(rules)["consequent"].to_list() == [[2], [1]]
    assert str(rules.explain((1, [2]))).startswith("Rule: 1 → 2")


def test_closed_and_maximal_tell_the_same_story():
    baskets = [["a", "b", "c"], ["a", "b"], ["a", "b", "d"], ["d"]]
    frequent, closed, maximal, generators = (
        pt.frequent_itemsets(baskets, min_support=2, kind=kind)
        for kind in ("frequent", "closed", "maximal", "generators")
    )
    assert frequent["items"] == [["a"], ["b"], ["a", "b"], ["d"]]
    assert closed["items"] == [["a", "b"], ["d"]]
    assert maximal["items"] == [["a", "b"], ["d"]]
    assert generators["items"] == [["a"], ["b"], ["d"]]
    assert closed.count_of(["b"]) == frequent.count_of(["b"]) == 3
    assert maximal.count_of(["b"]) is None
    assert closed.rules()["antecedent"] == [["a"], ["b"]]
    for itemsets in (maximal, generators):
        with pytest.raises(pt.errors.InvalidParameter, match="'frequent' or 'closed'"):
            itemsets.rules()


@pytest.mark.parametrize(
    "min_support", [0, 0.0, -1, -0.5, 1.5, float("nan"), float("inf"), True, "0.1", None, ["1"], []]
)
def test_supports_out_of_range(min_support):
    with pytest.raises(pt.errors.InvalidParameter, match="min_support"):
        pt.frequent_itemsets(BASKETS, min_support=min_support)


@pytest.mark.parametrize("min_support", [1, 1.0, np.int64(2), np.float64(0.5), np.float32(0.5), 2**80])
def test_supports_within(min_support):
    pt.frequent_itemsets(BASKETS, min_support=min_support)


def test_other_parameters_out_of_range(results):
    rules = results[1].rules
    for call, name in [
        (lambda: pt.frequent_itemsets(BASKETS, min_support=2, kind="open"), "kind"),
        (lambda: pt.frequent_itemsets(BASKETS, min_support=2, max_length=0), "max_length"),
        (lambda: pt.frequent_itemsets(BASKETS, min_support=2, max_length=2.5), "max_length"),
        (lambda: pt.frequent_itemsets(BASKETS, min_support=2, max_itemsets=-1), "max_itemsets"),
        (lambda: rules(1.5), "min_confidence"),
        (lambda: rules(float("nan")), "min_confidence"),
        (lambda: rules(True), "min_confidence"),
        (lambda: rules(max_consequent=0), "max_consequent"),
        (lambda: rules(measures="lift"), "measures"),
        (lambda: rules().explain("milk"), "rule"),
        (lambda: rules().explain(True), "rule"),
        (lambda: rules().explain(0, lang="fr"), "lang"),
        (lambda: results[1].count_of([1.5]), "items"),
    ]:
        with pytest.raises(pt.errors.InvalidParameter, match=name):
            call()
    for call in (
        lambda: rules(measures=["lfit"]),
        lambda: rules(sort_by="lfit"),
        lambda: rules().explain(10**6),
        lambda: rules().explain(-1),
        lambda: rules().explain(("milk", "beer")),
    ):
        with pytest.raises(pt.errors.UnknownName):
            call()


def test_a_search_that_passes_a_limit_is_exact_about_some_items():
    baskets = [range(18)] * 6 + [range(12)] * 6
    with pytest.warns(pt.errors.LimitWarning, match="the 12 most frequent of 18 items; a min_support of 7 baskets"):
        part = pt.frequent_itemsets(baskets, min_support=3, max_itemsets=5_000)
    assert len(part) == 2**12 - 1
    assert part.about["limited"] == {"max_itemsets": 5_000, "searched": 12, "items": 18, "fits": 7}
    whole = pt.frequent_itemsets(baskets, min_support=7, max_itemsets=5_000)
    assert (len(whole), whole.about["limited"]) == (2**12 - 1, None)
    with pytest.warns(pt.errors.LimitWarning, match="max_bytes"):
        assert 0 < len(pt.frequent_itemsets(baskets, min_support=3, max_bytes=50_000)) * 12 <= 50_000
    with pytest.warns(pt.errors.LimitWarning, match="max_seconds"):
        stopped = pt.frequent_itemsets([range(60)] * 3, min_support=3, max_itemsets=2**62, max_seconds=0.01)
    assert len(stopped) == 2 ** stopped.about["limited"]["searched"] - 1
    with pytest.raises(pt.errors.LimitExceeded, match="rules"):
        pt.frequent_itemsets(baskets, min_support=7, max_length=3).rules(max_rules=100)


def test_other_targets_and_constraints():
    baskets = [["a", "b", "c"], ["a", "b"], ["a", "b", "d"], ["a", "d"]]
    found = {
        "min_support": ({"min_support": [4, 3]}, [["a"], ["a", "b"]]),
        "top": ({"top": 2}, [["a"], ["b"], ["a", "b"]]),
        "min_length": ({"min_support": 2, "min_length": 2}, [["a", "b"], ["a", "d"]]),
        "only": ({"min_support": 2, "only": ["a", "d"]}, [["a"], ["d"], ["a", "d"]]),
        "without": ({"min_support": 2, "without": "a"}, [["b"], ["d"]]),
        "containing": ({"min_support": 2, "containing": ["d"]}, [["d"], ["a", "d"]]),
    }
    for name, (asked, sets) in found.items():
        itemsets = pt.frequent_itemsets(baskets, **asked)
        assert itemsets["items"] == sets, name
        assert itemsets.about[name] == asked[name] or name == "without"
        assert pt.association.Itemsets.from_json(itemsets.to_json()) == itemsets
        if name != "min_support":
            counted = pt.association.count_itemsets(baskets, **asked)
            assert counted.about["total"] == len(sets), name


def test_requests_that_cannot_be_met():
    for bad in ({}, {"min_support": 2, "top": 3}, {"top": 0}, {"min_support": 2, "min_length": 0}):
        with pytest.raises(pt.errors.InvalidParameter):
            pt.frequent_itemsets(BASKETS, **bad)
    for unknown in ({"only": ["wine"]}, {"without": "wine"}, {"containing": [7]}):
        with pytest.raises(pt.errors.UnknownName):
            pt.frequent_itemsets(BASKETS, min_support=2, **unknown)
    with pytest.raises(pt.errors.InvalidParameter, match="kind"):
        pt.association.count_itemsets(BASKETS, min_support=2, kind="maximal")


def test_progress_is_reported():
    calls = []
    pt.frequent_itemsets(BASKETS, min_support=1, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1][0] == calls[-1][1]
