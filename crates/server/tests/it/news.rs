//! Word of a change passes from the node that wrote it to those who wait at another.

use std::time::{Duration, Instant};

use serde_json::json;
use store::testing::On;

use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Whoever waits looks unasked after fifteen seconds: what comes long before that came because of the word.
const UNASKED: Duration = Duration::from_secs(15);
const SOON: Duration = Duration::from_secs(5);
/// How long somebody has waited when the other node writes.
const REST: Duration = Duration::from_millis(700);

/// Two nodes on one database: their doors to a tenant, and a person at each.
async fn nodes() -> (Server, Server, [(Tenant, Person); 2]) {
    let first = Server::start(On::Postgres).await;
    let mut second = first.beside();
    second.serve().await;
    let acme = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let at = [first.address(), second.address()].map(|server| {
        let door = Tenant { slug: acme.slug.clone(), token: acme.token.clone(), server };
        (door, Person { cookie: olga.cookie.clone(), server })
    });
    (first, second, at)
}

#[tokio::test]
async fn a_call_that_waits_is_answered_when_the_other_node_writes() {
    let (_first, _second, nodes) = nodes().await;
    for seq in 0..6_u64 {
        let [(near, _), (far, _)] = &nodes;
        let (writer, reader) = if seq.is_multiple_of(2) { (near, &nodes[1].1) } else { (far, &nodes[0].1) };
        let began = Instant::now();
        let path = format!("/tenants/acme/changes?after={seq}&wait=25");
        let writing = async {
            tokio::time::sleep(REST).await;
            writer.person(&format!("p{seq}@acme.test")).await;
            Instant::now()
        };
        let (answer, wrote) = tokio::join!(reader.call("GET", &path, None), writing);
        let (late, whole) = (wrote.elapsed(), began.elapsed());
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.body.unwrap();
        assert_eq!((&page["through"], &page["items"][0]["seq"]), (&json!(seq + 1), &json!(seq + 1)));
        assert!(late < SOON && whole < UNASKED, "{late:?} after the change, {whole:?} in all");
    }
}

#[tokio::test]
async fn a_stream_tells_of_a_change_when_the_other_node_writes() {
    let (_first, _second, nodes) = nodes().await;
    for seq in 0..6_u64 {
        let [(near, _), (far, _)] = &nodes;
        let (writer, reader) = if seq.is_multiple_of(2) { (near, &nodes[1].1) } else { (far, &nodes[0].1) };
        let began = Instant::now();
        let stream = reader.follow("/tenants/acme/changes/stream", None);
        let (ready, message) = stream.next();
        assert_eq!((stream.status, ready, message["kind"].as_str()), (200, Some(seq), Some("ready")));
        tokio::time::sleep(REST).await;
        writer.person(&format!("p{seq}@acme.test")).await;
        let told = stream.within(SOON).map(|(id, message)| (id, message["change"]["seq"].clone()));
        assert_eq!(told, Some((Some(seq + 1), json!(seq + 1))));
        assert!(began.elapsed() < UNASKED, "it did not come by looking unasked");
    }
}
