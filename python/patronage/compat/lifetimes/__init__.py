"""`lifetimes` on Patronage's models: change the import and keep the rest.

    from patronage.compat.lifetimes import BetaGeoFitter, GammaGammaFitter
    from patronage.compat.lifetimes.utils import summary_data_from_transaction_data

Fitters, `utils`, `plotting`, `datasets` and `generate_data` take the arguments of lifetimes 0.11.3 in its order and
return its frames. They need pandas; lifetimes itself, SciPy, autograd and dill are not needed.

Estimates are the exact maximum, predictions are right where lifetimes gives NaN or a wrong number, covariances are
symmetric, and a month has 30.4375 days. `docs/coming-from/lifetimes.md` lists all that differs.
"""

from patronage.compat.lifetimes.fitters.beta_geo_beta_binom_fitter import BetaGeoBetaBinomFitter
from patronage.compat.lifetimes.fitters.beta_geo_fitter import BetaGeoFitter
from patronage.compat.lifetimes.fitters.gamma_gamma_fitter import GammaGammaFitter
from patronage.compat.lifetimes.fitters.modified_beta_geo_fitter import ModifiedBetaGeoFitter
from patronage.compat.lifetimes.fitters.pareto_nbd_fitter import ParetoNBDFitter

#: The version of lifetimes whose functions these are.
__version__ = "0.11.3"

__all__ = (
    "BetaGeoBetaBinomFitter",
    "BetaGeoFitter",
    "GammaGammaFitter",
    "ModifiedBetaGeoFitter",
    "ParetoNBDFitter",
    "__version__",
)
