"""One customer's relationship: simple, with retention, with promotion."""

from __future__ import annotations

from patronage import _core
from patronage.clv._textbook._worked import FirstPayment, Worked, survive


class SimpleClv(Worked):
    """What a customer brings: columns `own_value`, `referral_value`, `value` (both together)."""

    __slots__ = ()
    _working = staticmethod(_core.simple_clv_working)


class RetentionClv(Worked):
    """Present value of a customer's margins: columns `margins`, `value` (less acquisition). `about` has the timing."""

    __slots__ = ()
    _working = staticmethod(_core.retention_clv_working)


class PromotionClv(Worked):
    """Columns `contributions`, `promotions` (present values), `value` (their difference)."""

    __slots__ = ()
    _working = staticmethod(_core.promotion_clv_working)


def simple_clv(*, revenue_per_period: float, periods: float, margin: float = 1, referrals: float = 0) -> SimpleClv:
    """Revenue per period × periods × margin; and, as a separate term, the same for each referred customer.

    No discounting, and nobody leaves early. The courier's customer is Tom Peters' (1987).

    Args:
        revenue_per_period: What the customer brings in a period.
        periods: How many periods the relationship lasts.
        margin: The share of revenue that is counted.
        referrals: Customers of the same kind brought by word of mouth.

    Example:
        >>> import patronage as pt
        >>> courier = pt.clv.simple_clv(revenue_per_period=1500, periods=12 * 10)
        >>> courier.value
        180000.0
        >>> print(courier.explain())
        Customer lifetime value
        =======================
          value = revenue per period × periods = 1,500 × 120 = 180,000
        Over 120 periods the customer's own purchases bring 180,000, not discounted.
        >>> told = pt.clv.simple_clv(revenue_per_period=1500, periods=120, referrals=1)
        >>> told.to_frame()
        {'own_value': [180000.0], 'referral_value': [180000.0], 'value': [360000.0]}
    """
    inputs = {
        "revenue_per_period": revenue_per_period,
        "periods": periods,
        "margin": margin,
        "referrals": referrals,
    }
    return SimpleClv(_core.simple_clv(inputs), inputs, "dict")


def retention_clv(
    *,
    margin: float,
    retention: float,
    discount_rate: float,
    periods: int | None = None,
    first_payment: FirstPayment = "start",
    survive_before_paying: bool | None = None,
    acquisition_cost: float = 0,
) -> RetentionClv:
    """Present value of a margin m per period from a customer retained with probability r, discounted at d.

    Textbooks differ by the timing of the payments, and so do their answers. Payment k = 1, 2, … is made with
    probability r^(k−1), or r^k if customers must survive before paying, and discounted by (1+d)^(k−1), (1+d)^(k−½) or
    (1+d)^k. Forever: m (1+d)/(1+d−r) immediately, m r/(1+d−r) at the end of the period by those retained.

    Args:
        margin: Margin per period, what serving and keeping the customer costs already taken off.
        retention: Probability of staying from one period to the next.
        discount_rate: Effective rate per period.
        periods: Number of payments; None for ever.
        first_payment: Payments fall at the "start" of each period (the first at once), in its "middle" or at its "end".
        survive_before_paying: Whether the first payment too is made only by those retained; None for the usual: not
            at the start or in the middle, but at the end. The result's `about` and working say which was used.
        acquisition_cost: What winning the customer costs, now.

    Example:
        >>> import patronage as pt
        >>> isp = dict(margin=19.95 - 1.50 - 0.50, retention=0.995, discount_rate=0.01)  # Marketing Metrics
        >>> round(pt.clv.retention_clv(**isp, first_payment="end").value, 2)
        1190.68
        >>> round(pt.clv.retention_clv(**isp, first_payment="start").value, 2)
        1208.63
    """
    inputs = {
        "margin": margin,
        "retention": retention,
        "discount_rate": discount_rate,
        "periods": periods,
        "first_payment": first_payment,
        "survive_before_paying": survive(survive_before_paying, first_payment),
        "acquisition_cost": acquisition_cost,
    }
    return RetentionClv(_core.retention_clv(inputs), inputs, "dict")


def promotion_clv(
    *,
    contribution: float,
    promotion_cost: float,
    retention: float,
    discount_rate: float,
    periods: int | None,
    promotion_at: FirstPayment = "middle",
    first_sale_now: bool = True,
) -> PromotionClv:
    """Contributions by those retained, less promotion, each with a timing of its own.

    GC Σ r^i/(1+d)^i over i = 0 … n, less M Σ r^(i−1)/(1+d)^(i−½) over i = 1 … n where promotion falls in the middle of
    the periods. Case 1 of Berger and Nasr (1998), "Customer lifetime value: marketing models and applications".

    Args:
        contribution: GC: gross contribution per period, at its end, from those retained.
        promotion_cost: M: cost of promotion per period, for each who was a customer when it began.
        retention: Probability of staying from one period to the next.
        discount_rate: Effective rate per period.
        periods: n: the periods after now; None for ever.
        promotion_at: When in its period promotion is paid for: "start", "middle" or "end".
        first_sale_now: Whether a first contribution comes now, so that there are n + 1 of them. `about` and the
            working say what was used.

    Example:
        >>> import patronage as pt
        >>> case_1 = pt.clv.promotion_clv(
        ...     contribution=260, promotion_cost=50, retention=0.75, discount_rate=0.2, periods=10)
        >>> round(case_1.value, 2)
        568.78
    """
    inputs = {
        "contribution": contribution,
        "promotion_cost": promotion_cost,
        "retention": retention,
        "discount_rate": discount_rate,
        "periods": periods,
        "promotion_at": promotion_at,
        "first_sale_now": first_sale_now,
    }
    return PromotionClv(_core.promotion_clv(inputs), inputs, "dict")
