//! Webhooks of the real binary: who is slow delays nobody else, and whatever ends on the way, nothing is left out.

use std::time::{Duration, Instant};

use directory_sync::conversation::Address;
use domain::Secret;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use standardwebhooks::Webhook as Verifier;
use store::testing::{On, Received, Receiver};

use crate::on_both;
use crate::server::Server;
use crate::streams::Person;

/// A server that may send to this machine.
async fn server(on: On) -> Server {
    let mut server = Server::prepare(on).await;
    server.flags(&["--private-hosts", "127.0.0.1"]);
    server.serve().await;
    server
}

/// A webhook of a tenant that leads to a receiver; its address and secret.
async fn hook(olga: &Person, tenant: &str, receiver: &Receiver) -> (String, String) {
    let body = json!({ "name": "App", "url": receiver.url() });
    let made = olga.call("POST", &format!("/tenants/{tenant}/webhooks"), Some(body)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.body.unwrap();
    let id = made["webhook"]["id"].as_str().unwrap();
    (format!("/tenants/{tenant}/webhooks/{id}"), made["secret"].as_str().unwrap().to_owned())
}

async fn seen(olga: &Person, path: &str) -> Value {
    olga.call("GET", path, None).await.body.unwrap()
}

/// Waits until a webhook has all, as it is shown.
async fn has_all(olga: &Person, path: &str) -> Value {
    let began = Instant::now();
    loop {
        let shown = seen(olga, path).await;
        if shown["waiting"] == 0 {
            return shown;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{shown}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Holds what came to what was promised: every number from the first to the last, none before the one before it, and
/// whatever came twice came under one name.
fn is_whole(came: &[Received], last: u64) {
    let mut had = 0;
    for message in came {
        let seq = message.seq().unwrap();
        assert!(seq <= had + 1, "{seq} after {had}");
        assert_eq!(message.body["prev_seq"], seq - 1, "nothing was left out before it");
        assert!(came.iter().filter(|other| other.seq() == Some(seq)).all(|other| other.id() == message.id()));
        had = had.max(seq);
    }
    assert_eq!(had, last);
}

on_both! {
    async fn changes_leave_within_moments_and_whoever_is_slow_holds_up_nobody_else(on) {
        let server = server(on).await;
        let (acme, globex) = (server.tenant("acme"), server.tenant("globex"));
        let olga = Person::operator(&server).await;
        let (slow, quick, beside) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
        slow.takes(Duration::from_mins(1));
        let (of_slow, _) = hook(&olga, "acme", &slow).await;
        let (of_quick, secret) = hook(&olga, "acme", &quick).await;
        let (of_beside, _) = hook(&olga, "globex", &beside).await;
        acme.person("first").await;
        slow.wait_for(1).await;
        let began = Instant::now();
        for n in 0..20 {
            acme.person(&format!("a{n}")).await;
            globex.person(&format!("g{n}")).await;
        }
        let came = quick.wait_for(21).await;
        beside.wait_for(20).await;
        assert!(began.elapsed() < Duration::from_secs(15), "a slow receiver has 20 seconds, and nobody waited for it");
        is_whole(&came, 21);
        is_whole(&beside.received(), 20);
        for message in &came {
            let mut headers = HeaderMap::new();
            for (name, value) in &message.headers {
                headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
            }
            Verifier::new(&secret).unwrap().verify(message.text.as_bytes(), &headers).unwrap();
        }
        has_all(&olga, &of_quick).await;
        has_all(&olga, &of_beside).await;
        assert_eq!((slow.received().len(), &seen(&olga, &of_slow).await["deliveredSeq"]), (1, &json!(0)), "one at a time");
        let metrics = Address { server: server.metrics(), path: String::new(), token: Secret::new("-") };
        let text = metrics.send("GET", "/metrics", &Map::new(), None).await.unwrap().text;
        assert!(text.contains("directory_sync_webhook_deliveries_total{outcome=\"delivered\"} 41"), "{text}");
    }

    async fn receivers_that_are_slow_and_succeed_do_not_keep_all_places(on) {
        let mut server = Server::prepare(on).await;
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), "[webhooks]\nconcurrent = 4\n").unwrap();
        server.flags(&["--private-hosts", "127.0.0.1", "--config", config.path().to_str().unwrap()]);
        server.serve().await;
        let olga = Person::operator(&server).await;
        let (slow, quick) = (Receiver::start().await, Receiver::start().await);
        slow.takes(Duration::from_secs(15));
        for n in 0..6 {
            let tenant = server.tenant(&format!("slow-{n}"));
            hook(&olga, &tenant.slug, &slow).await;
            tenant.person("ada").await;
        }
        slow.wait_for(4).await;
        let acme = server.tenant("acme");
        let (path, _) = hook(&olga, "acme", &quick).await;
        let began = Instant::now();
        acme.person("ada").await;
        has_all(&olga, &path).await;
        assert!(began.elapsed() < Duration::from_secs(10), "each of the slow ones has fifteen seconds");
        assert_eq!(quick.received().len(), 1);
    }

    async fn a_server_that_stops_or_is_killed_leaves_nothing_out(on) {
        let mut server = server(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let receiver = Receiver::start().await;
        let (path, _) = hook(&olga, "acme", &receiver).await;
        receiver.takes(Duration::from_millis(300));
        for n in 0..6 {
            acme.person(&format!("p{n}")).await;
        }
        receiver.wait_for(2).await;
        assert!(server.stop_beside().await, "the message under way ends, those that follow wait");
        let stopped = receiver.received();
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(receiver.received().len(), stopped.len(), "nothing is sent by who has stopped");
        server.serve().await;
        let olga = Person { cookie: olga.cookie, server: server.address() };
        receiver.wait_for(stopped.len() + 1).await;
        let names: Vec<_> = receiver.received().iter().map(|message| message.id().to_owned()).collect();
        assert!(!names[..stopped.len()].contains(&names[stopped.len()]), "what was answered before the stop is known");
        server.kill();
        server.serve().await;
        receiver.takes(Duration::ZERO);
        has_all(&olga, &path).await;
        is_whole(&receiver.received(), 6);
    }

    async fn a_suspended_tenant_sends_nothing_until_it_is_served_again(on) {
        let server = server(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let receiver = Receiver::start().await;
        let (path, _) = hook(&olga, "acme", &receiver).await;
        let paused = olga.call("PATCH", &path, Some(json!({ "state": "paused" }))).await;
        assert_eq!(paused.status, 200, "{}", paused.text);
        acme.person("ada").await;
        server.json(&["tenant", "suspend", "acme", "--json"]);
        let resumed = olga.call("PATCH", &path, Some(json!({ "state": "active" }))).await;
        assert_eq!(resumed.status, 200, "{}", resumed.text);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(receiver.connections(), 0);
        server.json(&["tenant", "resume", "acme", "--json"]);
        is_whole(&receiver.wait_for(1).await, 1);
        let deleted = olga.call("DELETE", "/tenants/acme?confirm=acme", None).await;
        assert_eq!(deleted.status, 202, "{}", deleted.text);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(receiver.received().len(), 1);
    }

    async fn a_webhook_that_is_parked_is_told_in_the_log_without_its_address_and_counted_and_stands_in_the_story(on) {
        let mut server = Server::prepare(on).await;
        server.flags(&["--private-hosts", "127.0.0.1"]);
        let log = server.serve_and_log();
        server.wait().await;
        let (acme, olga) = (server.tenant("acme"), Person::operator(&server).await);
        let receiver = Receiver::start().await;
        let (path, _) = hook(&olga, "acme", &receiver).await;
        server.measures("directory_sync_parked_webhooks 0").await;
        receiver.answers(410, "", "");
        let ada = acme.person("ada@acme.test").await;
        let id = path.rsplit('/').next().unwrap();
        log.says("a webhook is parked: nothing is sent to it any more").await;
        let lines = log.lines_with("a webhook is parked");
        assert!(lines.len() == 1 && lines[0].contains(id) && lines[0].contains("410"), "{lines:?}");
        assert!(log.lines_with(&receiver.url()).is_empty(), "an address may hold a secret");
        server.measures("directory_sync_parked_webhooks 1").await;
        let story = seen(&olga, &format!("/tenants/acme/timeline?of={ada}")).await;
        let mut changes = story["items"].as_array().unwrap().iter().flat_map(|item| item["changes"].as_array().unwrap());
        let delivery = changes.find(|change| change["seq"] == 1).unwrap()["deliveries"][0].clone();
        assert_eq!((&delivery["webhookId"], &delivery["state"], &delivery["status"]), (&json!(id), &json!("parked"), &json!(410)));
    }
}

#[tokio::test]
async fn another_node_goes_on_where_one_was_killed_amid_a_message_postgresql() {
    let mut first = server(On::Postgres).await;
    let acme = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let receiver = Receiver::start().await;
    let (path, _) = hook(&olga, "acme", &receiver).await;
    receiver.takes(Duration::from_secs(5));
    for n in 0..5 {
        acme.person(&format!("p{n}")).await;
    }
    receiver.wait_for(1).await;
    first.kill();
    receiver.takes(Duration::ZERO);
    let mut second = first.beside();
    second.serve().await;
    let olga = Person { cookie: olga.cookie, server: second.address() };
    // The dead node's time with it ends by itself.
    receiver.wait_for(6).await;
    has_all(&olga, &path).await;
    let came = receiver.received();
    is_whole(&came, 5);
    assert_eq!((came[0].id(), came.len()), (came[1].id(), 6), "the message that nobody knew of is sent again");
}

#[tokio::test]
async fn two_nodes_send_each_change_once_and_in_order_postgresql() {
    let first = server(On::Postgres).await;
    let acme = first.tenant("acme");
    let olga = Person::operator(&first).await;
    let mut second = first.beside();
    second.serve().await;
    let receiver = Receiver::start().await;
    let (path, _) = hook(&olga, "acme", &receiver).await;
    let there = crate::server::Tenant { slug: acme.slug.clone(), token: acme.token.clone(), server: second.address() };
    for n in 0..40 {
        let tenant = if n % 2 == 0 { &acme } else { &there };
        tenant.person(&format!("p{n}")).await;
    }
    receiver.wait_for(40).await;
    has_all(&olga, &path).await;
    let came = receiver.received();
    is_whole(&came, 40);
    assert_eq!(came.len(), 40);
}
