"""Lifetime value as textbooks work it out; every result shows its working."""

from patronage.clv._textbook._budget import AcquisitionBudget, RetentionBudget, acquisition_budget, retention_budget
from patronage.clv._textbook._cohort import CohortValue, cohort_value
from patronage.clv._textbook._equity import CustomerEquity, customer_equity
from patronage.clv._textbook._migration import MigrationClv, RecencyClv, migration_clv, recency_clv
from patronage.clv._textbook._multiple import (
    MarginMultiple,
    MarginMultiples,
    RequiredRetention,
    margin_multiple,
    margin_multiples,
    required_retention,
)
from patronage.clv._textbook._people import LostCustomerValue, ReferralValue, lost_customer_value, referral_value
from patronage.clv._textbook._relationship import (
    PromotionClv,
    RetentionClv,
    SimpleClv,
    promotion_clv,
    retention_clv,
    simple_clv,
)

__all__ = [
    "AcquisitionBudget",
    "CohortValue",
    "CustomerEquity",
    "LostCustomerValue",
    "MarginMultiple",
    "MarginMultiples",
    "MigrationClv",
    "PromotionClv",
    "RecencyClv",
    "ReferralValue",
    "RequiredRetention",
    "RetentionBudget",
    "RetentionClv",
    "SimpleClv",
    "acquisition_budget",
    "cohort_value",
    "customer_equity",
    "lost_customer_value",
    "margin_multiple",
    "margin_multiples",
    "migration_clv",
    "promotion_clv",
    "recency_clv",
    "referral_value",
    "required_retention",
    "retention_budget",
    "retention_clv",
    "simple_clv",
]
