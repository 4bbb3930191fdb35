"""Columns in, answers out: arrays, Series and numbers, broadcast as NumPy does, and in the shape that came in."""

from __future__ import annotations

from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import InvalidInput


class Inputs:
    """Inputs of one shape.

    Series must have equal indexes: their rows are taken one by one.
    """

    def __init__(self, **inputs: Any) -> None:
        series = [values for values in inputs.values() if isinstance(values, pandas().Series)]
        self.index = series[0].index if series else None
        if any(not other.index.equals(self.index) for other in series[1:]):
            raise InvalidInput(f"{', '.join(inputs)} have different indexes; align them")
        try:
            arrays = np.broadcast_arrays(*[np.asarray(values, dtype=np.float64) for values in inputs.values()])
        except (TypeError, ValueError) as problem:
            raise InvalidInput(f"{', '.join(inputs)} are not numbers of one shape: {problem}") from None
        self.shape = arrays[0].shape
        self.columns = {name: array.ravel() for name, array in zip(inputs, arrays, strict=True)}

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def shaped(self, values: Any) -> Any:
        """Answers, one a row: a Series where one came in, else an array or a number."""
        values = np.asarray(values).reshape(self.shape)
        if self.index is not None and values.ndim == 1:
            return pandas().Series(values, index=self.index)
        return values[()]
