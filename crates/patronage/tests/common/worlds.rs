//! Made-up customers who live as a buy-till-you-die model says.

// Each file of tests uses a part of it.
#![allow(dead_code)]

use patronage::clv::{Fit, History, PurchaseModel};
use patronage::watch::Unwatched;
use rand::RngExt;
use rand_distr::{Beta, Distribution, Exp1, Gamma};
use rand_pcg::Pcg64;

/// Random numbers by seed.
pub struct Chance(Pcg64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(Pcg64::new(u128::from(seed), 7))
    }

    pub fn uniform(&mut self) -> f64 {
        self.0.random()
    }

    /// A size between two others, all orders of magnitude alike.
    pub fn size(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.uniform())
    }

    pub fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }

    pub fn gamma(&mut self, shape: f64) -> f64 {
        Gamma::new(shape, 1.0).unwrap().sample(&mut self.0)
    }

    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        Beta::new(a, b).unwrap().sample(&mut self.0)
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
    pub fn new([frequency, recency, age]: [Vec<f64>; 3]) -> Self {
        Self { frequency, recency, age }
    }

    /// Customers watched for half to the whole of `watched` periods, with so many moments to the period; purchases of
    /// one moment are one.
    pub fn of(
        customers: usize,
        watched: f64,
        moments: f64,
        seed: u64,
        mut nature: impl FnMut(&mut Chance) -> Nature,
    ) -> Self {
        let mut chance = Chance::new(seed);
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
        let mut chance = Chance::new(9);
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
