"""Values that a book printed, beside those of exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patronage.decision._cases.run import Run


def printed(this: Run) -> None:
    """Is what was computed among the values found, and does the printed value stand to it as the verdict says?"""
    for entry in this.data.get("printed", []):
        what, value = f"printed {entry['what']}", entry["printed"]
        computed, verdict, note = entry["computed"], entry["verdict"], entry.get("note", "")
        exact = Fraction(computed["exact"]) if "exact" in computed else None
        same = (name for name, found in this.found.items() if is_same(found, exact, computed))
        name = next(same, None)
        if name is None:
            shown = exact if exact is not None else computed["float"]
            this.say(what, value, None, "not supported", f"nothing that was found equals {shown}")
            continue
        number = exact if exact is not None else Fraction(computed["float"])
        shown = f"{name} = {exact if exact is not None else computed['float']}"
        if verdict == "exact":
            same_number = number == Fraction(str(value)) or float(number) == float(value) or rounds_to(number, value)
            this.say(what, value, shown, "agree" if same_number else "differ")
        elif verdict.startswith("rounded posteriors"):
            how = next((k for k, x in this.rounded.items() if x is not None and rounds_to(Fraction(x), value)), None)
            status, reason = ("agree", f"reproduced: {how}") if how else ("explained", note or verdict)
            this.say(what, value, shown, status, reason)  # type: ignore[arg-type]
        elif verdict.startswith("rounded"):
            if rounds_to(number, value) or is_close_in_print(number, value):
                this.say(what, value, shown, "agree", "within the precision of print")
            else:
                this.say(what, value, shown, "explained" if note else "differ", note)
        elif verdict.startswith("disagrees"):
            differs = not rounds_to(number, value)
            this.say(what, value, shown, "explained" if differs else "differ", note or verdict)
        else:
            this.say(what, value, shown, "not supported", f"the verdict {verdict!r}")


def is_same(found: Any, exact: Fraction | None, computed: Mapping[str, Any]) -> bool:
    """Whether a value is the one that was computed."""
    if found is None:
        return False
    if exact is not None and isinstance(found, Fraction):
        return found == exact
    wanted = float(exact) if exact is not None else float(computed["float"])
    return abs(float(found) - wanted) <= 1e-12 * abs(wanted)


def rounds_to(value: Fraction, shown: float) -> bool:
    """Whether a value, rounded to as many decimals as are shown, is what is shown."""
    return abs(value - Fraction(str(shown))) <= unit(shown) / 2


def is_close_in_print(value: Fraction, shown: float) -> bool:
    """Whether it is within one unit of the last digit shown that is not 0: rounded up or down, or cut off."""
    decimal = Decimal(str(shown)).normalize()
    exponent = int(decimal.as_tuple().exponent)
    return abs(value - Fraction(str(shown))) <= Fraction(10) ** exponent


def unit(shown: float) -> Fraction:
    """One unit of the last decimal."""
    text = str(shown)
    decimals = len(text.partition(".")[2]) if "." in text and not text.endswith(".0") else 0
    return Fraction(1, 10**decimals)
