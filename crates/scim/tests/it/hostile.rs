//! What holds for input made to break parsers. `PROPTEST_CASES` says how many inputs each parser gets; the fuzz targets
//! search further with the same checks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod check;
mod dice;
mod make;
mod message;
mod text;

use std::time::{Duration, Instant};
use std::{env, path::Path};

use dice::{Dice, MOST};

fn cases() -> u64 {
    env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256)
}

/// Says which input it was when a check panics.
struct Told<'i>(&'static str, u64, &'i [u8]);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("parser {}, seed {}: {}", self.0, self.1, String::from_utf8_lossy(self.2));
        }
    }
}

fn each(mut then: impl FnMut(&'static str, &dyn Fn(), &[u8])) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (parser, check) in check::ALL {
        let known = make::known(parser, &fixtures);
        for seed in 0..cases() {
            let input = make::input(parser, &mut Dice::new(seed), &known);
            assert!(input.len() <= MOST);
            let told = Told(parser, seed, &input);
            then(parser, &|| check(told.2), told.2);
        }
    }
}

#[test]
fn hostile_input_breaks_no_parser_and_what_holds_still_holds() {
    each(|_, check, _| check());
}

#[test]
#[ignore = "prints times, which mean something in a release build alone"]
fn the_slowest_hostile_input_of_each_parser() {
    let mut slowest: Vec<(&str, Duration, String)> = Vec::new();
    each(|parser, check, input| {
        if slowest.last().is_none_or(|(last, ..)| *last != parser) {
            slowest.push((parser, Duration::ZERO, String::new()));
        }
        let (_, most, start) = slowest.last_mut().unwrap();
        // The best of several runs is the parser's own time, not that of whatever else the machine did.
        let best = (0..5).try_fold(Duration::MAX, |best, _| Some(took(check).min(best)).filter(|best| best > most));
        if let Some(best) = best {
            *most = best;
            *start = String::from_utf8_lossy(input).chars().take(80).collect();
        }
    });
    for (parser, took, start) in slowest {
        println!("{parser:12} {took:>9.3?}  {start}");
    }
}

fn took(check: &dyn Fn()) -> Duration {
    let began = Instant::now();
    check();
    began.elapsed()
}
