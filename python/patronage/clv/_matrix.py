"""A map of what a model believes of customers, by how often and how lately they bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.clv._history import of_customer
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class FrequencyRecencyMatrix(Result):
    """An answer by frequency and recency for one T: columns `frequency`, `recency`, and the answer.

    Without a repeat purchase there is no recency but 0: the first row.
    """

    __slots__ = ()

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map."""
        from patronage.plots import clv as plots

        return plots.frequency_recency_matrix(self, ax)


def matrix(
    core: Any,
    about: Mapping[str, Any],
    T: float,
    most: int,
    steps: int,
    horizon: float | None,
    covariates: Mapping[str, float] | None,
    one_a_step: bool = False,
) -> FrequencyRecencyMatrix:
    """P(alive), or purchases expected in a horizon, on a grid; null beyond one purchase a step, if that is the most."""
    if not T > 0 or most < 1 or steps < 1:
        raise InvalidParameter(f"T = {T}, most = {most}, steps = {steps} are not possible; expected numbers above 0")
    frequency, recency = np.meshgrid(np.arange(1, most + 1), np.arange(1, steps + 1) * (T / steps), indexing="ij")
    x = np.concatenate([[0], frequency.ravel()])
    t = np.minimum(np.concatenate([[0.0], recency.ravel()]), T)
    possible = x * (T / steps) <= t if one_a_step else np.full(len(x), True)
    made_up = {"frequency": x, "recency": t, "T": np.full(len(x), float(T))}
    table = of_customer(core, {name: column[possible] for name, column in made_up.items()}, covariates).table
    if horizon is None:
        name, frame = "probability_alive", core.probability_alive(table, 0.0, False)
    else:
        name, frame = "expected_purchases", core.expected_purchases(table, float(horizon))
    values = np.full(len(x), np.nan)
    values[possible] = frame.column(name)
    columns = [("frequency", "int", x.astype(np.int64)), ("recency", "float", t), (name, "float", values)]
    asked: dict[str, Any] = {"T": T, "most": most, "steps": steps, **({} if horizon is None else {"horizon": horizon})}
    asked |= {"covariates": dict(covariates)} if covariates else {}
    return FrequencyRecencyMatrix(_core.Frame.from_columns(columns), {**about, **asked}, "dict")
