//! What the analyses say, in plain words.

use super::one_way::{OneWay, Region, RegionChoice};
use crate::decision::exact::Exact;
use crate::decision::words::{explicit, join_names, plain};
use crate::explain::{Lang, Working};

/// Regions that are written out.
const SHOWN: usize = 200;

impl RegionChoice {
    /// One instruction: after good: “dig”.
    fn to_text(&self, lang: Lang) -> String {
        let after = self.after.join(" → ");
        let at = match (lang, after.as_str()) {
            (_, "") => self.decision.clone(),
            (Lang::En, after) => format!("after {after}"),
            (Lang::Zh, after) => format!("在 {after} 之后"),
        };
        let names: Vec<&str> = self.choice.iter().map(String::as_str).collect();
        let choice = join_names(&names, lang);
        if at.is_empty() { choice } else { format!("{at}{}{choice}", lang.pick(": ", "：")) }
    }
}

impl Region {
    /// The strategy in words; the name of the root's decision goes without saying.
    pub fn to_text(&self, lang: Lang) -> String {
        let choice = |c: &RegionChoice| {
            if c.node > 0 {
                return c.to_text(lang);
            }
            let names: Vec<&str> = c.choice.iter().map(String::as_str).collect();
            join_names(&names, lang)
        };
        if self.strategy.is_empty() {
            return lang.pick("nothing to decide", "无需决策").into();
        }
        self.strategy.iter().map(choice).collect::<Vec<_>>().join(lang.pick("; ", "；"))
    }

    /// The expected value as a formula in the parameter.
    pub fn formula(&self, parameter: &str) -> String {
        let (top, bottom) = self.coefficients();
        let top = polynomial(top, parameter);
        match bottom {
            [one] if *one == Exact::ONE => top,
            _ => format!("({top}) / ({})", polynomial(bottom, parameter)),
        }
    }
}

/// A polynomial, from the highest power on: 380,000 p − 180,000.
fn polynomial(coefficients: &[Exact], x: &str) -> String {
    let mut text = String::new();
    for (k, coefficient) in coefficients.iter().enumerate().rev() {
        if coefficient.is_zero() {
            continue;
        }
        let size = if coefficient.is_negative() { -coefficient } else { coefficient.clone() };
        let sign = match (text.is_empty(), coefficient.is_negative()) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        let power = match k {
            0 => String::new(),
            1 => x.into(),
            _ => format!("{x}^{k}"),
        };
        let number = match (k, size == Exact::ONE) {
            (1.., true) => power,
            (0, _) => plain(&size.into()),
            _ => format!("{} {power}", plain(&size.into())),
        };
        text.push_str(sign);
        text.push_str(&number);
    }
    if text.is_empty() { "0".into() } else { text }
}

impl OneWay {
    /// Which strategy is best where, in sentences, and the expected value as a formula.
    pub fn explain(&self, lang: Lang) -> Working {
        let name = &*self.parameter;
        let mut w = Working::new(match lang {
            Lang::En => format!("The best choice as {name} varies"),
            Lang::Zh => format!("{name} 变动时的最优选择"),
        });
        let last = self.regions.len().saturating_sub(1);
        for (i, region) in self.regions.iter().enumerate().take(SHOWN) {
            let [from, to] = [&region.from, &region.to].map(|point| explicit(&self.point(point)));
            let best = region.to_text(lang);
            w = w.text(match (lang, i == 0, i == last) {
                (Lang::En, true, true) => format!("For every {name} from {from} to {to}: {best}."),
                (Lang::En, true, _) => format!("Up to {name} = {to}: {best}."),
                (Lang::En, _, true) => format!("From {name} = {from} on: {best}."),
                (Lang::En, ..) => format!("From {name} = {from} to {to}: {best}."),
                (Lang::Zh, true, true) => format!("{name} 从 {from} 到 {to}：始终选择{best}。"),
                (Lang::Zh, true, _) => format!("{name} 不超过 {to} 时：选择{best}。"),
                (Lang::Zh, _, true) => format!("{name} 达到 {from} 以后：选择{best}。"),
                (Lang::Zh, ..) => format!("{name} 从 {from} 到 {to}：选择{best}。"),
            });
        }
        if last > 0 {
            w = w.text(lang.pick(
                "At a break-even both neighbours are worth the same.",
                "在盈亏平衡点上，相邻两个方案的期望值相等。",
            ));
        }
        let header = [
            lang.pick("from", "从").to_string(),
            lang.pick("to", "到").into(),
            lang.pick("choice", "选择").into(),
            lang.pick("expected value", "期望值").into(),
        ];
        let row = |region: &Region| {
            let [from, to] = [&region.from, &region.to].map(|point| explicit(&self.point(point)));
            vec![from, to, region.to_text(lang), region.formula(name)]
        };
        w.table(header.into(), self.regions.iter().take(SHOWN).map(row).collect())
    }
}
