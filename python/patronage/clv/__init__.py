"""What customers are worth: textbook lifetime value and buy-till-you-die models.

Models: `BGNBD`, `ParetoNBD`, `GGompertzNBD`, `NBD` (how often will each customer buy, and is she still one?),
`GammaGamma` (how much does she spend at a time?), and from both `lifetime_value`. A model is fitted to a purchase
history: the result of `TransactionLog.purchase_history`, or any table with the columns `frequency`, `recency`, `T` (and
`monetary_value`).

Textbook: `simple_clv`, `retention_clv`, `customer_equity`, `lost_customer_value`; each shows its working.
"""

from patronage.clv._bgnbd import BGNBD
from patronage.clv._checks import AliveMatrix, FrequencyCheck, HoldoutCheck
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._gamma_gamma import GammaGamma
from patronage.clv._ggompertz_nbd import GGompertzNBD
from patronage.clv._lifetime_value import LifetimeValues, lifetime_value
from patronage.clv._nbd import NBD
from patronage.clv._pareto_nbd import ParetoNBD
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
    "NBD",
    "AliveMatrix",
    "CustomerEquity",
    "CustomerValues",
    "Estimator",
    "FrequencyCheck",
    "GGompertzNBD",
    "GammaGamma",
    "HoldoutCheck",
    "LifetimeValues",
    "LostCustomerValue",
    "ParetoNBD",
    "PurchaseModel",
    "RetentionClv",
    "SimpleClv",
    "customer_equity",
    "lifetime_value",
    "lost_customer_value",
    "retention_clv",
    "simple_clv",
]
