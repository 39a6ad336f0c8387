//! Whether the time that a refusal takes tells how near a guess was: samples of two kinds in turn, so that whatever else
//! the machine does falls on both, and their medians against the spread of either.

use std::time::{Duration, Instant};

use domain::credential::Order;
use domain::token::{Digest, TokenForm};
use domain::{Clock, Credential, Rights, ServerKey, SystemClock};
use store::testing::On;

use crate::client::Service;

/// Medians of both kinds, and the spread between the quartiles of the first.
struct Compared {
    medians: [Duration; 2],
    spread: Duration,
}

impl Compared {
    fn of(mut samples: [Vec<Duration>; 2]) -> Self {
        for kind in &mut samples {
            kind.sort_unstable();
        }
        let at = |kind: usize, quarter: usize| samples[kind][samples[kind].len() * quarter / 4];
        Self { medians: [at(0, 2), at(1, 2)], spread: at(0, 3).abs_diff(at(0, 1)) }
    }

    fn difference(&self) -> Duration {
        self.medians[0].abs_diff(self.medians[1])
    }

    /// A difference that a guesser could find would stand out of the noise of this very machine. What is compared to a
    /// part of the spread cannot be smaller than a tick of the clock.
    #[expect(clippy::print_stdout, reason = "figures for whoever looks at the soak")]
    fn tells_nothing(&self, what: &str) -> bool {
        let noise = (self.spread / 4).max(Duration::from_nanos(100));
        println!("{what}: medians {:?}, {:?} apart, spread {:?}", self.medians, self.difference(), self.spread);
        self.difference() <= noise
    }
}

#[test]
#[ignore = "long: part of ./just soak"]
fn comparing_takes_as_long_wherever_two_digests_differ() {
    let key = ServerKey::generate().unwrap();
    let issued = TokenForm::BEARER.issue(&key).unwrap();
    let presented = TokenForm::BEARER.parse(issued.token.expose()).unwrap();
    let changed = |place: usize| {
        let mut bytes = *issued.digest.as_bytes();
        bytes[place] ^= 1;
        Digest::from_bytes(bytes)
    };
    for (what, digests) in [
        ("first byte, last byte", [changed(0), changed(31)]),
        ("another one, the right one", [changed(0), issued.digest.clone()]),
    ] {
        let mut samples = [Vec::new(), Vec::new()];
        for round in 0..200_000 {
            // Neither kind always follows the other: what runs second finds the machine in another state.
            for kind in [round % 2, 1 - round % 2] {
                let began = Instant::now();
                std::hint::black_box(presented.matches(&key, std::hint::black_box(&digests[kind])));
                samples[kind].push(began.elapsed());
            }
        }
        assert!(Compared::of(samples).tells_nothing(what));
    }
}

#[tokio::test]
#[ignore = "long: part of ./just soak"]
async fn a_refusal_takes_as_long_however_near_the_guess_was_on_sqlite() {
    refusals(On::Sqlite).await;
}

#[tokio::test]
#[ignore = "long: part of ./just soak"]
async fn a_refusal_takes_as_long_however_near_the_guess_was_on_postgresql() {
    refusals(On::Postgres).await;
}

async fn refusals(on: On) {
    let service = Service::open(on).await;
    let connection = service.connection("acme").await;
    let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at: SystemClock.now(), days: None };
    let (token, credential) = Credential::issue(&service.key, &connection, order).unwrap();
    let store = service.scratch.store.tenant(connection.tenant);
    store.credentials().insert(&credential, &store::testing::author()).await.unwrap();
    let secret = &token.expose()[17..50];
    let other = |place: usize| {
        let mut secret = secret.as_bytes().to_vec();
        secret[place] = if secret[place] == b'x' { b'y' } else { b'x' };
        TokenForm::BEARER.put_together(&credential.public_id, std::str::from_utf8(&secret).unwrap())
    };
    let guesses = [other(0), other(32)].map(|guess| service.with_token("acme", guess.expose()).request("GET", "/Users"));
    assert!(service.admits(&service.with_token("acme", token.expose()).request("GET", "/Users")).await);
    let mut samples = [Vec::new(), Vec::new()];
    for round in 0..10_000 {
        for kind in [round % 2, 1 - round % 2] {
            let began = Instant::now();
            assert!(!service.admits(&guesses[kind]).await);
            samples[kind].push(began.elapsed());
        }
    }
    assert!(Compared::of(samples).tells_nothing("first character wrong, last character wrong"));
}
