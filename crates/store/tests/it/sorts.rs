//! Sorted lists: SQL orders as memory does, and paging by place neither skips nor repeats who stays.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use scim::{ListQuery, ResourceSchema, Sort, SortOrder, comparison};
use store::testing::{CreateUser, RemoveUser, origin, scratch};
use store::{Listing, TenantStore, Window};
use uuid::Uuid;

use crate::filters::person;
use crate::on_both;

const PEOPLE: usize = 60;
const SORTED_BY: [&str; 14] = [
    "userName",
    "displayName",
    "name.familyName",
    "name.givenName",
    "externalId",
    "title",
    "active",
    "emails",
    "emails.type",
    "emails.primary",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "id",
    "meta.created",
    "meta.resourceType",
];

async fn all(store: &TenantStore, sort: Option<&Sort>, count: u64) -> Vec<Uuid> {
    let mut ids = Vec::new();
    let mut last = None;
    loop {
        let window = Window::After { last, count };
        let listing = Listing { condition: None, sort: sort.cloned(), window, total: false };
        let page = store.users().list(&listing).await.unwrap();
        ids.extend(page.items.iter().map(|user| user.id.as_uuid()));
        match page.next {
            Some(next) => last = Some(next),
            None => return ids,
        }
    }
}

on_both! {
    async fn sql_orders_as_memory_does_by_place_and_by_index(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let schema = ResourceSchema::user();
        let mut runner = TestRunner::deterministic();
        let mut trees = BTreeMap::new();
        for i in 0..PEOPLE {
            let mut body = person().new_tree(&mut runner).unwrap().current();
            body["userName"] = serde_json::Value::from(format!("{}{i}", (b'a' + u8::try_from(i * 7 % 26).unwrap()) as char));
            let user = store.write(origin(store.id()), CreateUser(body)).await.unwrap().output;
            trees.insert(user.id.as_uuid(), comparison::tree(user.resource.as_map(), &schema));
        }
        for by in SORTED_BY {
            for order in [SortOrder::Ascending, SortOrder::Descending] {
                let sort = Sort::resolve(by, order, &schema).unwrap();
                let mut expected: Vec<_> = trees.iter().map(|(id, tree)| (sort.value(tree), *id)).collect();
                // Ids are made in order of creation, so by them all three of these orders are the same.
                let by_id = ["id", "meta.created"].contains(&by);
                expected.sort_by(|(a, x), (b, y)| match (by_id, order) {
                    (true, SortOrder::Descending) => y.cmp(x),
                    (true, SortOrder::Ascending) => x.cmp(y),
                    (false, _) => sort.compare(a.as_ref(), b.as_ref()).then(x.cmp(y)),
                });
                let expected: Vec<Uuid> = expected.into_iter().map(|(_, id)| id).collect();
                assert_eq!(all(&store, Some(&sort), 7).await, expected, "{by} {order:?} by place");
                let mut paged = Vec::new();
                for offset in (0..PEOPLE as u64).step_by(9) {
                    let window = Window::Index { offset, count: 9 };
                    let listing = Listing { condition: None, sort: Some(sort.clone()), window, total: true };
                    let page = store.users().list(&listing).await.unwrap();
                    assert_eq!(page.total, Some(PEOPLE as u64));
                    paged.extend(page.items.iter().map(|user| user.id.as_uuid()));
                }
                assert_eq!(paged, expected, "{by} {order:?} by index");
            }
        }
    }

    async fn who_stays_is_seen_once_while_others_come_and_go(on) {
        let scratch = scratch(on).await;
        let store = scratch.store.tenant(scratch.tenant("acme").await.id);
        let schema = ResourceSchema::user();
        let create = async |name: String| {
            let body = serde_json::json!({ "userName": name });
            store.write(origin(store.id()), CreateUser(body)).await.unwrap().output.id
        };
        let mut stay = Vec::new();
        let mut go = Vec::new();
        for i in 0..40 {
            stay.push(create(format!("stay{i:02}")).await.as_uuid());
            go.push(create(format!("go{i:02}")).await);
        }
        let by_name = Sort::resolve("userName", SortOrder::Descending, &schema).unwrap();
        for sort in [None, Some(by_name)] {
            let (mut seen, mut last) = (Vec::new(), None);
            loop {
                let window = Window::After { last, count: 7 };
                let listing = Listing { condition: None, sort: sort.clone(), window, total: false };
                let page = store.users().list(&listing).await.unwrap();
                seen.extend(page.items.iter().map(|user| user.id.as_uuid()));
                if let Some(id) = go.pop() {
                    store.write(origin(store.id()), RemoveUser(id)).await.unwrap();
                }
                create(format!("new{}", seen.len() * 100 + go.len())).await;
                match page.next {
                    Some(next) => last = Some(next),
                    None => break,
                }
            }
            for id in &stay {
                assert_eq!(seen.iter().filter(|other| *other == id).count(), 1);
            }
            let mut once = seen.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), seen.len(), "nobody is seen twice");
        }
    }
}

#[test]
fn a_query_without_sort_by_keeps_the_order_of_creation() {
    let query = ListQuery::parse([("sortOrder", "descending")]).unwrap();
    assert_eq!(query.sort(&ResourceSchema::user()), Ok(None));
    let sort = Sort::resolve("title", SortOrder::Ascending, &ResourceSchema::user()).unwrap();
    assert_eq!(sort.compare(None, None), Ordering::Equal);
}
