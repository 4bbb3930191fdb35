"""The command line: `patronage report`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any, Self

from patronage import TransactionLog, __version__
from patronage.errors import PatronageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0 if it worked, 2 if what was asked for cannot be done."""
    options = _parser().parse_args(arguments)
    try:
        with _Progress(quiet=options.quiet) as say:
            return _report(options, say)
    except (PatronageError, ImportError, OSError) as problem:
        print(f"patronage: {problem}", file=sys.stderr)
        if "no dates" in str(problem):
            print("patronage: --time-format says how times are written, as in --time-format %d/%m/%Y", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("patronage: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="patronage", description="Customer analytics from a log of purchases.")
    parser.add_argument("--version", action="version", version=f"patronage {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    report = commands.add_parser(
        "report",
        help="a customer report from a file of purchases",
        description="Writes one self-contained HTML page about the customers in a file of purchases.",
        epilog="Example: patronage report orders.csv --customer customer_id --time date --amount total -o report.html",
    )
    report.add_argument("file", nargs="?", help="a CSV or Parquet file, a row a purchase or a line of one")
    report.add_argument("--demo", action="store_true", help="use The Complete Journey, a year of grocery purchases")
    columns = report.add_argument_group("columns of the file")
    columns.add_argument("--customer", metavar="COLUMN", help="who bought")
    columns.add_argument("--time", metavar="COLUMN", help="when (ISO 8601, or see --time-format)")
    columns.add_argument("--amount", metavar="COLUMN", help="for how much; negative for a return")
    columns.add_argument("--order", metavar="COLUMN", help="in which order; without it a customer's day is one")
    columns.add_argument("--item", metavar="COLUMN", help="which item; without it nothing is said about baskets")
    columns.add_argument("--category", metavar="COLUMN", help="what baskets are made of instead of the item")
    reading = report.add_argument_group("how the file is read")
    reading.add_argument("--time-format", metavar="FORMAT", help="how times are written, for instance %%d/%%m/%%Y")
    reading.add_argument("--separator", default=",", help="between the cells of a CSV file (default: comma)")
    reading.add_argument("--returns", choices=["net", "drop", "error"], default="net", help="negative amounts")
    reading.add_argument(
        "--missing",
        choices=["drop", "error"],
        default="drop",
        help="rows that lack something: set aside or refuse",
    )
    page = report.add_argument_group("the page")
    page.add_argument("-o", "--output", default="report.html", help="where to write it (default: report.html)")
    page.add_argument("--overwrite", action="store_true", help="replace the page if it is there already")
    page.add_argument("--title", help="its heading")
    page.add_argument("--currency", help="what stands before an amount of money")
    page.add_argument("--quiet", action="store_true", help="show no progress")
    return parser


def _report(options: argparse.Namespace, say: _Progress) -> int:
    from patronage.report import Report, files

    if options.demo:
        say.step("reading The Complete Journey")
        table = files.complete_journey()
        columns = {
            "customer": "household_id",
            "time": "transaction_timestamp",
            "amount": "sales_value",
            "order": "basket_id",
            "item": "product_id",
        }
        category = "product_category"
        title = options.title or "The Complete Journey: a year of groceries"
        source, currency, item = "The Complete Journey (84.51°), real grocery purchases", "$", "product category"
    else:
        if options.file is None or options.customer is None or options.time is None:
            raise PatronageError(
                "name a file and its columns: patronage report orders.csv --customer customer_id --time date "
                "--amount total; or see patronage report --demo"
            )
        say.step(f"reading {options.file}")
        columns = {name: getattr(options, name) for name in ("customer", "time", "amount", "order", "item")}
        table = files.read(
            options.file,
            ids=[options.customer, options.order, options.item, options.category],
            time=options.time,
            numbers=[options.amount],
            time_format=options.time_format,
            separator=options.separator,
        )
        title, source, item = options.title or "Customer report", f"from the file {options.file}", "item"
        currency, category = "", options.category
    say.step("checking and counting")
    roles: dict[str, Any] = {**columns, "returns": options.returns, "missing": options.missing}
    log = TransactionLog(table, **roles)
    report = Report(
        log,
        title=title,
        source=source,
        currency=currency if options.currency is None else options.currency,
        category=category,
        item_label=item,
    )
    path = report.save(
        options.output,
        overwrite=options.overwrite,
        step=lambda i, of, name: say.step(f"section {i} of {of}: {name}"),
    )
    say.end()
    print(f"The report is in {path.resolve()}")
    return 0


class _Progress:
    """A line a step on standard error, with the seconds each took."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.begun: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *stopped: object) -> None:
        self.end()

    def step(self, what: str) -> None:
        self.end()
        self.begun = time.perf_counter()
        if not self.quiet:
            print(f"patronage: {what} …", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.begun is not None and not self.quiet:
            print(f" {time.perf_counter() - self.begun:.1f} s", file=sys.stderr)
        self.begun = None


if __name__ == "__main__":
    sys.exit(main())
