"""`association_rules`: the rules between the parts of each itemset of a frame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.compat.mlxtend._bits import RowBits, count_common
from patronage.compat.mlxtend._metrics import METRICS, Sides, reaches
from patronage.compat.mlxtend._onehot import read
from patronage.compat.mlxtend._splits import Splits, all_splits
from patronage.errors import InvalidInput, InvalidParameter, UnknownName


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
    for splits in all_splits(itemsets):
        reached = reaches(metric, _sides(supports, splits, num_itemsets, bits), min_threshold)
        kept.append(splits.of(reached))
    splits = Splits.sorted(kept)
    if not len(splits.whole):
        return pd.DataFrame(columns=["antecedents", "consequents", *columns])
    sides = _sides(supports, splits, num_itemsets, bits)
    frame = {
        "antecedents": pd.Series([itemsets[i] for i in splits.left], dtype=object),
        "consequents": pd.Series([itemsets[i] for i in splits.right], dtype=object),
    }
    for name in columns:
        if name not in METRICS:
            raise UnknownName(f"measure {name!r} does not exist; there are {', '.join(METRICS)}")
        frame[name] = METRICS[name](sides)
    return pd.DataFrame(frame)


def _plain(items: Any) -> frozenset[Any]:
    return frozenset([item.item() if isinstance(item, np.generic) else item for item in items])


def _supports_alone(pd: Any, itemsets: Any, supports: np.ndarray, threshold: float, columns: list[str]) -> Any:
    lefts: list[frozenset[Any]] = []
    rights: list[frozenset[Any]] = []
    both: list[float] = []
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
    whole, left, right = splits.whole, splits.left, splits.right
    shares = supports[whole], supports[left], supports[right]
    if bits is None:
        return Sides(*shares)
    return Sides(
        *shares,
        n=n,
        lost_both=bits.holes[whole],
        lost_left=bits.holes[left],
        lost_right=bits.holes[right],
        left_only=count_common(bits.full, bits.holed, (left, right)),
        right_only=count_common(bits.full, bits.holed, (right, left)),
    )
