"""`mlxtend.frequent_patterns` on Patronage's search: change the import and keep the rest.

    from patronage.compat.mlxtend import apriori, association_rules, fpgrowth, fpmax, hmine

The functions take the arguments of mlxtend 0.25 in its order and return its frames: one-hot pandas frames in (bool,
0 and 1, sparse ones, with missing values where mlxtend allows them), itemsets and rules out. They need pandas.

Where they differ, on purpose:

- A set or a rule exactly on a threshold is never lost. mlxtend compares rounded products (⌈0.07 × 100⌉ is 8 in floats,
  and a confidence of 4/5 may come out as 0.7999999999999999); here a value counts if, computed in integers and rounded
  once, it reaches the threshold. Whatever mlxtend returns is returned, and the few that it loses are, too.
- `fpgrowth` and `fpmax` return the order of `apriori`: by length, then by columns. mlxtend's is that of its trees.
- `fpmax` with `max_len` returns the maximal sets of at most that length; mlxtend also returns some that have a
  frequent superset, since it does not look at what is longer.
- Items by index are Python integers; mlxtend's are NumPy's for three of the four functions.
- More than ten million itemsets raise `LimitExceeded` in place of exhausting the memory.
- `low_memory` and `n_jobs` change nothing: the search needs little memory, and the answer does not depend on threads.
"""

from patronage.compat.mlxtend._itemsets import apriori, fpgrowth, fpmax, hmine
from patronage.compat.mlxtend._rules import association_rules

__all__ = ["apriori", "association_rules", "fpgrowth", "fpmax", "hmine"]
