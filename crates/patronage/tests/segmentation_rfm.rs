//! RFM scores against brute force, against values worked out by hand, and by law.

use patronage::segmentation::{Method, Metric, Rfm, RfmInput, RfmScores, SegmentMap, Ties};
use patronage::transactions::Labels;
use patronage::watch::Unwatched;
use patronage::{Error, Lang, Result};
use proptest::prelude::*;

const TIES: [Ties; 4] = [Ties::Average, Ties::Min, Ties::Max, Ties::First];

struct Table {
    customers: Labels,
    recency: Vec<f64>,
    frequency: Vec<f64>,
    monetary: Vec<f64>,
}

impl Table {
    fn new(rows: &[(f64, f64, f64)]) -> Self {
        Self {
            customers: Labels::Ints((0..rows.len() as i64).collect()),
            recency: rows.iter().map(|row| row.0).collect(),
            frequency: rows.iter().map(|row| row.1).collect(),
            monetary: rows.iter().map(|row| row.2).collect(),
        }
    }

    fn input(&self) -> RfmInput<'_> {
        RfmInput {
            customers: &self.customers,
            recency: &self.recency,
            frequency: &self.frequency,
            monetary: &self.monetary,
        }
    }

    fn score(&self, rfm: &Rfm) -> Result<RfmScores> {
        rfm.run(&self.input(), &Unwatched)
    }
}

/// Ten customers, each better than the next in everything.
fn ten() -> Table {
    let row = |i: u32| (f64::from(10 * i + 1), f64::from(20 - i), f64::from(1000 - 90 * i));
    Table::new(&(0..10).map(row).collect::<Vec<_>>())
}

#[test]
fn the_best_are_champions_and_the_worst_hibernate() {
    for ties in TIES {
        let scores = ten().score(&Rfm::new().ties(ties)).unwrap();
        assert_eq!(scores.r(), [5, 5, 4, 4, 3, 3, 2, 2, 1, 1], "{ties:?}");
        assert_eq!(scores.r(), scores.f());
        assert_eq!(scores.r(), scores.m());
        assert_eq!(scores.segment(0).unwrap().en, "Champions");
        assert_eq!(scores.segment(9).unwrap().en, "Hibernating");
        assert_eq!(scores.segment(9).unwrap().get(Lang::Zh), "休眠客户");
        assert_eq!(scores.segment(10), None);
    }
    let mean = Rfm::new().method(Method::Mean).bins(2).segments(SegmentMap::named("mean8").ok());
    let scores = ten().score(&mean).unwrap();
    assert_eq!(scores.segment(0).unwrap().get(Lang::Zh), "重要价值客户");
    assert_eq!(scores.segment(9).unwrap().get(Lang::Zh), "一般挽留客户");
}

/// Frequencies 1 1 1 2 3 in five bins: the three ones share the ranks 1, 2 and 3.
#[test]
fn ties_by_hand() {
    let rows: Vec<_> = [1.0, 1.0, 1.0, 2.0, 3.0].map(|f| (0.0, f, 0.0)).to_vec();
    for (ties, expected) in [
        (Ties::Average, [2, 2, 2, 4, 5]),
        (Ties::Min, [1, 1, 1, 4, 5]),
        (Ties::Max, [3, 3, 3, 4, 5]),
        (Ties::First, [1, 2, 3, 4, 5]),
    ] {
        let scores = Table::new(&rows).score(&Rfm::new().ties(ties)).unwrap();
        assert_eq!(scores.f(), expected, "{ties:?}");
    }
}

#[test]
fn thresholds_are_the_values_at_the_borders() {
    let scores = ten().score(&Rfm::new()).unwrap();
    let bands = scores.thresholds();
    assert_eq!(bands.len(), 15);
    let best = bands.iter().find(|band| band.metric == Metric::Recency && band.score == 5).unwrap();
    assert_eq!((best.customers, best.lowest, best.highest), (2, Some(1.0), Some(11.0)));
    let rows: Vec<_> = [1.0, 1.0, 1.0, 2.0, 3.0].map(|f| (0.0, f, 0.0)).to_vec();
    let tied = Table::new(&rows).score(&Rfm::new()).unwrap().thresholds();
    let empty = tied.iter().find(|band| band.metric == Metric::Frequency && band.score == 1).unwrap();
    assert_eq!((empty.customers, empty.lowest, empty.highest), (0, None, None));
}

#[test]
fn summary_and_grid_add_up() {
    let scores = ten().score(&Rfm::new()).unwrap();
    let summary = scores.summary().unwrap().unwrap();
    assert_eq!(summary.len(), 10);
    assert_eq!(summary.iter().map(|line| line.group.customers).sum::<u64>(), 10);
    let champions = &summary[0];
    assert_eq!(champions.group.customers, 2);
    assert_eq!(champions.group.value, Some(1910.0));
    assert_eq!(champions.mean_recency, Some(6.0));
    let grid = scores.grid().unwrap();
    assert_eq!(grid.iter().map(|cell| cell.customers).sum::<u64>(), 10);
    assert_eq!((grid[24].r, grid[24].f, grid[24].customers, grid[24].monetary), (5, 5, 2, 1910.0));
    assert_eq!(scores.cells().next().unwrap(), "5-5-5");
}

#[test]
fn the_working_shows_rank_and_score() {
    let rows: Vec<_> = [1.0, 1.0, 1.0, 2.0, 3.0].map(|f| (4.0, f, 10.0 * f)).to_vec();
    let scores = Table::new(&rows).score(&Rfm::new()).unwrap();
    let english = scores.explain(0, Lang::En).unwrap().to_text();
    assert!(english.contains("F = ceil(bins × rank / customers) = ceil(5 × 2 / 5) = 2"), "{english}");
    let chinese = scores.explain(3, Lang::Zh).unwrap().to_text();
    assert!(chinese.contains("名次") && chinese.contains("F 4"), "{chinese}");
    assert!(matches!(scores.explain("Ann", Lang::En), Err(Error::UnknownName { .. })));
}

#[test]
fn bad_input() {
    let refused = |table: &Table, rfm: &Rfm, part: &str| {
        let error = table.score(rfm).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    let rfm = Rfm::new();
    let mut table = ten();
    table.recency[3] = -1.0;
    refused(&table, &rfm, "column 'recency': less than 0 in 1 row(s), first at row 3");
    table = ten();
    table.monetary[2] = f64::NAN;
    refused(&table, &rfm, "column 'monetary'");
    table = ten();
    table.frequency.pop();
    refused(&table, &rfm, "column 'frequency' has 9 rows where 10");
    table = ten();
    table.customers = Labels::Ints(vec![4; 10]);
    refused(&table, &rfm, "more than one row (first 4)");
    refused(&ten(), &Rfm::new().bins(4), "rxf10 with 4 bins");
    refused(&ten(), &Rfm::new().bins(11).segments(None), "from 2 to 10");
    refused(&ten(), &Rfm::new().method(Method::Mean).segments(None), "2 with the method 'mean'");
    refused(&Table::new(&[(1.0, 1.0, 1.0)]), &rfm, "5 needed");
    assert!("median".parse::<Ties>().is_err() && "ntile".parse::<Method>().is_err());
    assert!(ten().score(&Rfm::new().bins(10).segments(None)).unwrap().summary().unwrap().is_none());
    let empty = Table::new(&[]).score(&rfm).unwrap();
    assert_eq!(empty.summary().unwrap().unwrap()[0].group.share_of_customers, None);
}

#[test]
fn a_constant_column_is_in_no_way_better_than_its_mean() {
    let scores = Table::new(&[(0.1, 0.1, 0.1); 7])
        .score(&Rfm::new().method(Method::Mean).bins(2).segments(None))
        .unwrap();
    assert_eq!(scores.m(), [1; 7]);
    assert_eq!(scores.r(), [1; 7]);
}

/// A shop large enough that sorting is shared out over threads.
fn many() -> Table {
    let row = |i: u64| {
        let mixed = i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        ((mixed % 900) as f64, (1 + mixed % 17) as f64, (mixed % 1_000_003) as f64 / 100.0)
    };
    Table::new(&(0..300_000).map(row).collect::<Vec<_>>())
}

#[test]
fn any_number_of_threads_gives_the_same() {
    let table = many();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| table.score(&Rfm::new().ties(Ties::First))).unwrap()
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn long_work_can_be_stopped_at_every_stage() {
    use std::sync::atomic::{AtomicU32, Ordering};
    struct StopAfter(AtomicU32);
    impl patronage::Watch for StopAfter {
        fn cancelled(&self) -> bool {
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
        }
    }
    let table = many();
    let rfm = Rfm::new().ties(Ties::First);
    let looks = u32::MAX;
    let all = StopAfter(AtomicU32::new(looks));
    rfm.run(&table.input(), &all).unwrap();
    let taken = looks - all.0.load(Ordering::Relaxed);
    assert!(taken > 60, "300,000 rows, several passes: {taken} looks");
    for stop in [0, 3, taken / 2, taken - 1] {
        let stopped = rfm.run(&table.input(), &StopAfter(AtomicU32::new(stop)));
        assert_eq!(stopped.err(), Some(Error::Cancelled), "after {stop} of {taken} looks");
    }
}

fn tables() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let row = (0i32..8, 1i32..5, -3i32..20).prop_map(|(r, f, m)| (r.into(), f.into(), f64::from(m) / 4.0));
    prop::collection::vec(row, 10..60)
}

proptest! {
    /// ⌈bins × rank / n⌉ with the rank by counting, in whole numbers.
    #[test]
    fn scores_by_counting(rows in tables(), bins in 2u8..=10, which in 0usize..4) {
        let ties = TIES[which];
        let scores = Table::new(&rows).score(&Rfm::new().bins(bins).segments(None).ties(ties)).unwrap();
        for metric in Metric::ALL {
            let value = |row: usize| match metric {
                Metric::Recency => -rows[row].0,
                Metric::Frequency => rows[row].1,
                Metric::Monetary => rows[row].2,
            };
            let count = |test: &dyn Fn(usize) -> bool| (0..rows.len()).filter(|&row| test(row)).count();
            for row in 0..rows.len() {
                let least = count(&|other| value(other) < value(row)) + 1;
                let most = count(&|other| value(other) <= value(row));
                let twice = match ties {
                    Ties::Average => least + most,
                    Ties::Min => 2 * least,
                    Ties::Max => 2 * most,
                    Ties::First => 2 * (least + count(&|other| other < row && value(other) == value(row))),
                };
                let (numerator, denominator) = (usize::from(bins) * twice, 2 * rows.len());
                let expected = numerator / denominator + usize::from(numerator % denominator > 0);
                prop_assert_eq!(usize::from(scores.scores(metric)[row]), expected);
            }
        }
    }

    #[test]
    fn better_values_never_score_less(rows in tables(), which in 0usize..3) {
        let scores = Table::new(&rows).score(&Rfm::new().ties(TIES[which])).unwrap();
        for a in 0..rows.len() {
            for b in 0..rows.len() {
                prop_assert!(rows[a].0 > rows[b].0 || scores.r()[a] >= scores.r()[b]);
                prop_assert!(rows[a].1 < rows[b].1 || scores.f()[a] >= scores.f()[b]);
                prop_assert!(rows[a].2 < rows[b].2 || scores.m()[a] >= scores.m()[b]);
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(rows in tables(), which in 0usize..4, shift in 1usize..9) {
        let rfm = Rfm::new().ties(TIES[which]);
        let straight = Table::new(&rows);
        let mut turned = Table::new(&rows);
        let by = shift % rows.len();
        turned.recency.rotate_left(by);
        turned.frequency.rotate_left(by);
        turned.monetary.rotate_left(by);
        let mut ids: Vec<i64> = (0..rows.len() as i64).collect();
        ids.rotate_left(by);
        turned.customers = Labels::Ints(ids);
        let (a, b) = (straight.score(&rfm).unwrap(), turned.score(&rfm).unwrap());
        for metric in Metric::ALL {
            let mut expected = a.scores(metric).to_vec();
            expected.rotate_left(by);
            prop_assert_eq!(b.scores(metric), expected);
        }
        prop_assert_eq!(a.summary().unwrap(), b.summary().unwrap());
    }

    #[test]
    fn stored_and_read_again(rows in tables()) {
        let scores = Table::new(&rows).score(&Rfm::new()).unwrap();
        let json = serde_json::to_string(&scores).unwrap();
        prop_assert_eq!(serde_json::from_str::<RfmScores>(&json).unwrap(), scores);
    }
}
