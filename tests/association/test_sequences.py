"""Sequential patterns: every way in, against brute force and a peer, and what the results can do."""

import datetime as dt
import pickle
from itertools import combinations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patronage as pt

ITEMS = "abcd"
customers = st.lists(
    st.lists(st.sets(st.sampled_from(ITEMS), min_size=1, max_size=3), min_size=0, max_size=4), min_size=1, max_size=6
)


def patterns_of(baskets, most):
    """All patterns of up to `most` items in the baskets of a customer."""
    found = {()}
    for basket in baskets:
        parts = [c for k in range(1, len(basket) + 1) for c in combinations(sorted(basket), k)]
        found |= {(*p, c) for p in found for c in parts if sum(map(len, p)) + len(c) <= most}
    return found - {()}


@settings(deadline=None, max_examples=60)
@given(customers, st.integers(1, 3), st.integers(1, 4))
def test_patterns_against_brute_force(bought, least, most):
    counts = {}
    for baskets in bought:
        for pattern in patterns_of(baskets, most):
            counts[pattern] = counts.get(pattern, 0) + 1
    expected = {p: n for p, n in counts.items() if n >= least}
    patterns = pt.sequential_patterns(bought, min_support=least, max_length=most)
    found = {tuple(map(tuple, row["pattern"])): row["count"] for row in patterns.to_dicts()}
    assert found == expected
    assert all(patterns.count_of(p) == n for p, n in expected.items())
    np.testing.assert_allclose(patterns["support"], patterns["count"] / len(bought))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.sampled_from(ITEMS), max_size=7), min_size=1, max_size=7), st.integers(1, 4))
def test_single_items_against_prefixspan(bought, least):
    prefixspan = pytest.importorskip("prefixspan")
    peer = {tuple(pattern): count for count, pattern in prefixspan.PrefixSpan(bought).frequent(least)}
    ours = pt.sequential_patterns([[[item] for item in items] for items in bought], min_support=least)
    assert {tuple(e[0] for e in row["pattern"]): row["count"] for row in ours.to_dicts()} == peer


TABLE = {
    "who": ["b", "a", "a", "a", "b"],
    "when": [dt.datetime(2024, 1, day, hour) for day, hour in [(3, 9), (1, 9), (1, 18), (5, 8), (3, 9)]],
    "what": ["tea", "tea", "milk", "milk", "tea"],
}


def test_every_table_gives_the_same_sequences():
    roles = {"customer": "who", "time": "when", "item": "what"}
    tables = [
        TABLE,
        pd.DataFrame(TABLE),
        pl.DataFrame(TABLE),
        pl.DataFrame(TABLE).to_arrow(),
        pl.DataFrame(TABLE)[::-1],
    ]
    for table in tables:
        sequences = pt.Sequences.from_table(table, **roles)
        assert [row["items"] for row in sequences.to_dicts()] == [["milk", "tea"], ["milk"], ["tea"]]
        assert [str(day) for day in sequences["day"]] == ["2024-01-01", "2024-01-05", "2024-01-03"]
        assert list(sequences["customer"]) == ["a", "a", "b"]
        assert dict(sequences.about) == {"customers": 2, "baskets": 3, "items": 2, "grain": "day", "repeated": 1}
        assert sequences.to_frame() is not None
    moments = pt.Sequences.from_table(TABLE, grain="moment", **roles)
    assert moments["items"] == [["tea"], ["milk"], ["milk"], ["tea"]]
    assert moments["time"].dtype == "datetime64[us]"
    steps = pt.Sequences.from_table({**TABLE, "when": [7, 1, 1, 2, 7]}, **roles)
    assert steps.about["grain"] == "step"
    assert steps["step"].tolist() == [1, 2, 7]
    log = pt.TransactionLog(TABLE, **roles)
    assert log.sequences() == pt.Sequences.from_table(TABLE, **roles)
    assert log.sequences(item="who")["items"] == [["a"], ["a"], ["b"]]


def test_gap_and_window_in_days():
    days = {"who": [1, 1, 1, 1], "when": ["2024-01-01", "2024-01-20", "2024-01-28", "2024-02-20"], "what": list("abac")}
    roles = {"customer": "who", "time": "when", "item": "what"}
    for grain in ("day", "moment"):
        sequences = pt.Sequences.from_table(days, grain=grain, **roles)
        found = {
            (gap, window): pt.sequential_patterns(sequences, min_support=1, max_gap=gap, window=window)
            for gap in (None, 8, 19, 23)
            for window in (None, 8, 27)
        }
        # From the first a to b 19 days, from b to the second a 8, from there to c 23.
        assert found[None, None].count_of(["a", "b", "a", "c"]) == 1
        assert found[8, None].count_of(["b", "a"]) == 1
        assert found[8, None].count_of(["a", "b"]) is None
        assert found[23, None].count_of(["a", "c"]) == 1  # of the second a
        assert found[19, None].count_of(["a", "c"]) is None
        assert found[None, 27].count_of(["a", "b", "a"]) == 1
        assert found[None, 8].count_of(["a", "b", "a"]) is None


@pytest.fixture
def results():
    bought = [[["tea"], ["milk", "$x^{$"]], [["tea"], ["milk"]], [["tea"]], [["<script>alert(1)</script>"], ["milk"]]]
    sequences = pt.Sequences.from_lists(bought)
    patterns = pt.sequential_patterns(sequences, min_support=1)
    return sequences, patterns, patterns.rules(0.1)


def test_results_can_do_what_results_do(results):
    for result in results:
        for again in (type(result).from_json(result.to_json()), pickle.loads(pickle.dumps(result))):
            assert again == result
            assert again.to_dicts() == result.to_dicts()
        assert pl.DataFrame(result).to_dicts() == result.to_dicts()
        assert len(result.to_pandas()) == len(result.to_dicts())
        assert "<script>" not in result._repr_html_()
        axes = result.plot()
        axes.figure.canvas.draw()
        with pytest.raises(pt.errors.InvalidModel):
            type(result).from_json(result.to_json()[:-5])
    _, patterns, rules = results
    assert patterns.rules(0.1) == rules
    again = pt.sequential_patterns([[["tea"], ["tea"], ["milk"]]], min_support=1).rules()
    assert "Of the 1 customer who bought tea, 1 (100 %) later bought tea." in again.in_words()
    other = pt.sequential_patterns([[["tea"], ["tea"], ["milk"]]], min_support=1).rules(repeats=False)
    assert other["consequent"] == [["milk"], ["milk"]]
    row = rules.to_dicts()[0]
    assert row["antecedent_count"] >= row["count"]
    np.testing.assert_allclose(rules["confidence"], rules["count"] / rules["antecedent_count"])
    np.testing.assert_allclose(
        rules["lift"], 4 * rules["count"] / (rules["antecedent_count"] * rules["consequent_count"])
    )
    assert (np.diff(rules["lift"]) <= 0).all()


def test_words_and_workings(results):
    _, patterns, rules = results
    words = patterns.in_words()
    assert len(words) == len(patterns)
    assert "2 of 4 customers (50 %) bought tea, then milk." in words
    assert "4 名顾客中有 2 名（50 %）购买了tea，再买milk。" in patterns.in_words(lang="zh")
    assert "⟨{tea} {milk}⟩" in patterns.explain().to_text()
    place = next(
        i for i, r in enumerate(rules.to_dicts()) if r["antecedent"] == [["tea"]] and r["consequent"] == ["milk"]
    )
    assert "Of the 3 customers who bought tea, 2 (66.7 %) later bought milk" in rules.in_words()[place]
    assert "之后购买了milk" in rules.in_words(lang="zh")[place]
    text = rules.explain(place).to_text()
    assert "confidence(X → Y) = count(X, Y) / count(X) = 2 / 3 = 0.6667" in text
    assert "序列规则" in rules.explain(place, lang="zh").to_text()
    limited = pt.sequential_patterns([[["tea"], ["milk"]]], min_support=1, max_gap=1, window=2)
    assert any("each within 1 step of the one before, all within 2 steps" in text for text in limited.in_words())


def test_closed_and_maximal():
    bought = [[["a"], ["b"], ["c"]], [["a"], ["c"]], [["a"]]]
    kinds = {k: pt.sequential_patterns(bought, min_support=2, kind=k) for k in ("frequent", "closed", "maximal")}
    assert kinds["closed"]["pattern"] == [[["a"]], [["a"], ["c"]]]
    assert kinds["maximal"]["pattern"] == [[["a"], ["c"]]]
    with pytest.raises(pt.errors.InvalidParameter, match="frequent"):
        kinds["closed"].rules()


def test_bad_input():
    roles = {"customer": "who", "time": "when", "item": "what"}
    with pytest.raises(pt.errors.InvalidInput, match="column 'when': the time is missing in 1 row"):
        pt.Sequences.from_table({"who": [1, 2], "when": ["2024-01-01", None], "what": [1, 2]}, **roles)
    with pytest.raises(pt.errors.InvalidInput, match="column 'what'"):
        pt.Sequences.from_table({"who": [1, 2], "when": [1, 2], "what": ["a", None]}, **roles)
    with pytest.raises(pt.errors.ColumnNotFound):
        pt.Sequences.from_table({"who": [1]}, **roles)
    with pytest.raises(pt.errors.ColumnNotFound, match="sequences"):
        pt.TransactionLog({"who": [1], "when": ["2024-01-01"]}, customer="who", time="when").sequences()
    for wrong in (7, "ab", [7], [[7]], ["ab"], [["ab"]], [[[1.5]]], [[[True]]], [[["a"], [1]]]):
        with pytest.raises(pt.errors.InvalidInput):
            pt.Sequences.from_lists(wrong)
    bought = [[["a"], ["b"]]] * 3
    for options in (
        {"min_support": 0},
        {"min_support": 1.5},
        {"min_support": 1, "kind": "generators"},
        {"min_support": 1, "kind": "open"},
        {"min_support": 1, "max_length": 0},
        {"min_support": 1, "max_gap": 0},
        {"min_support": 1, "window": -1},
        {"min_support": 1, "kind": "closed", "max_gap": 3},
        {"min_support": 1, "max_patterns": 0},
    ):
        with pytest.raises(pt.errors.InvalidParameter):
            pt.sequential_patterns(bought, **options)
    with pytest.raises(pt.errors.LimitExceeded, match="raise max_patterns"):
        pt.sequential_patterns(bought, min_support=1, max_patterns=2)
    rules = pt.sequential_patterns(bought, min_support=1).rules()
    with pytest.raises(pt.errors.UnknownName):
        rules.explain(len(rules))
    with pytest.raises(pt.errors.InvalidParameter):
        rules.explain("a")


def test_progress_is_reported():
    calls = []
    pt.sequential_patterns([[["a"], ["b"]]], min_support=1, progress=lambda *call: calls.append(call))
    assert calls[-1][0] == calls[-1][1]
