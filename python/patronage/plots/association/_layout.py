"""Where the nodes of a network stand: the same for the same network."""

from __future__ import annotations

import numpy as np

#: Steps towards rest, and pairs of nodes that are looked at in all: large networks make fewer steps.
STEPS, WORK = 300, 30_000_000


def spring(n: int, edges: np.ndarray) -> np.ndarray:
    """Nodes that repel each other, and edges that pull them together (Fruchterman and Reingold, 1991).

    They start on a circle, in their order, so that nothing depends on chance. Places are in the unit square.
    """
    angles = 2 * np.pi * np.arange(n) / n
    places = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (1 + 0.1 * (np.arange(n) % 3))[:, None]
    ideal = 2.0 / np.sqrt(n)
    steps = max(20, min(STEPS, WORK // n**2))
    for step in range(steps):
        between = places[:, None] - places[None]
        squared = np.maximum((between**2).sum(axis=2), 1e-12)
        force = (between * (ideal**2 / squared)[..., None]).sum(axis=1)
        along = places[edges[:, 0]] - places[edges[:, 1]]
        pull = along * np.sqrt((along**2).sum(axis=1, keepdims=True)) / ideal
        np.add.at(force, edges[:, 0], -pull)
        np.add.at(force, edges[:, 1], pull)
        force -= 0.6 * places  # so that unconnected parts do not drift away
        length = np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), 1e-9)
        places = places + force / length * np.minimum(length, 0.2 * (1 - step / steps))
    return fitted(places)


def fitted(places: np.ndarray) -> np.ndarray:
    """Places, stretched over the unit square; in its middle where they do not differ."""
    low, size = places.min(axis=0), np.ptp(places, axis=0)
    return np.asarray(np.where(size > 0, (places - low) / np.where(size > 0, size, 1), 0.5))


def apart(places: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Boxes of some widths and heights, moved up and down until none lies on another."""
    places = places.copy()
    wide, high = ((sizes[:, None] + sizes[None]) / 2).transpose(2, 0, 1)
    order = np.arange(len(places))
    for _ in range(STEPS):
        across = np.abs(places[:, None, 0] - places[None, :, 0])
        rise = places[:, None, 1] - places[None, :, 1]
        lacking = np.where((across < wide) & (np.abs(rise) < high), high - np.abs(rise), 0.0)
        np.fill_diagonal(lacking, 0.0)
        if not lacking.any():
            break
        # Of two at the same height the later moves up.
        sign = np.where(rise != 0, np.sign(rise), np.sign(order[:, None] - order[None]))
        places[:, 1] += (lacking * sign).sum(axis=1) / 2
    return places


def to_the_edge(begin: np.ndarray, end: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Where lines that end in the middle of boxes meet their edges."""
    way = begin - end
    with np.errstate(divide="ignore"):
        part = np.min(sizes / 2 / np.abs(way), axis=1, keepdims=True)
    return np.asarray(end + way * np.minimum(part, 1.0))
