"""`apriori`, `fpgrowth`, `fpmax` and `hmine`: one search, four ways to lay out its answer."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from typing import Any

import numpy as np

from patronage.association import Baskets, frequent_itemsets
from patronage.compat._pandas import pandas
from patronage.compat.mlxtend._bits import RowBits, count
from patronage.compat.mlxtend._onehot import OneHot, read
from patronage.errors import InvalidParameter, LimitExceeded, LimitWarning

#: The most itemsets that a frame is made of.
MOST = 10_000_000

#: Itemsets as tuples of rising column numbers, with their supports.
Found = list[tuple[tuple[int, ...], float]]


def apriori(
    df: Any,
    min_support: float = 0.5,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
    low_memory: bool = False,
    n_jobs: int = 1,
) -> Any:
    """Frequent itemsets of a one-hot frame, shorter ones first, then by columns.

    Args:
        df: pandas frame with a row a basket and a column an item: bool, or 0 and 1; dense or sparse.
        min_support: The least share of the rows, in (0, 1]. A set in exactly that share is in, unlike in mlxtend's
            `low_memory=True`, which compares rounded products.
        use_colnames: Items by the names of their columns in place of their numbers.
        max_len: The most items of a set; None for any.
        verbose: From 1 on, prints how many itemsets there are of each length.
        low_memory: Has no effect; the search needs little memory.
        n_jobs: Has no effect; the search uses all processors.

    Returns:
        A pandas frame with `support` (float64) and `itemsets` (frozensets).

    Raises:
        ValueError: A support outside (0, 1]; missing values; a value other than True, False, 0, 1.
        LimitExceeded: More than ten million itemsets.

    Warns:
        DeprecationWarning: Columns that are not bool, as mlxtend does.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.mlxtend import apriori
        >>> onehot = pd.DataFrame({"beer": [True, True, False], "milk": [True, True, True]})
        >>> apriori(onehot, min_support=0.6, use_colnames=True)["support"].round(3).tolist()
        [0.667, 1.0, 0.667]
    """
    del low_memory, n_jobs
    _check_support(min_support)
    found = _search(read(df, False), min_support, "frequent", _at_least_one(max_len), verbose)
    return _frame(df, sorted(found, key=_by_length), use_colnames)


def fpgrowth(
    df: Any,
    min_support: float = 0.5,
    null_values: bool = False,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> Any:
    """Frequent itemsets of a one-hot frame that may have missing values.

    The order is that of `apriori`; mlxtend's follows from the tree that it builds.

    Args:
        df: As for `apriori`; with `null_values`, NaN where a value is unknown.
        min_support: The least share of the rows, in (0, 1], without loss on the boundary: 7 of 100 rows reach 0.07,
            which mlxtend's fpgrowth asks 8 for.
        null_values: Takes the support of a set over the rows that know all its items. Sought are sets that could be
            frequent if all unknown values were 1, of items that are frequent in this sense, as mlxtend does.
        use_colnames: As for `apriori`.
        max_len: As for `apriori`.
        verbose: As for `apriori`.

    Returns:
        A pandas frame with `support` (float64) and `itemsets` (frozensets).

    Raises:
        ValueError: As for `apriori`; missing values only without `null_values`.
        LimitExceeded: More than ten million itemsets.

    Warns:
        DeprecationWarning: Columns that are not bool.
        UserWarning: `null_values` where nothing is missing.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.mlxtend import fpgrowth
        >>> onehot = pd.DataFrame({"beer": [True, None, False], "milk": [True, True, True]}).astype("boolean")
        >>> fpgrowth(onehot, min_support=0.5, null_values=True, use_colnames=True)["support"].tolist()
        [0.5, 1.0, 0.5]
    """
    onehot = read(df, null_values)
    _check_support(min_support)
    search = _search_with_missing if null_values else _search
    found = search(onehot, min_support, "frequent", max_len, verbose)
    return _frame(df, sorted(found, key=_by_length), use_colnames)


def fpmax(
    df: Any,
    min_support: float = 0.5,
    null_values: bool = False,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> Any:
    """Maximal itemsets of a one-hot frame: frequent ones without a frequent superset.

    Args:
        df: As for `fpgrowth`.
        min_support: As for `fpgrowth`.
        null_values: As for `fpgrowth`; maximal among the sets that could be frequent.
        use_colnames: As for `apriori`.
        max_len: Leaves out longer sets. What is maximal is decided among all; mlxtend does not look at what is longer
            and returns some sets that have a frequent superset.
        verbose: As for `apriori`.

    Returns:
        A pandas frame with `support` (float64) and `itemsets` (frozensets).

    Raises:
        ValueError: As for `fpgrowth`.
        LimitExceeded: More than ten million itemsets.

    Warns:
        DeprecationWarning: Columns that are not bool.
        UserWarning: `null_values` where nothing is missing.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.mlxtend import fpmax
        >>> onehot = pd.DataFrame({"beer": [True, True, False], "milk": [True, True, True]})
        >>> [sorted(items) for items in fpmax(onehot, min_support=0.6, use_colnames=True)["itemsets"]]
        [['beer', 'milk']]
    """
    onehot = read(df, null_values)
    _check_support(min_support)
    search = _search_with_missing if null_values else _search
    # Unlike its siblings, mlxtend's fpmax takes a max_len of 0 at its word.
    limit = -1 if max_len == 0 else max_len
    found = search(onehot, min_support, "maximal", limit, verbose)
    return _frame(df, sorted(found, key=_by_length), use_colnames)


def hmine(
    df: Any,
    min_support: float = 0.5,
    use_colnames: bool = False,
    max_len: int | None = None,
    verbose: int = 0,
) -> Any:
    """Frequent itemsets of a one-hot frame, each followed by those that continue it.

    Args:
        df: As for `apriori`.
        min_support: The least share of the rows, in (0, 1], without loss on the boundary.
        use_colnames: As for `apriori`.
        max_len: As for `apriori`.
        verbose: As for `apriori`.

    Returns:
        A pandas frame with `support` and `itemsets` (frozensets); both of dtype object, as mlxtend's are.

    Raises:
        ValueError: As for `apriori`.
        LimitExceeded: More than ten million itemsets.

    Warns:
        DeprecationWarning: Columns that are not bool.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.mlxtend import hmine
        >>> onehot = pd.DataFrame({"beer": [True, True, False], "milk": [True, True, True]})
        >>> [sorted(items) for items in hmine(onehot, min_support=0.6, use_colnames=True)["itemsets"]]
        [['beer'], ['beer', 'milk'], ['milk']]
    """
    onehot = read(df, False)
    _check_support(min_support)
    found = _search(onehot, min_support, "frequent", _at_least_one(max_len), verbose)
    frame = _frame(df, sorted(found), use_colnames)
    return frame.astype({"support": object}) if len(frame) else frame


def _check_support(min_support: float) -> None:
    if not 0.0 < min_support <= 1.0:
        raise InvalidParameter(
            f"`min_support` must be a positive number within the interval `(0, 1]`. Got {min_support}."
        )


def _at_least_one(max_len: int | None) -> int | None:
    """`apriori` and `hmine` of mlxtend return single items whatever the limit."""
    return max(1, max_len) if max_len else None


def _least_count(min_support: float, n: int) -> int:
    """The least count whose share of n rows, rounded once, reaches the support."""
    least = max(1, math.ceil(min_support * n) - 1)
    while least / n < min_support:
        least += 1
    return least


def _search(onehot: OneHot, min_support: float, kind: Any, max_len: int | None, verbose: int) -> Found:
    found = [(items, times / onehot.n) for items, times in _counts(onehot, min_support, kind, max_len)]
    return _tell(found, verbose)


def _search_with_missing(onehot: OneHot, min_support: float, kind: Any, max_len: int | None, verbose: int) -> Found:
    """Sets that could be frequent, with their support over the rows that know all their items."""
    known = [onehot.n - len(rows) for rows in onehot.missing]
    kept = [
        place
        for place, rows in enumerate(onehot.set)
        if known and known[place] and len(rows) / known[place] >= min_support
    ]
    nothing = np.empty(0, dtype=np.int64)
    could = [
        np.concatenate([rows, onehot.missing[place]]) if place in set(kept) else nothing
        for place, rows in enumerate(onehot.set)
    ]
    candidates = [items for items, _ in _counts(OneHot(onehot.n, could, []), min_support, kind, max_len)]
    bits = RowBits(onehot.n, onehot.set, onehot.missing, candidates)
    known_rows = onehot.n - bits.holes
    supports = np.where(known_rows == 0, 0.0, count(bits.full) / np.maximum(known_rows, 1))
    found = zip(candidates, supports.tolist(), strict=True)
    return _tell([(items, support) for items, support in found if support >= min_support], verbose)


def _counts(onehot: OneHot, min_support: float, kind: Any, max_len: int | None) -> list[tuple[tuple[int, ...], int]]:
    """Itemsets with the number of rows that have them."""
    if not any(map(len, onehot.set)) or (max_len is not None and max_len < 0):
        return []
    rows = np.concatenate(onehot.set)
    places = np.repeat(np.arange(len(onehot.set)), [len(rows) for rows in onehot.set])
    # Rows without items are not in this table; as a count, the least support does not need them.
    baskets = Baskets.from_table({"row": rows, "place": places}, basket="row", item="place")
    least = _least_count(min_support, onehot.n)
    with warnings.catch_warnings():
        # A frame has no room to say that sets are missing.
        warnings.simplefilter("ignore", LimitWarning)
        found = frequent_itemsets(baskets, min_support=least, kind=kind, max_length=max_len or None, max_itemsets=MOST)
    limited = found.about["limited"]
    if limited is not None:
        fits = limited["fits"]
        mend = f"a `min_support` of {fits} in {onehot.n} rows would fit" if fits else "raise `min_support`"
        raise LimitExceeded(f"more than {MOST:,} itemsets; {mend}, or set `max_len`")
    return [(tuple(sorted(items)), times) for items, times in zip(found["items"], found["count"].tolist(), strict=True)]


def _by_length(found: tuple[tuple[int, ...], float]) -> tuple[int, tuple[int, ...]]:
    return len(found[0]), found[0]


def _tell(found: Found, verbose: int) -> Found:
    if verbose:
        for length, sets in sorted(Counter(len(items) for items, _ in found).items()):
            print(f"{sets} itemset(s) of length {length}")
    return found


def _frame(df: Any, found: Found, use_colnames: bool) -> Any:
    pd = pandas()
    names = df.columns.tolist()
    supports = np.array([support for _, support in found], dtype=np.float64)
    if use_colnames:
        itemsets = [frozenset([names[place] for place in items]) for items, _ in found]
    else:
        itemsets = [frozenset(items) for items, _ in found]
    return pd.DataFrame({"support": supports, "itemsets": pd.Series(itemsets, dtype=object)})
