//! Groups in groups without measure: telling ends, and what counts is the same whoever asks.

use std::time::{Duration, Instant};

use domain::{GroupId, UserId};
use futures_util::future::join_all;
use store::testing::{author, meddle, scratch};
use store::{Preview, Previewed, TenantStore};
use uuid::Uuid;

use super::{Roles, assert_told, company, drain, group, having, key, moved, person};
use crate::on_both;

/// Longer than it takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// So many groups with these members each, in the order of their ids.
async fn groups(store: &TenantStore, count: usize, members: &[Uuid]) -> Vec<GroupId> {
    let mut made = Vec::new();
    // One tenant may fill half of the write queue.
    for some in (0..count).collect::<Vec<_>>().chunks(500) {
        made.extend(join_all(some.iter().map(|n| async move { group(store, &format!("g{n}"), members).await })).await);
    }
    made.sort_unstable_by_key(|id| id.as_uuid());
    made
}

/// The roles that the person has, by the rows and by the feed.
async fn assert_has(store: &TenantStore, person: UserId, roles: &[&str]) {
    let held = store.roles_of(person).await.unwrap();
    assert_eq!(held.iter().map(|role| role.key.as_str()).collect::<Vec<_>>(), roles);
    let mut expected = Roles::new();
    if !roles.is_empty() {
        expected.insert(person.as_uuid(), roles.iter().map(|role| (*role).to_owned()).collect());
    }
    assert_told(store, &expected, "it was told to the end").await;
}

on_both! {
    async fn three_hundred_groups_each_in_all_others_are_told_in_time_and_right(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let people = join_all((0..250).map(|n| {
            let store = &store;
            async move { person(store, &format!("p{n}")).await }
        }));
        let people = people.await;
        let made = (0..300).map(|n| {
            let (store, own) = (&store, people.get(n).map(|id| id.as_uuid()));
            async move { group(store, &format!("g{n}"), own.as_slice()).await }
        });
        let groups = join_all(made).await;
        let each_in_all = "INSERT INTO memberships (tenant_id, group_id, member_id, member_kind) \
            SELECT a.tenant_id, a.id, b.id, 'Group' FROM \"groups\" AS a JOIN \"groups\" AS b \
            ON b.tenant_id = a.tenant_id AND b.id <> a.id WHERE a.tenant_id = {tenant}";
        meddle(&scratch.store, store.id(), each_in_all).await;
        // The last group is nobody's own.
        let began = Instant::now();
        let preview = store.role_mappings().preview(groups[299], &key("reader"), false).await.unwrap();
        assert!(matches!(preview, Previewed::Known(Preview { people: 250, .. })), "{preview:?}");
        store.role_mappings().map(groups[299], &key("reader"), &author()).await.unwrap();
        drain(&store, 250).await;
        assert!(began.elapsed() < DEADLINE, "{:?}", began.elapsed());
        assert_told(&store, &having(&people, "reader"), "all are in the last group").await;
        let held = store.roles_of(people[0]).await.unwrap();
        assert_eq!((held.len(), &held[0].through), (1, &vec![groups[299]]));
    }

    async fn of_more_than_a_thousand_groups_above_the_first_count_whoever_asks(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let ada = person(&store, "ada").await;
        let inner = group(&store, "Inner", &[ada.as_uuid()]).await;
        let outer = groups(&store, 1_010, &[inner.as_uuid()]).await;
        let (counts, beyond) = (outer[999], outer[1_000]);
        for (group, people) in [(counts, 1), (beyond, 0)] {
            let preview = store.role_mappings().preview(group, &key("reader"), false).await.unwrap();
            assert!(matches!(&preview, Previewed::Known(found) if found.people == people), "{preview:?}");
        }
        store.role_mappings().map(beyond, &key("reader"), &author()).await.unwrap();
        drain(&store, 250).await;
        assert_has(&store, ada, &[]).await;
        store.role_mappings().map(counts, &key("writer"), &author()).await.unwrap();
        drain(&store, 250).await;
        assert_has(&store, ada, &["writer"]).await;
        // One before them is gone: the next one counts.
        moved(&store, outer[0], &[], &[inner.as_uuid()]).await;
        drain(&store, 250).await;
        assert_has(&store, ada, &["reader", "writer"]).await;
    }

    async fn whoever_is_below_more_than_a_thousand_groups_is_told_too(on) {
        let scratch = scratch(on).await;
        let store = company(&scratch).await;
        let inner = groups(&store, 1_001, &[]).await;
        let ids: Vec<Uuid> = inner.iter().map(|id| id.as_uuid()).collect();
        let top = group(&store, "Top", &ids).await;
        let ada = person(&store, "ada").await;
        moved(&store, inner[1_000], &[ada.as_uuid()], &[]).await;
        store.role_mappings().map(top, &key("owner"), &author()).await.unwrap();
        drain(&store, 250).await;
        assert_has(&store, ada, &["owner"]).await;
        store.role_mappings().unmap(top, &key("owner"), &author()).await.unwrap();
        drain(&store, 250).await;
        assert_has(&store, ada, &[]).await;
    }
}
