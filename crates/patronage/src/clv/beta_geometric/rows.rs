//! The terms in time of several customers at once, for models in which every stage is a purchase: written over arrays,
//! so that the compiler works on several customers with one instruction.

use super::super::fit::Sink;
use super::super::history::Customer;
use super::super::numeric::{exp, ln_1p};
use super::Family;
use super::likelihood::{A, ALPHA, B, R};

/// Customers worked on together.
const LANES: usize = 8;
/// Beyond it e^u may be out of range.
const LARGEST_EXPONENT: f64 = 600.0;

type Lanes = [f64; LANES];

impl Family {
    /// The terms in time of some customers, each with how many she stands for.
    pub(super) fn add_rows<S: Sink>(&self, sums: &mut S, rows: &[(Customer, f64)]) {
        let (together, rest) = rows.as_chunks::<LANES>();
        for eight in together {
            if self.k > 1 || !self.add_eight(sums, eight) {
                eight.iter().for_each(|&(customer, weight)| self.add_row(sums, customer, weight));
            }
        }
        rest.iter().for_each(|&(customer, weight)| self.add_row(sums, customer, weight));
    }

    /// As `add_row` for k = 1; false, and nothing added, where a number leaves the range of e^u.
    fn add_eight<S: Sink>(&self, sums: &mut S, rows: &[(Customer, f64); LANES]) -> bool {
        let &Self { r, alpha, a, b, occasions, .. } = self;
        let lanes =
            |value: &dyn Fn(&(Customer, f64)) -> f64| -> Lanes { std::array::from_fn(|i| value(&rows[i])) };
        let x = lanes(&|(customer, _)| customer.frequency);
        let recency = lanes(&|(customer, _)| customer.recency);
        let age = lanes(&|(customer, _)| customer.age);
        let weight = lanes(&|&(_, weight)| weight);
        let [mut waited, mut quiet, mut per_end, mut per_last, mut per_rest] = [[0.0; LANES]; 5];
        let [mut odds, mut exponent] = [[0.0; LANES]; 2];
        for i in 0..LANES {
            // Who has had no occasion to drop out is there.
            let may_be_gone = f64::from(u8::from(x[i] + occasions > 0.0));
            per_end[i] = 1.0 / (alpha + age[i]);
            per_last[i] = 1.0 / (alpha + recency[i]);
            per_rest[i] = may_be_gone / (b + (x[i] + (occasions - 1.0)) * may_be_gone);
            waited[i] = ln_1p(age[i] / alpha);
            quiet[i] = ln_1p((age[i] - recency[i]) * per_last[i]);
            exponent[i] = (r + x[i]) * quiet[i];
            odds[i] = a * per_rest[i] * exp(exponent[i]);
        }
        let plain =
            |i: usize| exponent[i] < LARGEST_EXPONENT && odds[i] < f64::MAX && age[i] / alpha < f64::MAX;
        if !(0..LANES).all(plain) {
            return false;
        }
        let [mut value, mut slope_r, mut slope_alpha, mut slope_a, mut slope_b] = [[0.0; LANES]; 5];
        let [mut gone, mut spread, mut move_alpha] = [[0.0; LANES]; 3];
        for i in 0..LANES {
            let unlikely = 1.0 / (1.0 + odds[i]);
            let shape = r + x[i];
            gone[i] = weight[i] * (odds[i] * unlikely);
            spread[i] = gone[i] * unlikely;
            // (T−tₓ)/((α+T)(α+tₓ)), the derivative of −ln((α+T)/(α+tₓ)) in α.
            let narrowing = (age[i] - recency[i]) * per_end[i] * per_last[i];
            move_alpha[i] = -shape * narrowing;
            value[i] = weight[i] * (ln_1p(odds[i]) - shape * waited[i]);
            slope_r[i] = gone[i] * quiet[i] - weight[i] * waited[i];
            slope_alpha[i] = weight[i] * (r * age[i] / alpha - x[i]) * per_end[i] + gone[i] * move_alpha[i];
            slope_a[i] = gone[i];
            slope_b[i] = gone[i] * per_rest[i];
        }
        let total = |lanes: Lanes| lanes.iter().sum::<f64>();
        sums.value(total(value));
        sums.gradient(R, total(slope_r));
        sums.gradient(ALPHA, total(slope_alpha));
        sums.gradient(A, total(slope_a) / a);
        sums.gradient(B, -total(slope_b));
        if !S::CURVED {
            return true;
        }
        let [mut r_r, mut r_alpha, mut alpha_alpha, mut r_a, mut r_b] = [[0.0; LANES]; 5];
        let [mut alpha_a, mut alpha_b, mut a_a, mut a_b, mut b_b] = [[0.0; LANES]; 5];
        for i in 0..LANES {
            let narrowing = (age[i] - recency[i]) * per_end[i] * per_last[i];
            // x/(α+T)² + r/(α+T)² − r/α², in which r and α may both be huge.
            let bend = x[i] - r * (age[i] / alpha) * (2.0 + age[i] / alpha);
            let waiting = weight[i] * bend * per_end[i] * per_end[i];
            r_r[i] = spread[i] * quiet[i] * quiet[i];
            r_alpha[i] = weight[i] * age[i] / alpha * per_end[i] - gone[i] * narrowing
                + spread[i] * quiet[i] * move_alpha[i];
            alpha_alpha[i] = waiting - gone[i] * move_alpha[i] * (per_end[i] + per_last[i])
                + spread[i] * move_alpha[i] * move_alpha[i];
            r_a[i] = spread[i] * quiet[i];
            r_b[i] = spread[i] * quiet[i] * per_rest[i];
            alpha_a[i] = spread[i] * move_alpha[i];
            alpha_b[i] = spread[i] * move_alpha[i] * per_rest[i];
            a_a[i] = spread[i] - gone[i];
            a_b[i] = spread[i] * per_rest[i];
            b_b[i] = (spread[i] + gone[i]) * per_rest[i] * per_rest[i];
        }
        sums.hessian(R, R, total(r_r));
        sums.hessian(R, ALPHA, total(r_alpha));
        sums.hessian(ALPHA, ALPHA, total(alpha_alpha));
        sums.hessian(R, A, total(r_a) / a);
        sums.hessian(R, B, -total(r_b));
        sums.hessian(ALPHA, A, total(alpha_a) / a);
        sums.hessian(ALPHA, B, -total(alpha_b));
        sums.hessian(A, A, total(a_a) / (a * a));
        sums.hessian(A, B, -total(a_b) / a);
        sums.hessian(B, B, total(b_b));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fit::Sums;
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64, size: f64) -> bool {
        (found - expected).abs() <= 1e-13 * size
    }

    /// Together and one by one.
    fn check(family: &Family, rows: &[(Customer, f64)]) {
        let (mut together, mut single, mut size) =
            (Sums::<true>::default(), Sums::<true>::default(), Sums::<true>::default());
        family.add_rows(&mut together, rows);
        for &(customer, weight) in rows {
            family.add_row(&mut single, customer, weight);
            let mut alone = Sums::<true>::default();
            family.add_row(&mut alone, customer, weight);
            let alone = alone.derivatives(4);
            size.value(alone.value.abs());
            for i in R..=B {
                size.gradient(i, alone.gradient[i].abs());
                (i..=B).for_each(|j| size.hessian(i, j, alone.hessian[i][j].abs()));
            }
        }
        let [together, single, size] = [together, single, size].map(|sums| sums.derivatives(4));
        assert!(near(together.value, single.value, size.value), "{} {}", together.value, single.value);
        for i in R..=B {
            let [found, expected] = [&together, &single].map(|sums| sums.gradient[i]);
            assert!(near(found, expected, 3.0 * size.gradient[i]), "gradient {i}: {found} {expected}");
            for j in i..=B {
                let [found, expected] = [&together, &single].map(|sums| sums.hessian[i][j]);
                assert!(
                    near(found, expected, 10.0 * size.hessian[i][j]),
                    "hessian {i} {j}: {found} {expected}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn together_as_one_by_one(
            r in -4.0_f64..4.0, alpha in -4.0_f64..6.0, a in -4.0_f64..4.0, b in -4.0_f64..6.0,
            rows in prop::collection::vec((0_u32..60, 0.05_f64..=1.0, 0.5_f64..600.0, 0.5_f64..9.0), 1..40),
        ) {
            let [r, alpha, a, b] = [r, alpha, a, b].map(f64::exp);
            let rows: Vec<(Customer, f64)> = rows
                .iter()
                .map(|&(x, share, age, weight)| {
                    let recency = if x > 0 { share * age } else { 0.0 };
                    (Customer::new(f64::from(x), recency, age).unwrap(), weight)
                })
                .collect();
            for occasions in [0.0, 1.0] {
                check(&Family { r, alpha, a, b, k: 1, occasions }, &rows);
            }
        }
    }
}
