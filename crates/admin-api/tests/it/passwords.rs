//! A flood of sign-ins: more passwords to check than there are places to wait for it.

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::desk::{Answer, Desk};
use crate::on_both;

const PASSWORD: &str = "correct horse battery";
/// Places for those whose password is checked and those who wait for it.
const PLACES: usize = 64;
const FLOOD: usize = 200;

async fn sign_in(desk: &Desk, email: &str) -> Answer {
    desk.call(None, "POST", "/session", Some(json!({ "email": email, "password": PASSWORD }))).await
}

/// What became of the flood so far.
#[derive(Default)]
struct Seen {
    checked: Cell<usize>,
    told_to_wait: Cell<usize>,
}

/// One of the flood; each for somebody else, so that no count of attempts stops them.
async fn guess(desk: &Desk, n: usize, seen: &Seen) {
    let answer = sign_in(desk, &format!("stranger{n}@acme.test")).await;
    let counted = match (answer.status, answer.code()) {
        (401, "sign_in_failed") => &seen.checked,
        (503, "unavailable") => {
            assert_eq!(answer.headers["retry-after"], "2");
            &seen.told_to_wait
        }
        other => unreachable!("{other:?}"),
    };
    counted.set(counted.get() + 1);
}

on_both! {
    async fn more_sign_ins_than_may_wait_are_told_to_come_again_and_nobody_else_waits_for_them(on) {
        let desk = Desk::open(on).await;
        let cookie = desk.operator().await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let seen = Seen::default();
        let flood = join_all((0..FLOOD).map(|n| guess(&desk, n, &seen)));
        // Once one is told to wait, all places are taken.
        let beside = async {
            while seen.told_to_wait.get() == 0 && seen.checked.get() < FLOOD {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let status = desk.get(&cookie, "/session").await.status;
            (status, seen.checked.get())
        };
        let (_, (status, checked_by_then)) = tokio::join!(flood, beside);
        let (checked, told_to_wait) = (seen.checked.get(), seen.told_to_wait.get());
        assert!(told_to_wait > 0, "all {FLOOD} found a place");
        assert_eq!(status, 200);
        assert!(checked_by_then < checked, "it was answered while others waited, not after the last of {checked}");
        assert!(checked >= PLACES, "whoever had a place is answered: {checked}");
        assert_eq!(checked + told_to_wait, FLOOD);
        assert_eq!(sign_in(&desk, "ada@acme.test").await.status, 200, "and then there is room again");
    }
}
