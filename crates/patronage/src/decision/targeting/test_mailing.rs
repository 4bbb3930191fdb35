//! What a test mailing to a part of a segment is worth: the beta-binomial EVSI.

use super::TargetPlan;
use super::check::number_of;
use crate::decision::number::{Number, Value};
use crate::decision::tree::{Tree, chance, decide, pay};
use crate::error::{Error, Result};
use crate::explain::Lang;
use crate::math::Beta;
use crate::watch::Watch;

/// Test mailings of several sizes to one segment.
///
/// The tested customers are part of the segment: their responses bring the margin, and only the others are decided
/// about after the test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestMailing {
    /// What is believed of its response rate before the test.
    pub belief: Beta,
    /// Customers who may be contacted.
    pub size: u64,
    /// The margin of a response.
    pub margin: f64,
    /// The cost of a contact.
    pub cost: f64,
    /// The cost of a contact in the test.
    pub cost_per_piece: f64,
    /// The profit of the best choice without a test.
    pub without: f64,
    /// What it would be worth to know the response rate: N E max(0, margin p − cost) − `without`.
    pub evpi: f64,
    /// The tests, in the order asked for.
    pub tests: Vec<TestSize>,
    /// The test with the highest net gain, by its place; the first of several.
    pub best: usize,
}

/// A test mailing of one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestSize {
    /// Customers who are tested.
    pub m: u64,
    /// Contact the others if at least so many of them respond; `None` if no number would be enough.
    pub contact_from: Option<u64>,
    /// The value of the information for the whole segment: N (E max(0, margin E[p | x] − cost) − max(0, margin E[p] −
    /// cost)).
    pub evsi: f64,
    /// What the test costs.
    pub test_cost: f64,
    /// The expected profit of testing m customers, and then deciding about the other N − m:
    /// m (margin E[p] − cost of a piece) + (N − m) E max(0, margin E[p | x] − cost).
    pub value: f64,
    /// The same less the profit without a test: what the test is worth in the end.
    pub net_gain: f64,
}

impl TargetPlan {
    /// What test mailings of several sizes to a segment (by its place) are worth (Schlaifer 1959, *Probability and
    /// Statistics for Business Decisions*; Raiffa & Schlaifer 1961): the number of responses x of m customers is
    /// beta-binomial, and E[p | x] = (a + x) / (a + b + m).
    ///
    /// The cost of a piece is that of a contact if `None`.
    pub fn test_mailing(
        &self,
        segment: usize,
        sizes: &[u64],
        cost_per_piece: Option<Number>,
        watch: &dyn Watch,
    ) -> Result<TestMailing> {
        let judged = self.judged(segment)?;
        let Some(belief) = judged.posterior else {
            let expected =
                "a prior, such as (1, 1): without one nothing is uncertain, and no test worth anything";
            return Err(Error::parameter("prior", "None", expected));
        };
        let given = &self.targeting.segments[segment];
        let float = |number: &Number| Value::from(number).float;
        let (margin, cost, size) = (float(&given.margin), float(&given.cost), judged.size);
        let piece = cost_per_piece.unwrap_or_else(|| given.cost.clone());
        let cost_per_piece = number_of(&piece).filter(|c| *c >= 0.0).ok_or_else(|| {
            Error::parameter("cost_per_piece", &piece, "what a contact in the test costs, from 0 up")
        })?;
        TestMailing::new(belief, size, [margin, cost, cost_per_piece], sizes, watch)
    }

    /// The decision about one customer of a segment (by its place) as a tree: contact, and see whether there is a
    /// response; or leave.
    pub fn tree(&self, segment: usize, lang: Lang) -> Result<Tree> {
        let judged = self.judged(segment)?;
        let given = &self.targeting.segments[segment];
        let cost = match &given.cost {
            Number::Exact(cost) => Number::Exact(-cost),
            other => Number::Float(-Value::from(other).float),
        };
        let response = chance([
            (lang.pick("responds", "响应"), Number::from(judged.response.clone()), pay(given.margin.clone())),
            (lang.pick("does not", "不响应"), Number::Rest, pay(0)),
        ]);
        let contact = response.paying(cost);
        decide(
            &*given.name,
            [(lang.pick("contact", "联系"), contact), (lang.pick("leave", "不联系"), pay(0))],
        )
        .build()
    }

    fn judged(&self, segment: usize) -> Result<&super::TargetSegment> {
        self.segments.get(segment).ok_or_else(|| {
            Error::parameter("segment", segment, &format!("a place below {}", self.segments.len()))
        })
    }
}

impl TestMailing {
    /// Tests of a segment of which so much is believed, with so many customers who may be contacted; margin, cost of
    /// a contact, cost of a contact in the test; and the sizes of the tests, from 1 to the customers.
    pub fn new(
        belief: Beta,
        size: u64,
        [margin, cost, cost_per_piece]: [f64; 3],
        sizes: &[u64],
        watch: &dyn Watch,
    ) -> Result<Self> {
        let parameter = |name: &str, value: f64, good: bool| {
            if good && value.is_finite() {
                Ok(())
            } else {
                Err(Error::parameter(name, value, "a finite number, above 0; costs from 0 up"))
            }
        };
        parameter("a", belief.a, belief.a > 0.0)?;
        parameter("b", belief.b, belief.b > 0.0)?;
        parameter("margin", margin, margin > 0.0)?;
        parameter("cost", cost, cost >= 0.0)?;
        parameter("cost_per_piece", cost_per_piece, cost_per_piece >= 0.0)?;
        if sizes.is_empty() {
            return Err(Error::parameter("m", "nothing", "at least one size of a test"));
        }
        if let Some(m) = sizes.iter().find(|&&m| m == 0 || m > size) {
            let expected = format!("from 1 to {size}, the customers of the segment who may be contacted");
            return Err(Error::parameter("m", m, &expected));
        }
        let people = size as f64;
        let per_contact = margin * belief.mean() - cost;
        let (without, break_even) = (people * per_contact.max(0.0), cost / margin);
        // What the wrong choice would lose.
        let loss = if per_contact > 0.0 { belief.shortfall(break_even) } else { belief.excess(break_even) };
        let mut tests = Vec::with_capacity(sizes.len());
        for (done, &m) in sizes.iter().enumerate() {
            watch.check()?;
            watch.progress(done as u64, sizes.len() as u64);
            let (contact_from, gain) = sample(belief, m, margin, cost);
            let tested = m as f64;
            let informed = gain + per_contact.max(0.0);
            let value = tested * (margin * belief.mean() - cost_per_piece) + (people - tested) * informed;
            // Written so that nothing large cancels.
            let first = margin * belief.mean() - cost_per_piece - per_contact.max(0.0);
            tests.push(TestSize {
                m,
                contact_from,
                evsi: people * gain,
                test_cost: tested * cost_per_piece,
                value,
                net_gain: tested * first + (people - tested) * gain,
            });
        }
        let better = |best: usize, i: usize| if tests[i].net_gain > tests[best].net_gain { i } else { best };
        let best = (1..tests.len()).fold(0, better);
        let evpi = people * margin * loss;
        Ok(Self { belief, size, margin, cost, cost_per_piece, without, evpi, tests, best })
    }
}

/// The fewest responses of m after which a contact pays, and E max(0, margin E[p | x] − cost) − max(0, margin E[p] −
/// cost): what the change of mind brings, a customer.
fn sample(belief: Beta, m: u64, margin: f64, cost: f64) -> (Option<u64>, f64) {
    let Beta { a, b } = belief;
    let n = m as f64;
    let gain = |x: f64| margin * ((a + x) / (a + b + n)) - cost;
    let guess = (cost / margin * (a + b + n) - a).clamp(-1.0, n) as i64 - 2;
    let from = (guess.max(0) as u64..=m).find(|&x| gain(x as f64) > 0.0);
    let contacted = margin * belief.mean() > cost;
    // One changes one's mind below the threshold if one would contact, from it on if one would not.
    let changed = |x: u64| from.is_some_and(|from| x >= from) != contacted;
    let (mut sum, mut all) = (0.0, 0.0);
    weights(belief, m, |x, weight| {
        all += weight;
        if changed(x) {
            sum += weight * gain(x as f64).abs();
        }
    });
    (from, sum / all)
}

/// Numbers in proportion to the beta-binomial probabilities of 0 … m, from the largest outwards by the ratio of
/// neighbours: so no logarithm of a large number cancels.
fn weights(belief: Beta, m: u64, mut see: impl FnMut(u64, f64)) {
    const NONE: f64 = 1e-290;
    let Beta { a, b } = belief;
    let n = m as f64;
    let ratio = |x: f64| (n - x) / (x + 1.0) * ((a + x) / (b + n - x - 1.0));
    let top = match () {
        () if a > 1.0 && b > 1.0 => (n * ((a - 1.0) / (a + b - 2.0))) as u64,
        () if a > 1.0 => m,
        () => 0,
    };
    let mut weight = 1.0;
    for x in top..=m {
        see(x, weight);
        weight *= ratio(x as f64);
        if weight < NONE {
            break;
        }
    }
    weight = 1.0;
    for x in (0..top).rev() {
        weight /= ratio(x as f64);
        if weight < NONE {
            break;
        }
        see(x, weight);
    }
}
