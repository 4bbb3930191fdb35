"""`association_rules`: the rules between the parts of each itemset of a frame."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from patronage.compat.mlxtend._bits import RowBits, count, count_common
from patronage.compat.mlxtend._metrics import METRICS, Sides, reaches
from patronage.compat.mlxtend._onehot import pandas, read
from patronage.errors import InvalidInput, InvalidParameter, UnknownName

#: Rules that are looked at at a time.
_CHUNK = 1 << 18

#: Rules as places in the list of itemsets: the whole, the antecedent, the consequent, and the place among the
#: rules of the same whole.
Splits = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def association_rules(
    df: Any,
    num_itemsets: int | None = 1,
    df_orig: Any = None,
    null_values: bool = False,
    metric: str = "confidence",
    min_threshold: float = 0.8,
    support_only: bool = False,
    return_metrics: Sequence[str] = tuple(METRICS),
) -> Any:
    """The rules between the parts of each itemset, with their measures, in the order of the itemsets.

    Args:
        df: pandas frame with `support` and `itemsets`, as `apriori` and the others return it.
        num_itemsets: Rows of the one-hot frame; needed only with `null_values`.
        df_orig: The one-hot frame; needed only with `null_values`.
        null_values: The one-hot frame has missing values: measures are taken over the rows that know both sides.
        metric: The measure that decides; any of the names of `return_metrics`.
        min_threshold: The least value of the measure. A value counts if, computed exactly from the supports and
            rounded once, it reaches the threshold: a confidence of 4/5 reaches 0.8. mlxtend compares what is left
            after several roundings and loses such rules.
        support_only: Gives the support of the rules alone and compares it with the threshold; the only way where the
            frame does not hold the parts of its sets.
        return_metrics: Columns beside `antecedents` and `consequents`: antecedent support, consequent support,
            support, confidence, lift, representativity, leverage, conviction, zhangs_metric, jaccard, certainty,
            kulczynski.

    Returns:
        A pandas frame with `antecedents`, `consequents` (frozensets) and a column (float64) a measure. Conviction is
        inf where confidence is 1; Zhang's measure and certainty are 0 where their denominators are.

    Raises:
        TypeError: `null_values` without `df_orig` or `num_itemsets`.
        ValueError: An empty frame, one without the two columns, an unknown `metric`, a `df_orig` that is no one-hot
            frame.
        KeyError: A part of a set that has no row of its own (see `support_only`); an unknown name among
            `return_metrics`.

    Example:
        >>> import pandas as pd
        >>> from patronage.compat.mlxtend import apriori, association_rules
        >>> onehot = pd.DataFrame({"beer": [True, True, False], "milk": [True, True, True]})
        >>> itemsets = apriori(onehot, min_support=0.6, use_colnames=True)
        >>> rules = association_rules(itemsets, metric="confidence", min_threshold=0.8)
        >>> rules["antecedents"].tolist(), rules["confidence"].tolist()
        ([frozenset({'beer'})], [1.0])
    """
    pd = pandas()
    if null_values and df_orig is None:
        raise TypeError("If null values exist, df_orig must be provided.")
    if null_values and num_itemsets == 1:
        raise TypeError("If null values exist, num_itemsets must be provided.")
    onehot = None if df_orig is None else read(df_orig, null_values)
    if not len(df):
        raise InvalidInput("The input DataFrame `df` containing the frequent itemsets is empty.")
    if not {"support", "itemsets"} <= set(df.columns):
        raise InvalidInput("the DataFrame needs the columns 'support' and 'itemsets'")
    if not support_only and metric not in METRICS:
        raise InvalidParameter(f"metric must be one of {', '.join(METRICS)}, got '{metric}'")

    # Of a set that stands there twice, the last support counts.
    supports_by_set = dict(zip(map(_plain, df["itemsets"]), df["support"].tolist(), strict=True))
    itemsets = list(supports_by_set)
    supports = np.array(list(supports_by_set.values()), dtype=np.float64)
    columns = list(return_metrics)
    if support_only:
        return _supports_alone(pd, itemsets, supports, min_threshold, columns)

    bits = None
    if null_values and onehot is not None:
        bits = RowBits(onehot.n, onehot.set, onehot.missing, _places(df_orig, itemsets))
    kept: list[Splits] = []
    for splits in _all_splits(itemsets):
        sides = _sides(supports, splits, num_itemsets, bits)
        reached = reaches(metric, sides, min_threshold)
        kept.append(tuple(part[reached] for part in splits))  # type: ignore[arg-type]
    if not sum(len(part[0]) for part in kept):
        return pd.DataFrame(columns=["antecedents", "consequents", *columns])
    whole, left, right, place = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    order = np.lexsort((place, whole))
    splits = whole[order], left[order], right[order], place[order]
    sides = _sides(supports, splits, num_itemsets, bits)
    frame = {
        "antecedents": pd.Series([itemsets[i] for i in splits[1]], dtype=object),
        "consequents": pd.Series([itemsets[i] for i in splits[2]], dtype=object),
    }
    for name in columns:
        if name not in METRICS:
            raise UnknownName(f"measure {name!r} does not exist; there are {', '.join(METRICS)}")
        frame[name] = METRICS[name](sides)
    return pd.DataFrame(frame)


def _plain(items: Any) -> frozenset[Any]:
    return frozenset([item.item() if isinstance(item, np.generic) else item for item in items])


def _supports_alone(pd: Any, itemsets: Any, supports: np.ndarray, threshold: float, columns: list[str]) -> Any:
    lefts, rights, both = [], [], []
    for items, support in zip(itemsets, supports.tolist(), strict=True):
        if support >= threshold:
            for size in range(len(items) - 1, 0, -1):
                lefts += list(map(frozenset, combinations(items, size)))
            both += [support] * (len(lefts) - len(rights))
            rights += [items - left for left in lefts[len(rights) :]]
    if not lefts:
        return pd.DataFrame(columns=["antecedents", "consequents", *columns])
    frame = {"antecedents": pd.Series(lefts, dtype=object), "consequents": pd.Series(rights, dtype=object)}
    frame |= dict.fromkeys(columns, np.nan)
    return pd.DataFrame(frame | {"support": both})


def _places(df_orig: Any, itemsets: list[frozenset[Any]]) -> list[list[int]]:
    """Items as places of columns: they are places already where those of the first set are integers."""
    if all(isinstance(item, int) for item in itemsets[0]):
        return [list(items) for items in itemsets]
    places = {name: place for place, name in enumerate(df_orig.columns.tolist())}
    unknown = next((item for items in itemsets for item in items if item not in places), None)
    if unknown is not None:
        raise UnknownName(f"item {unknown!r} is no column of df_orig")
    return [[places[item] for item in items] for items in itemsets]


def _sides(supports: np.ndarray, splits: Splits, n: int | None, bits: RowBits | None) -> Sides:
    whole, left, right, _ = splits
    shares = supports[whole], supports[left], supports[right]
    if bits is None:
        return Sides(*shares)
    holes = count(bits.holed)
    return Sides(
        *shares,
        n=n,
        lost_both=holes[whole],
        lost_left=holes[left],
        lost_right=holes[right],
        left_only=count_common(bits.full, bits.holed, (left, right)),
        right_only=count_common(bits.full, bits.holed, (right, left)),
    )


def _all_splits(itemsets: list[frozenset[Any]]) -> Iterator[Splits]:
    """Every rule of every set; of one set, larger antecedents first, then as its items follow one another."""
    codes: dict[Any, int] = {}
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, items in enumerate(itemsets):
        by_length[len(items)].append(place)
        for item in items:
            codes.setdefault(item, len(codes))
    # A set as it is iterated over: mlxtend's order of the rules follows from that.
    coded = {
        length: np.array([[codes[item] for item in itemsets[place]] for place in places], dtype=np.uint32)
        for length, places in by_length.items()
        if length
    }
    lookup = {length: _Lookup(rows, np.array(by_length[length])) for length, rows in coded.items()}
    for length, rows in coded.items():
        places = np.array(by_length[length])
        first = 0
        for size in range(length - 1, 0, -1):
            lefts = np.array(list(combinations(range(length), size)))
            # What is left out by the first choice of some is the last choice of the others.
            rights = np.array(list(combinations(range(length), length - size)))[::-1]
            step = max(1, _CHUNK // len(lefts))
            for at in range(0, len(rows), step):
                chunk = rows[at : at + step]
                whole = np.repeat(places[at : at + step], len(lefts))
                place = np.tile(np.arange(first, first + len(lefts)), len(chunk))
                left, right = (
                    _found(lookup, chunk[:, side].reshape(-1, side.shape[1]), itemsets, whole)
                    for side in (lefts, rights)
                )
                yield whole, left, right, place
            first += len(lefts)


class _Lookup:
    """Where a set of items stands, for many sets of one length at once."""

    def __init__(self, rows: np.ndarray, places: np.ndarray) -> None:
        keys = _keys(rows)
        order = np.argsort(keys, kind="stable")
        self.keys, self.places = keys[order], places[order]

    def find(self, rows: np.ndarray) -> np.ndarray:
        keys = _keys(rows)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, self.places[at], -1)


def _keys(rows: np.ndarray) -> np.ndarray:
    """Each row, sorted, as a string of bytes: equal for equal sets only."""
    keys: np.ndarray = np.sort(rows, axis=1).astype(">u4", order="C").view(f"S{4 * rows.shape[1]}").ravel()
    return keys


def _found(
    lookup: dict[int, _Lookup], rows: np.ndarray, itemsets: list[frozenset[Any]], whole: np.ndarray
) -> np.ndarray:
    table = lookup.get(rows.shape[1])
    found = np.full(len(rows), -1) if table is None else table.find(rows)
    missing = np.flatnonzero(found < 0)
    if len(missing):
        raise UnknownName(
            f"{len(missing)} parts of itemsets have no row of their own, first one of {set(itemsets[whole[missing[0]]])} "
            f"with {rows.shape[1]} item(s): the DataFrame lacks antecedents or consequents, as maximal itemsets and "
            "filtered frames do; try support_only=True"
        )
    return found
