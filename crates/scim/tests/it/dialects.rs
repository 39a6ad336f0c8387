//! `docs/idp-dialects.md` says what the fixtures show, all of it and nothing else.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use scim::RepairRule;
use serde_json::Value;

use crate::fixtures::{FOLDERS, expected, files};

/// Every fixture by its name, `okta/add_dana.json`.
fn fixtures() -> BTreeMap<String, Value> {
    let named = |folder: &str| {
        let name = |path: &Path| format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
        files(folder).into_iter().map(|(path, fixture)| (name(&path), fixture)).collect::<Vec<_>>()
    };
    FOLDERS.iter().flat_map(|folder| named(folder)).collect()
}

fn document() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/idp-dialects.md")).unwrap()
}

/// What stands between backticks.
fn quoted(cell: &str) -> BTreeSet<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The codes and the files of every row that names a fixture, which are its last two cells.
fn rows(document: &str) -> Vec<(BTreeSet<&str>, BTreeSet<&str>)> {
    let row = |line| {
        let mut cells = str::strip_prefix(line, "|")?.trim_end_matches('|').rsplitn(3, " | ");
        let (files, codes) = (quoted(cells.next()?), quoted(cells.next()?));
        files.iter().any(|file| file.contains(".json")).then_some((codes, files))
    };
    document.lines().filter_map(row).collect()
}

#[test]
fn every_folder_is_played() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders: BTreeSet<String> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, FOLDERS.iter().map(|&folder| folder.to_owned()).collect());
}

#[test]
fn every_fixture_is_named_in_the_document_and_nothing_else() {
    let (document, fixtures) = (document(), fixtures());
    let named: BTreeSet<&str> = rows(&document).into_iter().flat_map(|(_, files)| files).collect();
    assert_eq!(named, fixtures.keys().map(String::as_str).collect());
}

#[test]
fn every_row_has_the_repairs_of_its_fixtures() {
    let (document, fixtures) = (document(), fixtures());
    for (codes, files) in rows(&document) {
        let shown: BTreeSet<&str> = files.iter().flat_map(|file| expected(&fixtures[*file])).collect();
        assert_eq!(codes, shown, "{files:?}");
    }
}

#[test]
fn every_repair_is_shown_by_a_fixture() {
    let fixtures = fixtures();
    let shown: BTreeSet<&str> = fixtures.values().flat_map(expected).collect();
    let all: BTreeSet<&str> = RepairRule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(shown, all);
}
