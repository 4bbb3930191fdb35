"""The MBG/NBD model as lifetimes has it."""

from __future__ import annotations

from typing import Any

import numpy as np

from patronage.compat.lifetimes.fitters._answers import Inputs
from patronage.compat.lifetimes.fitters._purchases import history
from patronage.compat.lifetimes.fitters.beta_geo_fitter import BetaGeoFitter
from patronage.compat.lifetimes.generate_data import modified_beta_geometric_nbd_model


class ModifiedBetaGeoFitter(BetaGeoFitter):
    """The MBG/NBD model of Batislam, Denizel & Filiztekin (2007), fitted and asked as `BetaGeoFitter`.

    Customers may drop out right after their first purchase, too.
    """

    _model = "MBGNBD"

    def generate_new_data(self, size: int = 1) -> Any:
        """Customers drawn from the model, watched for as long as the first `size` of the data."""
        r, alpha, a, b = self._unload_params("r", "alpha", "a", "b")
        return modified_beta_geometric_nbd_model(self.data["T"], r, alpha, a, b, size)

    def _history(self, asked: Inputs) -> dict[str, np.ndarray]:
        return history(asked)
