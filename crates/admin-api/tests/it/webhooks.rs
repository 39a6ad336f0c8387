//! Webhooks: what is sent to them, in which order, signed by whom, and when it is tried again.

use std::collections::BTreeSet;

use domain::{AdminId, Role, Tenant};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use standardwebhooks::Webhook as Verifier;
use store::testing::{CreateGroup, CreateUser, Received, Receiver, RemoveUser, meddle, origin};

use crate::authorisation::webhook;
use crate::desk::Desk;
use crate::on_both;

const HOOKS: &str = "/tenants/acme/webhooks";

/// A service, a tenant, an operator and a receiver.
pub(crate) struct Scene {
    pub(crate) desk: Desk,
    pub(crate) acme: Tenant,
    pub(crate) operator: AdminId,
    pub(crate) receiver: Receiver,
}

impl Scene {
    pub(crate) async fn open(on: store::testing::On) -> Self {
        let desk = Desk::calling_here(on).await;
        Self::at(desk).await
    }

    /// The same at a service of one's own.
    pub(crate) async fn at(desk: Desk) -> Self {
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.person("op@sync.example.com", None, &[]).await;
        Self { desk, acme, operator, receiver: Receiver::start().await }
    }

    /// The operator, signed in this very moment.
    pub(crate) async fn cookie(&self) -> String {
        self.desk.session(self.operator).await
    }

    /// Calls and expects a status.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let answer = self.desk.call(Some(&self.cookie().await), method, &format!("{HOOKS}{path}"), body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer.body
    }

    /// A webhook that leads to the receiver; its id and secret.
    pub(crate) async fn hook(&self, more: Value) -> (String, String) {
        let mut body = json!({ "name": "App", "url": self.receiver.url() });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.call("POST", "", Some(body), 201).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["webhook"]["id"]), text(&made["secret"]))
    }

    /// How far the readers of the feed say they are.
    pub(crate) async fn report(&self) -> Value {
        self.desk.get(&self.cookie().await, "/tenants/acme/changes/acknowledgements").await.body
    }

    pub(crate) async fn user(&self, name: &str) -> domain::User {
        let body = json!({ "userName": format!("{name}@acme.test") });
        self.desk.store(&self.acme).write(origin(self.acme.id), CreateUser(body)).await.unwrap().output
    }

    pub(crate) fn came(&self) -> Vec<Received> {
        self.receiver.received()
    }

    /// The numbers of what came.
    fn numbers(&self) -> Vec<u64> {
        self.came().iter().filter_map(Received::seq).collect()
    }
}

/// Whether a message is signed with a secret, as a receiver checks it.
fn is_signed(message: &Received, secret: &str) -> bool {
    let mut headers = HeaderMap::new();
    for (name, value) in &message.headers {
        headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Verifier::new(secret).unwrap().verify(message.text.as_bytes(), &headers).is_ok()
}

on_both! {
    async fn changes_arrive_in_order_signed_and_as_the_feed_shows_them(on) {
        let scene = Scene::open(on).await;
        scene.user("before").await;
        let (id, secret) = scene.hook(json!({})).await;
        for name in ["ada", "bob", "cyd"] {
            scene.user(name).await;
        }
        scene.desk.send_what_is_due().await;
        let came = scene.came();
        assert_eq!(scene.numbers(), [2, 3, 4], "it began when it was made");
        let chain: Vec<_> = came.iter().map(|message| message.body["prev_seq"].as_u64().unwrap()).collect();
        assert_eq!(chain, [1, 2, 3]);
        let feed = scene.desk.get(&scene.cookie().await, "/tenants/acme/changes?after=1").await.body;
        let strange = format!("whsec_{}", "A".repeat(43) + "=");
        for (message, change) in came.iter().zip(feed["items"].as_array().unwrap()) {
            assert_eq!((&message.body["data"], &message.body["type"]), (change, &change["type"]));
            assert_eq!((&message.body["timestamp"], &message.body["tenant"]), (&change["at"], &json!(scene.acme.id.to_string())));
            assert!(is_signed(message, &secret) && !is_signed(message, &strange));
        }
        let ids: BTreeSet<_> = came.iter().map(Received::id).collect();
        assert_eq!(ids.len(), 3, "each has a name of its own");
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert_eq!((&seen["deliveredSeq"], &seen["lastSeq"], &seen["waiting"]), (&json!(4), &json!(4), &json!(0)));
        assert!(seen.get("failure").is_none() && seen.get("secret").is_none());
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 3, "nothing is sent twice for nothing");
    }

    async fn a_message_that_fails_is_tried_again_under_its_name_and_parks_its_webhook_after_three_days(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({ "after": 0 })).await;
        scene.user("ada").await;
        scene.user("bob").await;
        scene.receiver.answers(500, "", "no");
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 1, "what follows waits");
        scene.desk.clock.advance_seconds(3);
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 1, "it rests");
        let mut tries = 1;
        loop {
            let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
            let failure = &seen["failure"];
            assert_eq!((&failure["attempts"], &failure["status"]), (&json!(tries), &json!(500)), "{seen}");
            if seen["state"] == "parked" {
                assert!(failure.get("nextAt").is_none());
                break;
            }
            assert!(failure["nextAt"].is_string() && tries < 40);
            scene.desk.clock.advance_seconds(6 * 3_600);
            scene.desk.send_what_is_due().await;
            tries += 1;
        }
        assert!(tries >= 12, "{tries} tries of six hours at most in three days");
        let (first, came) = (scene.came()[0].clone(), scene.came());
        assert_eq!(came.len(), tries);
        assert!(came.iter().all(|message| message.id() == first.id() && message.text == first.text));
        scene.desk.clock.advance_seconds(86_400);
        scene.user("cyd").await;
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), tries, "a parked one costs nothing");
        scene.receiver.answers(204, "", "");
        let seen = scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "active" })), 200).await;
        assert!(seen.get("failure").is_none());
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.numbers()[tries..], [1, 2, 3]);
    }

    async fn who_is_gone_is_parked_at_once_and_who_asks_to_wait_is_left_alone(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.user("ada").await;
        scene.receiver.answers(503, "retry-after: 600\r\n", "");
        scene.desk.send_what_is_due().await;
        scene.desk.clock.advance_seconds(599);
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 1);
        scene.receiver.answers(410, "", "");
        scene.desk.clock.advance_seconds(1);
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 2);
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert_eq!((&seen["state"], &seen["failure"]["status"]), (&json!("parked"), &json!(410)));
    }

    async fn two_secrets_sign_while_the_old_one_is_kept_and_one_after_it(on) {
        let scene = Scene::open(on).await;
        let (id, old) = scene.hook(json!({})).await;
        let body = json!({ "keepOldHours": 1 });
        let rotated = scene.call("POST", &format!("/{id}/secret"), Some(body), 200).await;
        let new = rotated["secret"].as_str().unwrap();
        assert!(new.starts_with("whsec_") && new != old && rotated["webhook"]["oldSecretUntil"].is_string());
        scene.user("ada").await;
        scene.desk.send_what_is_due().await;
        let both = &scene.came()[0];
        assert!(is_signed(both, new) && is_signed(both, &old));
        scene.desk.clock.advance_seconds(3_600);
        scene.user("bob").await;
        scene.desk.send_what_is_due().await;
        let signatures = |message: &Received| message.header("webhook-signature").split(' ').count();
        assert_eq!((signatures(both), signatures(&scene.came()[1])), (2, 1));
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert!(seen.get("oldSecretUntil").is_none() && !seen.to_string().contains("whsec_"));
        scene.call("POST", &format!("/{id}/secret"), Some(json!({ "keepOldHours": 169 })), 400).await;
        let store = &scene.desk.scratch.store;
        assert!(!store::testing::everything(store).await.contains(&new[6..]), "it stands in no row");
    }

    async fn a_filter_lets_through_what_it_names_and_the_chain_is_of_what_was_sent(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({ "types": ["user.deleted", "group.created"] })).await;
        let ada = scene.user("ada").await;
        let store = scene.desk.store(&scene.acme);
        store.write(origin(scene.acme.id), RemoveUser(ada.id)).await.unwrap();
        scene.user("bob").await;
        store.write(origin(scene.acme.id), CreateGroup(json!({ "displayName": "All" }))).await.unwrap();
        scene.user("cyd").await;
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.numbers(), [2, 4]);
        assert_eq!((&scene.came()[0].body["prev_seq"], &scene.came()[1].body["prev_seq"]), (&json!(0), &json!(2)));
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert_eq!((&seen["deliveredSeq"], &seen["waiting"]), (&json!(5), &json!(0)), "what does not pass waits for nothing");
        let only = json!({ "types": [], "resourceType": "Group" });
        assert_eq!(scene.call("PATCH", &format!("/{id}"), Some(only), 200).await["resourceType"], "Group");
        scene.user("dan").await;
        store.write(origin(scene.acme.id), CreateGroup(json!({ "displayName": "Some" }))).await.unwrap();
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.numbers(), [2, 4, 7]);
        let all = scene.call("PATCH", &format!("/{id}"), Some(json!({ "resourceType": "any" })), 200).await;
        assert!(all.get("resourceType").is_none());
        for (body, field) in [
            (json!({ "types": ["user.exploded"] }), "types"),
            (json!({ "types": ["user.created"], "resourceType": "Group" }), "types"),
            (json!({ "name": "" }), "name"),
        ] {
            let refused = scene.call("PATCH", &format!("/{id}"), Some(body), 400).await;
            assert_eq!(refused["errors"][0]["field"], field);
        }
    }

    async fn a_paused_webhook_is_sent_nothing_and_gets_all_of_it_later(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "paused" })), 200).await;
        scene.user("ada").await;
        scene.user("bob").await;
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.receiver.connections(), 0);
        assert_eq!(scene.call("GET", &format!("/{id}"), None, 200).await["waiting"], 2);
        scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "active" })), 200).await;
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.numbers(), [1, 2]);
        scene.call("DELETE", &format!("/{id}"), None, 204).await;
        scene.user("cyd").await;
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.came().len(), 2, "nobody is there any more");
        scene.call("GET", &format!("/{id}/deliveries"), None, 404).await;
    }

    async fn a_replay_sends_again_what_is_kept_and_says_what_is_not(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        for name in ["ada", "bob", "cyd"] {
            scene.user(name).await;
        }
        scene.desk.send_what_is_due().await;
        let seen = scene.call("POST", &format!("/{id}/replay"), Some(json!({ "after": 1 })), 200).await;
        assert_eq!((&seen["startsAfter"], &seen["waiting"]), (&json!(1), &json!(2)));
        scene.desk.send_what_is_due().await;
        assert_eq!(scene.numbers(), [1, 2, 3, 2, 3]);
        let came = scene.came();
        assert_eq!(came[3].body, came[1].body);
        assert_ne!(came[3].id(), came[1].id(), "who drops what it knows by name takes it");
        let ahead = scene.call("POST", &format!("/{id}/replay"), Some(json!({ "after": 4 })), 410).await;
        assert_eq!(ahead["code"], "changes_unknown");
        meddle(&scene.desk.scratch.store, scene.acme.id, "DELETE FROM changes WHERE tenant_id = {tenant} AND seq <= 2").await;
        let behind = scene.call("POST", &format!("/{id}/replay"), Some(json!({ "after": 1 })), 410).await;
        assert_eq!(behind["code"], "changes_removed");
        scene.call("POST", &format!("/{id}/replay"), Some(json!({ "after": 2 })), 200).await;
    }

    async fn changes_that_were_removed_before_they_were_sent_are_never_passed_over_in_silence(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "paused" })), 200).await;
        for name in ["ada", "bob", "cyd", "dan"] {
            scene.user(name).await;
        }
        meddle(&scene.desk.scratch.store, scene.acme.id, "DELETE FROM changes WHERE tenant_id = {tenant} AND seq <= 2").await;
        assert_eq!(scene.call("GET", &format!("/{id}"), None, 200).await["behindRetention"], true);
        scene.call("PATCH", &format!("/{id}"), Some(json!({ "state": "active" })), 200).await;
        scene.desk.send_what_is_due().await;
        let came = scene.came();
        let told: Vec<_> = came.iter().map(|message| (message.body["type"].as_str().unwrap(), message.body["seq"].clone())).collect();
        assert_eq!(told, [("webhook.gap", json!(2)), ("user.created", json!(3)), ("user.created", json!(4))]);
        let (gap, next) = (&came[0].body, &came[1].body);
        assert_eq!((&gap["prev_seq"], &gap["data"]["continuesAfter"], &next["prev_seq"]), (&json!(0), &json!(2), &json!(2)));
        assert!(gap["data"]["snapshot"].as_str().unwrap().ends_with("/snapshot"));
        assert_eq!(scene.call("GET", &format!("/{id}"), None, 200).await["behindRetention"], false);
    }

    async fn a_tenant_has_twenty_webhooks_at_most_and_a_viewer_sees_none(on) {
        let scene = Scene::open(on).await;
        for _ in 0..20 {
            webhook(&scene.desk, &scene.acme, "https://192.0.2.1/in").await;
        }
        let body = json!({ "name": "One more", "url": scene.receiver.url() });
        assert_eq!(scene.call("POST", "", Some(body), 409).await["code"], "too_many_webhooks");
        assert_eq!(scene.call("GET", "", None, 200).await["items"].as_array().unwrap().len(), 20);
        let viewer = scene.desk.person("viewer@acme.test", None, &[(&scene.acme, Role::Viewer)]).await;
        let cookie = scene.desk.session(viewer).await;
        assert_eq!(scene.desk.get(&cookie, HOOKS).await.status, 403);
    }
}
