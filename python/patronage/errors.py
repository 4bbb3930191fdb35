"""What can go wrong, by cause. Every exception is a `PatronageError` and also the built-in it resembles."""

from __future__ import annotations

__all__ = [
    "ColumnNotFound",
    "ConvergenceWarning",
    "DataWarning",
    "InternalError",
    "InvalidInput",
    "InvalidModel",
    "InvalidParameter",
    "InvalidTree",
    "LimitExceeded",
    "LimitWarning",
    "NotConverged",
    "NotEnoughData",
    "NotFitted",
    "PatronageError",
    "UnknownName",
]


class PatronageError(Exception):
    """The base of all exceptions of this library."""


class InvalidInput(PatronageError, ValueError):
    """Values of a column that cannot be used; the message names column, first row, count and mend."""


class ColumnNotFound(PatronageError, KeyError):
    """A column that the work needs is not there; the message lists those that are."""

    def __str__(self) -> str:  # KeyError would show the message in quotes
        return Exception.__str__(self)


class UnknownName(PatronageError, KeyError):
    """A name (an item, a node, an alternative) that does not exist."""

    def __str__(self) -> str:
        return Exception.__str__(self)


class InvalidParameter(PatronageError, ValueError):
    """A parameter outside its range."""


class NotEnoughData(PatronageError, ValueError):
    """Too little data for the question."""


class InvalidTree(PatronageError, ValueError):
    """A decision table or tree that is not one."""


class InvalidModel(PatronageError, ValueError):
    """A stored model or result that cannot be read."""


class LimitExceeded(PatronageError, RuntimeError):
    """The answer would be larger than the limit that was set."""


class NotConverged(PatronageError, RuntimeError):
    """A fit that found no maximum."""


class NotFitted(PatronageError, ValueError, AttributeError):
    """A model that was asked before it was fitted."""


class InternalError(PatronageError, RuntimeError):
    """A fault of the library itself."""


class LimitWarning(UserWarning):
    """A search passed the limit that was set; its answer is exact but not whole."""


class DataWarning(UserWarning):
    """Something about the data that changes how a result should be read."""


class ConvergenceWarning(UserWarning):
    """A fit that found no maximum; the model says in `ending_` what kept it."""
