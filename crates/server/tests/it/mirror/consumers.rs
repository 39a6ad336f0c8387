//! Apps that follow a tenant by the feed, by the stream and by a webhook, and have a hard life.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::json;
use store::testing::{Mood, Receiver};
use tokio::time::timeout;

use super::Ground;
use super::kept::Mirror;
use super::life::Life;
use crate::streams::Person;

/// Waits for changes call by call, at random slow, cut off or killed, until all is written and read.
pub(super) async fn by_calls(ground: Arc<Ground>, person: Arc<Person>, mirror: Mirror, seed: u64) -> Life {
    let mut life = Life::new(mirror, seed);
    while !ground.is_whole(life.mirror.seq) {
        let person = Person { cookie: person.cookie.clone(), server: ground.node(&mut life.rng) };
        let limit: u32 = life.rng.random_range(1..=200);
        let path = format!("/tenants/acme/changes?after={}&wait=2&limit={limit}", life.mirror.seq);
        // Whoever is cut off has asked, and does not hear the answer or not all of it.
        let patience = if life.rng.random_bool(0.05) { life.rng.random_range(0..60) } else { 60_000 };
        let answer = timeout(Duration::from_millis(patience), person.try_call("GET", &path, None)).await.ok().flatten();
        let Some(answer) = answer.filter(|answer| answer.status != 503) else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.body.unwrap();
        for change in page["items"].as_array().unwrap() {
            life.mirror.apply(change);
        }
        assert_eq!(page["through"].as_u64(), Some(life.mirror.seq));
        life.goes_on();
        if let Some(moment) = life.dawdles(0.1) {
            tokio::time::sleep(moment).await;
        }
    }
    life
}

/// Follows the stream, leaves it or is killed at random and comes back, until all is written and read.
pub(super) fn by_stream(ground: &Ground, person: &Person, mirror: Mirror, seed: u64) -> Life {
    let mut life = Life::new(mirror, seed);
    while !ground.is_whole(life.mirror.seq) {
        let person = Person { cookie: person.cookie.clone(), server: ground.node(&mut life.rng) };
        let Some(stream) = person.try_follow("/tenants/acme/changes/stream", Some(life.mirror.seq)) else {
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        if stream.status == 503 {
            continue;
        }
        assert_eq!(stream.status, 200);
        let mut patience = life.rng.random_range(1..2_000);
        while let Some((id, message)) = stream.within(Duration::from_secs(2)) {
            assert_eq!(message["kind"], "change");
            life.mirror.apply(&message["change"]);
            assert_eq!(id, Some(life.mirror.seq));
            if let Some(moment) = life.dawdles(0.002) {
                std::thread::sleep(moment);
            }
            patience -= 1;
            if life.goes_on() || patience == 0 {
                break;
            }
        }
    }
    life
}

/// Between two faults of a webhook's receiver, in messages.
const GOOD: u32 = 1_200;

/// A receiver that takes most messages, some of them late, and has each kind of fault in turn.
pub(super) fn moods() -> impl FnMut() -> Mood + Send + 'static {
    let faults = [
        Mood::TakesAndGoes,
        Mood::IsAway(Duration::from_millis(800)),
        Mood::Refuses,
        Mood::Goes,
        Mood::TakesLate(Duration::from_millis(300)),
    ];
    let (mut came, mut faults) = (0_u32, faults.into_iter().cycle());
    move || {
        came += 1;
        match came {
            _ if came.is_multiple_of(GOOD) => faults.next().unwrap(),
            _ if came.is_multiple_of(97) => Mood::TakesLate(Duration::from_millis(20)),
            _ => Mood::Takes,
        }
    }
}

/// A webhook that begins after a snapshot; asked for until a node makes it.
pub(super) async fn hook(ground: &Ground, person: &Person, receiver: &Receiver, after: u64, rng: &mut StdRng) {
    let body = json!({ "name": "Mirror", "url": receiver.url(), "after": after });
    loop {
        let person = Person { cookie: person.cookie.clone(), server: ground.node(rng) };
        match person.try_call("POST", "/tenants/acme/webhooks", Some(body.clone())).await {
            Some(made) if made.status == 201 => return,
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// What an app has that keeps each message before it says so, and leaves those that it has had: however often it was cut
/// off or away, it has what stood on its disk. Says how many messages came again.
pub(super) async fn by_webhook(receiver: &Receiver, mut mirror: Mirror, last: u64) -> (Mirror, usize) {
    let (mut best, mut since) = (None, Instant::now());
    while receiver.last() < Some(last) {
        let now = receiver.last();
        if now > best {
            (best, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < Duration::from_mins(3), "{now:?} of {last}, and nothing more comes");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (mut ids, mut again) = (HashMap::new(), 0);
    for message in receiver.received() {
        let id = ids.entry(message.seq()).or_insert_with(|| message.id().to_owned());
        assert_eq!(message.id(), id, "a message that comes again has the id that it had");
        if message.seq() <= Some(mirror.seq) {
            again += 1;
            continue;
        }
        assert_eq!(message.body["prev_seq"], mirror.seq, "nothing was left out");
        mirror.apply(&message.body["data"]);
    }
    (mirror, again)
}
