"""The gamma-gamma model of spend."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any, Literal, Self

from patronage import _core
from patronage._progress import Progress, reporter
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._history import History, Read, Weights, read
from patronage.errors import DataWarning, InvalidParameter

#: A correlation of frequency and spend beyond this is warned of.
NOTABLE_CORRELATION = 0.3


class GammaGamma(Estimator):
    """The gamma-gamma model of spend a purchase (Fader, Hardie & Lee 2005; Fader & Hardie 2013, note 025).

    Each purchase of a customer is gamma distributed with shape `p` and a rate of her own; the rates are gamma
    distributed over customers with shape `q` and scale parameter `gamma` (in money). How much she spends is taken to
    have nothing to do with how often she buys; `correlation_` says how far that is so.

    A history is the result of `TransactionLog.purchase_history`, or any table with the columns `frequency` and
    `monetary_value` (mean amount of the repeat purchases; not looked at where the frequency is 0).

    Args:
        nonpositive: Customers whose repeat purchases net to 0 or less, whom the model cannot describe: "error" refuses
            them, "drop" sets them aside (`set_aside_` counts them); what is expected of them is then null.
        priors: Log-normal priors of some parameters: a dict of name: (median, spread), where spread is the standard
            deviation of the natural logarithm. The estimate is then the maximum a posteriori.

    Example:
        >>> import patronage as pt
        >>> model = pt.clv.GammaGamma.from_parameters(p=6.25, q=3.74, gamma=15.44)
        >>> spend = model.expected_spend({"frequency": [2, 0], "monetary_value": [22.35, None]})
        >>> spend["expected_spend"].round(2).tolist()
        [24.66, 35.22]
        >>> round(model.mean_spend_, 2)
        35.22
    """

    __slots__ = ("_correlation", "_set_aside", "nonpositive", "priors")

    _columns = ("frequency", "monetary_value")
    _options = ("nonpositive",)
    _settings = ("priors",)
    _notes = ("correlation", "set_aside")

    _correlation: float | None
    _set_aside: int | None

    def __init__(
        self,
        *,
        nonpositive: Literal["error", "drop"] = "error",
        priors: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        self.nonpositive = nonpositive
        self.priors = priors

    @classmethod
    def from_parameters(
        cls, *, p: float, q: float, gamma: float, nonpositive: Literal["error", "drop"] = "error"
    ) -> Self:
        """A model without a fit; all parameters above 0, `gamma` in money."""
        model = cls(nonpositive=nonpositive)._set(_core.GammaGamma.from_parameters(p, q, gamma))
        model._correlation = model._set_aside = None
        return model

    def fit(
        self, history: History, *, weights: Weights = None, strict: bool = False, progress: Progress = None
    ) -> Self:
        """Fits the model by maximum likelihood to the customers who have repeat purchases.

        Args:
            history: The purchase history.
            weights: How many customers each row stands for (a column's name, or numbers).
            strict: Raise where there is no maximum; else warn, and say so in `converged_` and `ending_`.
            progress: True for a bar, or a callable of (done, total).

        Returns:
            The model itself.

        Raises:
            InvalidInput: Amounts that are not finite, or (unless dropped) not positive.
            NotEnoughData: Fewer than two different customers with repeat purchases.
            NotConverged: With `strict`, if there is no maximum.

        Warns:
            DataWarning: Spend and frequency are correlated by more than 0.3.
            ConvergenceWarning: There is no maximum.
        """
        table = read(history, self._columns, weights).table
        core, correlation, self._set_aside = _core.GammaGamma.fit(
            table, self._drops(), self._priors(), reporter(progress, "fitting GammaGamma")
        )
        self._set(core)
        self._correlation = None if math.isnan(correlation) else correlation
        self._warn(strict)
        if abs(correlation) > NOTABLE_CORRELATION:
            warnings.warn(
                f"how often and how much customers buy is correlated by {correlation:.2f}, but the gamma-gamma "
                "model takes them as unrelated: expected spend is off for heavy buyers",
                DataWarning,
                stacklevel=2,
            )
        return self

    @property
    def correlation_(self) -> float:
        """Pearson's correlation of frequency and mean spend over customers with repeat purchases.

        NaN if one of them is constant, or if the model was not fitted.
        """
        self._fitted()
        return math.nan if self._correlation is None else self._correlation

    @property
    def set_aside_(self) -> int | None:
        """Rows that were set aside because repeat purchases net to 0 or less."""
        self._fitted()
        return self._set_aside

    @property
    def mean_spend_(self) -> float:
        """Mean spend a purchase over all customers, p γ/(q−1); infinite if q ≤ 1."""
        mean: float = self._fitted().mean_spend()
        return mean

    def expected_spend(self, history: History) -> CustomerValues:
        """Spend a purchase expected of each customer: column `expected_spend`.

        A weighted mean of her own spend and everybody's, p (γ + x m)/(p x + q − 1); infinite if p x + q ≤ 1, never
        negative; null for customers set aside.
        """
        return self._answer("expected_spend", history)

    def log_likelihood(self, history: History) -> CustomerValues:
        """Logarithm of the probability density of each customer's mean spend (0 without a repeat purchase)."""
        return self._answer("log_likelihood", history)

    def _read(self, text: str) -> Any:
        return _core.GammaGamma.from_json(text)

    def _penalised(self, table: _core.HistoryTable, penalty: list[float]) -> Any:
        return _core.GammaGamma.fit_penalised(table, penalty)

    def _drops(self) -> bool:
        if self.nonpositive not in ("error", "drop"):
            raise InvalidParameter(f"nonpositive = {self.nonpositive!r} is not possible; expected 'error' or 'drop'")
        return self.nonpositive == "drop"

    def _about(self) -> dict[str, Any]:
        return {"model": "GammaGamma", "parameters": self.parameters_, "nonpositive": self.nonpositive}

    def _answer(self, question: str, history: History) -> CustomerValues:
        core = self._fitted()
        source: Read = read(history, self._columns)
        frame = getattr(core, question)(source.table, self._drops())
        return CustomerValues(frame, {**self._about(), **source.about}, source.kind)
