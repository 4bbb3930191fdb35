"""The search for itemsets."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from patronage import _core
from patronage._progress import Progress, reporter
from patronage._result import Result
from patronage.association._baskets import Baskets
from patronage.association._coded import share, side, support_of, whole
from patronage.association._itemsets import Itemsets
from patronage.errors import InvalidParameter, LimitWarning

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["frequent", "closed", "maximal", "generators"]
MinSupport = float | Sequence[float]


def frequent_itemsets(
    baskets: Baskets | Iterable[Iterable[Any]],
    *,
    min_support: MinSupport | None = None,
    top: int | None = None,
    kind: Kind = "frequent",
    min_length: int = 1,
    max_length: int | None = None,
    only: Any = None,
    without: Any = (),
    containing: Any = (),
    max_itemsets: int = 10_000_000,
    max_bytes: int | None = None,
    max_seconds: float | None = None,
    progress: Progress = None,
) -> Itemsets:
    """Sets of items that many baskets hold.

    A search that passes a limit does not fail: it warns, and returns all sets of the most frequent items, as many as
    fit. `about["limited"]` says of how many items, and a support that would fit.

    Args:
        baskets: `Baskets`, or an iterable of iterables of items.
        min_support: A float in (0, 1] is a share of all baskets, an integer from 1 a number of baskets. Decided in
            integers: a set in exactly ⌈share × n⌉ baskets counts, the share taken as the decimal it is written as. A
            list gives it for sets of 1, 2, 3 … items, the last for longer ones, too.
        top: In place of `min_support`: so many of the most frequent sets, and those in as many baskets as the last.
        kind: "frequent" for all sets; "closed" for those that no superset matches in support; "maximal" for those
            without a frequent superset; "generators" for those that no proper subset matches in support.
        min_length: Does not list sets of fewer items; `count_of` and rules know them all the same.
        max_length: Leaves out sets of more items. What is closed or maximal is decided among all sets, before.
        only: Searches sets of these items alone. Supports stay shares of all baskets.
        without: Searches sets without these items.
        containing: Searches sets that contain all of these items, and only the baskets that do.
        max_itemsets: The largest number of sets; ten million take about 120 MB.
        max_bytes: The most memory for the frequent items of the baskets and for the sets.
        max_seconds: The most time. How far the search comes then depends on the machine.
        progress: True for a bar (tqdm or rich), or a callable of (tasks done, tasks in all).

    Raises:
        InvalidParameter: A support, kind, length or limit outside its range.
        UnknownName: An item that no basket holds.

    Warns:
        LimitWarning: The search passed a limit; the message says which sets are there, and a support that would fit.

    Example:
        >>> import patronage as pt
        >>> baskets = [["beer", "diapers", "milk"], ["beer", "diapers"], ["beer", "milk"], ["cola"]]
        >>> itemsets = pt.frequent_itemsets(baskets, min_support=0.5)
        >>> list(zip(itemsets["items"], itemsets["count"].tolist()))
        [(['beer'], 3), (['diapers'], 2), (['beer', 'diapers'], 2), (['milk'], 2), (['beer', 'milk'], 2)]
        >>> pt.frequent_itemsets(baskets, top=1, min_length=2, containing="beer")["items"]
        [['beer', 'diapers'], ['beer', 'milk']]
    """
    baskets = _baskets(baskets)
    request, about = _request(
        min_support, top, kind, min_length, max_length, only, without, containing, max_itemsets, max_bytes, max_seconds
    )
    coded = _core.Itemsets(baskets._coded, request, reporter(progress, "searching itemsets"))
    _warn(coded.limited, f"the {len(coded):,} itemsets are all")
    about = {"n_baskets": coded.n_baskets, **about, "min_count": coded.min_count, "limited": coded.limited}
    return Itemsets(coded, about, baskets._kind)


class ItemsetCounts(Result):
    """How many itemsets there are: `length` (items) and `count` (of itemsets). `about["total"]` is their sum."""

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many itemsets of each length there are, on a logarithmic scale."""
        from patronage.plots import association as plots

        return plots.itemset_counts(self, ax)


def count_itemsets(
    baskets: Baskets | Iterable[Iterable[Any]],
    *,
    min_support: float | None = None,
    top: int | None = None,
    kind: Literal["frequent", "closed"] = "frequent",
    min_length: int = 1,
    max_length: int | None = None,
    only: Any = None,
    without: Any = (),
    containing: Any = (),
    max_itemsets: int | None = None,
    max_seconds: float | None = 60,
    progress: Progress = None,
) -> ItemsetCounts:
    """How many itemsets `frequent_itemsets` would find, without keeping them: a trial of a support.

    Args:
        baskets: As for `frequent_itemsets`, and so are the other arguments.
        min_support: One support for sets of all lengths.
        top: As for `frequent_itemsets`.
        kind: "frequent" or "closed": the others are not known before they are kept.
        min_length: Does not count sets of fewer items.
        max_length: Does not count sets of more items.
        only: As for `frequent_itemsets`.
        without: As for `frequent_itemsets`.
        containing: As for `frequent_itemsets`.
        max_itemsets: The number at which counting ends; None counts on.
        max_seconds: The most time, a minute unless told otherwise.
        progress: As for `frequent_itemsets`.

    Returns:
        A table of `length` and `count`; `about["total"]`, and `about["limited"]` if not all were counted.

    Raises:
        InvalidParameter: As for `frequent_itemsets`.
        UnknownName: As for `frequent_itemsets`.

    Warns:
        LimitWarning: Not all were counted.

    Example:
        >>> import patronage as pt
        >>> counts = pt.association.count_itemsets([range(30)] * 10, min_support=10)
        >>> counts.about["total"], counts["count"][:2].tolist()
        (1073741823, [30, 435])
    """
    baskets = _baskets(baskets)
    most = 2**64 - 1 if max_itemsets is None else max_itemsets
    request, about = _request(
        min_support, top, kind, min_length, max_length, only, without, containing, most, None, max_seconds
    )
    frame, found = _core.count_itemsets(baskets._coded, request, reporter(progress, "counting itemsets"))
    _warn(found["limited"], f"the {found['total']:,} itemsets counted are all")
    return ItemsetCounts(frame, {"n_baskets": len(baskets), **about, **found}, baskets._kind)


def _baskets(baskets: Baskets | Iterable[Iterable[Any]]) -> Baskets:
    return baskets if isinstance(baskets, Baskets) else Baskets.from_lists(baskets)


def _request(
    min_support: MinSupport | None,
    top: int | None,
    kind: str,
    min_length: int,
    max_length: int | None,
    only: Any,
    without: Any,
    containing: Any,
    max_itemsets: int,
    max_bytes: int | None,
    max_seconds: float | None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is asked for: as the core reads it, and as a result tells it."""
    if (min_support is None) == (top is None):
        raise InvalidParameter("give either min_support or top")
    if min_support is None:
        supports: list[float] = []
    elif isinstance(min_support, Sequence) and not isinstance(min_support, str):
        supports = [support_of("min_support", value) for value in min_support]
    else:
        supports = [support_of("min_support", min_support)]
    asked = {
        "top": whole("top", top),
        "kind": kind,
        "min_length": whole("min_length", min_length),
        "max_length": whole("max_length", max_length),
        "only": None if only is None else side("only", only),
        "without": side("without", without),
        "containing": side("containing", containing),
    }
    limits = {
        "max_itemsets": whole("max_itemsets", max_itemsets),
        "max_bytes": whole("max_bytes", max_bytes),
        "max_seconds": None if max_seconds is None else share("max_seconds", max_seconds),
    }
    told: Any = supports if isinstance(min_support, Sequence) else min_support
    unusual = {name: value for name, value in asked.items() if name not in _USUAL or value != _USUAL[name]}
    return {"min_supports": supports, **asked, **limits}, {"min_support": told, **unusual}


#: What need not be told of a request.
_USUAL: dict[str, Any] = {"top": None, "min_length": 1, "only": None, "without": [], "containing": []}


def _warn(limited: dict[str, Any] | None, which: str) -> None:
    if limited is None:
        return
    name, limit = next(iter(limited.items()))
    fits = limited["fits"]
    mend = f"a min_support of {fits} baskets would fit" if fits else "raise min_support"
    warnings.warn(
        f"{name} = {limit:,} was passed: {which} that consist of the {limited['searched']:,} most frequent of "
        f"{limited['items']:,} items; {mend}, or raise the limit or set max_length",
        LimitWarning,
        stacklevel=3,
    )
