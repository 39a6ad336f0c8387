//! Walking through a tenant's people: lately changed, in no group, a bounded part at a time.

use domain::{Clock, SystemClock, Timestamp, UserId};
use futures_util::future::join_all;
use serde_json::json;
use store::testing::{CreateGroup, CreateUser, On, Scratch, origin, scratch};
use store::{Origin, Walk};

use crate::on_both;

/// One of the people that a test made.
#[derive(Clone, Copy, Debug)]
struct Made {
    id: UserId,
    at: Timestamp,
    active: bool,
    grouped: bool,
}

/// So many people, one a second; every third is inactive, every second is in a group.
async fn people(scratch: &Scratch, tenant: domain::TenantId, count: i64) -> Vec<Made> {
    let store = scratch.store.tenant(tenant);
    let begin = SystemClock.now().plus_days(-1);
    // Each moment is two people's, so that a place between them is one.
    let all: Vec<(Timestamp, bool)> = (0..count).map(|n| (begin.plus_seconds(n / 2), n % 3 != 0)).collect();
    let made = all.iter().enumerate().map(|(n, (at, active))| {
        let body = json!({ "userName": format!("p{n}"), "active": active });
        store.write(Origin { at: *at, ..origin(tenant) }, CreateUser(body))
    });
    let made = join_all(made).await.into_iter().zip(&all).enumerate();
    let made: Vec<Made> = made
        .map(|(n, (made, (at, active)))| Made { id: made.unwrap().output.id, at: *at, active: *active, grouped: n % 2 == 0 })
        .collect();
    let members: Vec<_> = made.iter().filter(|one| one.grouped).map(|one| json!({ "value": one.id.to_string() })).collect();
    let group = json!({ "displayName": "Staff", "members": members });
    store.write(origin(tenant), CreateGroup(group)).await.unwrap();
    made
}

/// All pages of a walk, one after the other, and how many there were.
async fn walked(scratch: &Scratch, tenant: domain::TenantId, walk: &Walk) -> (Vec<UserId>, usize) {
    let (mut all, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let (users, next) = scratch.store.tenant(tenant).users().walk(&Walk { after, ..walk.clone() }).await.unwrap();
        assert!(users.len() as u64 <= walk.limit);
        all.extend(users.into_iter().map(|user| user.id));
        pages += 1;
        after = next;
        if after.is_none() {
            return (all, pages);
        }
    }
}

fn walk(active: Option<bool>, changed_since: Option<Timestamp>, in_group: Option<bool>) -> Walk {
    Walk { active, changed_since, in_group, after: None, limit: 4, looked_at: 5 }
}

on_both! {
    async fn every_walk_finds_exactly_whom_it_is_for_in_its_order(on) {
        let scratch = scratch(on).await;
        let (tenant, other) = (scratch.tenant("acme").await.id, scratch.tenant("other").await.id);
        let made = people(&scratch, tenant, 31).await;
        people(&scratch, other, 3).await;
        for active in [None, Some(true), Some(false)] {
            for since in [None, Some(made[7].at), Some(made[30].at.plus_seconds(1))] {
                for in_group in [None, Some(true), Some(false)] {
                    let fits = |one: &&Made| {
                        active.is_none_or(|active| one.active == active)
                            && since.is_none_or(|since| one.at >= since)
                            && in_group.is_none_or(|in_group| one.grouped == in_group)
                    };
                    let mut expected: Vec<Made> = made.iter().filter(fits).copied().collect();
                    if since.is_some() {
                        expected.sort_by_key(|one| std::cmp::Reverse((one.at, one.id)));
                    } else {
                        expected.sort_by_key(|one| one.id);
                    }
                    let expected: Vec<UserId> = expected.iter().map(|one| one.id).collect();
                    let (found, pages) = walked(&scratch, tenant, &walk(active, since, in_group)).await;
                    assert_eq!(found, expected, "{active:?} {since:?} {in_group:?}");
                    assert!(pages <= 31 / 4 + 2, "{pages} pages");
                }
            }
        }
        // Nobody is found in a part, and the walk goes on behind it.
        let few = Walk { looked_at: 1, ..walk(None, None, Some(false)) };
        let (users, next) = scratch.store.tenant(tenant).users().walk(&few).await.unwrap();
        let first = made.iter().min_by_key(|one| one.id).unwrap();
        assert_eq!((users.len(), next.map(|place| place.id)), (usize::from(!first.grouped), Some(first.id.as_uuid())));
    }

    async fn walks_use_their_index(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let made = people(&scratch, tenant, 600).await;
        scratch.analyze().await;
        let late = made[595];
        let place = store::Place { changed: late.at, id: late.id.as_uuid() };
        let key = if on == On::Sqlite { "sqlite_autoindex_users_1" } else { "users_pkey" };
        for (walk, index) in [
            (walk(None, None, None), key),
            (walk(None, None, Some(false)), key),
            (walk(Some(false), None, None), if on == On::Sqlite { "users_active" } else { "users_" }),
            (walk(None, Some(late.at), None), "users_updated"),
            (walk(Some(true), Some(late.at), Some(false)), "users_updated"),
        ] {
            for after in [None, Some(place)] {
                let plans = scratch.plans_of_walk(tenant, &Walk { after, ..walk.clone() }).await;
                assert!(plans.iter().any(|plan| plan.contains(index)), "{walk:?} does not use {index}:\n{}", plans.join("\n\n"));
                for plan in plans {
                    for bad in ["SCAN t", "Seq Scan", "TEMP B-TREE"] {
                        assert!(!plan.contains(bad), "{walk:?} reads or sorts more than it needs:\n{plan}");
                    }
                }
            }
        }
    }
}
