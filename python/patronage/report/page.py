"""The page: sections in order, rendered through one template with every text escaped."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from patronage import __version__
from patronage.errors import InvalidParameter, PatronageError
from patronage.report.blocks import Section, Text
from patronage.report.evidence import Evidence
from patronage.report.sections import SECTIONS
from patronage.transactions import TransactionLog

#: Called before each section with (number, of how many, title).
Step = Callable[[int, int, str], Any]


class Report:
    """A report on a purchase log.

    Args:
        log: The purchase log; with an amount for everything that is about money, with an item for what is bought
            together.
        title: The heading of the page.
        source: Where the data are from, in words.
        currency: What stands before an amount of money.
        period: Unit of time of the lifetime value model and its hold-out.
        category: Column of which the baskets are made, instead of the log's item.
        item_label: What is in a basket, in words ("product", "product category").
    """

    def __init__(
        self,
        log: TransactionLog,
        *,
        title: str = "Customer report",
        source: str = "",
        currency: str = "",
        period: str = "week",
        category: str | None = None,
        item_label: str = "item",
    ) -> None:
        self.title = title
        self.source = source
        self.evidence = Evidence(log, currency=currency, period=period, category=category, item_label=item_label)

    def sections(self, step: Step | None = None) -> list[Section]:
        """The sections; one that the data cannot support says why instead."""
        made = []
        for i, (name, title, make) in enumerate(SECTIONS):
            if step is not None:
                step(i + 1, len(SECTIONS), title)
            try:
                made.append(make(self.evidence))
            except PatronageError as reason:
                made.append(Section(name, title, [Text(f"Not shown: {reason}.")]))
        return made

    def html(self, step: Step | None = None) -> str:
        """The whole page."""
        try:
            import jinja2
        except ImportError:
            raise ImportError("the report needs Jinja2 and Matplotlib: pip install patronage[report]") from None
        environment = jinja2.Environment(
            autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        here = resources.files(__package__)
        template = environment.from_string((here / "page.html").read_text(encoding="utf-8"))
        return template.render(
            title=self.title,
            source=self.source,
            span=self.evidence.span,
            as_of=self.evidence.as_of,
            sections=self.sections(step),
            style=(here / "page.css").read_text(encoding="utf-8"),
            version=__version__,
        )

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False, step: Step | None = None) -> Path:
        """Writes the page; whole, or not at all.

        Raises:
            InvalidParameter: The file is there already and `overwrite` is not set, or its folder is not there.
        """
        target = Path(path)
        if target.is_dir() or not target.parent.is_dir():
            raise InvalidParameter(f"path = {str(target)!r} is not possible; expected a file in a folder that exists")
        if target.exists() and not overwrite:
            raise InvalidParameter(f"{str(target)!r} is there already; choose another name, or overwrite it")
        page = self.html(step)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(page)
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        return target
