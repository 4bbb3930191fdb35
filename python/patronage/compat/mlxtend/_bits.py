"""Sets of rows as bits, to count what itemsets and missing values have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: How many bits of a byte are set.
_ONES = np.array([bin(byte).count("1") for byte in range(256)], dtype=np.uint8)
#: Bytes that are worked on at a time.
_CHUNK = 1 << 24


class RowBits:
    """For each of many itemsets: the rows that have all of its items, and the rows that lack a value of one."""

    def __init__(
        self, n: int, set_rows: Sequence[np.ndarray], missing: Sequence[np.ndarray], itemsets: Sequence[Sequence[int]]
    ) -> None:
        width = (n + 7) // 8
        columns = _packed(n, set_rows), _packed(n, missing)
        self.full = np.empty((len(itemsets), width), dtype=np.uint8)
        self.holed = np.empty((len(itemsets), width), dtype=np.uint8)
        for i, items in enumerate(itemsets):
            places = list(items)
            np.bitwise_and.reduce(columns[0][places], axis=0, out=self.full[i])
            np.bitwise_or.reduce(columns[1][places], axis=0, out=self.holed[i])
        #: How many rows lack a value of each itemset.
        self.holes = count(self.holed)


def count(bits: np.ndarray) -> np.ndarray:
    """How many rows each set of rows has."""
    return np.asarray(_ONES[bits].sum(axis=1, dtype=np.int64))


def count_common(left: np.ndarray, right: np.ndarray, pairs: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """How many rows `left[i]` and `right[j]` share, for many pairs (i, j)."""
    step = max(1, _CHUNK // max(1, left.shape[1]))
    parts = [
        count(left[pairs[0][at : at + step]] & right[pairs[1][at : at + step]]) for at in range(0, len(pairs[0]), step)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _packed(n: int, columns: Sequence[np.ndarray]) -> np.ndarray:
    bits = np.zeros((len(columns), (n + 7) // 8), dtype=np.uint8)
    for place, rows in enumerate(columns):
        line = np.zeros(n, dtype=bool)
        line[rows] = True
        bits[place] = np.packbits(line)
    return bits
