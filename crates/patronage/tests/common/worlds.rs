//! Made-up customers who live as a buy-till-you-die model says.

// Each file of tests uses a part of it.
#![allow(dead_code)]

use patronage::clv::{Fit, History, PurchaseModel};
use patronage::watch::Unwatched;

/// A generator that needs no crate: a 64-bit linear congruence (Knuth's constants), its high bits taken.
pub struct Chance(pub u64);

impl Chance {
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A size between two others, all orders of magnitude alike.
    pub fn size(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }

    pub fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// Marsaglia and Tsang (2000), by way of two uniform numbers for a normal one.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let normal = (2.0 * self.exponential()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos();
            let v = (1.0 + normal / (9.0 * d).sqrt()).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * normal * normal + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (first, second) = (self.gamma(a), self.gamma(b));
        first / (first + second)
    }
}

/// What a customer is like.
pub struct Nature {
    /// Purchases per period; with `k` above 1, stages between purchases per period.
    pub rate: f64,
    /// Stages to the next purchase.
    pub k: u32,
    /// Periods until she dies, whatever she buys.
    pub lifetime: f64,
    /// Probability of dropping out after a repeat purchase.
    pub drop_out: f64,
    /// Whether she may drop out after the first purchase too.
    pub at_once: bool,
}

impl Nature {
    /// Buys at a rate, for ever.
    pub fn buying(rate: f64) -> Self {
        Self { rate, k: 1, lifetime: f64::INFINITY, drop_out: 0.0, at_once: false }
    }
}

pub struct World {
    pub frequency: Vec<f64>,
    pub recency: Vec<f64>,
    pub age: Vec<f64>,
}

impl World {
    /// Customers watched for half to the whole of `watched` periods, with so many moments to the period; purchases of
    /// one moment are one.
    pub fn of(
        customers: usize,
        watched: f64,
        moments: f64,
        seed: u64,
        nature: impl Fn(&mut Chance) -> Nature,
    ) -> Self {
        let mut chance = Chance(seed);
        let mut world = Self { frequency: Vec::new(), recency: Vec::new(), age: Vec::new() };
        for _ in 0..customers {
            let age = (watched * (0.5 + 0.5 * chance.uniform()) * moments).ceil() / moments;
            let Nature { rate, k, lifetime, drop_out, at_once } = nature(&mut chance);
            let (mut x, mut last, mut now) = (0.0, 0.0, 0.0);
            if !(at_once && chance.uniform() < drop_out) {
                loop {
                    now += (0..k).map(|_| chance.exponential()).sum::<f64>() / rate;
                    let moment = (now * moments).ceil() / moments;
                    if now.is_nan() || now > lifetime || moment > age {
                        break;
                    }
                    if moment > last {
                        (x, last) = (x + 1.0, moment);
                    }
                    if chance.uniform() < drop_out {
                        break;
                    }
                }
            }
            world.frequency.push(x);
            world.recency.push(last);
            world.age.push(age);
        }
        world
    }

    pub fn history(&self) -> History<'_> {
        History::new(&self.frequency[..], &self.recency, &self.age).unwrap()
    }

    pub fn fit<M: PurchaseModel>(&self) -> Fit<M> {
        M::fit(&self.history(), &Unwatched).unwrap()
    }

    /// Whether anybody bought again.
    pub fn buys_again(&self) -> bool {
        self.frequency.iter().any(|&x| x > 0.0)
    }

    /// The rows in another order.
    pub fn shuffled(&self) -> Self {
        let mut order: Vec<usize> = (0..self.age.len()).collect();
        let mut chance = Chance(9);
        order.sort_by_cached_key(|_| (chance.uniform() * 1e15) as u64);
        let take = |column: &[f64]| order.iter().map(|&i| column[i]).collect();
        Self { frequency: take(&self.frequency), recency: take(&self.recency), age: take(&self.age) }
    }
}

/// Customers who are like a model's.
pub trait Simulated: PurchaseModel {
    fn nature(parameters: &[f64], chance: &mut Chance) -> Nature;

    fn world(&self, customers: usize, watched: f64, moments: f64, seed: u64) -> World {
        let parameters = self.parameters();
        World::of(customers, watched, moments, seed, |chance| Self::nature(&parameters, chance))
    }
}

impl Simulated for patronage::clv::BgNbd {
    fn nature(p: &[f64], chance: &mut Chance) -> Nature {
        let rate = chance.gamma(p[0]) / p[1];
        Nature { drop_out: chance.beta(p[2], p[3]), ..Nature::buying(rate) }
    }
}

impl Simulated for patronage::clv::MbgNbd {
    fn nature(p: &[f64], chance: &mut Chance) -> Nature {
        let rate = chance.gamma(p[0]) / p[1];
        Nature { drop_out: chance.beta(p[2], p[3]), at_once: true, ..Nature::buying(rate) }
    }
}

impl Simulated for patronage::clv::Nbd {
    fn nature(p: &[f64], chance: &mut Chance) -> Nature {
        Nature::buying(chance.gamma(p[0]) / p[1])
    }
}

impl Simulated for patronage::clv::ParetoNbd {
    fn nature(p: &[f64], chance: &mut Chance) -> Nature {
        let rate = chance.gamma(p[0]) / p[1];
        let lifetime = chance.exponential() / (chance.gamma(p[2]) / p[3]);
        Nature { lifetime, ..Nature::buying(rate) }
    }
}

impl Simulated for patronage::clv::GGompertzNbd {
    /// Given her scale η she survives u periods with probability e^(−η (e^(bu) − 1)).
    fn nature(p: &[f64], chance: &mut Chance) -> Nature {
        let rate = chance.gamma(p[0]) / p[1];
        let scale = chance.gamma(p[3]) / p[4];
        Nature { lifetime: (chance.exponential() / scale).ln_1p() / p[2], ..Nature::buying(rate) }
    }
}
