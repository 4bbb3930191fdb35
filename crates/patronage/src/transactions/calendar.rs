//! Days and the periods they are counted in. A day is a number: days since 1970-01-01.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Days since 1970-01-01.
pub type Day = i32;

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
/// The first and the last day of the calendar: 0001-01-01 and 9999-12-31.
pub const CALENDAR: std::ops::RangeInclusive<Day> = -719_162..=2_932_896;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// One day.
    Day,
    /// Seven days; a calendar week begins on Monday.
    Week,
    /// 30.4375 days, or a calendar month.
    Month,
    /// 91.3125 days, or a calendar quarter.
    Quarter,
    /// 365.25 days, or a calendar year.
    Year,
}

impl std::str::FromStr for Period {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "quarter" => Ok(Self::Quarter),
            "year" => Ok(Self::Year),
            _ => Err(Error::parameter("period", name, "one of day, week, month, quarter, year")),
        }
    }
}

impl Period {
    /// Its length in days where time is counted, not dated.
    pub fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 30.4375,
            Self::Quarter => 91.3125,
            Self::Year => 365.25,
        }
    }

    /// The number of the calendar period that holds a day; consecutive periods have consecutive numbers.
    pub fn index(self, day: Day) -> i32 {
        let date = date(day);
        let year = i32::from(date.year());
        match self {
            Self::Day => day,
            // 1970-01-01 was a Thursday, three days into its week.
            Self::Week => (day + 3).div_euclid(7),
            Self::Month => year * 12 + i32::from(date.month()) - 1,
            Self::Quarter => year * 4 + (i32::from(date.month()) - 1) / 3,
            Self::Year => year,
        }
    }

    /// The first day of a calendar period, by its number.
    pub fn start(self, index: i32) -> Day {
        let months = match self {
            Self::Day => return index,
            Self::Week => return index * 7 - 3,
            Self::Month => index,
            Self::Quarter => index * 3,
            Self::Year => index * 12,
        };
        let year = i16::try_from(months.div_euclid(12)).unwrap_or(i16::MAX);
        Date::new(year, (months.rem_euclid(12) + 1) as i8, 1).map_or(*CALENDAR.end(), day)
    }
}

/// The date of a day; the ends of the calendar for what lies beyond them.
pub fn date(day: Day) -> Date {
    let inside = day.clamp(*CALENDAR.start(), *CALENDAR.end());
    EPOCH.checked_add(inside.days()).unwrap_or(EPOCH)
}

/// The day of a date.
pub fn day(date: Date) -> Day {
    EPOCH.duration_until(date).as_hours().div_euclid(24) as Day
}

/// The day of a date written `2024-01-31`.
pub fn parse_day(text: &str) -> Result<Day> {
    let date: Date =
        text.parse().map_err(|_| Error::parameter("date", text, "a date written as 2024-01-31"))?;
    Ok(day(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates() {
        for (text, number) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("1997-09-30", 10_134)]
        {
            assert_eq!(parse_day(text).unwrap(), number);
            assert_eq!(date(number).to_string(), text);
        }
        assert_eq!(parse_day("0001-01-01").unwrap(), *CALENDAR.start());
        assert_eq!(parse_day("9999-12-31").unwrap(), *CALENDAR.end());
        assert!(parse_day("31.1.2024").is_err());
    }

    #[test]
    fn periods_begin_where_they_should() {
        let d = |text| parse_day(text).unwrap();
        for (period, inside, start, next) in [
            (Period::Week, "2024-02-29", "2024-02-26", "2024-03-04"),
            (Period::Month, "2024-02-29", "2024-02-01", "2024-03-01"),
            (Period::Quarter, "2024-02-29", "2024-01-01", "2024-04-01"),
            (Period::Year, "2024-02-29", "2024-01-01", "2025-01-01"),
            (Period::Month, "1969-12-15", "1969-12-01", "1970-01-01"),
        ] {
            let index = period.index(d(inside));
            assert_eq!(period.start(index), d(start));
            assert_eq!(period.start(index + 1), d(next));
            assert_eq!(period.index(d(start)), index);
        }
    }
}
