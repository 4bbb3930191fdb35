"""Every way to split itemsets in two, with the places of both parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from patronage.errors import UnknownName

#: Rules that are looked at at a time.
_CHUNK = 1 << 18


class Splits(NamedTuple):
    """Rules as places in a list of itemsets, and the rank of each among the rules of the same whole."""

    whole: np.ndarray
    left: np.ndarray
    right: np.ndarray
    rank: np.ndarray

    def of(self, chosen: np.ndarray) -> Splits:
        """Some of the rules."""
        return Splits(*(part[chosen] for part in self))

    @classmethod
    def sorted(cls, parts: Sequence[Splits]) -> Splits:
        """All rules in the order of their itemsets."""
        if not parts:
            return cls(*(np.empty(0, dtype=np.int64) for _ in cls._fields))
        joined = cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        return joined.of(np.lexsort((joined.rank, joined.whole)))


def all_splits(itemsets: list[frozenset[Any]]) -> Iterator[Splits]:
    """Every rule of every set; of one set, larger antecedents first, then as its items follow one another."""
    codes: dict[Any, int] = {}
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, items in enumerate(itemsets):
        by_length[len(items)].append(place)
        for item in items:
            codes.setdefault(item, len(codes))
    # A set as it is iterated over: mlxtend's order of the rules follows from that.
    coded = {
        length: np.array([[codes[item] for item in itemsets[place]] for place in members], dtype=np.uint32)
        for length, members in by_length.items()
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
                rank = np.tile(np.arange(first, first + len(lefts)), len(chunk))
                left, right = (
                    _found(lookup, chunk[:, side].reshape(-1, side.shape[1]), itemsets, whole)
                    for side in (lefts, rights)
                )
                yield Splits(whole, left, right, rank)
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
            f"{len(missing)} parts of itemsets have no row of their own, the first one of {rows.shape[1]} item(s) of "
            f"{set(itemsets[whole[missing[0]]])}: the DataFrame lacks antecedents or consequents, as maximal itemsets "
            "and filtered frames do; try support_only=True"
        )
    return found
