"""Which RFM scores have which name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeAlias

from patronage import _core

#: From and to, both included.
Range: TypeAlias = tuple[int, int]
#: Name (or English and Chinese name), ranges of R, F and (if it matters) M.
Rule: TypeAlias = tuple[str | tuple[str, str], Range, Range] | tuple[str | tuple[str, str], Range, Range, Range]


class SegmentMap:
    """A name for every cell of R, F and M scores: a table of score ranges, checked when it is built.

    Args:
        name: The name of the map.
        rules: A row a block of cells: the segment's name (or its English and Chinese names), then the ranges of R,
            F and M scores, each (from, to) with both ends included. Without a range of M, all M scores belong to
            it. A segment may have several rows.
        bins: Scores run from 1 to this, 2 to 10.

    Raises:
        InvalidParameter: Cells without a segment or with more than one; the message names them.

    Example:
        >>> import patronage as pt
        >>> halves = pt.segmentation.SegmentMap(
        ...     "halves", [("lately", (3, 4), (1, 4)), (("long ago", "很久以前"), (1, 2), (1, 4))], bins=4)
        >>> halves.segments
        ['lately', 'long ago']
        >>> pt.segmentation.SegmentMap("half", [("lately", (2, 2), (1, 2))], bins=2)
        Traceback (most recent call last):
            ...
        patronage.errors.InvalidParameter: segments = half: R1 F1, R1 F2 in no segment is not possible; ...
    """

    __slots__ = ("_bins", "_name", "_rules")

    #: Maps that come with the library: ten segments from R × F in five bins; eight classes (八类客户) for
    #: method="mean" with two bins.
    NAMES = ("rxf10", "mean8")

    def __init__(self, name: str, rules: Sequence[Rule], *, bins: int = 5) -> None:
        everything = (1, bins)
        full = []
        for rule in rules:
            segment, r, f, m = (*rule, everything)[:4]
            en, zh = (segment, segment) if isinstance(segment, str) else segment
            full.append((en, zh, r, f, m))
        self._name = name
        self._bins, self._rules = _core.segment_rules((name, bins, full))

    @classmethod
    def named(cls, name: str) -> Self:
        """A map that comes with the library."""
        bins, rules = _core.segment_rules(name)
        return cls(name, [((en, zh), r, f, m) for en, zh, r, f, m in rules], bins=bins)

    @property
    def name(self) -> str:
        """The name of the map."""
        return self._name

    @property
    def bins(self) -> int:
        """Scores run from 1 to this."""
        return self._bins

    @property
    def rules(self) -> list[tuple[str, str, Range, Range, Range]]:
        """English name, Chinese name, and the ranges of R, F and M, a row a block of cells."""
        return list(self._rules)

    @property
    def segments(self) -> list[str]:
        """The English names, in the order in which the rules first have them."""
        return list(dict.fromkeys(rule[0] for rule in self._rules))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SegmentMap) and self._stored() == other._stored()

    def __hash__(self) -> int:
        return hash((self._name, self._bins, tuple(self._rules)))

    def __repr__(self) -> str:
        return f"<SegmentMap '{self._name}': {len(self.segments)} segments, {self._bins} bins>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, self._stored())

    def _stored(self) -> tuple[str, int, list[tuple[str, str, Range, Range, Range]]]:
        return self._name, self._bins, self._rules


def for_core(about: Mapping[str, Any]) -> Any:
    """The map that a result says it was made with, as the core reads it."""
    own = about.get("map")
    if own is None:
        return about["segments"]
    rules = [(en, zh, tuple(r), tuple(f), tuple(m)) for en, zh, r, f, m in own["rules"]]
    return own["name"], own["bins"], rules


def _restored(name: str, bins: int, rules: Sequence[tuple[str, str, Range, Range, Range]]) -> SegmentMap:
    return SegmentMap(name, [((en, zh), r, f, m) for en, zh, r, f, m in rules], bins=bins)
