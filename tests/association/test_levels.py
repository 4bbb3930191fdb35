"""Items of several levels, and baskets out of the ordinary."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patronage as pt
from patronage.errors import InvalidInput, InvalidParameter, UnknownName

# Figure 2 and section 2 of Srikant and Agrawal, Mining Generalized Association Rules (VLDB 1995).
TAXONOMY = {
    "Jackets": "Outerwear",
    "Ski Pants": "Outerwear",
    "Outerwear": "Clothes",
    "Shirts": "Clothes",
    "Shoes": "Footwear",
    "Hiking Boots": "Footwear",
}
TRANSACTIONS = [
    ["Shirts"],
    ["Jackets", "Hiking Boots"],
    ["Ski Pants", "Hiking Boots"],
    ["Shoes"],
    ["Shoes"],
    ["Jackets"],
]


def test_the_example_of_srikant_and_agrawal():
    extended = pt.Baskets.from_lists(TRANSACTIONS).with_ancestors(TAXONOMY)
    found = pt.frequent_itemsets(extended, min_support=0.3)
    counts = {"Jackets": 2, "Outerwear": 3, "Clothes": 4, "Shoes": 2, "Hiking Boots": 2, "Footwear": 4}
    pairs = {("Outerwear", "Hiking Boots"), ("Clothes", "Hiking Boots"), ("Outerwear", "Footwear"),
             ("Clothes", "Footwear")}  # fmt: skip
    for item, count in counts.items():
        assert found.count_of([item]) == count
    for pair in pairs:
        assert found.count_of(pair) == 2
    # Beside the table of the paper there are only sets of an item and its own ancestor.
    ancestors = extended.ancestors
    for items in found["items"]:
        if not any(set(items) & set(ancestors.get(item, [])) for item in items):
            assert len(items) == 1 or frozenset(items) in set(map(frozenset, pairs))
    assert ancestors["Jackets"] == ["Clothes", "Outerwear"]
    assert ancestors["Shirts"] == ["Clothes"]
    assert "Clothes" not in ancestors
    assert pt.Baskets.from_json(extended.to_json()).ancestors == ancestors


def test_mappings_of_every_kind():
    baskets = pt.Baskets.from_lists([["milk", "butter"], ["rum", "milk"]])
    parents = {"milk": "dairy", "butter": "dairy", "rum": "drinks"}
    table = {"product": list(parents), "category": list(parents.values())}
    up = [["dairy"], ["dairy", "drinks"]]
    for given_as in (parents, pd.Series(parents)):
        assert baskets.roll_up(given_as)["items"] == up
    for kind in (dict, pd.DataFrame, pl.DataFrame):
        rolled = baskets.roll_up(kind(table), item="product", parent="category")
        assert rolled["items"] == up
        assert (rolled.about["repeated"], rolled.about["items"]) == (0, 2)
    both = baskets.roll_up({**parents, "rum": ["drinks", "gifts"]})
    assert both["items"] == [["dairy"], ["dairy", "drinks", "gifts"]]
    assert baskets.roll_up({"rum": "drinks"}, missing="keep")["items"] == [["butter", "milk"], ["drinks", "milk"]]
    numbers = pt.Baskets.from_lists([[1, 2], [3]])
    assert numbers.roll_up({1: "odd", 2: "even", 3: "odd"})["items"] == [["even", "odd"], ["odd"]]


def test_ids_stay_with_their_baskets():
    baskets = pt.Baskets.from_table({"o": ["x", "y"], "p": ["milk", "rum"]}, basket="o", item="p")
    parents = {"milk": "dairy", "rum": "drinks"}
    for made in (baskets.roll_up(parents), baskets.with_ancestors(parents), baskets.without_outliers()):
        assert made.ids == ["x", "y"]
    assert baskets.with_ancestors(parents).without_outliers().ancestors == {"milk": ["dairy"], "rum": ["drinks"]}


@pytest.mark.parametrize(
    ("parents", "options", "error", "message"),
    [
        ({"milk": "dairy"}, {}, UnknownName, "'butter, rum' does not exist; give each item a parent"),
        ({"milk": "a", "a": "b", "b": "milk"}, {"missing": "keep"}, InvalidParameter, "'milk' is above itself by"),
        ({"milk": 1, "rum": 2}, {"missing": "keep"}, InvalidInput, "integers and strings mixed"),
        ({"milk": None, "rum": "x"}, {}, InvalidInput, "column 'parent': the id is missing in 1 "),
        ({"milk": "a", "rum": 1}, {}, InvalidInput, "column 'parent' mixes types"),
        ({}, {"missing": "drop"}, InvalidParameter, "missing = 'drop' is not possible"),
        ({"p": ["milk"]}, {"item": "p"}, InvalidParameter, "give both"),
        ({"p": ["milk"]}, {"item": "p", "parent": "q"}, pt.errors.ColumnNotFound, "'q'"),
        (3, {}, InvalidInput, "a int is no mapping"),
    ],
)  # fmt: skip
def test_hierarchies_that_are_none(parents, options, error, message):
    baskets = pt.Baskets.from_lists([["milk", "butter", "rum"]])
    with pytest.raises(error, match=message):
        baskets.with_ancestors(parents, **options)


@given(sizes=st.lists(st.integers(0, 30), max_size=60), most=st.none() | st.integers(0, 40))
def test_outliers_by_the_rule(sizes, most):
    baskets = pt.Baskets.from_lists([range(size) for size in sizes])
    found, kept = baskets.outliers(most), baskets.without_outliers(most)
    if most is None and any(sizes):
        held = sorted(size for size in sizes if size)
        low, high = held[math.ceil(len(held) / 4) - 1], held[math.ceil(3 * len(held) / 4) - 1]
        assert (found.about["lower_quartile"], found.about["upper_quartile"]) == (low, high)
        # Definition 1 of Hyndman and Fan is NumPy's inverted CDF.
        assert [low, high] == np.quantile(held, [0.25, 0.75], method="inverted_cdf").tolist()
        most = max(high, low + 1) ** 4 // low**3
        assert baskets.about["outliers"] == len(found)
    large = [place for place, size in enumerate(sizes) if most is not None and size > most]
    assert found["basket"].tolist() == large
    assert found["size"].tolist() == [sizes[place] for place in large]
    assert found.about["max_size"] == most
    assert kept["size"].tolist() == [size for place, size in enumerate(sizes) if place not in large]
    assert kept.about["set_aside"] == len(large)
    assert pt.association.Outliers.from_json(found.to_json()) == found


def test_outliers_have_their_ids():
    orders = ["a", "a", *["b"] * 40, "c", "c", "d", "d", "e", "e"]
    table = {"order": orders, "item": [1, 2, *range(40), 1, 2, 1, 2, 1, 2]}
    baskets = pt.Baskets.from_table(pl.DataFrame(table), basket="order", item="item")
    assert baskets.outliers().to_dicts() == [{"basket": "b", "size": 40}]
    assert isinstance(baskets.outliers().to_frame(), pl.DataFrame)
    assert "outliers 1" in baskets._repr_html_()
    fewer = baskets.without_outliers()
    assert fewer.ids == ["a", "c", "d", "e"]
    assert fewer.about["outliers"] == 0
    for bad in (-1, 1.5, "2"):
        with pytest.raises(InvalidParameter, match="max_size"):
            baskets.outliers(bad)
