"""The effects of covariates, as models are told of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patronage.errors import InvalidParameter

#: What a covariate may have an effect on.
PROCESSES = ("purchase", "dropout", "both")


def asked_of(model: Any) -> list[tuple[str, str, float]]:
    """Process and covariate of each effect that a model is to learn, with a coefficient that is not looked at."""
    effects = []
    for process in PROCESSES:
        names = model._setting(f"{process}_covariates") or ()
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise InvalidParameter(
                f"{process}_covariates = {names!r} is not possible; expected a list of columns' names"
            )
        effects += [(process, name, 0.0) for name in names]
    return effects


def given(**coefficients: Mapping[str, float] | None) -> list[tuple[str, str, float]]:
    """Process, covariate and coefficient of effects that are known."""
    return [
        (process, name, float(coefficient))
        for process in PROCESSES
        for name, coefficient in (coefficients.get(process) or {}).items()
    ]


def settings(effects: list[tuple[str, str, float]]) -> dict[str, Any]:
    """The constructor's arguments for a model with these effects."""
    return {f"{process}_covariates": [name for kind, name, _ in effects if kind == process] for process in PROCESSES}
