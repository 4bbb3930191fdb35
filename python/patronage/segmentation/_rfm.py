"""Recency, frequency, monetary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from patronage import _core
from patronage._result import Result
from patronage.errors import InvalidParameter
from patronage.segmentation._grading import Grading, Lang, Name
from patronage.segmentation._segments import SegmentMap, for_core

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class RfmThresholds(Result):
    """Where the scores change: a row a metric and score.

    Columns: `metric`, `score`, `customers` with it (0 where ties leave a score empty), and the `lowest` and
    `highest` value among them (null where there are none).
    """

    __slots__ = ()


class RfmSummary(Result):
    """A row a segment: who is in it and what they bring.

    Columns: `segment`, `customers`, `share_of_customers`, `monetary` (sum), `share_of_monetary` (null unless all
    customers together spent more than 0), `mean_recency`, `mean_frequency`, `mean_monetary`.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Each segment's share of the customers and of the money."""
        from patronage.plots import segmentation as plots

        return plots.rfm_segments(self, ax)


class RfmScores(Grading):
    """A row a customer, in the order of the table.

    Columns: `customer`, `recency`, `frequency`, `monetary`, their scores `r`, `f`, `m` (1 the worst, `bins` the
    best), `cell` ("5-4-5") and, with a segment map, `segment`. `about` says how it was scored and, if the
    customers came from a log, as of which day and with which treatment of returns.
    """

    __slots__ = ()
    _roles = ("customer", "recency", "frequency", "monetary")

    @classmethod
    def _make(cls, table: Any, names: Sequence[Name], about: Mapping[str, Any]) -> _core.RfmScores:
        return _core.RfmScores(table, names, about["bins"], about["method"], about["ties"], for_core(about))

    def summary(self) -> RfmSummary:
        """A row a segment, in the order of the map.

        Raises:
            InvalidParameter: The customers were scored without a segment map.
        """
        frame = self._graded.summary(self.about["lang"])
        if frame is None:
            raise InvalidParameter("segments = None has no summary; score with segments='rxf10' or a map of your own")
        return RfmSummary(frame, self.about, self._kind)

    def thresholds(self) -> RfmThresholds:
        """Between which values each score lies."""
        return RfmThresholds(self._graded.thresholds(), self.about, self._kind)

    def plot(self, ax: Axes | None = None, *, kind: Literal["grid", "segments"] = "grid") -> Axes:
        """The customers of each cell of recency × frequency, or the segments.

        Args:
            ax: Axes to draw on; new ones unless given.
            kind: "grid" for a heat map with the names of the segments, "segments" for a bar a segment.
        """
        from patronage.plots import segmentation as plots

        if kind == "segments":
            return plots.rfm_segments(self.summary(), ax)
        if kind == "grid":
            return plots.rfm_grid(self, self._graded.grid(), self._rules(), ax)
        raise InvalidParameter(f"kind = {kind!r} is not possible; expected 'grid' or 'segments'")

    def _rules(self) -> list[Any]:
        """The rules of the map; none without one."""
        if self.about["segments"] is None:
            return []
        return _core.segment_rules(for_core(self.about))[1]


def rfm(
    customers: Any,
    *,
    bins: int = 5,
    method: Literal["rank", "mean"] = "rank",
    ties: Literal["average", "min", "max", "first"] = "average",
    segments: str | SegmentMap | None = "rxf10",
    customer: str = "customer",
    recency: str = "recency",
    frequency: str = "frequency",
    monetary: str = "monetary",
    lang: Lang = "en",
) -> RfmScores:
    """Scores each customer on how lately, how often and how much was bought, and names the outcome.

    With method "rank" the score is ⌈bins × rank / customers⌉, where rank 1 is the worst; for recency fewer days
    are better. Customers of equal value get equal scores, whatever the order of the rows, so bins need not be
    equally large.

    Args:
        customers: `TransactionLog.customers()`, or any table with a row a customer.
        bins: Scores a metric, 2 to 10.
        method: "rank", or "mean": 2 where the value is better than the mean of all customers, else 1 (take bins=2;
            with segments="mean8" the eight classes 八类客户).
        ties: The rank of customers of equal value: the "average", the smallest ("min") or the largest ("max") of
            the ranks they take up, or "first": each their own in order of id, so that bins are equally large but
            equal customers can get different scores.
        segments: "rxf10" (ten segments from recency × frequency, for five bins), "mean8", a `SegmentMap` of your
            own, or None for scores without names.
        customer: Column of ids.
        recency: Column of days since the last purchase.
        frequency: Column of numbers of purchases.
        monetary: Column of money spent; may be negative.
        lang: Language of the segments' names, "en" or "zh".

    Raises:
        ColumnNotFound: A column is not there.
        InvalidInput: Values that are missing or impossible, or a customer with several rows.
        InvalidParameter: A map for another number of bins, and other impossible choices.
        NotEnoughData: Fewer customers than bins.

    Example:
        >>> import patronage as pt
        >>> scores = pt.rfm({
        ...     "customer": ["Ann", "Bo", "Cy", "Di", "Ed"],
        ...     "recency": [3, 40, 12, 200, 90],
        ...     "frequency": [9, 2, 4, 1, 1],
        ...     "monetary": [810.0, 95.0, 400.0, 20.0, 35.0],
        ... })
        >>> scores["cell"]
        ['5-5-5', '3-3-3', '4-4-4', '1-2-1', '2-2-2']
        >>> scores["segment"]
        ['Champions', 'Need attention', 'Loyal customers', 'Hibernating', 'Hibernating']
        >>> print(scores.explain("Ed"))
        Customer Ed: Hibernating
        ========================
        Each metric ranks the 5 customers from the worst (1) to the best; ...
    """
    about: dict[str, Any] = {"bins": bins, "method": method, "ties": ties, "segments": segments, "lang": lang}
    if isinstance(segments, SegmentMap):
        about["segments"] = segments.name
        about["map"] = {"name": segments.name, "bins": segments.bins, "rules": segments.rules}
    names = [("customer", customer), ("recency", recency), ("frequency", frequency), ("monetary", monetary)]
    return RfmScores._grade(customers, names, about)
