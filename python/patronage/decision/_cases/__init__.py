"""Files of worked cases."""

from patronage.decision._cases.case import Case, CaseCheck, load_case

__all__ = ["Case", "CaseCheck", "load_case"]
