//! The BG/BB model.

mod distribution;
mod likelihood;
mod opportunities;

use serde::{Deserialize, Serialize};

use super::fit::{Kernel, Sink};
use super::history::{Customer, History, refuse};
use super::model::{
    Heterogeneity, Horizon, MixingLaw, Parametric, PurchaseModel, Stored, check_parameters, parametric,
};
use super::numeric::BetaGeometric;
use crate::error::{Error, Result};

pub use opportunities::opportunity_history;

/// The beta-geometric/beta-Bernoulli model of Fader, Hardie and Shang (2010, *Marketing Science* 29(6), 1086–1108).
///
/// For purchases that can only be made on certain occasions: a yearly donation, a conference, an issue. While a
/// customer, each buys at an opportunity with a probability of her own; these are beta distributed over customers with
/// parameters `alpha` and `beta` (mean α/(α+β)). Before each opportunity she drops out with a probability of her own;
/// these are beta distributed with parameters `gamma` and `delta` (mean γ/(γ+δ)).
///
/// A period is the time from one opportunity to the next. Histories are in whole opportunities: T is their number
/// since the first purchase (the paper's n), the recency is the last one with a purchase, and the frequency, at most
/// one an opportunity, is not larger than it. [`opportunity_history`] makes such histories from a log. Horizons are
/// whole as well. Both are at most 1,000,000. Other histories and horizons are refused; a method that answers for one
/// customer has no answer then, and gives NaN.
///
/// P(alive) is the probability that she has not dropped out by the last opportunity. In the paper it is the
/// probability that she is alive at the next one: that is P(alive) with horizon 1.
///
/// ```
/// use patronage::clv::{BgBb, Customer, PurchaseModel};
/// let model = BgBb::new(1.204, 0.750, 0.657, 2.783)?;
/// let donor = Customer::new(2.0, 4.0, 6.0)?;
/// let next = model.log_probability_alive_of(donor) + model.log_survival_of(donor, 1.0);
/// assert!((next.exp() - 0.59).abs() < 5e-3); // Fader, Hardie and Shang, table 6
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct BgBb {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

/// The most opportunities in a history or ahead: every one is a term of a sum.
const MOST: f64 = 1e6;

impl BgBb {
    /// A model from its parameters, all above 0.
    pub fn new(alpha: f64, beta: f64, gamma: f64, delta: f64) -> Result<Self> {
        check_parameters(Self::PARAMETERS, &[alpha, beta, gamma, delta])?;
        Ok(Self { alpha, beta, gamma, delta })
    }

    /// How many opportunities a customer who is alive after `age` of them has left.
    fn lifetime(&self, age: f64) -> BetaGeometric {
        BetaGeometric { alpha: self.gamma, beta: self.delta + age }
    }

    /// Probability that a customer who is alive buys at an opportunity.
    fn buys(&self, customer: Customer) -> f64 {
        (self.alpha + customer.frequency) / (self.alpha + self.beta + customer.age)
    }
}

parametric!(BgBb, "BG/BB", [alpha, beta, gamma, delta]);

impl Kernel for BgBb {
    fn add_counts<S: Sink>(&self, sink: &mut S, x: f64, weight: f64) {
        likelihood::add_counts(sink, self, x, weight);
    }

    fn add_row<S: Sink>(&self, sink: &mut S, customer: Customer, weight: f64) {
        likelihood::add_row(sink, self, customer, weight);
    }

    fn starts(rate: f64) -> Vec<Vec<f64>> {
        // Customers buy more often while they are alive; `rate` is at most 1.
        let mean = 1.5 * rate / (1.0 + 0.6 * rate);
        [(1.0, 0.5, 2.0), (0.5, 0.1, 1.0), (3.0, 1.0, 10.0), (10.0, 2.0, 5.0)]
            .map(|(both, gamma, delta)| vec![both * mean, both * (1.0 - mean), gamma, delta])
            .to_vec()
    }

    fn limit(drift: &[f64]) -> &'static str {
        likelihood::limit(drift)
    }
}

fn is_whole(number: f64) -> bool {
    (0.0..=MOST).contains(&number) && number.fract() == 0.0
}

/// Whether the model can have made this history.
fn is_possible(customer: Customer) -> bool {
    is_whole(customer.age) && is_whole(customer.recency) && customer.frequency <= customer.recency
}

impl PurchaseModel for BgBb {
    fn check(history: &History<'_>) -> Result<()> {
        const MEND: &str = "count opportunities to buy (years, issues, events) after the first purchase, at most \
            1,000,000; from a log, opportunity_history does";
        let [frequency, recency, age] = history.columns();
        for (name, column) in [("T", age), ("recency", recency)] {
            let problem = "is not a whole number of opportunities, as the BG/BB model needs,";
            refuse(name, column.len(), |i| !is_whole(column[i]), problem, MEND)?;
        }
        refuse(
            "frequency",
            frequency.len(),
            |i| frequency[i] > recency[i],
            "is larger than recency, the number of opportunities up to the last purchase,",
            "count one purchase an opportunity at most; from a log, opportunity_history does",
        )
    }

    fn check_horizon(horizon: Horizon<'_>) -> Result<()> {
        match horizon {
            Horizon::Same(ahead) if is_whole(ahead) => Ok(()),
            Horizon::Same(ahead) => Err(Error::parameter(
                "horizon",
                ahead,
                "a whole number of opportunities up to 1,000,000, as the BG/BB model counts them",
            )),
            Horizon::Each(ahead) => refuse(
                "horizon",
                ahead.len(),
                |i| !is_whole(ahead[i]),
                "is not a whole number of opportunities, as the BG/BB model needs,",
                "give the number of opportunities ahead for each customer, at most 1,000,000",
            ),
        }
    }

    fn log_likelihood_of(&self, customer: Customer) -> f64 {
        if is_possible(customer) { likelihood::of_customer(self, customer) } else { f64::NAN }
    }

    fn log_probability_alive_of(&self, customer: Customer) -> f64 {
        if is_possible(customer) { -likelihood::log_rivals(self, customer) } else { f64::NAN }
    }

    fn log_survival_of(&self, customer: Customer, horizon: f64) -> f64 {
        if is_possible(customer) && is_whole(horizon) {
            self.lifetime(customer.age).log_survival(horizon)
        } else {
            f64::NAN
        }
    }

    fn expected_purchases_of(&self, customer: Customer, horizon: f64) -> f64 {
        if !is_whole(horizon) {
            return f64::NAN;
        }
        let alive = self.log_probability_alive_of(customer).exp();
        alive * self.buys(customer) * self.lifetime(customer.age).periods(horizon)
    }

    /// A purchase at the n-th opportunity from now counts e^(−rate × n).
    fn discounted_expected_purchases_of(&self, customer: Customer, rate: f64) -> f64 {
        let alive = self.log_probability_alive_of(customer).exp();
        alive * self.buys(customer) * self.lifetime(customer.age).discounted(rate)
    }

    fn probability_of_purchases_of(&self, customer: Customer, n: u32, horizon: f64) -> f64 {
        if !is_whole(horizon) {
            return f64::NAN;
        }
        let log_alive = self.log_probability_alive_of(customer);
        let Customer { frequency: x, age, .. } = customer;
        let (a, b) = (self.alpha + x, self.beta + (age - x));
        let if_alive = distribution::while_alive(f64::from(n), horizon, a, b, self.lifetime(age));
        let gone = if n == 0 { -log_alive.exp_m1() } else { 0.0 };
        log_alive.exp() * if_alive + gone
    }

    fn heterogeneity(&self) -> Vec<Heterogeneity> {
        let &Self { alpha, beta, gamma, delta } = self;
        vec![
            Heterogeneity { trait_name: "purchase probability", law: MixingLaw::Beta { a: alpha, b: beta } },
            Heterogeneity { trait_name: "dropout probability", law: MixingLaw::Beta { a: gamma, b: delta } },
        ]
    }
}
