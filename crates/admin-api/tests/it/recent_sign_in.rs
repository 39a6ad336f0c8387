//! What a forgotten open window must not do: which operations ask for a sign-in of late, and that the document says so.

use std::collections::BTreeSet;

use domain::Clock;
use serde_json::{Value, json};

use crate::authorisation::{ground, operations};
use crate::on_both;

const MINUTES: i64 = 60;

/// The operations whose description speaks of `sign_in_again`.
fn promised() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&admin_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    let speaks = |operation: &&Value| operation["description"].as_str().is_some_and(|text| text.contains("`sign_in_again`"));
    all.filter(speaks).map(|operation| operation["operationId"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn an_operation_says_that_it_wants_a_recent_sign_in_exactly_when_it_does(on) {
        let ground = ground(on).await;
        let operator = ground.people[4].unwrap();
        let mut refused = BTreeSet::new();
        for operation in operations() {
            let cookie = ground.desk.session_since(operator, ground.desk.clock.now().plus_seconds(-16 * MINUTES)).await;
            let body = match operation.id.as_str() {
                // The one change of a connection that ends something.
                "changeConnection" => Some(json!({ "state": "closed" })),
                // Another name would need none.
                "changeWebhook" => Some(json!({ "url": "https://1.1.1.1/in" })),
                _ => ground.body(&operation),
            };
            let answer = ground.desk.call(Some(&cookie), &operation.method, &ground.path(&operation), body).await;
            if answer.code() == "sign_in_again" {
                assert_eq!(answer.status, 403, "{}", operation.id);
                refused.insert(operation.id);
            }
        }
        let promised = promised();
        assert!(promised.len() > 20, "{promised:?}");
        let silent: Vec<_> = refused.difference(&promised).collect();
        let untrue: Vec<_> = promised.difference(&refused).collect();
        assert!(silent.is_empty(), "these want a recent sign-in and do not say so: {silent:?}");
        assert!(untrue.is_empty(), "these say that they want a recent sign-in and do not: {untrue:?}");
    }

    async fn a_sign_in_is_recent_for_a_quarter_of_an_hour(on) {
        let ground = ground(on).await;
        let (desk, operator) = (&ground.desk, ground.people[4].unwrap());
        let key = json!({ "name": "CI" });
        for (age, status) in [(15 * MINUTES - 1, 201), (15 * MINUTES, 403)] {
            let cookie = desk.session_since(operator, desk.clock.now().plus_seconds(-age)).await;
            assert_eq!(desk.call(Some(&cookie), "POST", "/api-keys", Some(key.clone())).await.status, status);
        }
    }
}
