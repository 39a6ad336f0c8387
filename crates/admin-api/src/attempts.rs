//! How often somebody failed to sign in of late: by person and by address, so that passwords cannot be guessed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::{ClientAddress, Timestamp};

use crate::failure::Failure;

/// For how long failures count, in seconds.
const WINDOW: i64 = 300;
/// Failures for one person within the window before others wait.
const FOR_A_PERSON: u32 = 10;
/// Failures from one address within the window before others wait.
const FROM_AN_ADDRESS: u32 = 50;
/// Most persons and addresses remembered; when more fail, those whose window ended are forgotten first.
const MOST: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Person(String),
    Network(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Timestamp,
    failures: u32,
}

/// Failures to sign in on this node.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    seen: Mutex<HashMap<Who, Window>>,
}

impl Attempts {
    /// Counts an attempt before it is looked at, so that attempts at the same time are all counted.
    ///
    /// # Errors
    /// [`Failure::TooManyAttempts`] with the time to wait.
    pub(crate) fn begin(&self, email: &str, address: Option<ClientAddress>, now: Timestamp) -> Result<(), Failure> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, window| ends(*window) > now);
        }
        if seen.len() >= MOST {
            // Who failed once or twice is forgotten before who keeps trying.
            seen.retain(|_, window| window.failures > 3);
        }
        for (who, most) in keys(email, address) {
            if let Some(window) = seen.get(&who).filter(|window| ends(**window) > now && window.failures >= most) {
                let micros = ends(*window).as_micros() - now.as_micros();
                return Err(Failure::TooManyAttempts { wait: u64::try_from(micros).unwrap_or_default().div_ceil(1_000_000) });
            }
        }
        for (who, _) in keys(email, address) {
            let window = seen.entry(who).or_insert(Window { began: now, failures: 0 });
            if ends(*window) <= now {
                *window = Window { began: now, failures: 0 };
            }
            window.failures += 1;
        }
        Ok(())
    }

    /// A sign-in that succeeded was no failure: the person starts anew.
    pub(crate) fn succeeded(&self, email: &str, address: Option<ClientAddress>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (who, _) in keys(email, address) {
            match (&who, seen.get_mut(&who)) {
                (Who::Person(_), _) => {
                    seen.remove(&who);
                }
                (Who::Network(_), Some(window)) => window.failures = window.failures.saturating_sub(1),
                (Who::Network(_), None) => {}
            }
        }
    }
}

fn ends(window: Window) -> Timestamp {
    window.began.plus_seconds(WINDOW)
}

/// Whom an attempt counts for. Behind a proxy on the same machine or network everybody has the proxy's address, so such an
/// address is not counted: a stranger could lock all others out.
fn keys(email: &str, address: Option<ClientAddress>) -> Vec<(Who, u32)> {
    let person: String = scim::comparison::key(email).chars().take(254).collect();
    let mut keys = vec![(Who::Person(person), FOR_A_PERSON)];
    if let Some(address) = address.filter(|address| !address.is_near()) {
        keys.push((Who::Network(address.network()), FROM_AN_ADDRESS));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "as the door gives it")]
    fn from(address: &str) -> Option<ClientAddress> {
        Some(ClientAddress::new(address.parse().unwrap()))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn the_eleventh_attempt_for_one_person_waits_and_other_people_do_not() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            attempts.begin("Ada@acme.test", from("192.0.2.1"), at(0)).unwrap();
        }
        let refused = attempts.begin(" ada@ACME.test", from("192.0.2.2"), at(60)).unwrap_err();
        assert!(matches!(refused, Failure::TooManyAttempts { wait: 240 }));
        assert!(attempts.begin("bob@acme.test", from("192.0.2.1"), at(60)).is_ok());
        assert!(attempts.begin("ada@acme.test", from("192.0.2.2"), at(300)).is_ok());
    }

    #[test]
    fn one_address_cannot_try_many_people() {
        let attempts = Attempts::default();
        for person in 0..50 {
            attempts.begin(&format!("p{person}@acme.test"), from("192.0.2.1"), at(0)).unwrap();
        }
        assert!(attempts.begin("q@acme.test", from("192.0.2.1"), at(1)).is_err());
        assert!(attempts.begin("q@acme.test", from("192.0.2.2"), at(1)).is_ok());
    }

    #[test]
    fn a_proxys_address_is_not_counted() {
        let attempts = Attempts::default();
        for address in ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "::ffff:127.0.0.1"] {
            for person in 0..60 {
                attempts.begin(&format!("p{person}@{address}"), from(address), at(0)).unwrap();
            }
        }
    }

    #[test]
    fn who_signs_in_starts_anew() {
        let attempts = Attempts::default();
        for _ in 0..100 {
            attempts.begin("ada@acme.test", from("192.0.2.1"), at(0)).unwrap();
            attempts.succeeded("ada@acme.test", from("192.0.2.1"));
        }
    }
}
