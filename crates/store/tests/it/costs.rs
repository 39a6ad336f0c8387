//! What a write costs: how many statements, and that none of them reads a whole table, on both engines.

use domain::{Group, GroupId};
use futures_util::future::join_all;
use scim::{MemberRef, ResourceSchema};
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, On, Scratch, Statements, origin, scratch_watched};
use store::{Claim, Compared, MemberDiff, Mirrored, StoreError, TenantStore, Tx, Unit};
use uuid::Uuid;

use crate::on_both;

/// Enough rows for a planner to prefer an index where it has a choice.
const PEOPLE: usize = 2_000;
/// As many as the product promises; for the long run.
const MANY_PEOPLE: usize = 100_000;

enum Move {
    Add,
    Remove,
}

/// One member comes or goes, as one operation of a PATCH does it.
struct MoveMember {
    group: GroupId,
    member: String,
    to: Move,
}

impl Unit for MoveMember {
    const NAME: &'static str = "test.move_member";
    type Output = Group;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, StoreError> {
        let group = tx.groups().lock(self.group).await?.ok_or(StoreError::Stale)?;
        let mut diff = MemberDiff::default();
        match self.to {
            Move::Add => {
                let member = MemberRef { value: self.member.clone(), kind: None };
                tx.groups().add_members(&group, &[member], &mut diff).await?;
            }
            Move::Remove => tx.groups().remove_members(&group, std::slice::from_ref(&self.member), &mut diff).await?,
        }
        let unchanged = group.resource.clone();
        tx.groups().save(group, unchanged, &diff, &ResourceSchema::group()).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// Many members go, as one PATCH takes them out.
struct RemoveMembers {
    group: GroupId,
    members: Vec<String>,
}

impl Unit for RemoveMembers {
    const NAME: &'static str = "test.remove_members";
    type Output = Group;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, StoreError> {
        let group = tx.groups().lock(self.group).await?.ok_or(StoreError::Stale)?;
        let mut diff = MemberDiff::default();
        tx.groups().remove_members(&group, &self.members, &mut diff).await?;
        let unchanged = group.resource.clone();
        tx.groups().save(group, unchanged, &diff, &ResourceSchema::group()).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// A group ends.
struct RemoveGroup(GroupId);

impl Unit for RemoveGroup {
    const NAME: &'static str = "test.remove_group";
    type Output = ();
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let group = tx.groups().lock(self.0).await?.ok_or(StoreError::Stale)?;
        tx.groups().remove(group).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// A tenant where everybody is in one group, and one person who is in none.
async fn company(scratch: &Scratch, people: usize) -> (TenantStore, GroupId, String) {
    let store = scratch.store.tenant(scratch.tenant("acme").await.id);
    let mut ids = Vec::new();
    for some in (0..people).collect::<Vec<_>>().chunks(1_000) {
        let made = some.iter().map(|i| store.write(origin(store.id()), CreateUser(json!({ "userName": format!("p{i}") }))));
        ids.extend(join_all(made).await.into_iter().map(|made| made.unwrap().output.id.to_string()));
    }
    let members: Vec<_> = ids.iter().map(|id| json!({ "value": id })).collect();
    let group = json!({ "displayName": "Everybody", "members": members });
    let group = store.write(origin(store.id()), CreateGroup(group)).await.unwrap().output;
    assert_eq!(group.members, people as u64);
    let lone = store.write(origin(store.id()), CreateUser(json!({ "userName": "lone" }))).await.unwrap().output;
    scratch.analyze().await;
    (store, group.id, lone.id.to_string())
}

/// No statement reads a whole table.
async fn read_no_table(scratch: &Scratch, statements: &Statements, on: On) {
    for statement in statements.take() {
        let plan = scratch.plan_of(&statement).await;
        let whole = match on {
            // The values of the statement itself are no table, and neither are those of a document.
            On::Sqlite => plan.lines().map(str::trim).any(|line| {
                let of = line.strip_prefix("SCAN ");
                of.is_some_and(|of| !["CONSTANT ROW", "fresh"].contains(&of) && !of.contains("VIRTUAL TABLE"))
            }),
            On::Postgres => plan.contains("Seq Scan"),
        };
        assert!(!whole, "{}\n{plan}", statement.sql);
    }
}

async fn members_come_and_go_by_their_own_rows(on: On, people: usize) {
    let (scratch, statements) = scratch_watched(on).await;
    let (store, group, lone) = company(&scratch, people).await;
    for to in [Move::Add, Move::Remove] {
        let expected = people as u64 + u64::from(matches!(to, Move::Add));
        statements.take();
        let moved = store.write(origin(store.id()), MoveMember { group, member: lone.clone(), to }).await.unwrap();
        assert_eq!(moved.output.members, expected);
        read_no_table(&scratch, &statements, on).await;
    }
    statements.take();
    store.groups().find(group).await.unwrap().unwrap();
    let read = statements.take();
    assert_eq!(read.len(), 1, "a group without its members is one row");
    assert!(!read[0].sql.contains("memberships"));
    store.members().list(group, None, 100).await.unwrap();
    read_no_table(&scratch, &statements, on).await;
}

on_both! {
    async fn a_member_of_a_large_group_comes_and_goes_by_their_own_rows(on) {
        members_come_and_go_by_their_own_rows(on, PEOPLE).await;
    }

    async fn hundreds_of_members_go_by_their_own_rows(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let (store, group, _) = company(&scratch, PEOPLE).await;
        let members = store.members().list(group, None, 500).await.unwrap();
        let members = members.iter().map(|member| member.id.to_string()).collect();
        statements.take();
        let gone = store.write(origin(store.id()), RemoveMembers { group, members }).await.unwrap();
        assert_eq!(gone.output.members, PEOPLE as u64 - 500);
        for statement in statements.take().into_iter().filter(|statement| statement.sql.contains("DELETE FROM memberships")) {
            let plan = scratch.plan_of(&statement).await;
            let by_row = match on {
                On::Sqlite => plan.contains("member_id=?"),
                // By the index, or by a table made of the constant: never by comparing each row with each id.
                On::Postgres => plan.lines().any(|line| line.contains("member_id = ANY ('{")),
            };
            assert!(by_row, "{plan}");
        }
    }

    async fn the_end_of_a_large_group_is_told_to_a_thousand_of_its_members_and_no_more_are_read(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let (store, group, _) = company(&scratch, PEOPLE).await;
        let first = store.members().list_ids(group, None, 1_000).await.unwrap();
        let last_told = first.last().unwrap().0;
        let next = store.members().list_ids(group, Some(last_told), 1).await.unwrap()[0].0;
        statements.take();
        let (seq, last) = store.write(origin(store.id()), RemoveGroup(group)).await.unwrap().changes.unwrap();
        assert_eq!(seq, last, "one change");
        let asked = statements.take();
        let about = |text: &str| asked.iter().filter(|statement| statement.sql.contains(text)).collect::<Vec<_>>();
        let noted = about("INTO member_changes");
        assert_eq!(noted.len(), 1, "{noted:#?}");
        assert_eq!(noted[0].values.as_ref().unwrap().0.len(), 1_002, "tenant, number and a thousand members");
        let read = about("SELECT member_id FROM memberships");
        assert!(read.len() == 1 && read[0].sql.contains("LIMIT"), "{read:#?}");
        let newest = async |of: Uuid| store.story(of, None, 1).await.unwrap()[0].seq;
        assert_eq!([newest(group.as_uuid()).await, newest(first[0].0).await, newest(last_told).await], [seq; 3]);
        assert!(newest(next).await < seq);
        assert!(store.groups().find(group).await.unwrap().is_none());
        assert!(store.members().list_ids(group, None, 1).await.unwrap().is_empty());
    }

    async fn creating_a_person_reads_no_table_and_takes_two_round_trips(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let (store, _, _) = company(&scratch, PEOPLE).await;
        statements.take();
        let body = json!({
            "userName": "ada@acme.test", "externalId": "e1", "displayName": "Ada",
            "emails": [{ "value": "ada@acme.test" }, { "value": "a@b.test" }],
        });
        store.write(origin(store.id()), CreateUser(body)).await.unwrap();
        let asked = statements.take();
        if on == On::Postgres {
            let told: Vec<_> = asked.iter().map(|statement| statement.sql.as_str()).collect();
            assert_eq!(asked.len(), 2, "the person, and the commit's changes: {told:#?}");
        }
        for statement in asked {
            let plan = scratch.plan_of(&statement).await;
            assert!(!plan.contains("Seq Scan on") && !plan.lines().any(|line| line.starts_with("SCAN t")), "{plan}");
        }
    }
}

on_both! {
    async fn a_check_of_a_mirror_reads_its_range_and_one_change_of_each_difference(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let (store, group, _) = company(&scratch, PEOPLE).await;
        let people = store.members().list_ids(group, None, 600).await.unwrap();
        // Of three people the mirror has one, and that otherwise; and somebody that nobody knows.
        let has = |id: Uuid| Mirrored { id, fingerprint: None };
        let mut items: Vec<_> = people.iter().step_by(3).map(|(id, _)| has(*id)).collect();
        let claim = Claim { of: Compared::Users, after: None, items: items.clone(), last: false };
        statements.take();
        let drift = store.snapshot().await.unwrap().compare(&claim).await.unwrap();
        assert_eq!((drift.missing.len(), drift.differing.len(), drift.checked), (398, 200, 598));
        assert!(drift.missing.iter().all(|missing| missing.seq.is_some()) && drift.differing.iter().all(|one| one.seq.is_some()));
        let mut asked = statements.take();
        asked.retain(|statement| statement.sql.starts_with("SELECT"));
        // The counters, three pieces, and the changes of what is missing and of what differs.
        assert_eq!(asked.len(), 6, "{asked:#?}");
        for statement in &asked {
            let plan = scratch.plan_of(statement).await;
            assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN t") && !plan.contains("SCAN c"), "{plan}");
            assert!(!statement.sql.contains("c.resource_id = w.id") || plan.contains("changes_resource"), "{plan}");
        }
        items.push(has(Uuid::now_v7()));
        let claim = Claim { of: Compared::Members(group), after: None, items, last: false };
        statements.take();
        let drift = store.snapshot().await.unwrap().compare(&claim).await.unwrap();
        assert_eq!((drift.missing.len(), drift.differing.len(), drift.unknown.len(), drift.more), (1_000, 0, 0, true));
        let asked = statements.take();
        let moves: Vec<_> = asked.iter().filter(|statement| statement.sql.contains("member_changes")).collect();
        assert_eq!(moves.len(), 1, "{asked:#?}");
        let plan = scratch.plan_of(moves[0]).await;
        assert!(plan.contains("member_changes_member") && !plan.contains("Seq Scan") && !plan.contains("SCAN c"), "{plan}");
    }
}

mod in_a_group_of_100_000 {
    use super::*;

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn sqlite() {
        members_come_and_go_by_their_own_rows(On::Sqlite, MANY_PEOPLE).await;
    }

    #[tokio::test]
    #[ignore = "long: part of ./just soak"]
    async fn postgresql() {
        members_come_and_go_by_their_own_rows(On::Postgres, MANY_PEOPLE).await;
    }
}
