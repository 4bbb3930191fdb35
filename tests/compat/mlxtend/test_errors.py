"""The same signatures, errors and warnings."""

import inspect
import subprocess
import sys
import tracemalloc

import mlxtend.frequent_patterns as theirs
import numpy as np
import pandas as pd
import pytest

import patronage as pt
import patronage.compat.mlxtend as ours
from patronage.compat.mlxtend import _itemsets

from .data import onehot

FRAME = pd.DataFrame(np.random.default_rng(0).random((30, 4)) < 0.6, columns=list("abcd"))
MINERS = ["apriori", "fpgrowth", "fpmax", "hmine"]


def with_cell(value, dtype=object):
    frame = FRAME.astype(dtype)
    frame.iloc[3, 2] = value
    return frame


@pytest.mark.parametrize("name", [*MINERS, "association_rules"])
def test_signatures(name):
    def parameters(module):
        for parameter in inspect.signature(getattr(module, name)).parameters.values():
            default = parameter.default
            yield parameter.name, parameter.kind, list(default) if isinstance(default, list | tuple) else default

    assert list(parameters(ours)) == list(parameters(theirs))


BAD = {
    "support of 0": ((FRAME, 0.0), "min_support"),
    "negative support": ((FRAME, -0.1), "min_support"),
    "support above 1": ((FRAME, 1.5), "min_support"),
    "a two": ((with_cell(2, int), 0.5), "Found value 2"),
    "a half": ((with_cell(0.5, float), 0.5), "Found value 0.5"),
    "text": ((FRAME.astype(str), 0.5), "Found value False"),
    "missing": ((with_cell(np.nan, float), 0.5), "NaN values are not permitted"),
    "sparse, full of ones": ((FRAME.astype(int).astype(pd.SparseDtype(int, 1)), 0.5), "fill value must be 0"),
    "sparse, columns from 5": (
        (FRAME.set_axis([5, 6, 7, 8], axis=1).astype(pd.SparseDtype(bool, False)), 0.5),
        "integer column names",
    ),
}


@pytest.mark.filterwarnings("ignore:.*bool:DeprecationWarning")
@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", MINERS)
def test_bad_input(name, case):
    arguments, message = BAD[case]
    for module in (theirs, ours):
        with pytest.raises(ValueError, match=message):
            getattr(module, name)(*arguments)


def test_bad_values_are_located():
    with (
        pytest.warns(DeprecationWarning, match="bool"),
        pytest.raises(ValueError, match=r"column 'c', row 3 \(1 in all\)"),
    ):
        ours.apriori(with_cell(2, int))


@pytest.mark.parametrize("name", MINERS)
def test_empty_frames(name):
    for empty in (FRAME.iloc[:0], pd.DataFrame(), FRAME.iloc[:, :0]):
        found = getattr(ours, name)(empty)
        assert list(found.columns) == ["support", "itemsets"]
        assert len(found) == 0
    assert len(getattr(ours, name)(FRAME & False)) == 0


def test_other_tables_are_refused():
    with pytest.raises(TypeError, match="no pandas DataFrame"):
        ours.apriori(np.eye(3))


ITEMSETS = theirs.apriori(FRAME, 0.2, use_colnames=True)
BAD_RULES = {
    "empty": (ValueError, "empty", (ITEMSETS.iloc[:0],), {}),
    "no support": (ValueError, "columns 'support' and 'itemsets'", (ITEMSETS[["itemsets"]],), {}),
    "metric": (ValueError, "(?i)metric must be.*got 'lifft'", (ITEMSETS,), {"metric": "lifft"}),
    "column": (KeyError, "lifft", (ITEMSETS,), {"return_metrics": ["lifft"], "min_threshold": 0.1}),
    "parts": (KeyError, "support_only", (ITEMSETS[ITEMSETS["itemsets"].map(len) > 1],), {}),
    "no frame": (TypeError, "df_orig must be provided", (ITEMSETS,), {"null_values": True}),
    "no rows": (TypeError, "num_itemsets must be provided", (ITEMSETS,), {"null_values": True, "df_orig": FRAME}),
    "missing": (ValueError, "NaN values are not permitted", (ITEMSETS, 30, with_cell(np.nan, float)), {}),
}


@pytest.mark.filterwarnings("ignore:.*bool:DeprecationWarning")
@pytest.mark.parametrize("case", BAD_RULES)
def test_bad_rules(case):
    error, message, arguments, options = BAD_RULES[case]
    for module in (theirs, ours):
        with pytest.raises(error, match=message):
            module.association_rules(*arguments, **options)


def test_itemsets_of_any_collection():
    for collection in (list, tuple, set):
        itemsets = ITEMSETS.assign(itemsets=ITEMSETS["itemsets"].map(collection))
        found = ours.association_rules(itemsets, min_threshold=0.1)
        pd.testing.assert_frame_equal(found, theirs.association_rules(itemsets, min_threshold=0.1))


def test_return_metrics():
    for options in ({"return_metrics": ["lift"]}, {"return_metrics": []}, {"min_threshold": 2.0}):
        found, expected = ours.association_rules(ITEMSETS, **options), theirs.association_rules(ITEMSETS, **options)
        pd.testing.assert_frame_equal(found, expected)
    alone = {"return_metrics": ["lift"], "support_only": True, "min_threshold": 0.2}
    pd.testing.assert_frame_equal(
        ours.association_rules(ITEMSETS, **alone), theirs.association_rules(ITEMSETS, **alone)
    )


@pytest.mark.parametrize("module", [theirs, ours])
def test_warnings(module):
    with pytest.warns(DeprecationWarning, match="bool"):
        module.apriori(FRAME.astype(int))
    with pytest.warns(UserWarning, match="null_values"):
        module.fpgrowth(FRAME.astype(float), null_values=True)
    with pytest.warns(DeprecationWarning, match="bool") as caught:
        ours.apriori(FRAME.astype(int))
    assert caught[0].filename == __file__


def test_no_warning_for_bool(recwarn):
    for name in MINERS:
        getattr(ours, name)(FRAME)
        getattr(ours, name)(FRAME.astype(pd.SparseDtype(bool, False)))
        getattr(ours, name)(FRAME.astype("boolean"))
    assert not recwarn.list


@pytest.mark.parametrize("name", MINERS)
def test_too_many_itemsets_are_an_error(name, monkeypatch, recwarn):
    """A search that passed its limit has not all sets, and a frame could not say so."""
    monkeypatch.setattr(_itemsets, "MOST", 20)
    frame = pd.DataFrame(np.eye(30, dtype=bool) if name == "fpmax" else np.ones((30, 8), dtype=bool))
    with pytest.raises(pt.errors.LimitExceeded, match=r"more than 20 itemsets; .* or set `max_len`"):
        getattr(ours, name)(frame, 1 / 30)
    assert not recwarn.list
    if name != "fpmax":
        assert len(getattr(ours, name)(frame, 1.0, max_len=1)) == 8


def test_verbose_tells(capsys):
    ours.apriori(FRAME, 0.5, verbose=1)
    assert "2 itemset(s) of length 1" in capsys.readouterr().out


def test_sparse_frames_stay_sparse():
    """A billion cells, of which a hundred thousand are set."""
    rng = np.random.default_rng(0)
    n, k = 1_000_000, 1_000
    frame = onehot(np.append(rng.integers(0, n, 100 * k), n - 1), np.append(np.repeat(np.arange(k), 100), 0))
    assert frame.size == n * k
    tracemalloc.start()
    found = ours.apriori(frame, 0.00005, max_len=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == k
    assert peak < 50_000_000


def test_without_pandas():
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "from patronage.compat.mlxtend import apriori\n"
        "try: apriori({'a': [True]})\n"
        "except ImportError as e: print(e)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install patronage[compat]" in told
