//! The decimals that amounts of money were written with.

/// The most decimals that are looked for.
const MOST: u8 = 6;

/// The fewest decimals with which every amount seen so far can be written, or none if some amount needs more
/// than six or is too large to tell.
///
/// Cents have no exact float: ten cents are 0.1000000000000000055…, and a sum of such floats, however exactly it is
/// added, is not the sum of the cents. Where all terms have few decimals the sum has no more, and rounding to them
/// gives back what was meant ([`super::ExactSum::to_decimal`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimals(Option<u8>);

impl Default for Decimals {
    fn default() -> Self {
        Self(Some(0))
    }
}

impl Decimals {
    /// Takes an amount into account; the order of amounts does not matter.
    #[inline]
    pub fn see(&mut self, amount: f64) {
        let Some(known) = self.0 else { return };
        if !fits(amount, known) {
            // Fewer decimals than are known need no more: whole amounts too large to have cents are whole.
            self.0 = (0..=MOST).find(|&decimals| fits(amount, decimals)).map(|own| own.max(known));
        }
    }

    /// How many there are.
    pub fn count(self) -> Option<u8> {
        self.0
    }
}

/// Whether an amount is the float nearest to some number with so many decimals.
#[inline]
fn fits(amount: f64, decimals: u8) -> bool {
    const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
    const UNITS: [f64; MOST as usize + 1] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    let unit = UNITS[usize::from(decimals)];
    let scaled = amount * unit;
    if scaled.abs() >= EXACT_BELOW {
        return false;
    }
    let nearest = (scaled + 0.5_f64.copysign(scaled)) as i64 as f64;
    nearest / unit == amount
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(amounts: &[f64]) -> Option<u8> {
        let mut decimals = Decimals::default();
        amounts.iter().for_each(|&amount| decimals.see(amount));
        decimals.count()
    }

    #[test]
    fn counts() {
        assert_eq!(of(&[]), Some(0));
        assert_eq!(of(&[3.0, -7.0]), Some(0));
        assert_eq!(of(&[3.0, 0.1, -2.25]), Some(2));
        assert_eq!(of(&[0.000_001, 5.0]), Some(6));
        assert_eq!(of(&[1.0 / 3.0, 5.0]), None);
        assert_eq!(of(&[1e15, 0.01]), Some(2));
        assert_eq!(of(&[0.01, 1e15]), Some(2));
    }
}
