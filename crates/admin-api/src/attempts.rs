//! How often somebody failed to sign in of late, so that passwords cannot be guessed and nobody can be locked out.
//!
//! Who signed in with a browser before has a mark there ([`crate::device`]) and is counted by that mark alone: whatever
//! strangers try, the person's own browser goes on. Strangers are counted by person and network together, by network,
//! and, much later, by person. Where that makes a browser of the person's wait that nobody knows, other ways in stay open: the
//! provider, a passkey, and a link for another password, which leaves the mark.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::{ClientAddress, Timestamp};

use crate::device::Device;
use crate::failure::Failure;

/// For how long failures count, in seconds.
const WINDOW: i64 = 300;
/// Failures in one of a person's own browsers.
const IN_A_BROWSER: u32 = 10;
/// Failures for one person from one network.
const FOR_A_PERSON_FROM_A_NETWORK: u32 = 10;
/// Failures for one person from anywhere: bounds what many machines together can guess.
const FOR_A_PERSON: u32 = 100;
/// Failures from one network for anybody.
const FROM_A_NETWORK: u32 = 50;
/// Most counts remembered; when more fail, those whose window ended are forgotten first.
const MOST: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Browser(String),
    PersonFrom(String, IpAddr),
    Person(String),
    Network(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Timestamp,
    failures: u32,
}

/// From where somebody tries to sign in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// The person's address as it was typed.
    pub(crate) email: &'a str,
    /// The network address, when it is known.
    pub(crate) address: Option<ClientAddress>,
    /// The browser, when this person signed in with it before.
    pub(crate) device: Option<&'a Device>,
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
    pub(crate) fn begin(&self, origin: Origin<'_>, now: Timestamp) -> Result<(), Failure> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, window| ends(*window) > now);
        }
        if seen.len() >= MOST {
            // Who failed once or twice is forgotten before who keeps trying.
            seen.retain(|_, window| window.failures > 3);
        }
        for (who, most) in keys(origin) {
            if let Some(window) = seen.get(&who).filter(|window| ends(**window) > now && window.failures >= most) {
                let micros = ends(*window).as_micros() - now.as_micros();
                return Err(Failure::TooManyAttempts { wait: u64::try_from(micros).unwrap_or_default().div_ceil(1_000_000) });
            }
        }
        for (who, _) in keys(origin) {
            let window = seen.entry(who).or_insert(Window { began: now, failures: 0 });
            if ends(*window) <= now {
                *window = Window { began: now, failures: 0 };
            }
            window.failures += 1;
        }
        Ok(())
    }

    /// A sign-in that succeeded was no failure: the person starts anew where they are. What others failed at elsewhere
    /// still counts for them.
    pub(crate) fn succeeded(&self, origin: Origin<'_>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for (who, _) in keys(origin) {
            match (&who, seen.get_mut(&who)) {
                (Who::Browser(_) | Who::PersonFrom(..), _) => {
                    seen.remove(&who);
                }
                (Who::Person(_) | Who::Network(_), Some(window)) => window.failures = window.failures.saturating_sub(1),
                (Who::Person(_) | Who::Network(_), None) => {}
            }
        }
    }
}

fn ends(window: Window) -> Timestamp {
    window.began.plus_seconds(WINDOW)
}

/// Whom an attempt counts for. Behind a proxy on the same machine or network everybody has the proxy's address, so such an
/// address is not counted: a stranger could lock all others out.
fn keys(origin: Origin<'_>) -> Vec<(Who, u32)> {
    if let Some(device) = origin.device {
        return vec![(Who::Browser(device.nonce().to_owned()), IN_A_BROWSER)];
    }
    let person: String = scim::comparison::key(origin.email).chars().take(254).collect();
    let mut keys = vec![(Who::Person(person.clone()), FOR_A_PERSON)];
    if let Some(address) = origin.address.filter(|address| !address.is_near()) {
        keys.push((Who::PersonFrom(person, address.network()), FOR_A_PERSON_FROM_A_NETWORK));
        keys.push((Who::Network(address.network()), FROM_A_NETWORK));
    }
    keys
}

#[cfg(test)]
mod tests {
    use domain::ServerKey;

    use super::*;

    fn from<'a>(email: &'a str, address: &str) -> Origin<'a> {
        Origin { email, address: Some(ClientAddress::new(address.parse().unwrap())), device: None }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn the_eleventh_attempt_for_a_person_from_a_network_waits_and_others_do_not() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            attempts.begin(from("Ada@acme.test", "192.0.2.1"), at(0)).unwrap();
        }
        let refused = attempts.begin(from(" ada@ACME.test", "192.0.2.1"), at(60)).unwrap_err();
        assert!(matches!(refused, Failure::TooManyAttempts { wait: 240 }));
        assert!(attempts.begin(from("bob@acme.test", "192.0.2.1"), at(60)).is_ok());
        assert!(attempts.begin(from("ada@acme.test", "192.0.2.2"), at(60)).is_ok(), "she herself is elsewhere");
        assert!(attempts.begin(from("ada@acme.test", "192.0.2.1"), at(300)).is_ok());
    }

    #[test]
    fn many_machines_together_guess_no_more_than_a_hundred_times_and_her_own_browser_goes_on() {
        let (attempts, key) = (Attempts::default(), ServerKey::generate().unwrap());
        for machine in 0..100 {
            attempts.begin(from("ada@acme.test", &format!("192.0.{}.1", 2 + machine)), at(0)).unwrap();
        }
        assert!(attempts.begin(from("ada@acme.test", "198.51.100.1"), at(1)).is_err());
        let device = Device::issue(&key, "ada@acme.test").unwrap();
        let known = Origin { device: Some(&device), ..from("ada@acme.test", "198.51.100.1") };
        assert!(attempts.begin(known, at(1)).is_ok());
        for _ in 0..9 {
            attempts.begin(known, at(1)).unwrap();
        }
        assert!(attempts.begin(known, at(2)).is_err(), "a stolen browser guesses no more either");
    }

    #[test]
    fn one_address_cannot_try_many_people() {
        let attempts = Attempts::default();
        for person in 0..50 {
            attempts.begin(from(&format!("p{person}@acme.test"), "192.0.2.1"), at(0)).unwrap();
        }
        assert!(attempts.begin(from("q@acme.test", "192.0.2.1"), at(1)).is_err());
        assert!(attempts.begin(from("q@acme.test", "192.0.2.2"), at(1)).is_ok());
    }

    #[test]
    fn a_proxys_address_is_not_counted() {
        let attempts = Attempts::default();
        for address in ["127.0.0.1", "10.1.2.3", "::1", "fd00::1", "::ffff:127.0.0.1"] {
            for person in 0..60 {
                attempts.begin(from(&format!("p{person}@{address}"), address), at(0)).unwrap();
            }
        }
    }

    #[test]
    fn who_signs_in_starts_anew() {
        let attempts = Attempts::default();
        for _ in 0..200 {
            attempts.begin(from("ada@acme.test", "192.0.2.1"), at(0)).unwrap();
            attempts.succeeded(from("ada@acme.test", "192.0.2.1"));
        }
    }
}
