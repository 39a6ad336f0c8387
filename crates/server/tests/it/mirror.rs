//! An app's mirror of a tenant, kept by the feed, by the stream and by a webhook, is equal to the directory whatever happens
//! on the way.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};
use store::testing::{On, Receiver};

use self::consumers::{by_calls, by_stream, by_webhook, hook, moods};
use self::kept::{Mirror, text};
use crate::drift;
use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

mod consumers;
mod kept;
mod life;

/// Changes that are written; `DIRECTORY_SYNC_MIRROR_CHANGES` asks for more.
fn wanted() -> u64 {
    std::env::var("DIRECTORY_SYNC_MIRROR_CHANGES").ok().and_then(|changes| changes.parse().ok()).unwrap_or(10_000)
}

const WRITERS: u64 = 16;

/// People and groups that writers know of.
#[derive(Default)]
struct Known {
    users: Vec<String>,
    groups: Vec<String>,
}

/// The nodes' addresses, and what is written so far.
struct Ground {
    nodes: Vec<SocketAddr>,
    token: String,
    known: Mutex<Known>,
    written: AtomicU64,
    done: AtomicBool,
    /// The last change, when all is written.
    head: AtomicU64,
}

impl Ground {
    /// Whether all is written and a mirror has it.
    fn is_whole(&self, seq: u64) -> bool {
        self.done.load(Ordering::Acquire) && seq >= self.head.load(Ordering::Acquire)
    }

    fn node(&self, rng: &mut StdRng) -> SocketAddr {
        *self.nodes.choose(rng).unwrap()
    }

    /// One write at random; those that fail because a node is away are no matter.
    async fn write(&self, rng: &mut StdRng, writer: u64, turn: u64) {
        let tenant = Tenant { slug: "acme".to_owned(), token: self.token.clone(), server: self.node(rng) };
        let (user, group) = {
            let known = self.known.lock().unwrap();
            (known.users.choose(rng).cloned(), known.groups.choose(rng).cloned())
        };
        let send = async |method: &str, path: &str, body: Option<Value>| {
            tenant.address().send(method, path, &Map::new(), body.as_ref()).await.ok()
        };
        let patch = |operations: Value| {
            Some(json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations }))
        };
        let made = |answer: Option<directory_sync::conversation::Answer>| {
            answer.filter(|answer| answer.status == 201).map(|answer| text(&answer.body.unwrap()["id"]))
        };
        match (rng.random_range(0..20), user, group) {
            (0..5, ..) => {
                let body = json!({ "userName": format!("w{writer}-{turn}@acme.test"), "title": "Countess" });
                let id = made(send("POST", "/Users", Some(body)).await);
                self.known.lock().unwrap().users.extend(id);
            }
            (5, _, group) => {
                let members: Vec<_> = group.into_iter().map(|id| json!({ "value": id })).collect();
                let body = json!({ "displayName": format!("w{writer}-{turn}"), "members": members });
                let id = made(send("POST", "/Groups", Some(body)).await);
                self.known.lock().unwrap().groups.extend(id);
            }
            (6..9, Some(user), _) => {
                let operation = json!([{ "op": "replace", "path": "title", "value": format!("{writer}.{turn}") }]);
                send("PATCH", &format!("/Users/{user}"), patch(operation)).await;
            }
            (9..11, Some(user), _) => {
                let operation = json!([{ "op": "replace", "path": "active", "value": rng.random_bool(0.5) }]);
                send("PATCH", &format!("/Users/{user}"), patch(operation)).await;
            }
            (11..15, Some(user), Some(group)) => {
                let more = self.known.lock().unwrap().users.choose(rng).cloned();
                let values: Vec<_> = [Some(user), more].into_iter().flatten().map(|id| json!({ "value": id })).collect();
                let operation = json!([{ "op": "add", "path": "members", "value": values }]);
                send("PATCH", &format!("/Groups/{group}"), patch(operation)).await;
            }
            (15..18, Some(user), Some(group)) => {
                let operation = json!([{ "op": "remove", "path": format!("members[value eq \"{user}\"]") }]);
                send("PATCH", &format!("/Groups/{group}"), patch(operation)).await;
            }
            (18, Some(user), _) => {
                send("DELETE", &format!("/Users/{user}"), None).await;
                self.known.lock().unwrap().users.retain(|known| *known != user);
            }
            (19, _, Some(group)) if turn.is_multiple_of(3) => {
                send("DELETE", &format!("/Groups/{group}"), None).await;
                self.known.lock().unwrap().groups.retain(|known| *known != group);
            }
            _ => {}
        }
    }
}

/// The directory as a snapshot has it; asked until a node gives it.
async fn snapshot(ground: &Ground, person: &Person, rng: &mut StdRng) -> Mirror {
    loop {
        let person = Person { cookie: person.cookie.clone(), server: ground.node(rng) };
        match person.try_call("GET", "/tenants/acme/snapshot", None).await {
            Some(answer)
                if answer.status == 200 && answer.text.trim_end().ends_with('}') && answer.text.contains("\"kind\":\"end\"") =>
            {
                return Mirror::of_snapshot(&answer.text);
            }
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

on_both! {
    async fn mirrors_are_equal_to_the_directory_whatever_happens_on_the_way(on) {
        let mut server = Server::prepare(on).await;
        server.flags(&["--private-hosts", "127.0.0.1"]);
        server.serve().await;
        let receiver = Receiver::start().await;
        receiver.is_moody(moods());
        let acme = server.tenant("acme");
        let person = Arc::new(Person::operator(&server).await);
        let mut second = server.beside();
        let mut nodes = vec![server.address()];
        if on == On::Postgres {
            second.serve().await;
            nodes.push(second.address());
        }
        let (known, written, done, head) = (Mutex::default(), AtomicU64::new(0), AtomicBool::new(false), AtomicU64::new(0));
        let ground = Arc::new(Ground { nodes, token: acme.token.clone(), known, written, done, head });
        let writers: Vec<_> = (0..WRITERS).map(|writer| {
            let ground = Arc::clone(&ground);
            tokio::spawn(async move {
                let mut rng = StdRng::seed_from_u64(writer);
                let mut turn = 0;
                while ground.written.load(Ordering::Relaxed) < wanted() {
                    ground.write(&mut rng, writer, turn).await;
                    turn += 1;
                }
            })
        }).collect();
        let mut rng = StdRng::seed_from_u64(99);
        let begun = tokio::spawn(by_calls(Arc::clone(&ground), Arc::clone(&person), Mirror::default(), 100));
        let (there, hers) = (Arc::clone(&ground), Arc::clone(&person));
        let streamed = tokio::task::spawn_blocking(move || by_stream(&there, &hers, Mirror::default(), 101));
        let (mut late, mut crashed, mut hooked) = (Vec::new(), 0, None);
        loop {
            let path = "/tenants/acme/changes?order=desc&limit=1";
            if let Some(answer) = person.try_call("GET", path, None).await.filter(|answer| answer.status == 200) {
                let head = answer.body.unwrap()["items"][0]["seq"].as_u64().unwrap_or_default();
                ground.written.store(head, Ordering::Relaxed);
                if head >= wanted() && crashed == 2 && late.len() == 2 && hooked.is_some() {
                    break;
                }
                // Whoever comes late begins with a snapshot, in the midst of writes.
                if late.len() < 2 && head > wanted() / 4 * (1 + late.len() as u64) {
                    let taken = snapshot(&ground, &person, &mut rng).await;
                    assert!(taken.seq > 0);
                    let (ground, person) = (Arc::clone(&ground), Arc::clone(&person));
                    late.push(if late.is_empty() {
                        tokio::spawn(by_calls(ground, person, taken, 102))
                    } else {
                        tokio::task::spawn_blocking(move || by_stream(&ground, &person, taken, 103))
                    });
                }
                if hooked.is_none() && head > wanted() / 50 {
                    let taken = snapshot(&ground, &person, &mut rng).await;
                    hook(&ground, &person, &receiver, taken.seq, &mut rng).await;
                    hooked = Some(taken);
                }
                if crashed < 2 && head > wanted() / 3 * (1 + crashed) {
                    crashed += 1;
                    let victim = if on == On::Postgres && crashed == 1 { &mut second } else { &mut server };
                    victim.kill();
                    victim.serve().await;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let directory = snapshot(&ground, &person, &mut rng).await;
        ground.head.store(directory.seq, Ordering::Release);
        ground.done.store(true, Ordering::Release);
        for consumer in [begun, streamed].into_iter().chain(late) {
            let life = consumer.await.unwrap();
            assert_eq!(life.mirror.seq, directory.seq);
            assert!(life.mirror == directory, "a mirror differs from the directory");
            assert!(life.deaths > 0, "a consumer was never killed");
        }
        for (kind, held) in [("User", &directory.users), ("Group", &directory.groups)] {
            assert!(drift::equal(&drift::compared(&person, kind, held).await), "a mirror that is equal is told so");
        }
        let (mirror, again) = by_webhook(&receiver, hooked.unwrap(), directory.seq).await;
        assert!(mirror == directory, "the mirror by webhook differs from the directory");
        assert!(again > 0, "no message came again");
        as_scim_has_it(&acme, &directory).await;
    }
}

/// The snapshot says what the SCIM door says.
async fn as_scim_has_it(acme: &Tenant, directory: &Mirror) {
    let total = async |path: &str| acme.send("GET", path, None).await.body.unwrap()["totalResults"].as_u64().unwrap();
    assert_eq!(total("/Users?count=0").await, directory.users.len() as u64);
    assert_eq!(total("/Groups?count=0").await, directory.groups.len() as u64);
    for (id, resource) in directory.groups.iter().take(60) {
        let group = acme.send("GET", &format!("/Groups/{id}"), None).await.body.unwrap();
        assert_eq!(group["displayName"], resource["displayName"]);
        let members: BTreeSet<String> =
            group["members"].as_array().into_iter().flatten().map(|member| text(&member["value"])).collect();
        assert_eq!(Some(members).filter(|members| !members.is_empty()), directory.members.get(id).cloned());
    }
    for (id, resource) in directory.users.iter().take(60) {
        let user = acme.send("GET", &format!("/Users/{id}"), None).await.body.unwrap();
        assert_eq!((&user["userName"], &user["title"]), (&resource["userName"], &resource["title"]));
    }
}
