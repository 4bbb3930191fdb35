"""What the sections draw on, computed once."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cached_property
from typing import Any

import numpy as np

from patronage import association, clv, segmentation
from patronage.errors import ConvergenceWarning, InvalidParameter, NotEnoughData
from patronage.transactions import PERIOD_DAYS, Customers, PurchaseHistory, TransactionLog

#: Share of the log's time that is held out to test the lifetime value model.
HOLDOUT_SHARE = 0.25
#: A pair is sought if it is in this share of the baskets.
MIN_SUPPORT = 0.02
#: A rule is told if it holds this often.
MIN_CONFIDENCE = 0.4
#: The probability at which a rule of chance is told.
ALPHA = 0.05
#: Effective discount rate a year.
ANNUAL_DISCOUNT = 0.10


class Evidence:
    """The results behind the sections; each is made when the first section asks for it."""

    def __init__(
        self, log: TransactionLog, *, currency: str, period: str, category: str | None, item_label: str
    ) -> None:
        if period not in PERIOD_DAYS:
            raise InvalidParameter(f"period = {period!r} is not possible; expected one of {', '.join(PERIOD_DAYS)}")
        self.log = log
        self.currency = currency
        self.period: Any = period
        self.category = category
        self.item_label = item_label
        self.intake = log.intake

    @property
    def as_of(self) -> str:
        """The last day of the log."""
        return self.intake.about["last_day"] or "–"

    @property
    def span(self) -> str:
        """From when to when the log goes."""
        first, last = self.intake.about["first_day"], self.intake.about["last_day"]
        return "an empty log" if first is None else f"purchases from {first} to {last}"

    @property
    def has_money(self) -> bool:
        """Whether the log has amounts."""
        return self.intake.about["total"] is not None

    def needs_money(self, purpose: str) -> None:
        """Checks that the log has amounts and customers."""
        if not self.has_money:
            raise NotEnoughData(f"{purpose} needs a column of amounts; name one with amount= (--amount)")
        self.needs_customers()

    def needs_customers(self, least: int = 1) -> None:
        """Checks that there is somebody to speak of."""
        if len(self.customers) < least:
            raise NotEnoughData(f"{len(self.customers)} customers, at least {least} needed")

    @cached_property
    def customers(self) -> Customers:
        """A row a customer."""
        return self.log.customers()

    @cached_property
    def scores(self) -> segmentation.RfmScores:
        """RFM scores and segments."""
        return segmentation.rfm(self.customers)

    @cached_property
    def days(self) -> int:
        """Days from the first to the last of the log."""
        first, last = self.intake.about["first_day"], self.intake.about["last_day"]
        return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days

    @cached_property
    def holdout_periods(self) -> int:
        """Whole periods held out at the end."""
        return max(1, int(self.days * HOLDOUT_SHARE / PERIOD_DAYS[self.period]))

    @cached_property
    def tested_history(self) -> PurchaseHistory:
        """Histories with the last part held out."""
        return self.log.purchase_history(period=self.period, holdout=self.holdout_periods)

    @cached_property
    def tested_model(self) -> clv.BGNBD:
        """A model that has not seen the hold-out."""
        return _fit(self.tested_history)

    @cached_property
    def history(self) -> PurchaseHistory:
        """Histories to the last day."""
        return self.log.purchase_history(period=self.period)

    @cached_property
    def model(self) -> clv.BGNBD:
        """A model of all that is known."""
        return _fit(self.history)

    @cached_property
    def alive(self) -> np.ndarray:
        """Each customer's probability of being alive, in the order of `customers`."""
        return np.asarray(self.model.probability_alive(self.history)["probability_alive"])

    @cached_property
    def found_rules(self) -> association.Rules:
        """Rules between items."""
        itemsets = association.frequent_itemsets(self.log.baskets(self.category), min_support=MIN_SUPPORT, max_length=3)
        return itemsets.rules(min_confidence=MIN_CONFIDENCE)

    @cached_property
    def sure_rules(self) -> association.Rules:
        """Those that are more than chance, whatever else was looked at."""
        return self.found_rules.significant(ALPHA)

    @cached_property
    def rules(self) -> association.Rules:
        """Those in whose left side every item adds something."""
        return self.sure_rules.productive(alpha=ALPHA)


def _fit(history: PurchaseHistory) -> clv.BGNBD:
    with warnings.catch_warnings():
        # The section says in words what the warning says.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return clv.BGNBD().fit(history)
