"""A question put to several tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A question put to several tools. The first is ours."""

    title: str
    #: Code that every tool runs first: makes the data.
    setup: str
    #: Of each tool: its own setup, a warm-up, the call that is measured, what it answered.
    calls: dict[str, tuple[str, str, str, str]]
    #: The answer by a source that is none of the tools; None where they are only held against each other.
    answer: str | None = None
    #: How many times faster than a tool we mean to be.
    times: dict[str, float] = field(default_factory=dict)
    #: How many times less memory than a tool we mean to need.
    memory: dict[str, float] = field(default_factory=dict)
    #: The seconds that we mean to need at most.
    seconds: float | None = None

    def judged(self, answer: str) -> str:
        """An answer, marked where it is known to be another."""
        return answer if self.answer in (None, answer) else f"**{answer}**, not {self.answer}"

    def targets(self, measured: dict[str, tuple[float, float]]) -> Iterator[str]:
        """Whether each target is met, by the seconds and the extra MB of each tool."""
        ours = measured.get(next(iter(self.calls)))
        if ours is None:
            return
        for tool, (cpu, peak) in measured.items():
            if tool in self.times:
                yield _target(f"{tool}: ≥ {self.times[tool]:g}× its speed", cpu / ours[0], self.times[tool])
            if tool in self.memory:
                # Below a page nothing is seen; a megabyte is the least that is compared.
                ratio = peak / max(ours[1], 1)
                yield _target(f"{tool}: ≤ 1/{self.memory[tool]:g} of its memory", ratio, self.memory[tool])
        if self.seconds is not None:
            met = "met" if ours[0] <= self.seconds else "**missed**"
            yield f"- ≤ {self.seconds:.3f} CPU s: {met} ({ours[0]:.3f})"


def _target(words: str, ratio: float, least: float) -> str:
    return f"- {words}: {'met' if ratio >= least else '**missed**'} ({ratio:.1f})"
