"""Itemsets and rules against their definitions, over all sets of a few items."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

import patronage as pt

ITEMS = "abcdef"
lists = st.lists(st.lists(st.sampled_from(ITEMS), max_size=9), max_size=12)


def subsets(items):
    items = sorted(items)
    return (frozenset(s) for s in chain.from_iterable(combinations(items, k) for k in range(1, len(items) + 1)))


def brute_force(baskets, least):
    baskets = [set(basket) for basket in baskets]
    counts = {s: sum(s <= basket for basket in baskets) for s in subsets(ITEMS)}
    return {s: n for s, n in counts.items() if n >= least}


@settings(deadline=None, max_examples=60)
@given(lists, st.integers(1, 5))
def test_itemsets(baskets, least):
    frequent = brute_force(baskets, least)
    expected = {
        "frequent": frequent,
        "closed": {s: n for s, n in frequent.items() if all(not s < t or m < n for t, m in frequent.items())},
        "maximal": {s: n for s, n in frequent.items() if not any(s < t for t in frequent)},
        "generators": {
            s: n
            for s, n in frequent.items()
            if n < len(baskets) and all(not t < s or m > n for t, m in frequent.items())
        },
    }
    for kind, sets in expected.items():
        found = pt.frequent_itemsets(baskets, min_support=least, kind=kind)
        assert {frozenset(row["items"]): row["count"] for row in found.to_dicts()} == sets, kind
        assert len(found) == len(sets)


@settings(deadline=None, max_examples=60)
@given(lists, st.integers(1, 4), st.integers(0, 100))
def test_rules(baskets, least, percent):
    frequent = brute_force(baskets, least)
    expected = {
        (x, s - x): (frequent[x], frequent[s - x], n)
        for s, n in frequent.items()
        for x in subsets(s)
        if x < s and 100 * n >= percent * frequent[x]
    }
    rules = pt.frequent_itemsets(baskets, min_support=least).rules(percent / 100)
    found = {
        (frozenset(row["antecedent"]), frozenset(row["consequent"])): (
            row["antecedent_count"],
            row["consequent_count"],
            row["count"],
        )
        for row in rules.to_dicts()
    }
    assert found == expected
