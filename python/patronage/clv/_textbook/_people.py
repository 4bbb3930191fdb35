"""A customer and those she talks to: the one who brings others, the one who leaves."""

from __future__ import annotations

from patronage import _core
from patronage.clv._textbook._worked import FirstPayment, Worked


class LostCustomerValue(Worked):
    """What a lost customer costs: columns `own_value`, `told_value`, `value` (both together)."""

    __slots__ = ()
    _working = staticmethod(_core.lost_customer_value_working)


class ReferralValue(Worked):
    """What word of mouth is worth.

    Columns: `won` and `anyway` (customers a period who come because of it, or would have come anyway), `won_value`,
    `saved_value`, `rewards` (present values), `value` (won + saved − rewards).
    """

    __slots__ = ()
    _working = staticmethod(_core.referral_value_working)


def lost_customer_value(
    *,
    yearly_spend: float,
    margin: float,
    remaining_years: int,
    discount_rate: float,
    people_told: float,
    share_lost: float,
    yearly_spend_of_told: float,
    first_payment: FirstPayment = "end",
) -> LostCustomerValue:
    """What a customer's leaving costs: her own purchases, and those of the people she tells.

    Yearly spend × margin × remaining years, discounted, plus the same for those who hear of it and stay away.

    Args:
        yearly_spend: What she spends a year.
        margin: The share of it that is profit.
        remaining_years: Years she would have stayed.
        discount_rate: Effective rate per year.
        people_told: People she tells.
        share_lost: The share of them who stop buying, or never begin.
        yearly_spend_of_told: What each of those would have spent a year, for as many years.
        first_payment: When in the year its profit counts: "start", "middle" or "end".

    Example:
        >>> import patronage as pt
        >>> lost = pt.clv.lost_customer_value(
        ...     yearly_spend=5_000, margin=0.2, remaining_years=10, discount_rate=0,
        ...     people_told=11, share_lost=0.25, yearly_spend_of_told=4_000)
        >>> lost.to_frame()
        {'own_value': [10000.0], 'told_value': [22000.0], 'value': [32000.0]}
    """
    inputs = {
        "yearly_spend": yearly_spend,
        "margin": margin,
        "remaining_years": remaining_years,
        "discount_rate": discount_rate,
        "first_payment": first_payment,
        "people_told": people_told,
        "share_lost": share_lost,
        "yearly_spend_of_told": yearly_spend_of_told,
    }
    return LostCustomerValue(_core.lost_customer_value(inputs), inputs, "dict")


def referral_value(
    *,
    people_told: float,
    conversion: float,
    would_have_bought: float,
    value_per_referred: float,
    saved_acquisition: float = 0,
    reward: float = 0,
    periods: int,
    discount_rate: float,
    first_payment: FirstPayment = "end",
) -> ReferralValue:
    """Customer referral value: those who come because of a customer, and what is saved on winning them.

    After Kumar, Petersen and Leone (2007), "How valuable is word of mouth?". Those who would have come anyway bring
    no value of their own, but save their acquisition. The saving and the reward count for each who comes. The
    customer's own purchases are not part of it.

    Args:
        people_told: People an advocate tells in a period.
        conversion: The share of them who become customers.
        would_have_bought: The share of those who would have come anyway.
        value_per_referred: What a customer who came by referral is worth when she joins, such as a `retention_clv`.
        saved_acquisition: What winning a customer costs otherwise.
        reward: What the advocate is given for each who comes.
        periods: Periods in which she tells others.
        discount_rate: Effective rate per period.
        first_payment: When in the period those who are told join: "start" (the first at once), "middle" or "end".

    Example:
        The courier's customer brings one like himself (Peters, 1987): 180,000 more, beside his own 180,000.

        >>> import patronage as pt
        >>> pt.clv.referral_value(
        ...     people_told=1, conversion=1, would_have_bought=0, value_per_referred=180_000,
        ...     periods=1, discount_rate=0, first_payment="start").value
        180000.0
    """
    inputs = {
        "people_told": people_told,
        "conversion": conversion,
        "would_have_bought": would_have_bought,
        "value_per_referred": value_per_referred,
        "saved_acquisition": saved_acquisition,
        "reward": reward,
        "periods": periods,
        "discount_rate": discount_rate,
        "first_payment": first_payment,
    }
    return ReferralValue(_core.referral_value(inputs), inputs, "dict")
