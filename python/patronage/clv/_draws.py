"""Draws of a model's parameters: refits of a bootstrap, or a posterior; and answers averaged over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage import _core
from patronage._result import Result
from patronage.clv._estimator import CustomerValues
from patronage.clv._history import History, Horizon, horizon_of, read
from patronage.errors import InvalidParameter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CustomerIntervals(CustomerValues):
    """A row a customer: `customer` (if the history has it), the answer, `standard_error`, `lower`, `upper`.

    The bounds tell how sure the *expectation* is, given what is known of the parameters; her own purchases will vary
    about it besides. `about` has the model, the question, the level and the method.
    """

    __slots__ = ()


class Draws(Result):
    """Draws of a model's parameters, a row each, that answer questions about customers."""

    __slots__ = ()

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters."""
        return list(self.about["parameters"])

    def _values(self) -> np.ndarray:
        return np.column_stack([self[name] for name in self.parameters])

    def expected_purchases(self, history: History, *, horizon: Horizon, level: float = 0.95) -> CustomerIntervals:
        """Purchases expected of each customer in the next `horizon` periods: mean over draws, and quantiles.

        Args:
            history: The purchase history.
            horizon: Periods ahead, the same for all customers or one for each.
            level: Share of the draws between the bounds.

        Returns:
            Columns `expected_purchases`, `standard_error` (standard deviation over draws), `lower`, `upper`.
        """
        return self._answer("expected_purchases", history, level, horizon=horizon)

    def probability_alive(self, history: History, *, horizon: Horizon = 0, level: float = 0.95) -> CustomerIntervals:
        """Probability that each is still a customer `horizon` periods after the end of observation."""
        return self._answer("probability_alive", history, level, horizon=horizon)

    def discounted_expected_purchases(
        self, history: History, *, discount_rate: float, level: float = 0.95
    ) -> CustomerIntervals:
        """Discounted expected residual transactions (DERT) at a continuous rate per period."""
        return self._answer("discounted_expected_purchases", history, level, discount_rate=float(discount_rate))

    def _answer(self, question: str, history: History, level: float, **asked: Any) -> CustomerIntervals:
        core = _core.PurchaseModel.from_json(self.about["kind"], json.dumps(self.about["template"]))
        source = read(history, ("frequency", "recency", "T"), covariates=core.covariates())
        periods, rate = horizon_of(asked.get("horizon", 0.0)), asked.get("discount_rate", 0.0)
        frame = core.intervals_over_draws(source.table, self._values(), question, periods, rate, level)
        asked = {name: value if np.ndim(value) == 0 else "one a customer" for name, value in asked.items()}
        about = {
            "model": self.about["model"], **source.about, **asked,
            "level": level, "method": f"{type(self).__name__.lower()}, {len(self):,} draws",
        }  # fmt: skip
        return CustomerIntervals(frame, about, source.kind)


class Bootstrap(Draws):
    """Refits of a model to customers drawn with replacement: a row each, a column a parameter, and `ending`.

    `about` has the seed, how many refits were asked for (`repeats`), how many were `flat` (they are in the table, as
    far as they went) and how many `failed` because nobody drawn had a repeat purchase (they are not).
    """

    __slots__ = ()

    def confidence_intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Percentile intervals of the parameters over the refits."""
        tails = _tails(level)
        return {name: (float(a), float(b)) for name in self.parameters for a, b in [np.quantile(self[name], tails)]}


class PosteriorSummary(Result):
    """A row a parameter: `parameter`, `mean`, `standard_deviation`, `median`, `lower`, `upper`, and diagnostics.

    `r_hat` (rank-normalised, split; Vehtari et al. 2021) is below 1.01 where the chains agree; `bulk_effective_size`
    and `tail_effective_size` say how many independent draws the centre and the tails are worth.
    """

    __slots__ = ()


class Posterior(Draws):
    """Draws from the posterior of a model's parameters: columns `chain`, `draw`, each parameter, `log_density`.

    `about` has the priors, what decided the draws (`seed`, `warmup`, `target_accept`), and how it went: `divergences`
    and `cut_off` should be 0 or few.
    """

    __slots__ = ()

    def summary(self, level: float = 0.95) -> PosteriorSummary:
        """What the draws say of each parameter, and how far to trust them; central intervals of the level."""
        tails = _tails(level)
        rows = []
        for name in self.parameters:
            values = np.asarray(self[name])
            lower, median, upper = np.quantile(values, [tails[0], 0.5, tails[1]])
            chains = values.reshape(int(self.about["chains"]), -1).tolist()
            spread = values.std(ddof=1)
            rows.append([values.mean(), spread, median, lower, upper, *_core.chain_diagnostics(chains)])
        named = (
            "mean", "standard_deviation", "median", "lower", "upper",
            "r_hat", "bulk_effective_size", "tail_effective_size",
        )  # fmt: skip
        columns = [(name, "float", column) for name, column in zip(named, np.array(rows).T, strict=True)]
        frame = _core.Frame.from_columns(
            [
                ("parameter", "text", self.parameters),
                *((name, kind, np.ascontiguousarray(column)) for name, kind, column in columns),
            ]
        )
        return PosteriorSummary(frame, {"model": self.about["model"], "level": level}, self._kind)

    def plot(self, parameter: str | None = None, *, kind: str = "density", ax: Axes | None = None) -> Axes:
        """The draws of one parameter (the first unless named), a line a chain: their "density", or their "trace"."""
        from patronage.plots import clv as plots

        return plots.posterior(self, parameter or self.parameters[0], kind, ax)


def _tails(level: float) -> tuple[float, float]:
    if not 0 < level < 1:
        raise InvalidParameter(f"level = {level} is not possible; expected a probability between 0 and 1, such as 0.95")
    return (1 - level) / 2, (1 + level) / 2


def template(core: Any, name: str, model: str) -> Mapping[str, Any]:
    """What draws need of a model to answer questions."""
    return {"model": model, "kind": name, "template": json.loads(core.to_json())}
