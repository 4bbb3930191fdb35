//! Tiers: names, and the share of the customers that each is to hold.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::explain::Label;

/// Decimals that a share is kept to.
const DECIMALS: usize = 18;
/// The whole: 10^18.
const WHOLE: u64 = 10u64.pow(DECIMALS as u32);

/// A share of the customers, exactly the decimal that was written: 0.01 is one hundredth.
///
/// ```
/// use patronage::segmentation::Share;
/// let share = Share::try_from(0.07)?;
/// assert_eq!(share.to_string(), "0.07");
/// assert_eq!(share.of(100), 7); // ⌈0.07 × 100⌉; in floats 0.07 × 100 is 7.000000000000001
/// # Ok::<(), patronage::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share(u64);

impl Share {
    /// ⌈share × n⌉.
    pub fn of(self, n: u64) -> u64 {
        (u128::from(self.0) * u128::from(n)).div_ceil(u128::from(WHOLE)) as u64
    }

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / WHOLE as f64
    }
}

impl FromStr for Share {
    type Err = Error;
    /// Reads a decimal above 0, up to 1, with 18 decimals at most.
    fn from_str(text: &str) -> Result<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let padded = format!("{whole}{decimals:0<DECIMALS$}");
        let valid = digits(whole) && digits(decimals) && !text.is_empty() && decimals.len() <= DECIMALS;
        match padded.parse() {
            Ok(share) if valid && (1..=WHOLE).contains(&share) => Ok(Self(share)),
            _ => Err(Error::parameter(
                "share",
                format!("'{text}'"),
                "a decimal above 0, up to 1, with at most 18 decimals",
            )),
        }
    }
}

/// The shortest decimal that stands for the float: what was written.
impl TryFrom<f64> for Share {
    type Error = Error;
    fn try_from(share: f64) -> Result<Self> {
        share.to_string().parse()
    }
}

impl TryFrom<String> for Share {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        share.to_string()
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{}.{:0DECIMALS$}", self.0 / WHOLE, self.0 % WHOLE);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A tier of the pyramid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name.
    pub label: Label,
    /// The share of the customers it is to hold.
    pub share: Share,
}

/// The tiers of a pyramid from the top down; their shares add up to exactly 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Tiers {
    name: String,
    tiers: Vec<Tier>,
}

/// English name, Chinese name and share.
type Row = (&'static str, &'static str, &'static str);

/// Curry, J. (2000), *The Customer Marketing Method*: the active customers by revenue.
const CURRY: [Row; 4] = [
    ("Top", "顶端客户", "0.01"),
    ("Big", "大客户", "0.04"),
    ("Medium", "中型客户", "0.15"),
    ("Small", "小型客户", "0.8"),
];

/// The grades of Chinese course texts.
const TEXTBOOK: [Row; 4] = [
    ("Important", "重要客户", "0.01"),
    ("Secondary", "次要客户", "0.19"),
    ("Ordinary", "普通客户", "0.3"),
    ("Small", "小客户", "0.5"),
];

/// Zeithaml, V. A., Rust, R. T., Lemon, K. N. (2001), *The Customer Pyramid*: the two-tier form.
const GOLD_IRON: [Row; 2] = [("Gold", "黄金层级", "0.2"), ("Iron", "钢铁层级", "0.8")];

impl Tiers {
    /// The names that [`Tiers::named`] knows.
    pub const NAMES: [&'static str; 3] = ["curry", "textbook", "gold_iron"];

    /// Tiers of one's own, from the top down.
    pub fn new(name: &str, tiers: Vec<Tier>) -> Result<Self> {
        let sum: u128 = tiers.iter().map(|tier| u128::from(tier.share.0)).sum();
        if sum != u128::from(WHOLE) {
            let shares: Vec<String> = tiers.iter().map(|tier| tier.share.to_string()).collect();
            return Err(Error::parameter(
                "tiers",
                format!("{name} ({})", shares.join(" + ")),
                "shares that add up to exactly 1",
            ));
        }
        let twice =
            tiers.iter().enumerate().find(|(i, t)| tiers[..*i].iter().any(|u| u.label.en == t.label.en));
        if let Some((_, tier)) = twice {
            return Err(Error::parameter(
                "tiers",
                format!("{name}: '{}' twice", tier.label.en),
                "distinct names",
            ));
        }
        if tiers.len() > usize::from(u8::MAX) {
            return Err(Error::parameter("tiers", format!("{} of them", tiers.len()), "at most 255 tiers"));
        }
        Ok(Self { name: name.into(), tiers })
    }

    /// Tiers that come with the library: `curry` (top 1 %, big 4 %, medium 15 %, small 80 %), `textbook`
    /// (重要客户 1 %, 次要客户 19 %, 普通客户 30 %, 小客户 50 %) or `gold_iron` (20 %, 80 %).
    pub fn named(name: &str) -> Result<Self> {
        let rows: &[Row] = match name {
            "curry" => &CURRY,
            "textbook" => &TEXTBOOK,
            "gold_iron" => &GOLD_IRON,
            _ => {
                return Err(Error::UnknownName {
                    what: "pyramid preset".into(),
                    name: name.into(),
                    mend: format!("there are {}, or give tiers of your own", Self::NAMES.join(", ")),
                });
            }
        };
        let tier = |&(en, zh, share): &Row| Ok(Tier { label: Label::new(en, zh), share: share.parse()? });
        Self::new(name, rows.iter().map(tier).collect::<Result<_>>()?)
    }

    /// The name of the preset, or the one given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tiers from the top down.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// The share of the customers down to the end of each tier.
    pub fn cumulative(&self) -> impl Iterator<Item = Share> {
        self.tiers.iter().scan(0, |sum, tier| {
            *sum += tier.share.0;
            Some(Share(*sum))
        })
    }

    /// The last rank of each tier among `n` customers, were there no ties: ⌈p·n⌉.
    pub fn ends(&self, n: u64) -> Vec<u64> {
        self.cumulative().map(|share| share.of(n)).collect()
    }
}

/// Tiers as they are stored; the sum is checked when they are read.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    name: String,
    tiers: Vec<Tier>,
}

impl From<Tiers> for Stored {
    fn from(tiers: Tiers) -> Self {
        Self { name: tiers.name, tiers: tiers.tiers }
    }
}

impl TryFrom<Stored> for Tiers {
    type Error = Error;
    fn try_from(stored: Stored) -> Result<Self> {
        Self::new(&stored.name, stored.tiers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_preset_adds_up() {
        for name in Tiers::NAMES {
            assert_eq!(Tiers::named(name).unwrap().name(), name);
        }
        assert!(Tiers::named("platinum").is_err());
        assert_eq!(Tiers::named("curry").unwrap().ends(4338), [44, 217, 868, 4338]);
    }

    #[test]
    fn shares_must_add_up_to_one() {
        let tier = |name: &str, share: f64| Tier { label: name.into(), share: share.try_into().unwrap() };
        let error = Tiers::new("mine", vec![tier("a", 0.3), tier("b", 0.6)]).unwrap_err().to_string();
        assert!(error.contains("0.3 + 0.6"), "{error}");
        assert!(Tiers::new("mine", vec![tier("a", 0.5), tier("a", 0.5)]).is_err());
        // 0.1 + 0.2 + 0.7 is not 1 in floats.
        assert!(Tiers::new("mine", vec![tier("a", 0.1), tier("b", 0.2), tier("c", 0.7)]).is_ok());
    }

    #[test]
    fn what_is_not_a_share() {
        for text in ["", "0", "-0.1", "1.1", "1e-3", "NaN", "inf", "0.1234567890123456789", "+0.5", "0..5"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
        assert!(Share::try_from(f64::NAN).is_err());
        assert!(Share::try_from(1e-19).is_err());
        assert_eq!("1".parse::<Share>().unwrap().of(7), 7);
    }

    proptest! {
        /// In whole percents the boundary is ⌈p·n/100⌉.
        #[test]
        fn boundaries_in_whole_numbers(percent in 1u64..=100, n in 0u64..100_000) {
            let share = Share::try_from(percent as f64 / 100.0).unwrap();
            prop_assert_eq!(share.of(n), (percent * n).div_ceil(100));
            prop_assert_eq!(share.to_string().parse::<Share>().unwrap(), share);
        }
    }
}
