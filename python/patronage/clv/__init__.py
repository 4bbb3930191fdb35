"""What customers are worth: textbook lifetime value and buy-till-you-die models.

Models: `BGNBD`, `MBGNBD`, `BGCNBD`, `MBGCNBD`, `ParetoNBD`, `GGompertzNBD`, `NBD` (how often will each customer buy,
and is she still one?), `GammaGamma` (how much does she spend at a time?), and from both `lifetime_value`. A model is
fitted to a purchase history: the result of `TransactionLog.purchase_history`, or any table with the columns
`frequency`, `recency`, `T` (and
`monetary_value`).

What is known of customers may change over time, such as seasons and promotions: `TimeVaryingParetoNBD`, fitted to
`covariate_paths`.

Where purchases have their occasions, such as a yearly donation: `BGBB`, fitted to an `opportunity_history`.

Customers under contract, whose loss is seen: `retention_curve` (Kaplan–Meier), and the models `ShiftedBetaGeometric`
and `BetaDiscreteWeibull`, fitted to the counts of cohorts or to a row a customer.

Textbook, each with its working and its timing: `simple_clv`, `retention_clv`, `promotion_clv`, `margin_multiple` and
`margin_multiples`, `required_retention`; `cohort_value`, `migration_clv`, `recency_clv`, `customer_equity`;
`referral_value`, `lost_customer_value`; `acquisition_budget`, `retention_budget`.
"""

from patronage.clv._alive_path import AlivePath
from patronage.clv._bgbb import BGBB, opportunity_history
from patronage.clv._bgnbd import BGNBD
from patronage.clv._checks import FrequencyCheck, HoldoutCheck
from patronage.clv._cnbd import BGCNBD, MBGCNBD
from patronage.clv._contractual import (
    BetaDiscreteWeibull,
    RetentionCurve,
    RetentionModel,
    ShiftedBetaGeometric,
    retention_curve,
)
from patronage.clv._covariate_paths import CovariatePaths, covariate_paths
from patronage.clv._draws import Bootstrap, CustomerIntervals, Draws, Posterior, PosteriorSummary
from patronage.clv._estimator import CustomerValues, Estimator
from patronage.clv._gamma_gamma import GammaGamma
from patronage.clv._ggompertz_nbd import GGompertzNBD
from patronage.clv._heterogeneity import Heterogeneity
from patronage.clv._lifetime_value import LifetimeValues, lifetime_value
from patronage.clv._likelihood_ratio import LikelihoodRatioTest, likelihood_ratio_test
from patronage.clv._matrix import FrequencyRecencyMatrix
from patronage.clv._mbgnbd import MBGNBD
from patronage.clv._nbd import NBD
from patronage.clv._pareto_nbd import ParetoNBD
from patronage.clv._purchase_model import PurchaseModel
from patronage.clv._textbook import (
    AcquisitionBudget,
    CohortValue,
    CustomerEquity,
    LostCustomerValue,
    MarginMultiple,
    MarginMultiples,
    MigrationClv,
    PromotionClv,
    RecencyClv,
    ReferralValue,
    RequiredRetention,
    RetentionBudget,
    RetentionClv,
    SimpleClv,
    acquisition_budget,
    cohort_value,
    customer_equity,
    lost_customer_value,
    margin_multiple,
    margin_multiples,
    migration_clv,
    promotion_clv,
    recency_clv,
    referral_value,
    required_retention,
    retention_budget,
    retention_clv,
    simple_clv,
)
from patronage.clv._time_varying import TimeVaryingParetoNBD
from patronage.clv._tracking import Tracking

__all__ = [
    "BGBB",
    "BGCNBD",
    "BGNBD",
    "MBGCNBD",
    "MBGNBD",
    "NBD",
    "AcquisitionBudget",
    "AlivePath",
    "BetaDiscreteWeibull",
    "Bootstrap",
    "CohortValue",
    "CovariatePaths",
    "CustomerEquity",
    "CustomerIntervals",
    "CustomerValues",
    "Draws",
    "Estimator",
    "FrequencyCheck",
    "FrequencyRecencyMatrix",
    "GGompertzNBD",
    "GammaGamma",
    "Heterogeneity",
    "HoldoutCheck",
    "LifetimeValues",
    "LikelihoodRatioTest",
    "LostCustomerValue",
    "MarginMultiple",
    "MarginMultiples",
    "MigrationClv",
    "ParetoNBD",
    "Posterior",
    "PosteriorSummary",
    "PromotionClv",
    "PurchaseModel",
    "RecencyClv",
    "ReferralValue",
    "RequiredRetention",
    "RetentionBudget",
    "RetentionClv",
    "RetentionCurve",
    "RetentionModel",
    "ShiftedBetaGeometric",
    "SimpleClv",
    "TimeVaryingParetoNBD",
    "Tracking",
    "acquisition_budget",
    "cohort_value",
    "covariate_paths",
    "customer_equity",
    "lifetime_value",
    "likelihood_ratio_test",
    "lost_customer_value",
    "margin_multiple",
    "margin_multiples",
    "migration_clv",
    "opportunity_history",
    "promotion_clv",
    "recency_clv",
    "referral_value",
    "required_retention",
    "retention_budget",
    "retention_clv",
    "retention_curve",
    "simple_clv",
]
