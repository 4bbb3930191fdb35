"""The fitters of purchases, by name."""

#: Parameters near those of CDNOW, or of the donations.
PARAMETERS = {
    "BetaGeoFitter": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
    "ModifiedBetaGeoFitter": {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614},
    "ParetoNBDFitter": {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
    "BetaGeoBetaBinomFitter": {"alpha": 1.204, "beta": 0.75, "gamma": 0.657, "delta": 2.783},
}


def given(module, name):
    """A fitter that has its parameters without a fit."""
    fitter = getattr(module, name)()
    fitter.params_ = dict(PARAMETERS[name])
    return fitter
