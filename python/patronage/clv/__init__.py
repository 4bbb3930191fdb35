"""What customers are worth: textbook lifetime value and buy-till-you-die models.

Models: `BGNBD` (how often will each customer buy, and is she still one?), `GammaGamma` (how much does she spend at a
time?), and from both `lifetime_value`. A model is fitted to a purchase history: the result of
`TransactionLog.purchase_history`, or any table with the columns `frequency`, `recency`, `T` (and `monetary_value`).

Textbook: `simple_clv`, `retention_clv`, `customer_equity`, `lost_customer_value`; each shows its working.
"""

from patronage.clv._bgnbd import BGNBD
from patronage.clv._checks import AliveMatrix, FrequencyCheck, HoldoutCheck
from patronage.clv._draws import Bootstrap, CustomerIntervals, Draws, Posterior, PosteriorSummary
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._gamma_gamma import GammaGamma
from patronage.clv._lifetime_value import LifetimeValues, lifetime_value
from patronage.clv._likelihood_ratio import LikelihoodRatioTest, likelihood_ratio_test
from patronage.clv._purchase_model import PurchaseModel
from patronage.clv._textbook import (
    CustomerEquity,
    LostCustomerValue,
    RetentionClv,
    SimpleClv,
    customer_equity,
    lost_customer_value,
    retention_clv,
    simple_clv,
)

__all__ = [
    "BGNBD",
    "AliveMatrix",
    "Bootstrap",
    "CustomerEquity",
    "CustomerIntervals",
    "CustomerValues",
    "Draws",
    "Estimator",
    "FrequencyCheck",
    "GammaGamma",
    "HoldoutCheck",
    "LifetimeValues",
    "LikelihoodRatioTest",
    "LostCustomerValue",
    "Posterior",
    "PosteriorSummary",
    "PurchaseModel",
    "RetentionClv",
    "SimpleClv",
    "customer_equity",
    "lifetime_value",
    "likelihood_ratio_test",
    "lost_customer_value",
    "retention_clv",
    "simple_clv",
]
