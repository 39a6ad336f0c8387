//! What was sent to webhooks, messages by hand, and addresses that are never called.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::testing::{Received, Receiver, RemoveUser};

use crate::authorisation::webhook;
use crate::desk::Desk;
use crate::on_both;
use crate::webhooks::Scene;

/// Addresses by which a hostile admin would reach this machine or what is near it; `PORT` is one where somebody listens.
const HOSTILE: [&str; 60] = [
    "http://127.0.0.1:PORT/",
    "https://127.0.0.1:PORT/",
    "https://127.1:PORT/",
    "https://127.0.1:PORT/",
    "https://127.0.0.2:PORT/",
    "https://127.255.255.254:PORT/",
    "https://2130706433:PORT/",
    "https://0x7f000001:PORT/",
    "https://0x7f.0.0.1:PORT/",
    "https://0x7f.1:PORT/",
    "https://0177.0.0.1:PORT/",
    "https://017700000001:PORT/",
    "https://0:PORT/",
    "https://0.0.0.0:PORT/",
    "https://127.0.0.1.:PORT/",
    "https://localhost:PORT/",
    "https://LOCALHOST:PORT/",
    "https://localhost.:PORT/",
    "https://a.localhost:PORT/",
    "http://localhost:PORT/",
    "https://[::1]:PORT/",
    "https://[::]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
    "https://[::ffff:7f00:1]:PORT/",
    "https://[::127.0.0.1]:PORT/",
    "https://[64:ff9b::7f00:1]:PORT/",
    "https://[2002:7f00:1::]:PORT/",
    "https://[2001:0:7f00:1::]:PORT/",
    "https://user@127.0.0.1:PORT/",
    "https://user:word@1.1.1.1:PORT/",
    "https://1.1.1.1@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT\\@1.1.1.1/",
    "https:\\\\127.0.0.1:PORT\\",
    "https:127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:application/json,{}",
    "unix:///var/run/docker.sock",
    "https://",
    "https:///in",
    "https://intranet:PORT/",
    "https://printer.local:PORT/",
    "https://metadata.google.internal/",
    "https://router.home.arpa/",
    "https://10.0.0.1:PORT/",
    "https://100.64.0.1:PORT/",
    "https://168.63.129.16/",
    "https://169.254.169.254/latest/meta-data/",
    "https://172.16.0.1:PORT/",
    "https://192.168.1.1:PORT/",
    "https://198.18.0.1:PORT/",
    "https://224.0.0.1:PORT/",
    "https://[fe80::1]:PORT/",
    "https://[fc00::1]:PORT/",
    "https://[fd00:ec2::254]:PORT/",
];

on_both! {
    async fn case_39_a_webhook_leads_nowhere_inside_when_it_is_saved_and_when_it_is_sent_to(on) {
        // This service may call nothing on this machine.
        let scene = Scene::at(Desk::open(on).await).await;
        let listener = Receiver::start().await;
        let blocked = webhook(&scene.desk, &scene.acme, "https://192.0.2.1/").await;
        let (id, store) = (blocked.id, scene.desk.store(&scene.acme));
        scene.user("ada").await;
        for url in HOSTILE {
            let url = url.replace("PORT", &listener.port().to_string());
            let body = json!({ "name": "Inside", "url": url });
            let refused = scene.call("POST", "", Some(body), 400).await;
            assert_eq!(refused["errors"][0]["field"], "url", "{url}");
            let refused = scene.call("PATCH", &format!("/{id}"), Some(json!({ "url": url })), 400).await;
            assert_eq!(refused["errors"][0]["field"], "url", "{url}");
            // As if it had been saved before the rule was there.
            let change = store::WebhookChange { url: Some(url.clone()), ..store::WebhookChange::default() };
            store.webhooks().change(id, change, &store::testing::author()).await.unwrap().unwrap();
            scene.desk.send_what_is_due().await;
            let sent = scene.call("GET", &format!("/{id}/deliveries?limit=1"), None, 200).await;
            let newest = &sent["items"][0];
            assert_eq!((&newest["outcome"], newest.get("status")), (&json!("blocked"), None), "{url}");
        }
        assert_eq!(listener.connections(), 0);
        let all = scene.call("GET", &format!("/{id}/deliveries?limit=200"), None, 200).await;
        assert_eq!(all["items"].as_array().unwrap().len(), HOSTILE.len());
    }

    async fn a_redirect_is_followed_nowhere(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let elsewhere = Receiver::start().await;
        scene.receiver.answers(307, &format!("location: {}\r\n", elsewhere.url()), "");
        scene.user("ada").await;
        scene.desk.send_what_is_due().await;
        assert_eq!((scene.came().len(), elsewhere.connections()), (1, 0));
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert_eq!(seen["failure"]["status"], 307);
    }

    async fn what_was_said_is_kept_but_for_cookies_and_what_is_long(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let headers = "directory-sync-applied: 7\r\nset-cookie: session=hush\r\nx-note: a\r\n";
        scene.receiver.answers(200, headers, &"x".repeat(10_000));
        let ada = scene.user("ada").await;
        scene.user("bob").await;
        scene.desk.send_what_is_due().await;
        let list = scene.call("GET", &format!("/{id}/deliveries"), None, 200).await;
        let rows = list["items"].as_array().unwrap();
        assert_eq!((&rows[0]["seq"], &rows[1]["seq"], &rows[1]["prevSeq"]), (&json!(2), &json!(1), &json!(0)), "newest first");
        let first = &rows[1];
        assert_eq!((&first["appliedSeq"], &first["attempt"], &first["outcome"]), (&json!(7), &json!(1), &json!("delivered")));
        let detail = scene.call("GET", &format!("/{id}/deliveries/{}", first["id"].as_str().unwrap()), None, 200).await;
        assert!(!detail.to_string().contains("hush"));
        assert_eq!(detail["answerBody"].as_str().unwrap().len(), 4_096);
        let noted = json!({ "name": "x-note", "value": "a" });
        assert!(detail["answerHeaders"].as_array().unwrap().contains(&noted));
        let came = &scene.came()[0];
        assert_eq!(detail["requestBody"], json!(came.text));
        let names: Vec<_> = detail["requestHeaders"].as_array().unwrap().iter().map(|header| header["name"].clone()).collect();
        assert_eq!(names, ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"]);
        let number = async |query: &str| {
            let list = scene.call("GET", &format!("/{id}/deliveries?{query}"), None, 200).await;
            list["items"].as_array().unwrap().len()
        };
        assert_eq!(number(&format!("resourceId={}", ada.id)).await, 1);
        assert_eq!((number("outcome=delivered").await, number("outcome=failed").await), (2, 0));
        let page = scene.call("GET", &format!("/{id}/deliveries?limit=1"), None, 200).await;
        assert_eq!(number(&format!("after={}", page["next"].as_str().unwrap())).await, 1);
        scene.call("GET", &format!("/{id}/deliveries?after=x"), None, 400).await;
    }

    async fn what_a_receiver_says_it_has_applied_is_acknowledged(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let readers = async || scene.report().await["readers"].as_array().unwrap().clone();
        // Beyond the last change, or no number: the message is there all the same.
        for applied in ["9", "-1", "all"] {
            scene.receiver.answers(200, &format!("directory-sync-applied: {applied}\r\n"), "");
            scene.user(&format!("user{applied}")).await;
            scene.desk.send_what_is_due().await;
        }
        assert_eq!((scene.came().len(), readers().await), (3, vec![]));
        scene.receiver.answers(200, "directory-sync-applied: 3\r\n", "");
        scene.user("ada").await;
        scene.desk.send_what_is_due().await;
        let told = readers().await;
        assert_eq!((&told[0]["reader"]["kind"], &told[0]["reader"]["id"]), (&json!("webhook"), &json!(id)));
        assert_eq!((&told[0]["seq"], &told[0]["waiting"]), (&json!(3), &json!(1)));
        scene.call("DELETE", &format!("/{id}"), None, 204).await;
        assert_eq!(readers().await, Vec::<Value>::new(), "it goes with its webhook");
    }

    async fn a_test_says_at_once_whether_messages_arrive_and_moves_nothing(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let sent = scene.call("POST", &format!("/{id}/test"), None, 200).await;
        assert_eq!((&sent["type"], &sent["outcome"], sent.get("seq")), (&json!("webhook.test"), &json!("delivered"), None));
        let came = scene.came();
        assert_eq!((came[0].id(), &came[0].body["type"]), (sent["messageId"].as_str().unwrap(), &json!("webhook.test")));
        scene.receiver.answers(404, "", "nobody here");
        let refused = scene.call("POST", &format!("/{id}/test"), None, 200).await;
        assert_eq!((&refused["outcome"], &refused["status"]), (&json!("refused"), &json!(404)));
        let seen = scene.call("GET", &format!("/{id}"), None, 200).await;
        assert_eq!((&seen["state"], &seen["deliveredSeq"], seen.get("failure")), (&json!("active"), &json!(0), None));
        let path = format!("/tenants/acme/webhooks/{id}/test");
        let mut codes = Vec::new();
        for _ in 0..60 {
            codes.push(scene.desk.call(Some(&scene.cookie().await), "POST", &path, None).await.code().to_owned());
        }
        assert!(codes.iter().any(|code| code == "too_many_messages"), "a receiver may be anybody's");
    }

    async fn a_message_is_sent_once_more_under_its_name_while_its_change_is_kept(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.user("ada").await;
        scene.desk.send_what_is_due().await;
        let list = scene.call("GET", &format!("/{id}/deliveries"), None, 200).await;
        let first = list["items"][0]["id"].as_str().unwrap().to_owned();
        let again = scene.call("POST", &format!("/{id}/deliveries/{first}/resend"), None, 200).await;
        assert_eq!((&again["attempt"], &again["outcome"]), (&json!(2), &json!("delivered")));
        let came: Vec<Received> = scene.came();
        assert_eq!((came[0].id(), &came[0].text), (came[1].id(), &came[1].text));
        let test = scene.call("POST", &format!("/{id}/test"), None, 200).await;
        scene.call("POST", &format!("/{id}/deliveries/{}/resend", test["id"].as_str().unwrap()), None, 200).await;
        assert_eq!(scene.came()[2].text, scene.came()[3].text);
        store::testing::meddle(&scene.desk.scratch.store, scene.acme.id, "DELETE FROM changes WHERE tenant_id = {tenant}").await;
        let gone = scene.call("POST", &format!("/{id}/deliveries/{first}/resend"), None, 410).await;
        assert_eq!(gone["code"], "changes_removed");
        let detail = scene.call("GET", &format!("/{id}/deliveries/{first}"), None, 200).await;
        assert_eq!(detail.get("requestBody"), None::<&Value>);
    }

    async fn a_receiver_is_as_far_as_it_says_and_never_late_with_what_passes_no_filter(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({ "types": ["user.deleted"] })).await;
        let at = async || scene.report().await["readers"][0]["seq"].clone();
        let store = scene.desk.store(&scene.acme);
        for (name, applied) in [("ada", 2), ("bob", 999)] {
            let user = scene.user(name).await;
            store.write(store::testing::origin(scene.acme.id), RemoveUser(user.id)).await.unwrap();
            scene.receiver.answers(200, &format!("directory-sync-applied: {applied}\r\n"), "");
            scene.desk.send_what_is_due().await;
            assert_eq!(at().await, json!(2), "{applied}");
        }
        scene.call("POST", &format!("/{id}/replay"), Some(json!({ "after": 2 })), 200).await;
        scene.receiver.answers(200, "directory-sync-applied: 4\r\n", "");
        scene.desk.send_what_is_due().await;
        assert_eq!(at().await, json!(4));
        scene.user("cyd").await;
        scene.desk.send_what_is_due().await;
        assert_eq!((scene.came().len(), at().await), (3, json!(5)), "nothing was sent, and nothing waits");
    }

    async fn names_of_headers_are_kept_up_to_a_length_and_a_list_shows_none(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.receiver.answers(200, &format!("x-{}: a\r\n", "n".repeat(500)), "");
        scene.user("ada").await;
        scene.desk.send_what_is_due().await;
        let list = scene.call("GET", &format!("/{id}/deliveries"), None, 200).await;
        let first = list["items"][0]["id"].as_str().unwrap();
        let detail = scene.call("GET", &format!("/{id}/deliveries/{first}"), None, 200).await;
        let names = detail["answerHeaders"].as_array().unwrap().iter().map(|header| header["name"].as_str().unwrap());
        assert_eq!(names.filter(|name| name.starts_with("x-n")).map(str::len).collect::<Vec<_>>(), [64]);
        let webhooks = scene.desk.store(&scene.acme);
        let query = store::DeliveryQuery { limit: 1, ..store::DeliveryQuery::default() };
        let short = webhooks.webhooks().deliveries(id.parse().unwrap(), &query).await.unwrap();
        assert!(short[0].request_headers.is_empty() && short[0].answer_headers.is_empty());
    }

    async fn replays_have_a_pace(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        let path = format!("/tenants/acme/webhooks/{id}/replay");
        let mut codes = Vec::new();
        for _ in 0..60 {
            let answer = scene.desk.call(Some(&scene.cookie().await), "POST", &path, Some(json!({ "after": 0 }))).await;
            codes.push(answer.code().to_owned());
        }
        assert!(codes.iter().any(|code| code == "too_many_messages"));
    }

    async fn a_message_by_hand_is_kept_when_whoever_asked_for_it_hangs_up(on) {
        let scene = Scene::open(on).await;
        let (id, _) = scene.hook(json!({})).await;
        scene.receiver.takes(Duration::from_secs(1));
        let (cookie, path) = (scene.cookie().await, format!("/tenants/acme/webhooks/{id}/test"));
        let asked = scene.desk.call(Some(&cookie), "POST", &path, None);
        tokio::select! {
            _ = asked => panic!("the receiver has not answered yet"),
            _ = scene.receiver.wait_for(1) => {}
        }
        let began = Instant::now();
        let kept = loop {
            let list = scene.call("GET", &format!("/{id}/deliveries"), None, 200).await;
            if let Some(kept) = list["items"].as_array().unwrap().first() {
                break kept.clone();
            }
            assert!(began.elapsed() < Duration::from_mins(1), "it was not kept");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert_eq!(kept["outcome"], "delivered");
    }
}
