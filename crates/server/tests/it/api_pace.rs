//! How fast calls of the admin API may come, through the real server behind a proxy that it trusts.

use std::time::{Duration, Instant};

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use serde_json::{Map, Value, json};
use store::testing::On;

use crate::on_both;
use crate::server::Server;
use crate::streams::Person;

/// Guesses that an address has at once; one more comes back each second.
const GUESSES: usize = 60;

async fn serve(on: On, most: &str) -> Server {
    let mut server = Server::prepare(on).await;
    server.flags(&["--trusted-proxies", "127.0.0.0/8", "--api-requests-per-second", most]);
    server.serve().await;
    server
}

/// A call from an address with what it proves, if anything.
async fn call(server: &Server, from: &str, proof: Option<(&str, &str)>, path: &str, body: Option<Value>) -> Answer {
    let address = Address { server: server.address(), path: "/api/v1".to_owned(), token: Secret::new("-") };
    let mut headers = json!({
        "Authorization": null, "X-Forwarded-For": from, "X-Directory-Sync": "test", "Content-Type": "application/json",
    });
    if let Some((name, value)) = proof {
        headers[name] = value.into();
    }
    let headers: Map<String, Value> = headers.as_object().cloned().unwrap();
    address.send(if body.is_some() { "POST" } else { "GET" }, path, &headers, body.as_ref()).await.unwrap()
}

fn left(answer: &Answer) -> [Option<&str>; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| answer.header(name))
}

fn is_told_to_wait(answer: &Answer, code: &str) {
    let body = answer.body.as_ref().unwrap();
    assert_eq!((answer.status, &body["code"]), (429, &json!(code)), "{}", answer.text);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    assert!(body["requestId"].is_string());
}

on_both! {
    async fn a_session_a_key_and_an_address_each_have_so_many_calls_a_second(on) {
        let server = serve(on, "5").await;
        server.json(&["tenant", "create", "acme", "--slug", "acme", "--json"]);
        let olga = Person::operator(&server).await;
        let issued = olga.call("POST", "/api-keys", Some(json!({ "name": "CI" }))).await;
        let key = format!("Bearer {}", issued.body.unwrap()["token"].as_str().unwrap());
        let proofs = [Some(("Cookie", olga.cookie.as_str())), Some(("Authorization", key.as_str())), None];
        for (n, proof) in proofs.into_iter().enumerate() {
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let path = if proof.is_some() { "/tenants" } else { "/sign-in-options" };
            let from = format!("198.51.100.{n}");
            let first = call(&server, &from, proof, path, None).await;
            assert_eq!((first.status, left(&first)), (200, [Some("5"), Some("4"), Some("1")]));
            let calls = (0..40).map(|_| call(&server, &from, proof, path, None));
            let answers = futures_util::future::join_all(calls).await;
            assert!(answers.iter().any(|answer| answer.status == 200), "{proof:?}");
            let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
            is_told_to_wait(refused, "too_fast");
            assert_eq!(left(refused), [Some("5"), Some("0"), Some("1")]);
            // Nobody else waits for it: neither another address nor, at this one, who proves who they are.
            let other = call(&server, &format!("203.0.113.{n}"), None, "/sign-in-options", None).await;
            assert_eq!(other.status, 200);
            if proof.is_none() {
                assert_eq!(call(&server, &from, Some(("Cookie", olga.cookie.as_str())), "/session", None).await.status, 200);
            }
        }
        // A live stream is one call, however much comes by it.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let stream = olga.follow("/tenants/acme/sync-events/stream", None);
        assert_eq!((stream.status, stream.next().0.is_some()), (200, true));
        let after = olga.call("GET", "/session", None).await;
        assert_eq!((after.status, after.header("ratelimit-limit")), (200, Some("5")));
    }

    async fn whoever_guesses_keys_tokens_or_codes_waits_and_nobody_else_does(on) {
        let server = serve(on, "1000").await;
        let tenant = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let issued = olga.call("POST", "/api-keys", Some(json!({ "name": "CI" }))).await;
        let key = format!("Bearer {}", issued.body.unwrap()["token"].as_str().unwrap());
        let code = || Some(json!({ "code": "no such code" }));
        let guesses = [
            (401, "/tenants", Some(("Authorization", "Bearer dsa_no-such-key")), None),
            (404, "/leaked-tokens", None, Some(json!({ "token": "dsk_no-such-token" }))),
            (410, "/setup/open", None, code()),
            (410, "/invitations/check", None, code()),
            (410, "/password-resets/check", None, code()),
            (410, "/welcome/check", None, code()),
        ];
        for (n, (status, path, proof, body)) in guesses.into_iter().enumerate() {
            let (from, began) = (format!("198.51.100.{n}"), Instant::now());
            let mut refused = 0;
            let waits = loop {
                let answer = call(&server, &from, proof, path, body.clone()).await;
                if answer.status == 429 {
                    break answer;
                }
                assert_eq!(answer.status, status, "{path}: {}", answer.text);
                refused += 1;
                assert!(refused < 10 * GUESSES, "{path}");
            };
            is_told_to_wait(&waits, "too_many_attempts");
            let regained = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
            assert!((GUESSES..=GUESSES + regained).contains(&refused), "{path}: {refused}");
            // What is good is taken from the very address, and what is wrong from another is only wrong.
            for good in [("Authorization", key.as_str()), ("Cookie", olga.cookie.as_str())] {
                assert_eq!(call(&server, &from, Some(good), "/tenants", None).await.status, 200, "{path}");
            }
            let elsewhere = call(&server, &format!("203.0.113.{n}"), proof, path, body).await;
            assert_eq!(elsewhere.status, status, "{path}");
        }
        // Whoever has a leaked token ends it, however much was guessed where they are.
        let found = Some(json!({ "token": tenant.token }));
        assert_eq!(call(&server, "198.51.100.1", None, "/leaked-tokens", found).await.status, 204);
    }
}
