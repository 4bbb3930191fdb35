//! Lifetime value: how often a customer will buy, times how much, discounted.

use super::gamma_gamma::GammaGamma;
use super::history::{Customer, History, same_length};
use super::model::{Forecast, Horizon, PurchaseModel};
use super::spending::Spending;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Present value of each customer's purchases in the next `horizon` periods.
///
/// ```text
/// V = E[M] · Σ (E[Y(k)] − E[Y(k−1)]) / (1 + d)^k,   k = 1, 2, … horizon
/// ```
///
/// `E[M]` is the spend per purchase expected of the customer (`spend_model`), `E[Y(k)]` the purchases expected in the
/// next k periods (`model`). Periods are those of the history; `discount_rate` is d, the *effective rate per
/// period* (0.002 a week is about 11 % a year), and the purchases of a period count as made at its end. A horizon
/// that is not whole ends with a shorter period. Spend is revenue: multiply by a margin for profit. The value of
/// customers whose expected spend is infinite is infinite, and undefined (NaN) if it is undefined.
///
/// `history` and `spending` hold the same customers in the same order. For the whole remaining life, without a
/// horizon, multiply expected spend by [`Forecast::discounted_expected_purchases`].
///
/// ```
/// use patronage::clv::{BgNbd, GammaGamma, History, Spending, lifetime_value};
/// use patronage::watch::Unwatched;
/// let model = BgNbd::new(0.243, 4.414, 0.793, 2.426)?;
/// let spend = GammaGamma::new(6.25, 3.74, 15.44)?;
/// let history = History::new(&[2.0][..], &[30.43], &[38.86])?;
/// let spending = Spending::new(&[2.0][..], &[22.35])?;
/// let value = lifetime_value(&model, &spend, &history, &spending, 52.0, 0.002, &Unwatched)?;
/// assert!(value[0] > 30.0 && value[0] < 40.0);
/// # Ok::<(), patronage::Error>(())
/// ```
pub fn lifetime_value(
    model: &impl Forecast,
    spend_model: &GammaGamma,
    history: &History<'_>,
    spending: &Spending<'_>,
    horizon: f64,
    discount_rate: f64,
    watch: &dyn Watch,
) -> Result<Vec<f64>> {
    same_length("monetary_value", history.len(), spending.len())?;
    if !(horizon.is_finite() && horizon > 0.0) {
        return Err(Error::parameter(
            "horizon",
            horizon,
            "a finite number of periods above 0; for the whole remaining life multiply discounted expected purchases by expected spend",
        ));
    }
    if !(discount_rate.is_finite() && discount_rate >= 0.0) {
        return Err(Error::parameter(
            "discount_rate",
            discount_rate,
            "an effective rate per period, at least 0",
        ));
    }
    let purchases = model.each(history, Horizon::Same(horizon), watch, |model, customer, horizon| {
        discounted_purchases(model, customer, horizon, discount_rate, watch)
    })?;
    let spend = spend_model.expected_spend(spending, watch)?;
    // Nobody buys: worth nothing, however much each purchase would bring.
    Ok(purchases.iter().zip(spend).map(|(&n, m)| if n == 0.0 { 0.0 } else { n * m }).collect())
}

/// Σ (E[Y(k)] − E[Y(k−1)]) D(k) with D(k) = (1+d)^(−k), summed by parts, Σ E[Y(k)] (D(k) − D(k+1)), in which every
/// term is positive.
fn discounted_purchases(
    model: &impl PurchaseModel,
    customer: Customer,
    horizon: f64,
    discount_rate: f64,
    watch: &dyn Watch,
) -> Result<f64> {
    let log_factor = discount_rate.ln_1p();
    let mut total = model.expected_purchases_of(customer, horizon) * (-log_factor * horizon).exp();
    if log_factor == 0.0 {
        return Ok(total);
    }
    let whole = (horizon.ceil() - 1.0) as u64;
    for k in 1..=whole {
        if k % 256 == 0 {
            watch.check()?;
        }
        let now = k as f64;
        let next = (now + 1.0).min(horizon);
        let drop = -(-log_factor * (next - now)).exp_m1() * (-log_factor * now).exp();
        total += model.expected_purchases_of(customer, now) * drop;
    }
    Ok(total)
}
