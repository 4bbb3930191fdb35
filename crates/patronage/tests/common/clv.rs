//! Histories for tests: of CDNOW, and made up.

#![allow(dead_code, clippy::unwrap_used)]

use std::io::Read;

use flate2::read::GzDecoder;
use patronage::clv::History;
use rand::RngExt;
use rand_distr::{Beta, Distribution, Exp, Gamma};
use rand_pcg::Pcg64;

/// Columns of a history: frequency, recency, T.
pub struct Columns(pub Vec<f64>, pub Vec<f64>, pub Vec<f64>);

impl Columns {
    pub fn history(&self) -> History<'_> {
        History::new(&self.0[..], &self.1, &self.2).unwrap()
    }
}

/// The 2,357 customers of CDNOW in weeks, watched for 39 of them.
pub fn cdnow() -> Option<Columns> {
    let mut text = String::new();
    let file = std::fs::File::open(crate::common::shared("data/cdnow_sample_cbs_39w.csv.gz")?).unwrap();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut columns = Columns(Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |i: usize| record[i].parse::<f64>().unwrap();
        columns.0.push(cell(1));
        columns.1.push(cell(2) / 7.0);
        columns.2.push(cell(3) / 7.0);
    }
    Some(columns)
}

/// Customers of a BG/NBD world, each with parameters r, α, a, b of her own, watched for 30 to 60 periods.
pub fn bgnbd_world(parameters: &[[f64; 4]], seed: u64) -> Columns {
    let mut random = Pcg64::new(u128::from(seed), 7);
    let mut columns = Columns(Vec::new(), Vec::new(), Vec::new());
    for &[r, alpha, a, b] in parameters {
        let rate = Gamma::new(r, 1.0 / alpha).unwrap().sample(&mut random).max(1e-300);
        let leaving: f64 = Beta::new(a, b).unwrap().sample(&mut random);
        let age = 30.0 + 30.0 * random.random::<f64>();
        let gap = Exp::new(rate).unwrap();
        let (mut x, mut last, mut now) = (0.0, 0.0, 0.0);
        loop {
            now += gap.sample(&mut random);
            if now > age {
                break;
            }
            (x, last) = (x + 1.0, now);
            if random.random::<f64>() < leaving {
                break;
            }
        }
        columns.0.push(x);
        columns.1.push(last);
        columns.2.push(age);
    }
    columns
}
