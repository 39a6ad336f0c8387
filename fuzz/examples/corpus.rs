//! `corpus seed FOLDER` writes inputs for every target to begin with, `corpus replay FOLDER` gives each target what was
//! found for it and prints the slowest answer.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

use fuzz::{checks, dice::Dice, make};

/// How many inputs of each parser are made.
const MADE: u64 = 400;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [what, folder] = arguments.as_slice() else { panic!("seed FOLDER or replay FOLDER") };
    for (parser, check) in checks() {
        let folder = Path::new(folder).join(parser);
        fs::create_dir_all(&folder).unwrap();
        match what.as_str() {
            "seed" => seed(parser, &folder),
            _ => replay(parser, check, &folder),
        }
    }
}

fn seed(parser: &str, folder: &Path) {
    let known = make::known(parser, &Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/scim/fixtures"));
    let made = (0..MADE).map(|seed| make::input(parser, &mut Dice::new(seed), &known));
    for input in known.iter().cloned().chain(made) {
        let mut name = DefaultHasher::new();
        input.hash(&mut name);
        fs::write(folder.join(format!("{:016x}", name.finish())), &input).unwrap();
    }
}

fn replay(parser: &str, check: fn(&[u8]), folder: &Path) {
    let mut slowest = (Duration::ZERO, String::new());
    let mut inputs = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let input = fs::read(&path).unwrap();
        let took = |_| {
            let began = Instant::now();
            check(&input);
            began.elapsed()
        };
        // The best of several runs is the parser's own time, not that of whatever else the machine did.
        let best = (0..3).map(took).min().unwrap_or_default();
        inputs += 1;
        if best > slowest.0 {
            slowest = (best, path.display().to_string());
        }
    }
    println!("{parser:12} {inputs:6} inputs, the slowest took {:>9.3?}: {}", slowest.0, slowest.1);
}
