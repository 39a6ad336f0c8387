//! Schemas of a tenant's own: what is stored before and after one is registered, and writers that know an older one.

use std::sync::Arc;

use domain::extension_schema::MOST;
use domain::{Clock, ExtensionSchema, ResourceKind, SchemaId, SchemaState, SystemClock, User};
use futures_util::future::join_all;
use scim::{Condition, Filter, Repairs, Resource, ResourceSchema, Schema};
use serde_json::{Value, json};
use store::testing::{On, RemoveUser, author, origin, scratch};
use store::{Listing, NewUser, Preparing, StoreError, TenantStore, Tx, Unique, Unit, Window};

use crate::on_both;

const URN: &str = "urn:acme:hr:1.0:User";

struct Create(Value, Arc<ResourceSchema>);

impl Unit for Create {
    const NAME: &'static str = "test.create";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        let user = scim::canonicalize(self.0.clone(), &self.1, &mut Repairs::lenient()).map_err(StoreError::Unanswerable)?;
        tx.users().insert(&NewUser::of(user, &self.1)).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

struct Save(domain::UserId, Value, Arc<ResourceSchema>);

impl Unit for Save {
    const NAME: &'static str = "test.save";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        let user = tx.users().lock(self.0).await?.ok_or(StoreError::Stale)?;
        tx.users().save(user, Resource::from_value(self.1.clone()).unwrap(), &self.2).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

fn definition(attributes: &Value) -> Schema {
    serde_json::from_value(json!({ "id": URN, "name": "HR", "attributes": attributes })).unwrap()
}

fn person(name: &str, badge: &Value) -> Value {
    json!({ "schemas": [scim::USER_URN], "userName": name, URN: { "badge": badge } })
}

async fn users(store: &TenantStore) -> Arc<ResourceSchema> {
    store.schemas().resource_types().await.unwrap().users
}

async fn create(store: &TenantStore, body: Value) -> Result<User, StoreError> {
    store.write(origin(store.id()), Create(body, users(store).await)).await.map(|written| written.output)
}

async fn register(store: &TenantStore, attributes: &Value) -> SchemaId {
    let (id, at) = (SchemaId::generate(), SystemClock.now());
    let (kind, state) = (ResourceKind::User, SchemaState::Preparing);
    let made = ExtensionSchema { id, kind, schema: definition(attributes), state, misfits: 0, created_at: at, updated_at: at };
    store.schemas().insert(&made, &author()).await.unwrap();
    id
}

async fn prepare(store: &TenantStore, id: SchemaId) -> ExtensionSchema {
    while store.schemas().prepare_some(id).await.unwrap() == Preparing::Goes {}
    store.schemas().find(id).await.unwrap().unwrap()
}

async fn found(store: &TenantStore, filter: &str) -> Vec<String> {
    let condition = Condition::resolve(&Filter::parse(filter).unwrap(), &*users(store).await).unwrap();
    let window = Window::Index { offset: 0, count: 1_000 };
    let listing = Listing { condition: Some(condition), sort: None, window, total: true };
    let page = store.users().list(&listing).await.unwrap();
    assert_eq!(page.total, Some(page.items.len() as u64));
    page.items.iter().map(|user| user.resource.user_name().unwrap().to_owned()).collect()
}

async fn company(on: On) -> (store::testing::Scratch, TenantStore) {
    let scratch = scratch(on).await;
    let store = scratch.store.tenant(scratch.tenant("acme").await.id);
    (scratch, store)
}

on_both! {
    async fn what_was_stored_before_is_found_once_it_is_prepared(on) {
        let (scratch, store) = company(on).await;
        let many = (0..450).map(|n| create(&store, person(&format!("p{n}"), &json!(format!("B{n}")))));
        assert!(join_all(many).await.iter().all(Result::is_ok));
        create(&store, json!({ "userName": "none" })).await.unwrap();
        let first = Listing { condition: None, sort: None, window: Window::Index { offset: 0, count: 1 }, total: false };
        let before = store.users().list(&first).await.unwrap().items.remove(0);

        let id = register(&store, &json!([{ "name": "badge" }])).await;
        let filter = Filter::parse(&format!("{URN}:badge eq \"b7\"")).unwrap();
        assert!(Condition::resolve(&filter, &*users(&store).await).is_err(), "not yet");
        create(&store, person("new", &json!("B-new"))).await.unwrap();
        let ready = prepare(&store, id).await;
        assert_eq!((ready.state, ready.misfits), (SchemaState::Active, 0));
        assert_eq!(found(&store, &format!("{URN}:badge eq \"b7\"")).await, ["p7"]);
        assert_eq!(found(&store, &format!("{URN}:badge eq \"B-NEW\"")).await, ["new"]);
        assert_eq!(found(&store, &format!("{URN}:badge pr")).await.len(), 451);
        assert_eq!(found(&store, &format!("not ({URN} pr)")).await, ["none"]);
        assert_eq!(found(&store, "active eq true").await.len(), 452);
        let after = store.users().find(before.id).await.unwrap().unwrap();
        assert_eq!((after.version, after.updated_at, after.resource), (before.version, before.updated_at, before.resource));
        assert_eq!(scratch.store.system().preparing_schemas(10).await.unwrap().len(), 0);
    }

    async fn a_writer_who_knows_an_older_register_is_refused(on) {
        let (_scratch, store) = company(on).await;
        let ada = create(&store, json!({ "userName": "ada" })).await.unwrap();
        let old = users(&store).await;
        let id = register(&store, &json!([{ "name": "badge", "type": "integer" }])).await;
        let late = store.write(origin(store.id()), Create(person("late", &json!("x")), old.clone())).await;
        assert!(matches!(late, Err(StoreError::Outdated)), "{late:?}");
        let late = store.write(origin(store.id()), Save(ada.id, json!({ "userName": "ada", "title": "T" }), old.clone())).await;
        assert!(matches!(late, Err(StoreError::Outdated)), "{late:?}");
        assert_eq!(store.counters().await.unwrap().users, 1);
        assert_eq!(store.users().find(ada.id).await.unwrap().unwrap().version, 1);

        // Among others in one commit, only those who are late are refused.
        let now = users(&store).await;
        let all = (0..40).map(|n| {
            let schema = if n % 4 == 0 { old.clone() } else { now.clone() };
            store.write(origin(store.id()), Create(person(&format!("p{n}"), &json!(n)), schema))
        });
        let results = join_all(all).await;
        assert_eq!(results.iter().filter(|result| matches!(result, Err(StoreError::Outdated))).count(), 10);
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 30);
        assert_eq!(store.counters().await.unwrap().users, 31);

        prepare(&store, id).await;
        assert_eq!(found(&store, &format!("{URN}:badge gt 36")).await, ["p37", "p38", "p39"]);
        assert!(store.schemas().remove(id, &author()).await.unwrap());
        let dropped = store.write(origin(store.id()), Create(person("after", &json!(1)), now)).await;
        assert!(matches!(dropped, Err(StoreError::Outdated)));
        assert!(create(&store, person("after", &json!("any"))).await.is_ok());
    }

    async fn whole_numbers_are_compared_to_their_last_digit(on) {
        let (_scratch, store) = company(on).await;
        let id = register(&store, &json!([{ "name": "badge", "type": "integer" }])).await;
        prepare(&store, id).await;
        for (name, badge) in [("a", 9_007_199_254_740_992_i64), ("b", 9_007_199_254_740_993), ("c", i64::MAX)] {
            create(&store, person(name, &json!(badge))).await.unwrap();
        }
        assert_eq!(found(&store, &format!("{URN}:badge eq 9007199254740993")).await, ["b"]);
        assert_eq!(found(&store, &format!("{URN}:badge gt 9007199254740992")).await, ["b", "c"]);
        assert_eq!(found(&store, &format!("{URN}:badge ne 9223372036854775807")).await, ["a", "b"]);
    }

    async fn a_unique_value_has_one_holder(on) {
        let (_scratch, store) = company(on).await;
        let id = register(&store, &json!([{ "name": "badge", "uniqueness": "server" }])).await;
        prepare(&store, id).await;
        let tries = (0..16).map(|n| create(&store, person(&format!("p{n}"), &json!(if n % 2 == 0 { "B1" } else { "b1 " }))));
        let results = join_all(tries).await;
        let winner = results.iter().find_map(|result| result.as_ref().ok()).unwrap().clone();
        let attribute = format!("{URN}:badge");
        let losers = results.iter().filter(|result| {
            matches!(result, Err(StoreError::Conflict(Unique::Value { attribute: named, holder }))
                if *named == attribute && *holder == Some(winner.id.as_uuid()))
        });
        assert_eq!(losers.count(), 15);
        assert_eq!(store.counters().await.unwrap().users, 1);

        // To save it as it is, to give it up and to go each leave it to those who come after.
        let schema = users(&store).await;
        let mut resource = winner.resource.clone().into_value();
        resource["title"] = json!("T");
        store.write(origin(store.id()), Save(winner.id, resource.clone(), schema.clone())).await.unwrap();
        assert!(create(&store, person("next", &json!("B1"))).await.is_err());
        resource[URN]["badge"] = json!("B2");
        store.write(origin(store.id()), Save(winner.id, resource.clone(), schema.clone())).await.unwrap();
        let next = create(&store, person("next", &json!("B1"))).await.unwrap();
        resource[URN]["badge"] = json!("B1");
        let taken = store.write(origin(store.id()), Save(winner.id, resource, schema)).await;
        assert!(matches!(taken, Err(StoreError::Conflict(Unique::Value { .. }))), "{taken:?}");
        store.write(origin(store.id()), RemoveUser(next.id)).await.unwrap();
        create(&store, person("third", &json!("B1"))).await.unwrap();
    }

    async fn who_shared_a_value_before_may_stay_and_a_value_is_let_go_in_every_form(on) {
        let (_scratch, store) = company(on).await;
        let [ada, bea] = [person("ada", &json!("X")), person("bea", &json!("X"))];
        let (first, second) = (create(&store, ada).await.unwrap(), create(&store, bea).await.unwrap());
        let id = register(&store, &json!([{ "name": "badge", "uniqueness": "server" }])).await;
        // Two nodes work at it at once; each resource counts once.
        let (one, two) = (prepare(&store, id), prepare(&store, id));
        assert_eq!(futures_util::join!(one, two).0.misfits, 1);
        let renamed = Save(second.id, person("bea2", &json!("X")), users(&store).await);
        store.write(origin(store.id()), renamed).await.unwrap();
        let taken = create(&store, person("eve", &json!("x"))).await.unwrap_err();
        assert!(matches!(taken, StoreError::Conflict(Unique::Value { holder: Some(holder), .. }) if holder == first.id.as_uuid()));

        let exact = definition(&json!([{ "name": "badge", "uniqueness": "server", "caseExact": true }]));
        assert!(store.schemas().replace(id, &exact, SystemClock.now(), &author()).await.unwrap());
        assert_eq!(prepare(&store, id).await.misfits, 1);
        create(&store, person("eve", &json!("x"))).await.unwrap();
        assert!(create(&store, person("fay", &json!("X"))).await.is_err());
    }

    async fn two_registrations_share_the_last_place(on) {
        let (_scratch, store) = company(on).await;
        let at = SystemClock.now();
        let made = |n: usize| ExtensionSchema {
            id: SchemaId::generate(),
            kind: ResourceKind::User,
            schema: Schema { id: format!("{URN}{n}"), ..definition(&json!([{ "name": "badge" }])) },
            state: SchemaState::Preparing,
            misfits: 0,
            created_at: at,
            updated_at: at,
        };
        for n in 1..MOST {
            store.schemas().insert(&made(n), &author()).await.unwrap();
        }
        let (one, two) = (made(MOST), made(MOST + 1));
        let schemas = store.schemas();
        let author = author();
        let (one, two) = futures_util::join!(schemas.insert(&one, &author), schemas.insert(&two, &author));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|made| **made).count(), 1);
        assert_eq!(schemas.list().await.unwrap().len(), MOST);
    }

    async fn a_long_value_is_unique_too_and_another_schema_keeps_its_own(on) {
        let (_scratch, store) = company(on).await;
        let id = register(&store, &json!([{ "name": "badge", "uniqueness": "server" }])).await;
        prepare(&store, id).await;
        let at = SystemClock.now();
        let schema = serde_json::from_value(json!({ "id": "urn:acme:hr:1.0", "name": "Short", "attributes": [{ "name": "x" }] })).unwrap();
        let (shorter, kind, state) = (SchemaId::generate(), ResourceKind::User, SchemaState::Preparing);
        let made = ExtensionSchema { id: shorter, kind, schema, state, misfits: 0, created_at: at, updated_at: at };
        store.schemas().insert(&made, &author()).await.unwrap();
        prepare(&store, shorter).await;
        let long: String = (0..40_000_u32).map(|n| char::from_digit(n.wrapping_mul(2_654_435_761) >> 7 & 15, 16).unwrap()).collect();
        create(&store, person("long", &json!(long))).await.unwrap();
        create(&store, person("short", &json!("B1"))).await.unwrap();
        assert!(store.schemas().remove(shorter, &author()).await.unwrap());
        for taken in [long.as_str(), "B1"] {
            let refused = create(&store, person("next", &json!(taken))).await;
            assert!(matches!(refused, Err(StoreError::Conflict(Unique::Value { .. }))), "{refused:?}");
        }
    }

    async fn what_would_not_fit_is_told_before_it_is_registered(on) {
        let (_scratch, store) = company(on).await;
        for (name, badge) in [("a", json!(1)), ("b", json!("two")), ("c", json!(1)), ("d", json!(3))] {
            create(&store, person(name, &badge)).await.unwrap();
        }
        let fit = async |attributes: Value| {
            let schema = ResourceSchema::user().with_extension(definition(&attributes));
            store.schemas().fit(ResourceKind::User, URN, &schema).await.unwrap()
        };
        let whole = fit(json!([{ "name": "badge", "type": "integer" }])).await;
        assert_eq!((whole.holding, whole.misfits, whole.examples.len()), (4, 1, 1));
        assert_eq!(fit(json!([{ "name": "badge", "type": "integer", "uniqueness": "server" }])).await.misfits, 2);
        assert_eq!(fit(json!([{ "name": "desk" }])).await.misfits, 4, "nothing stored is left out");
        assert_eq!(fit(json!([{ "name": "badge" }])).await.misfits, 3, "a number is no text");
        // Those who slip in meanwhile are counted.
        let id = register(&store, &json!([{ "name": "badge", "type": "integer" }])).await;
        assert_eq!(prepare(&store, id).await.misfits, 1);
        assert_eq!(found(&store, &format!("{URN}:badge eq 1")).await, ["a", "c"]);
    }
}
