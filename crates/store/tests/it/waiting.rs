//! Somebody whom many groups wait for.

use std::collections::BTreeSet;

use domain::{ChangeKind, GroupId};
use futures_util::future::join_all;
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, meddle, origin, scratch_watched};
use store::{ChangeOrder, ChangeQuery};
use uuid::Uuid;

use crate::on_both;

/// More than one statement has.
const GROUPS: usize = 1_100;

on_both! {
    async fn whom_a_thousand_groups_wait_for_comes_by_few_statements_and_a_change_of_each(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let mut groups: BTreeSet<Uuid> = BTreeSet::new();
        for some in (0..GROUPS).collect::<Vec<_>>().chunks(GROUPS / 2) {
            let made = some.iter().map(|n| {
                let group = json!({ "displayName": format!("Group {n}"), "members": [{ "value": "ada" }, { "value": "bob" }] });
                store.write(origin(store.id()), CreateGroup(group))
            });
            groups.extend(join_all(made).await.into_iter().map(|made| made.unwrap().output.id.as_uuid()));
        }
        statements.take();
        let ada = store.write(origin(store.id()), CreateUser(json!({ "userName": "ada" }))).await.unwrap();
        let asked = statements.take();
        let about = |text: &str| asked.iter().filter(|statement| statement.sql.contains(text)).count();
        assert_eq!((about("INTO memberships"), about("UPDATE \"groups\"")), (2, 2), "a thousand at once");

        let (first, last) = ada.changes.unwrap();
        let order = ChangeOrder::OldestFirst;
        let query = ChangeQuery { order, beyond: None, resource: None, between: Some((first, last)), limit: 2_000 };
        let changes = store.changes(query).await.unwrap();
        assert_eq!(changes[0].change.kind, ChangeKind::UserCreated, "the person comes before their memberships");
        assert_eq!(changes.iter().map(|change| change.seq).collect::<Vec<_>>(), (first..=last).collect::<Vec<_>>());
        let joined = &changes[1..];
        assert_eq!(joined.len(), GROUPS);
        assert_eq!(joined.iter().map(|change| change.change.resource_id).collect::<BTreeSet<_>>(), groups);
        for change in joined {
            assert_eq!((change.change.kind, change.change.version), (ChangeKind::GroupMembersChanged, 2));
            let added = &change.change.details.as_ref().unwrap().members_added;
            assert_eq!(added.iter().map(|member| member.id).collect::<Vec<_>>(), [ada.output.id.as_uuid()]);
        }
        let one = GroupId::from(joined[GROUPS - 1].change.resource_id);
        let row = store.groups().find(one).await.unwrap().unwrap();
        assert_eq!((row.members, row.waiting, row.version), (1, 1, 2), "it waits for the other one still");

        let waiting = store.groups().waiting(3).await.unwrap();
        assert_eq!((waiting.members, waiting.groups, waiting.most.len()), (GROUPS as u64, GROUPS as u64, 3));
        let others = "UPDATE \"groups\" SET waiting = 0 WHERE tenant_id = {tenant} AND display_name_key <> 'group 7'";
        meddle(&scratch.store, store.id(), others).await;
        scratch.analyze().await;
        statements.take();
        let waiting = store.groups().waiting(3).await.unwrap();
        assert_eq!((waiting.members, waiting.groups, waiting.most.len()), (1, 1, 1));
        let asked = statements.take();
        assert_eq!(asked.len(), 2, "{asked:#?}");
        for statement in &asked {
            let plan = scratch.plan_of(statement).await;
            assert!(plan.contains("groups_waiting") && !plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{plan}");
        }
    }
}
