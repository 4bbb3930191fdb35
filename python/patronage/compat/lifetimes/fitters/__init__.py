"""`lifetimes.fitters`: a fitter a file."""

from patronage.compat.lifetimes.fitters._base import BaseFitter

__all__ = ["BaseFitter"]
