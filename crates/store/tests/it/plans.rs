//! Frequent look-ups use their index, on both engines.

use futures_util::future::join_all;
use scim::{Condition, Filter, ResourceSchema};
use serde_json::json;
use store::testing::{CreateUser, On, origin, scratch};

use crate::on_both;

const PEOPLE: usize = 3_000;

on_both! {
    async fn look_ups_use_their_index(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let people = (0..PEOPLE).map(|i| {
            let body = json!({
                "userName": format!("p{i}@acme.test"), "externalId": format!("e{i}"), "displayName": format!("Person {i}"),
                "name": { "familyName": format!("Family {i}") }, "emails": [{ "value": format!("p{i}@acme.test") }],
            });
            store.write(origin(store.id()), CreateUser(body))
        });
        let mut people: Vec<_> = people.collect();
        while !people.is_empty() {
            // One tenant may fill half of the write queue.
            let some = people.split_off(people.len().saturating_sub(1_000));
            for made in join_all(some).await {
                made.unwrap();
            }
        }
        let emails = if on == On::Sqlite { "m USING PRIMARY KEY (tenant_id=? AND value_key=?)" } else { "user_emails_pkey" };
        let cases = [
            ("userName eq \"p77@acme.test\"", "users_user_name"),
            ("externalId eq \"e77\"", "users_external_id"),
            ("emails.value eq \"p77@acme.test\"", emails),
            ("emails[value eq \"p77@acme.test\" and type eq \"work\"]", emails),
        ];
        for (filter, index) in cases {
            let condition = Condition::resolve(&Filter::parse(filter).unwrap(), &ResourceSchema::user()).unwrap();
            let plan = scratch.plan_of_users(store.id(), condition).await;
            assert!(plan.contains(index), "{filter} does not use {index}:\n{plan}");
            let whole = if on == On::Sqlite { "SCAN t" } else { "Seq Scan on users" };
            assert!(!plan.contains(whole), "{filter} reads the whole table:\n{plan}");
        }
    }
}
