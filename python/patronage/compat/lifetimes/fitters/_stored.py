"""Fitters as files of JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import InvalidInput, InvalidModel

if TYPE_CHECKING:
    from patronage.compat.lifetimes.fitters._base import BaseFitter

VERSION = 1
#: The first byte of every pickle since protocol 2, and so of every file of dill.
PICKLE = b"\x80"


def save(fitter: BaseFitter, path: Any, with_data: bool, in_place_of_data: Any) -> None:
    """Writes a fitter; numbers keep every bit."""
    fitter._unload_params()
    stored: dict[str, Any] = {"patronage": f"lifetimes.{type(fitter).__name__}", "version": VERSION}
    stored["penalizer_coef"] = fitter.penalizer_coef
    stored["params"] = {name: float(fitter.params_[name]) for name in fitter._parameters}
    if hasattr(fitter, "variance_matrix_"):
        stored["negative_log_likelihood"] = fitter._negative_log_likelihood_
        known = np.isfinite(fitter.variance_matrix_.to_numpy()).all()
        stored["variance_matrix"] = fitter.variance_matrix_.to_numpy().tolist() if known else None
    data = getattr(fitter, "data", None)
    if with_data and data is not None:
        stored["data"] = {name: data[name].tolist() for name in data.columns}
        stored["index"] = {"name": data.index.name, "values": data.index.tolist()}
    else:
        stored["in_place_of_data"] = in_place_of_data
    try:
        text = json.dumps(stored, allow_nan=False)
    except (TypeError, ValueError) as problem:
        mend = "store with save_data=False, or fit with an index of numbers or strings"
        raise InvalidInput(f"the model cannot be written as JSON: {problem}; {mend}") from None
    Path(path).write_text(text, encoding="utf-8")


def load(fitter: BaseFitter, path: Any) -> None:
    """Reads a fitter."""
    kind = f"lifetimes.{type(fitter).__name__}"
    written = Path(path).read_bytes()
    if written.startswith(PICKLE):
        raise InvalidModel(
            f"cannot read the stored {kind}: it is a pickle or a file of dill, which runs code when it is read. Fit "
            "the model again, or read it with lifetimes and set params_ here"
        )
    try:
        stored = json.loads(written)
        if stored["patronage"] != kind:
            raise InvalidModel(f"cannot read the stored {kind}: it is a {stored['patronage']}")
        if stored["version"] != VERSION:
            raise InvalidModel(f"cannot read the stored {kind}: its version is {stored['version']}, not {VERSION}")
        found = _attributes(fitter, stored)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        if isinstance(problem, InvalidModel):
            raise
        raise InvalidModel(f"cannot read the stored {kind}: {problem!r}") from problem
    fitter.__dict__.update(found)


class _Stored:
    """What a fit says of itself, read back."""

    def __init__(self, fitter: BaseFitter, stored: dict[str, Any]) -> None:
        params, covariance = stored["params"], stored["variance_matrix"]
        self.parameters_ = {own: float(params[name]) for name, own in fitter._parameters.items()}
        self.log_likelihood_ = -float(stored["negative_log_likelihood"])
        size = len(self.parameters_)
        self.covariance_ = None if covariance is None else np.array(covariance, dtype=float).reshape(size, size)


def _attributes(fitter: BaseFitter, stored: dict[str, Any]) -> dict[str, Any]:
    pd = pandas()
    again = type(fitter)(penalizer_coef=stored["penalizer_coef"])
    if "variance_matrix" in stored:
        again._note(_Stored(fitter, stored))
    else:
        again.params_ = pd.Series({name: float(stored["params"][name]) for name in fitter._parameters})
    if "data" in stored:
        index = pd.Index(stored["index"]["values"], name=stored["index"]["name"])
        again.data = pd.DataFrame(stored["data"], index=index)
    else:
        again.data = stored["in_place_of_data"]
    return vars(again)
