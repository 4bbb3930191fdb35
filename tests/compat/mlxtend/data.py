"""One-hot frames to compare on, and how frames compare."""

import gzip

import numpy as np
import pandas as pd


def baskets(path, most):
    """The first baskets of a file of one basket a line, as a sparse frame."""
    with gzip.open(path, "rt") as file:
        lists = [line.split() for _, line in zip(range(most), file, strict=False)]
    return onehot([row for row, items in enumerate(lists) for _ in items], [int(i) for items in lists for i in items])


def onehot(rows, items):
    """A sparse one-hot frame from pairs of row and item."""
    from scipy.sparse import coo_array

    rows, (names, places) = np.asarray(rows), np.unique(items, return_inverse=True)
    matrix = coo_array((np.ones(len(rows), dtype=bool), (rows, places))).tocsc()
    return pd.DataFrame.sparse.from_spmatrix(matrix, columns=[str(name) for name in names])


def in_order(itemsets):
    """By length and items, for functions whose order is an accident of their trees."""
    keys = [(len(items), sorted(map(str, items))) for items in itemsets["itemsets"]]
    return itemsets.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)


def pairs(rules):
    """The rules of a frame as pairs of sides."""
    return list(zip(rules["antecedents"], rules["consequents"], strict=True))
