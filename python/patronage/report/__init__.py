"""A customer report: one self-contained HTML page that a manager reads, on a phone, on paper, without a network.

Example:
    >>> import patronage as pt
    >>> from patronage.report import Report
    >>> log = pt.TransactionLog(
    ...     {"who": [1, 1, 2], "when": ["2024-01-01", "2024-03-01", "2024-02-10"], "paid": [10.0, 20.0, 7.5]},
    ...     customer="who", time="when", amount="paid")
    >>> page = Report(log, title="Our customers").html()
    >>> page.startswith("<!doctype html>"), "<h1>Our customers</h1>" in page
    (True, True)
"""

from patronage.report.page import Report

__all__ = ["Report"]
