"""mlxtend and its stand-in on random frames: dense, sparse, with missing values."""

import mlxtend.frequent_patterns as theirs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patronage.compat.mlxtend as ours

from .data import in_order, pairs

METRICS = list(theirs.association_rules.__defaults__[-1])
# Shares whose product with a number of rows floats never round up wrongly, for the functions that multiply.
SUPPORTS = [0.125, 0.25, 0.5, 0.75, 1.0]

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*bool:DeprecationWarning", "ignore:null_values=True", "ignore:invalid value:RuntimeWarning"
)


@st.composite
def frames(draw, missing=False):
    # mlxtend walks over all rows for each rule where values may be missing.
    rows, columns = draw(st.integers(1, 12 if missing else 24)), draw(st.integers(1, 4 if missing else 6))
    cells = draw(
        st.lists(st.sampled_from([0, 1, 1, 2] if missing else [0, 1]), min_size=rows * columns, max_size=rows * columns)
    )
    values = np.array(cells, dtype=float).reshape(rows, columns)
    values[values == 2] = np.nan
    names = draw(st.sampled_from([list("fedcba"), list(range(6)), ["x", 1, "z", 2, "u", 0]]))
    return pd.DataFrame(values, columns=names[:columns])


def same(found, expected):
    if len(expected):
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
    else:
        # mlxtend's empty frames have other dtypes.
        assert len(found) == 0
        assert list(found.columns) == list(expected.columns)


@settings(max_examples=60, deadline=None)
@given(frames(), st.sampled_from(SUPPORTS), st.sampled_from([None, 0, 1, 2, 3, -1]), st.booleans(), st.booleans())
def test_itemsets(frame, support, max_len, use_colnames, sparse):
    frame = frame.astype(bool)
    if sparse:
        frame = frame.rename(columns=str).astype(pd.SparseDtype(bool, False))
    options = {"use_colnames": use_colnames, "max_len": max_len}
    same(ours.apriori(frame, support, **options), theirs.apriori(frame, support, **options))
    same(ours.hmine(frame, support, **options), theirs.hmine(frame, support, **options))
    same(
        in_order(ours.fpgrowth(frame, support, **options)),
        in_order(theirs.fpgrowth(frame, support, **options)),
    )
    whole = {"use_colnames": use_colnames, "max_len": None if max_len else max_len}
    same(in_order(ours.fpmax(frame, support, **whole)), in_order(theirs.fpmax(frame, support, **whole)))


@settings(max_examples=40, deadline=None)
@given(frames(missing=True), st.sampled_from(SUPPORTS), st.booleans(), st.sampled_from(METRICS))
def test_missing_values(frame, support, use_colnames, metric):
    options = {"null_values": True, "use_colnames": use_colnames}
    same(in_order(ours.fpmax(frame, support, **options)), in_order(theirs.fpmax(frame, support, **options)))
    itemsets = theirs.fpgrowth(frame, support, **options)
    same(in_order(ours.fpgrowth(frame, support, **options)), in_order(itemsets))
    mixed = use_colnames and len({type(name) for name in frame.columns}) > 1  # mlxtend takes mixed names for places
    if len(itemsets) and len(frame) > 1 and not mixed:
        compare_rules(itemsets, (len(frame), frame, True), metric)


@settings(max_examples=60, deadline=None)
@given(frames(), st.sampled_from(METRICS))
def test_rules(frame, metric):
    itemsets = theirs.apriori(frame.astype(bool), 0.1, use_colnames=True)
    if len(itemsets):
        compare_rules(itemsets, (len(frame),), metric)


def compare_rules(itemsets, arguments, metric):
    for threshold in (-1.0, 0.0, 0.5, 1.0):
        options = {"metric": metric, "min_threshold": threshold}
        try:
            expected = theirs.association_rules(itemsets, *arguments, **options)
        except KeyError:
            # With missing values a part of a frequent set need not be frequent.
            with pytest.raises(KeyError, match="support_only"):
                ours.association_rules(itemsets, *arguments, **options)
            return
        found = ours.association_rules(itemsets, *arguments, **options)
        known = set(pairs(expected))
        shared = np.array([pair in known for pair in pairs(found)], dtype=bool)
        if len(expected):
            pd.testing.assert_frame_equal(found[shared].reset_index(drop=True), expected, rtol=1e-12, atol=1e-14)
        # What mlxtend loses by rounding stands on the threshold.
        assert found[~shared][metric].to_numpy(dtype=float) == pytest.approx(threshold, rel=1e-12, abs=1e-12)


def test_every_metric_decides():
    """The rules of a threshold between two values are those whose own column is above it."""
    frame = pd.DataFrame(np.random.default_rng(3).random((64, 5)) < 0.6, columns=list("abcde"))
    itemsets = ours.apriori(frame, 0.1, use_colnames=True)
    every = ours.association_rules(itemsets, metric="support", min_threshold=0.0)
    for metric in METRICS:
        values = np.unique(every[metric].replace(np.inf, 9.0).round(9))
        for threshold in (values[1:] + values[:-1]) / 2:
            found = ours.association_rules(itemsets, metric=metric, min_threshold=threshold)
            assert pairs(found) == pairs(every[every[metric] >= threshold]), (metric, threshold)
