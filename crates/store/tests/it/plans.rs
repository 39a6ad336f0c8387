//! Frequent look-ups use their index, on both engines.

use domain::{ChangeKind, ResourceKind};
use futures_util::future::join_all;
use scim::{Condition, Filter, ResourceSchema};
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, On, meddle, origin, scratch, scratch_watched};

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
        let (mut people, mut ids): (Vec<_>, _) = (people.collect(), Vec::new());
        while !people.is_empty() {
            // One tenant may fill half of the write queue.
            let some = people.split_off(people.len().saturating_sub(1_000));
            for made in join_all(some).await {
                ids.push(made.unwrap().output.id.to_string());
            }
        }
        let everybody: Vec<_> = ids.iter().map(|id| json!({ "value": id })).collect();
        let everybody = json!({ "displayName": "Everybody", "members": everybody });
        let everybody = store.write(origin(store.id()), CreateGroup(everybody)).await.unwrap().output.id;
        let ada = json!({ "userName": "ada", "active": false });
        let ada = store.write(origin(store.id()), CreateUser(ada)).await.unwrap().output.id;
        let groups = (0..800).map(|i| {
            let members = if i == 7 { json!([{ "value": ada.to_string() }]) } else { json!([]) };
            let body = json!({ "displayName": format!("Group {i}"), "externalId": format!("g{i}"), "members": members });
            store.write(origin(store.id()), CreateGroup(body))
        });
        for made in join_all(groups).await {
            made.unwrap();
        }
        let emails = if on == On::Sqlite { "m USING PRIMARY KEY (tenant_id=? AND value_key=?)" } else { "user_emails_pkey" };
        let late = "meta.lastModified gt \"2999-01-01T00:00:00Z\"";
        let member = format!("members.value eq \"{ada}\"");
        let (users, groups) = (ResourceSchema::user(), ResourceSchema::group());
        let cases = [
            (ResourceKind::User, "userName eq \"p77@acme.test\"", "users_user_name"),
            (ResourceKind::User, "externalId eq \"e77\"", "users_external_id"),
            (ResourceKind::User, "displayName eq \"Person 77\"", "users_display_name"),
            (ResourceKind::User, "displayName sw \"Person 77\"", "users_display_name"),
            (ResourceKind::User, "name.familyName eq \"Family 77\"", "users_family_name"),
            (ResourceKind::User, "active eq false", "users_active"),
            (ResourceKind::User, late, "users_updated"),
            (ResourceKind::User, "emails.value eq \"p77@acme.test\"", emails),
            (ResourceKind::User, "emails[value eq \"p77@acme.test\" and type eq \"work\"]", emails),
            (ResourceKind::Group, "displayName eq \"Group 7\"", "groups_display_name"),
            (ResourceKind::Group, "externalId eq \"g7\"", "groups_external_id"),
            (ResourceKind::Group, late, "groups_updated"),
            (ResourceKind::Group, &member, "memberships_member"),
        ];
        for (kind, filter, index) in cases {
            let schema = if kind == ResourceKind::User { &users } else { &groups };
            let condition = Condition::resolve(&Filter::parse(filter).unwrap(), schema).unwrap();
            let plan = scratch.plan_of_page(store.id(), kind, condition).await;
            assert!(plan.contains(index), "{filter} does not use {index}:\n{plan}");
            for whole in ["SCAN t", "Seq Scan on users", "Seq Scan on groups"] {
                assert!(!plan.contains(whole), "{filter} reads the whole table:\n{plan}");
            }
        }
        let plan = scratch.plan_of_groups_in(store.id(), everybody).await;
        assert_eq!(plan.matches("memberships_groups").count(), 2, "a group's people are passed over:\n{plan}");
        let plan = scratch.plan_of_groups_below(store.id(), everybody).await;
        assert!(plan.contains("memberships_groups"), "a group's people are passed over:\n{plan}");
        let plan = scratch.plan_of_groups_above(store.id(), everybody).await;
        assert!(plan.contains("memberships_member"), "other groups' members are passed over:\n{plan}");
    }

    async fn the_past_is_looked_through_no_further_than_one_look_goes(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let mut people = Vec::new();
        for some in (0..PEOPLE).collect::<Vec<_>>().chunks(1_000) {
            let made = some.iter().map(|i| store.write(origin(store.id()), CreateUser(json!({ "userName": format!("p{i}") }))));
            people.extend(join_all(made).await.into_iter().map(|made| made.unwrap().output.id.as_uuid()));
        }
        // As if there had been as many changes again, so that a look does not reach the first.
        meddle(&scratch.store, store.id(), "UPDATE tenant_counters SET seq = 9000 WHERE tenant_id = {tenant}").await;
        scratch.analyze().await;
        let (feed, kinds) = (store.feed(), [ChangeKind::UserDeleted]);
        for resource in [None, Some(people[7])] {
            statements.take();
            let past = feed.past(None, &kinds, resource, 50).await.unwrap();
            assert_eq!((past.changes.len(), past.through), (0, 9_000));
            assert_eq!(past.next, if resource.is_none() { Some(4_001) } else { None });
            let asked = statements.take().into_iter().filter(|statement| statement.sql.contains("FROM changes"));
            let asked: Vec<_> = asked.collect();
            assert_eq!(asked.len(), 2, "{asked:#?}");
            let (index, span) = match (resource, on) {
                (None, On::Sqlite) => ("(tenant_id=? AND seq>? AND seq<?)", "seq>?"),
                (None, On::Postgres) => ("changes_pkey", "seq >= "),
                (Some(_), _) => ("changes_resource", "seq"),
            };
            let plan = scratch.plan_of(&asked[0]).await;
            assert!(plan.contains(index) && plan.contains(span), "{plan}");
            let plan = scratch.plan_of(&asked[1]).await;
            for whole in ["SCAN changes", "Seq Scan on changes", "TEMP B-TREE"] {
                assert!(!plan.contains(whole), "{plan}");
            }
            assert!(resource.is_none() || plan.contains(index), "{plan}");
        }
    }
}
