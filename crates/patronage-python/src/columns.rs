//! Tables in: the columns of an Arrow record batch as the core reads them.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema, TimeUnit};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use patronage::transactions::calendar::day;
use patronage::transactions::{Id, IdColumn, Labels, TimeColumn};
use patronage::{Error, Result};

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The day of a moment; one beyond the calendar for those that are missing or beyond it.
pub fn day_of(micros: i64) -> i32 {
    i32::try_from(micros.div_euclid(MICROS_A_DAY)).unwrap_or(i32::MIN)
}

/// The column of a name; if there is none, an error that lists those that are there.
pub fn find<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| missing(&batch.schema(), name))
}

/// Checks that a schema has a column exactly once.
pub fn require(schema: &Schema, name: &str) -> Result<()> {
    match schema.fields().iter().filter(|f| f.name() == name).count() {
        1 => Ok(()),
        0 => Err(missing(schema, name)),
        n => Err(Error::ColumnNeeded {
            column: name.into(),
            purpose: format!("this work once, but is there {n} times"),
            mend: "rename the columns so that each name is there once".into(),
        }),
    }
}

/// Rows of a piece.
const PIECE: usize = 1 << 15;

/// A batch in pieces: what is made of one stays in the cache, and little memory is needed at a time. A column with
/// a dictionary is left whole, as its dictionary is read with each piece.
pub fn pieces(batch: &RecordBatch) -> impl Iterator<Item = RecordBatch> {
    fn is_coded(data_type: &DataType) -> bool {
        match data_type {
            DataType::Dictionary(..) => true,
            DataType::List(items) | DataType::LargeList(items) | DataType::FixedSizeList(items, _) => {
                is_coded(items.data_type())
            }
            _ => false,
        }
    }
    let coded = batch.columns().iter().any(|column| is_coded(column.data_type()));
    let rows = if coded { batch.num_rows().max(1) } else { PIECE };
    (0..batch.num_rows())
        .step_by(rows)
        .map(move |start| batch.slice(start, rows.min(batch.num_rows() - start)))
}

fn missing(schema: &Schema, name: &str) -> Error {
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    Error::ColumnNeeded {
        column: name.into(),
        purpose: "this work, but the table does not have it".into(),
        mend: format!("its columns are: {}", names.join(", ")),
    }
}

fn wrong_type(name: &str, array: &dyn Array, wanted: &str, cast: &str) -> Error {
    Error::InvalidValue {
        column: name.into(),
        row: 0,
        count: array.len() as u64,
        problem: format!("type {} where {wanted} are expected", array.data_type()),
        mend: cast.into(),
    }
}

/// Ids: integers of any width, strings of any kind, categoricals of strings, or floats that are whole numbers
/// (as pandas holds integers among which some are missing).
pub fn ids<'a>(name: &str, array: &'a dyn Array, row: u64) -> Result<IdColumn<'a>> {
    fn ints<T: ArrowPrimitiveType>(array: &dyn Array) -> IdColumn<'static>
    where
        T::Native: Into<i64>,
    {
        IdColumn::OptionalInts(array.as_primitive::<T>().iter().map(|x| x.map(Into::into)).collect())
    }
    Ok(match array.data_type() {
        DataType::Int64 if array.null_count() == 0 => {
            IdColumn::Ints(array.as_primitive::<Int64Type>().values())
        }
        DataType::Int64 => ints::<Int64Type>(array),
        DataType::Int32 => ints::<Int32Type>(array),
        DataType::Int16 => ints::<Int16Type>(array),
        DataType::Int8 => ints::<Int8Type>(array),
        DataType::UInt32 => ints::<UInt32Type>(array),
        DataType::UInt16 => ints::<UInt16Type>(array),
        DataType::UInt8 => ints::<UInt8Type>(array),
        DataType::UInt64 => {
            whole(name, row, array.as_primitive::<UInt64Type>().iter(), |x| i64::try_from(x).ok())?
        }
        DataType::Float64 => whole(name, row, present(array.as_primitive::<Float64Type>().iter()), exact)?,
        DataType::Float32 => whole(
            name,
            row,
            present(array.as_primitive::<Float32Type>().iter().map(|x| x.map(f64::from))),
            exact,
        )?,
        DataType::Decimal128(_, scale) => {
            let unit = 10i128.checked_pow(u32::from(scale.unsigned_abs())).unwrap_or(i128::MAX);
            whole(name, row, array.as_primitive::<Decimal128Type>().iter(), |x| {
                let value = if *scale > 0 { (x % unit == 0).then(|| x / unit) } else { x.checked_mul(unit) };
                value.and_then(|x| i64::try_from(x).ok())
            })?
        }
        DataType::Utf8 => IdColumn::Texts(array.as_string::<i32>().iter().collect()),
        DataType::LargeUtf8 => IdColumn::Texts(array.as_string::<i64>().iter().collect()),
        DataType::Utf8View => IdColumn::Texts(array.as_string_view().iter().collect()),
        DataType::Null => IdColumn::OptionalInts(vec![None; array.len()]),
        DataType::Dictionary(..) => {
            let keys = array.as_any_dictionary();
            let values = ids(name, keys.values().as_ref(), row)?;
            let normal = if keys.values().is_empty() { vec![0; array.len()] } else { keys.normalized_keys() };
            let at = |i: usize| keys.keys().is_valid(i).then(|| normal[i]);
            match values {
                // A place beyond the texts is a missing id.
                IdColumn::Texts(texts) => IdColumn::Coded {
                    codes: (0..array.len()).map(|i| at(i).map_or(u32::MAX, |k| k as u32)).collect(),
                    texts,
                },
                ints => IdColumn::OptionalInts(
                    (0..array.len())
                        .map(|i| match at(i).and_then(|k| ints.get(k)) {
                            Some(Id::Int(number)) => Some(number),
                            _ => None,
                        })
                        .collect(),
                ),
            }
        }
        _ => {
            return Err(wrong_type(name, array, "integers or strings", "cast the column to int64 or string"));
        }
    })
}

/// Ids as they are read, batch by batch.
#[derive(Default)]
pub struct Ids {
    labels: Labels,
    pub rows: u64,
    missing: Option<(u64, u64)>,
    mixed: Option<(u64, u64)>,
}

impl Ids {
    /// Adds the ids of a batch.
    pub fn extend(&mut self, column: &IdColumn<'_>) {
        let note = |slot: &mut Option<(u64, u64)>, row| slot.get_or_insert((row, 0)).1 += 1;
        for row in 0..column.len() {
            if self.labels.is_empty() && matches!(column.get(row), Some(Id::Text(_))) {
                self.labels = Labels::Texts(Vec::new());
            }
            match (column.get(row), &mut self.labels) {
                (Some(Id::Int(id)), Labels::Ints(ids)) => ids.push(id),
                (Some(Id::Text(id)), Labels::Texts(ids)) => ids.push(id.into()),
                (None, _) => note(&mut self.missing, self.rows),
                _ => note(&mut self.mixed, self.rows),
            }
            self.rows += 1;
        }
    }

    /// The ids, if none is missing.
    pub fn finish(self, name: &str) -> Result<Labels> {
        let refuse = |(row, count), problem: &str, mend: &str| {
            Err(Error::InvalidValue {
                column: name.into(),
                row,
                count,
                problem: problem.into(),
                mend: mend.into(),
            })
        };
        match (self.missing, self.mixed) {
            (Some(where_), _) => refuse(where_, "no customer", "leave these rows out"),
            (_, Some(where_)) => refuse(where_, "integers and strings mixed", "cast the column to string"),
            _ => Ok(self.labels),
        }
    }
}

/// NaN among ids is a missing id.
fn present(values: impl Iterator<Item = Option<f64>>) -> impl Iterator<Item = Option<f64>> {
    values.map(|x| x.filter(|x| !x.is_nan()))
}

fn exact(x: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    (x.fract() == 0.0 && x.abs() <= LARGEST).then_some(x as i64)
}

fn whole<T>(
    name: &str,
    row: u64,
    values: impl Iterator<Item = Option<T>>,
    convert: impl Fn(T) -> Option<i64>,
) -> Result<IdColumn<'static>> {
    let mut bad: Option<(u64, u64)> = None;
    let ints = values
        .enumerate()
        .map(|(i, value)| {
            let value = value?;
            let int = convert(value);
            if int.is_none() {
                let (_, count) = bad.get_or_insert((row + i as u64, 0));
                *count += 1;
            }
            int
        })
        .collect();
    match bad {
        None => Ok(IdColumn::OptionalInts(ints)),
        Some((row, count)) => Err(Error::InvalidValue {
            column: name.into(),
            row,
            count,
            problem: "ids that are no whole numbers, or too large to be told apart".into(),
            mend: "cast the column to string".into(),
        }),
    }
}

/// Numbers of any width and decimals; null and NaN are missing and become NaN.
pub fn numbers<'a>(name: &str, array: &'a dyn Array) -> Result<Cow<'a, [f64]>> {
    fn floats<T: ArrowPrimitiveType>(
        array: &dyn Array,
        convert: impl Fn(T::Native) -> f64,
    ) -> Cow<'static, [f64]> {
        array.as_primitive::<T>().iter().map(|x| x.map_or(f64::NAN, &convert)).collect()
    }
    Ok(match array.data_type() {
        DataType::Float64 if array.null_count() == 0 => {
            Cow::Borrowed(array.as_primitive::<Float64Type>().values().as_ref())
        }
        DataType::Float64 => floats::<Float64Type>(array, |x| x),
        DataType::Float32 => floats::<Float32Type>(array, f64::from),
        DataType::Int64 => floats::<Int64Type>(array, |x| x as f64),
        DataType::Int32 => floats::<Int32Type>(array, f64::from),
        DataType::Int16 => floats::<Int16Type>(array, f64::from),
        DataType::Int8 => floats::<Int8Type>(array, f64::from),
        DataType::UInt64 => floats::<UInt64Type>(array, |x| x as f64),
        DataType::UInt32 => floats::<UInt32Type>(array, f64::from),
        DataType::UInt16 => floats::<UInt16Type>(array, f64::from),
        DataType::UInt8 => floats::<UInt8Type>(array, f64::from),
        DataType::Decimal128(_, scale) => {
            // Both are exact for decimals of up to 15 digits, so the quotient is the nearest float.
            let unit = 10f64.powi(i32::from(*scale));
            floats::<Decimal128Type>(array, |x| x as f64 / unit)
        }
        DataType::Null => vec![f64::NAN; array.len()].into(),
        _ => return Err(wrong_type(name, array, "numbers", "cast the column to float64")),
    })
}

/// Covariates: numbers, or truth values as 1 and 0.
pub fn covariate<'a>(name: &str, array: &'a dyn Array) -> Result<Cow<'a, [f64]>> {
    match array.data_type() {
        DataType::Boolean => {
            let values = array.as_boolean().iter();
            Ok(values.map(|x| x.map_or(f64::NAN, |x| f64::from(u8::from(x)))).collect())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(_, _) => {
            Err(wrong_type(
                name,
                array,
                "numbers or truth values",
                "make indicator columns, one for each category but one (in pandas: get_dummies with drop_first=True)",
            ))
        }
        _ => numbers(name, array),
    }
}

/// Reads time columns into one clock for the whole log.
///
/// Dates and zoneless timestamps are taken as they stand. Zoned timestamps are read in their column's zone, so
/// that a day is a day there; strings are ISO 8601 and must all be zoneless or all of one offset.
#[derive(Default)]
pub struct Clock {
    zone: Option<Zone>,
}

#[derive(Clone, PartialEq)]
enum Zone {
    Naive,
    Offset(Offset),
    Named(String),
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Naive => f.write_str("no time zone"),
            Self::Offset(offset) => write!(f, "UTC offset {offset}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl Clock {
    /// The zone whose days the log counts; empty if times have no zone.
    pub fn zone(&self) -> Option<String> {
        self.zone.as_ref().filter(|z| **z != Zone::Naive).map(ToString::to_string)
    }

    fn agree(&mut self, name: &str, row: u64, zone: Zone) -> Result<()> {
        let known = self.zone.get_or_insert_with(|| zone.clone());
        if *known == zone {
            return Ok(());
        }
        Err(Error::InvalidValue {
            column: name.into(),
            row,
            count: 1,
            problem: format!("mixed time zones ({known} before, {zone} here)"),
            mend: "convert the whole column to one zone".into(),
        })
    }

    /// The times of a column.
    pub fn times<'a>(&mut self, name: &str, array: &'a dyn Array, row: u64) -> Result<TimeColumn<'a>> {
        match array.data_type() {
            DataType::Date32 if array.null_count() == 0 => {
                self.agree(name, row, Zone::Naive)?;
                Ok(TimeColumn::Days(array.as_primitive::<Date32Type>().values()))
            }
            DataType::Date32 => {
                self.agree(name, row, Zone::Naive)?;
                Ok(micros(
                    array.as_primitive::<Date32Type>().iter().map(|d| d.map(i64::from)),
                    MICROS_A_DAY,
                    1,
                ))
            }
            DataType::Date64 => {
                self.agree(name, row, Zone::Naive)?;
                Ok(micros(array.as_primitive::<Date64Type>().iter(), 1000, 1))
            }
            DataType::Timestamp(unit, zone) => {
                let times = match unit {
                    TimeUnit::Second => {
                        micros(array.as_primitive::<TimestampSecondType>().iter(), 1_000_000, 1)
                    }
                    TimeUnit::Millisecond => {
                        micros(array.as_primitive::<TimestampMillisecondType>().iter(), 1000, 1)
                    }
                    TimeUnit::Microsecond => {
                        micros(array.as_primitive::<TimestampMicrosecondType>().iter(), 1, 1)
                    }
                    TimeUnit::Nanosecond => {
                        micros(array.as_primitive::<TimestampNanosecondType>().iter(), 1, 1000)
                    }
                };
                match zone {
                    None => self.agree(name, row, Zone::Naive)?,
                    Some(zone) => {
                        self.agree(name, row, Zone::Named(zone.to_string()))?;
                        return local(name, row, times, zone);
                    }
                }
                Ok(times)
            }
            DataType::Utf8 => self.parse(name, row, array.as_string::<i32>().iter()),
            DataType::LargeUtf8 => self.parse(name, row, array.as_string::<i64>().iter()),
            DataType::Utf8View => self.parse(name, row, array.as_string_view().iter()),
            DataType::Dictionary(..) => match ids(name, array, row)? {
                IdColumn::Texts(texts) => self.parse(name, row, texts.into_iter()),
                IdColumn::Coded { codes, texts } => {
                    let text = |code: &u32| texts.get(*code as usize).copied().flatten();
                    self.parse(name, row, codes.iter().map(text))
                }
                _ => Err(wrong_type(
                    name,
                    array,
                    "dates or timestamps",
                    "cast the column to a date or a timestamp",
                )),
            },
            DataType::Null => Ok(TimeColumn::Micros(vec![i64::MIN; array.len()].into())),
            _ => Err(wrong_type(
                name,
                array,
                "dates or timestamps",
                "cast the column to a date or a timestamp",
            )),
        }
    }

    fn parse<'s>(
        &mut self,
        name: &str,
        row: u64,
        texts: impl Iterator<Item = Option<&'s str>>,
    ) -> Result<TimeColumn<'static>> {
        let mut bad: Option<(u64, u64, String)> = None;
        let mut times = Vec::new();
        for (i, text) in texts.enumerate() {
            let row = row + i as u64;
            times.push(match text.map(moment) {
                None => i64::MIN,
                Some(Some((micros, zone))) => {
                    self.agree(name, row, zone)?;
                    micros
                }
                Some(None) => {
                    let (_, count, _) =
                        bad.get_or_insert_with(|| (row, 0, text.unwrap_or("").chars().take(40).collect()));
                    *count += 1;
                    i64::MIN
                }
            });
        }
        match bad {
            None => Ok(TimeColumn::Micros(times.into())),
            Some((row, count, text)) => Err(Error::InvalidValue {
                column: name.into(),
                row,
                count,
                problem: format!("strings that are no dates ('{text}')"),
                mend: "write them as 2024-01-31 or 2024-01-31T13:45:00, or parse the column to dates first"
                    .into(),
            }),
        }
    }
}

/// An ISO 8601 date, or date and time, with or without an offset, as microseconds on its own clock.
fn moment(text: &str) -> Option<(i64, Zone)> {
    let pieces = DateTimeParser::new().parse_pieces(text.trim()).ok()?;
    let zone = pieces.to_numeric_offset().map_or(Zone::Naive, Zone::Offset);
    let since_midnight = pieces.time().unwrap_or(Time::midnight()).duration_since(Time::midnight());
    let micros = i64::from(day(pieces.date())) * MICROS_A_DAY + since_midnight.as_micros() as i64;
    Some((micros, zone))
}

fn micros(values: impl Iterator<Item = Option<i64>>, times: i64, over: i64) -> TimeColumn<'static> {
    // What overflows lies outside the calendar, and stays outside it.
    let convert = |x: i64| x.div_euclid(over).saturating_mul(times).max(i64::MIN + 1);
    TimeColumn::Micros(values.map(|x| x.map_or(i64::MIN, convert)).collect())
}

/// Moments in UTC on the clock of a zone.
fn local(name: &str, row: u64, times: TimeColumn<'static>, zone: &str) -> Result<TimeColumn<'static>> {
    let unknown = || Error::InvalidValue {
        column: name.into(),
        row,
        count: times.len() as u64,
        problem: format!("the unknown time zone '{zone}'"),
        mend: "convert the column to a zone of the IANA database, such as UTC or Asia/Shanghai".into(),
    };
    let zone = TimeZone::get(zone)
        .ok()
        .or_else(|| {
            let moment = format!("2000-01-01T00:00{zone}");
            let offset = DateTimeParser::new().parse_pieces(&moment).ok()?.to_numeric_offset()?;
            Some(offset.to_time_zone())
        })
        .ok_or_else(unknown)?;
    let TimeColumn::Micros(utc) = &times else { return Ok(times) };
    let shifted = utc
        .iter()
        .map(|&t| match Timestamp::from_microsecond(t) {
            Ok(moment) if t != i64::MIN => t + i64::from(zone.to_offset(moment).seconds()) * 1_000_000,
            _ => t,
        })
        .collect();
    Ok(TimeColumn::Micros(shifted))
}
