"""How much customers differ, as a model sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage._result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Standard deviations above the mean up to which the density of a rate is told.
REACH = 3.0


class Heterogeneity(Result):
    """How rates and probabilities are distributed over customers.

    Columns: `trait` (such as "purchase rate", in periods, or "dropout probability"), `value`, `density`. `about` has
    the mean and the standard deviation of each.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None, *, trait: str | None = None) -> Axes:
        """The density of one trait over customers; the first unless told otherwise."""
        from patronage.plots import clv as plots

        return plots.heterogeneity(self, ax, trait)


def heterogeneity(core: Any, about: dict[str, Any], points: int) -> Heterogeneity:
    """Densities on a grid."""
    names: list[str] = []
    values, densities, told = [], [], {}
    for place, (name, mean, deviation, probability) in enumerate(core.heterogeneity()):
        top = 1.0 if probability else mean + REACH * deviation
        grid = (np.arange(points) + 0.5) / points * top
        names += [name] * points
        values.append(grid)
        densities.append(np.array(core.density(place, grid.tolist())))
        told[name] = {"mean": mean, "standard_deviation": deviation}
    columns = [
        ("trait", "text", names),
        ("value", "float", np.concatenate(values or [np.zeros(0)])),
        ("density", "float", np.concatenate(densities or [np.zeros(0)])),
    ]
    return Heterogeneity(_core.Frame.from_columns(columns), {**about, "traits": told}, "dict")
