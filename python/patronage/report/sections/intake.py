"""What came in, what was set aside, and why."""

from __future__ import annotations

from patronage.report.blocks import Section, Table, Text, count
from patronage.report.evidence import Evidence

_RETURNS = {
    "net": "taken off the customer's spending; a return is no order of its own",
    "drop": "set aside",
    "error": "refused",
}

_DUPLICATES = {
    "keep": "kept and counted",
    "drop": "set aside",
    "error": "refused",
    "ignore": "not looked for",
}


def section(evidence: Evidence) -> Section:
    """Rows read and kept, and every reason for a row that is not an ordinary one."""
    intake = evidence.intake
    about = intake.about
    sentences = intake.in_words().splitlines()
    blocks: list[object] = [Text(sentences[0])]
    if len(intake):
        rows = [
            (
                sentence.partition(": ")[2].partition(" (column")[0],
                row["column"],
                "set aside" if row["treatment"] == "set_aside" else "kept",
                count(row["rows"]),
                count(row["first_row"] + 1),
            )
            for sentence, row in zip(sentences[1:], intake.to_dicts(), strict=True)
        ]
        header = ("rows with", "column", "what was done", "rows", "first, counting from 1")
        blocks.append(Table("Rows that are not ordinary ones", header, rows, texts=3))
    else:
        blocks.append(Text("No row lacked anything, was a return, or repeated another."))
    zone = f" Days are days in {about['time_zone']}." if about["time_zone"] else ""
    return Section(
        "intake",
        "What came in",
        blocks,
        f"Negative amounts: {_RETURNS[about['returns']]}. Rows that repeat another in every column: "
        f"{_DUPLICATES[about['duplicates']]}.{zone}",
    )
