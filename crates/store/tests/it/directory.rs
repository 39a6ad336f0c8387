//! People, groups, their members and the changes they leave.

use domain::{ChangeKind, TenantId, User};
use scim::{MemberRef, ResourceSchema};
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, RemoveUser, origin, scratch};
use store::{ChangeOrder, ChangeQuery, MemberDiff, StoreError, TenantStore, Tx, Unique, Unit};

use crate::on_both;

struct AddMember {
    group: domain::GroupId,
    value: String,
}

impl Unit for AddMember {
    const NAME: &'static str = "test.add_member";
    type Output = u64;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<u64, StoreError> {
        let schema = ResourceSchema::group();
        let group = tx.groups().lock(self.group).await?.unwrap();
        let mut diff = MemberDiff::default();
        let member = MemberRef { value: self.value.clone(), kind: None };
        tx.groups().add_members(&group, &[member], &mut diff).await?;
        let unchanged = group.resource.clone();
        Ok(tx.groups().save(group, unchanged, &diff, &schema).await?.version)
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

async fn create(store: &TenantStore, name: &str) -> Result<User, StoreError> {
    store.write(origin(store.id()), CreateUser(json!({ "userName": name }))).await.map(|written| written.output)
}

async fn changes(store: &TenantStore) -> Vec<domain::Change> {
    let query = ChangeQuery { order: ChangeOrder::OldestFirst, beyond: None, resource: None, between: None, limit: 1_000 };
    store.changes(query).await.unwrap()
}

fn tenant_of(store: &TenantStore) -> TenantId {
    store.id()
}

on_both! {
    async fn sixteen_creates_of_one_name_have_one_winner(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let names = ["ada@acme.test", "ADA@acme.test", " ada@acme.test "];
        let tries = (0..16).map(|i| {
            let store = store.clone();
            async move { create(&store, names[i % 3]).await }
        });
        let results = futures_util::future::join_all(tries).await;
        let winner = results.iter().find_map(|r| r.as_ref().ok()).unwrap().id;
        let losers = results.iter().filter(|r| matches!(r, Err(StoreError::Conflict(Unique::UserName { holder })) if *holder == Some(winner.as_uuid())));
        assert_eq!(losers.count(), 15);
        assert_eq!(store.counters().await.unwrap().users, 1);
        assert_eq!(changes(&store).await.len(), 1);
    }

    async fn sixteen_callers_add_different_members_and_none_is_lost(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let group = store.write(origin(store.id()), CreateGroup(json!({ "displayName": "Engineers" }))).await.unwrap().output;
        let mut people = Vec::new();
        for i in 0..16 {
            people.push(create(&store, &format!("p{i}@acme.test")).await.unwrap());
        }
        let adds = people.iter().map(|person| {
            let (store, value) = (store.clone(), person.id.to_string());
            async move { store.write(origin(tenant_of(&store)), AddMember { group: group.id, value }).await.unwrap().output }
        });
        let mut versions = futures_util::future::join_all(adds).await;
        versions.sort_unstable();
        assert_eq!(versions, (2..=17).collect::<Vec<u64>>(), "each add moved the version once");
        assert_eq!(store.members().list(group.id, None, 100).await.unwrap().len(), 16);
        let seqs: Vec<_> = changes(&store).await.iter().map(|change| change.seq).collect();
        assert_eq!(seqs, (1..=33).collect::<Vec<u64>>(), "numbered without a gap");
    }

    async fn what_changes_nothing_writes_nothing(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let ada = create(&store, "ada@acme.test").await.unwrap();
        let group = json!({ "displayName": "Engineers", "members": [{ "value": ada.id.to_string() }] });
        let group = store.write(origin(store.id()), CreateGroup(group)).await.unwrap().output;
        let again = store.write(origin(store.id()), AddMember { group: group.id, value: ada.id.to_string() }).await.unwrap();
        assert_eq!((again.output, again.changes), (1, None));
        assert_eq!(changes(&store).await.len(), 3, "the person, the group, its first member");
    }

    async fn deleting_a_person_frees_the_name_and_leaves_the_groups(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let ada = create(&store, "ada@acme.test").await.unwrap();
        let group = json!({ "displayName": "Engineers", "members": [{ "value": ada.id.to_string() }] });
        let group = store.write(origin(store.id()), CreateGroup(group)).await.unwrap().output;
        store.write(origin(store.id()), RemoveUser(ada.id)).await.unwrap();
        assert!(store.users().find(ada.id).await.unwrap().is_none());
        assert!(store.members().list(group.id, None, 10).await.unwrap().is_empty());
        let last = changes(&store).await.pop().unwrap();
        assert_eq!(last.change.kind, ChangeKind::UserDeleted);
        assert_eq!(last.change.details.unwrap().groups_left.len(), 1);
        create(&store, "ada@acme.test").await.unwrap();
        assert_eq!(store.counters().await.unwrap().users, 1);
    }

    async fn a_member_who_comes_later_is_joined(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let group = json!({ "displayName": "Engineers", "members": [{ "value": "ada@acme.test" }] });
        let group = store.write(origin(store.id()), CreateGroup(group)).await.unwrap().output;
        assert_eq!(store.members().count_waiting(group.id).await.unwrap(), 1);
        let ada = create(&store, "Ada@acme.test").await.unwrap();
        let members = store.members().list(group.id, None, 10).await.unwrap();
        assert_eq!(members.iter().map(|m| m.id).collect::<Vec<_>>(), [ada.id.as_uuid()]);
        assert_eq!(store.members().count_waiting(group.id).await.unwrap(), 0);
    }

    async fn another_tenants_people_are_nobody_here(on) {
        let scratch = scratch(on).await;
        let acme = scratch.store.tenant(scratch.tenant("acme").await.id);
        let other = scratch.store.tenant(scratch.tenant("other").await.id);
        let ada = create(&acme, "ada@acme.test").await.unwrap();
        create(&other, "ada@acme.test").await.unwrap();
        assert!(other.users().find(ada.id).await.unwrap().is_none());
        let group = json!({ "displayName": "Engineers", "members": [{ "value": ada.id.to_string() }] });
        let group = other.write(origin(other.id()), CreateGroup(group)).await.unwrap().output;
        assert!(other.members().list(group.id, None, 10).await.unwrap().is_empty());
        assert_eq!(other.members().count_waiting(group.id).await.unwrap(), 1);
    }
}
