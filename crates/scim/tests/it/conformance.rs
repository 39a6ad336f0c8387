//! `docs/conformance.md` names files and tests that are there.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

const VERDICTS: [&str; 4] = ["done", "deviates: ", "gap: ", "not applicable: "];
const UNTESTED: &str = "none yet";
const NOTHING: &str = "–";

struct Row {
    id: String,
    place: String,
    held_by: String,
    verdict: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of all tables: their ids begin with an RFC's number.
fn rows() -> Vec<Row> {
    let page = fs::read_to_string(root().join("docs/conformance.md")).unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let row = |cells: Vec<String>| match cells.as_slice() {
        [_, id, _, place, held_by, verdict, _] if id.starts_with(|first: char| first.is_ascii_digit()) => {
            Some(Row { id: id.clone(), place: place.clone(), held_by: held_by.clone(), verdict: verdict.clone() })
        }
        _ => None,
    };
    let rows: Vec<Row> = page.lines().filter(|line| line.starts_with('|')).map(cells).filter_map(row).collect();
    let lines =
        page.lines().filter(|line| line.starts_with("| 7643-") || line.starts_with("| 7644-") || line.starts_with("| 9865-"));
    assert_eq!(rows.len(), lines.count(), "each row has five cells");
    rows
}

/// What stands between backticks.
fn named(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn is_path(name: &str) -> bool {
    name.contains('/')
}

fn is_there(path: &str) -> bool {
    let root = root();
    root.join("crates").join(path).is_file() || root.join(path).is_file()
}

/// The text of every file that may hold a test, but of this one.
fn sources() -> String {
    let mut all = String::new();
    let mut folders = ["crates", "e2e", "tools"].map(|folder| root().join(folder)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.extend((name != "node_modules" && name != "results").then_some(path));
            } else if name != "conformance.rs" {
                all.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
            }
        }
    }
    all
}

#[test]
fn every_file_and_every_holder_named_on_the_page_is_there() {
    let (rows, sources) = (rows(), sources());
    assert!(rows.len() > 200);
    let mut missing = Vec::new();
    for Row { id, place, held_by, .. } in &rows {
        missing.extend(named(place).filter(|path| !is_there(path)).map(|path| format!("{id}: {path}")));
        let gone = |name: &&str| if is_path(name) { !is_there(name) } else { !sources.contains(*name) };
        missing.extend(named(held_by).filter(gone).map(|name| format!("{id}: {name}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_abuse_case_is_held_by_tests_that_are_there() {
    let (page, sources) = (fs::read_to_string(root().join("docs/security.md")).unwrap(), sources());
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| #") && !line.starts_with("| -")).collect();
    let mut missing = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert_eq!((cells.len(), cells[1]), (6, (number + 1).to_string().as_str()), "{row}");
        assert!(cells[4].starts_with("not tested") || named(cells[4]).next().is_some(), "{row}");
        missing.extend(
            named(cells[4]).filter(|name| !sources.contains(&format!("fn {name}"))).map(|name| format!("{number}: {name}")),
        );
    }
    assert_eq!(rows.len(), 44);
    // Beyond the numbered cases.
    for point in page.lines().filter(|line| line.starts_with("- ")) {
        missing.extend(named(point).filter(|name| !sources.contains(&format!("fn {name}"))).map(str::to_owned));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_row_has_an_id_of_its_own_a_verdict_and_an_honest_column_of_holders() {
    let mut ids = HashSet::new();
    for Row { id, place, held_by, verdict } in rows() {
        assert!(VERDICTS.iter().any(|known| verdict.starts_with(known)), "{id}: {verdict}");
        let says = held_by == UNTESTED || held_by == NOTHING || named(&held_by).next().is_some();
        assert!(says, "{id}: {held_by}");
        let done = verdict.starts_with("done");
        assert!(!done || (held_by != NOTHING && named(&place).next().is_some()), "{id} is done somewhere");
        assert!(ids.insert(id.clone()), "{id} stands twice");
    }
}
