//! From groups to roles of the app, as an operator defines them, an admin maps groups and the app reads what follows.

use domain::{AppRole, Clock, GroupId, Role, RoleKey, Tenant, UserId};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, RemoveUser, author, origin};
use store::{Mapped, Settled, TenantStore};

use crate::desk::Desk;
use crate::directory_api::encoded;
use crate::on_both;

/// Roles of the app, of which a group gives one; the values of the paths of those operations that take one away.
pub(crate) async fn with_one_mapped(desk: &Desk, store: &TenantStore, group: GroupId) -> Vec<(&'static str, String)> {
    let (system, now) = (desk.scratch.store.system(), desk.clock.now());
    for text in ["app:reader", "app:writer", "app:spare"] {
        let (key, name): (RoleKey, _) = (text.parse().unwrap(), text.to_owned());
        let role = AppRole { key, name, description: String::new(), created_at: now, updated_at: now };
        system.insert_role(&role, &author()).await.unwrap();
    }
    let mapped = store.role_mappings().map(group, &"app:writer".parse().unwrap(), &author()).await.unwrap();
    assert_eq!(mapped, Mapped::Done);
    vec![("unmapRole", "app:writer".to_owned()), ("deleteRole", "app:spare".to_owned())]
}

async fn role(desk: &Desk, operator: &str, key: &str) {
    let body = json!({ "key": key, "name": key, "description": "" });
    assert_eq!(desk.call(Some(operator), "POST", "/roles", Some(body)).await.status, 201);
}

async fn person(desk: &Desk, tenant: &Tenant, name: &str, active: bool) -> UserId {
    let body = json!({ "userName": name, "active": active });
    desk.store(tenant).write(origin(tenant.id), CreateUser(body)).await.unwrap().output.id
}

async fn group(desk: &Desk, tenant: &Tenant, name: &str, members: &[String]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let body = json!({ "displayName": name, "members": members });
    desk.store(tenant).write(origin(tenant.id), CreateGroup(body)).await.unwrap().output.id.to_string()
}

/// What background work does.
pub(crate) async fn drain(desk: &Desk, tenant: &Tenant) {
    while desk.store(tenant).settle_roles(4).await.unwrap() == Settled::More {}
}

/// Who got and lost what by the feed, oldest first: id, added, removed, all.
async fn told(desk: &Desk, cookie: &str, after: u64) -> Vec<(String, Value, Value, Value)> {
    let page = desk.get(cookie, &format!("/tenants/acme/changes?type=user.roles_changed&limit=200&after={after}")).await;
    let change = |change: &Value| {
        let list = |name: &str| change[name].clone();
        (change["resourceId"].as_str().unwrap().to_owned(), list("rolesAdded"), list("rolesRemoved"), list("roles"))
    };
    page.body["items"].as_array().unwrap().iter().map(change).collect()
}

on_both! {
    async fn a_role_is_defined_changed_and_deleted_unless_groups_are_mapped_to_it(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        let body = json!({ "key": "crm:sales", "name": " Sales ", "description": "Sees customers" });
        let made = desk.call(Some(&operator), "POST", "/roles", Some(body.clone())).await;
        assert_eq!((made.status, &made.body["key"], &made.body["name"]), (201, &json!("crm:sales"), &json!("Sales")));
        let again = desk.call(Some(&operator), "POST", "/roles", Some(body)).await;
        assert_eq!((again.status, again.code()), (409, "role_taken"));
        for (key, name, field) in [("Sales", "x", "key"), ("", "x", "key"), ("a b", "x", "key"), ("a", " ", "name")] {
            let refused = desk.call(Some(&operator), "POST", "/roles", Some(json!({ "key": key, "name": name }))).await;
            assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{key:?}");
        }
        // What PostgreSQL keeps no text of, and what nobody can see.
        for text in ["a\u{0}b", "a\u{1b}b", "a\rb", "a\u{7f}b", "a\u{85}b"] {
            for field in ["key", "name", "description"] {
                let mut body = json!({ "key": "crm:more", "name": "More", "description": "" });
                body[field] = json!(text);
                let refused = desk.call(Some(&operator), "POST", "/roles", Some(body)).await;
                assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{text:?}");
            }
            for field in ["name", "description"] {
                let refused = desk.call(Some(&operator), "PATCH", "/roles/crm:sales", Some(json!({ field: text }))).await;
                assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some(field)), "{text:?}");
            }
            let path = format!("/roles/{}", encoded(text));
            assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 404, "{text:?}");
        }
        let lines = json!({ "key": "lines", "name": "Lines", "description": "Sees:\n\tcustomers" });
        let made = desk.call(Some(&operator), "POST", "/roles", Some(lines)).await;
        assert_eq!((made.status, &made.body["description"]), (201, &json!("Sees:\n\tcustomers")));
        assert_eq!(desk.call(Some(&operator), "DELETE", "/roles/lines", None).await.status, 204);
        let changed = desk.call(Some(&operator), "PATCH", "/roles/crm:sales", Some(json!({ "name": "Selling" }))).await;
        assert_eq!((changed.status, &changed.body["name"], &changed.body["description"]), (200, &json!("Selling"), &json!("Sees customers")));
        for path in ["/roles/none", "/roles/No%20Key"] {
            assert_eq!(desk.call(Some(&operator), "PATCH", path, Some(json!({ "name": "x" }))).await.status, 404);
        }
        let staff = group(&desk, &acme, "Staff", &[]).await;
        let path = format!("/tenants/acme/role-mappings/{staff}/crm:sales");
        assert_eq!(desk.call(Some(&operator), "PUT", &path, None).await.status, 204);
        assert_eq!(desk.call(Some(&operator), "PUT", &path, None).await.status, 204, "a second time changes nothing");
        let refused = desk.call(Some(&operator), "DELETE", "/roles/crm:sales", None).await;
        assert_eq!((refused.status, refused.code()), (409, "role_mapped"));
        assert!(refused.body["detail"].as_str().unwrap().contains("1 groups of 1 tenants"), "{}", refused.body);
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 204);
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 404);
        assert_eq!(desk.call(Some(&operator), "DELETE", "/roles/crm:sales", None).await.status, 204);
        assert_eq!(desk.get(&operator, "/roles").await.body["items"], json!([]));
    }

    async fn there_are_a_hundred_roles_at_most(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        for n in 0..100 {
            role(&desk, &operator, &format!("r{n}")).await;
        }
        let beyond = desk.call(Some(&operator), "POST", "/roles", Some(json!({ "key": "more", "name": "More" }))).await;
        assert_eq!((beyond.status, beyond.code()), (409, "too_many_roles"));
        assert_eq!(desk.get(&operator, "/roles").await.body["items"].as_array().unwrap().len(), 100);
    }

    async fn a_preview_says_exactly_who_gets_and_loses_a_role(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        role(&desk, &operator, "reader").await;
        let (ada, bob) = (person(&desk, &acme, "ada", true).await, person(&desk, &acme, "bob", true).await);
        let (cyd, off) = (person(&desk, &acme, "cyd", true).await, person(&desk, &acme, "off", false).await);
        let inner = group(&desk, &acme, "Inner", &[cyd.to_string(), off.to_string()]).await;
        let outer = group(&desk, &acme, "Outer", &[ada.to_string(), bob.to_string(), inner.clone()]).await;
        let other = group(&desk, &acme, "Other", &[bob.to_string()]).await;
        let preview = async |group: &str, remove: bool| {
            let body = json!({ "groupId": group, "role": "reader", "remove": remove });
            desk.call(Some(&operator), "POST", "/tenants/acme/role-mappings/preview", Some(body)).await
        };
        let names = |body: &Value| {
            let name = |person: &Value| person["userName"].as_str().unwrap().to_owned();
            body["people"].as_array().unwrap().iter().map(name).collect::<Vec<_>>()
        };
        let outer_first = preview(&outer, false).await.body;
        assert_eq!((&outer_first["gains"], &outer_first["loses"], names(&outer_first)), (&json!(3), &json!(0), vec!["ada".to_owned(), "bob".to_owned(), "cyd".to_owned()]));
        assert_eq!(preview(&outer, true).await.body["loses"], 0, "it gives nothing yet");
        desk.call(Some(&operator), "PUT", &format!("/tenants/acme/role-mappings/{other}/reader"), None).await;
        let then = preview(&outer, false).await.body;
        assert_eq!((&then["gains"], names(&then)), (&json!(2), vec!["ada".to_owned(), "cyd".to_owned()]), "bob has it already");
        desk.call(Some(&operator), "PUT", &format!("/tenants/acme/role-mappings/{outer}/reader"), None).await;
        assert_eq!(preview(&outer, false).await.body["gains"], 0, "it gives it already");
        assert_eq!(preview(&other, true).await.body["loses"], 0, "bob keeps it by the outer group");
        let gone = preview(&outer, true).await.body;
        assert_eq!((&gone["loses"], &gone["more"]), (&json!(2), &json!(false)));
        assert_eq!(preview("01990000-0000-7000-8000-000000000001", false).await.status, 404);
        let body = json!({ "groupId": outer, "role": "none" });
        assert_eq!(desk.call(Some(&operator), "POST", "/tenants/acme/role-mappings/preview", Some(body)).await.status, 404);
        let crowd: Vec<String> = {
            let mut ids = Vec::new();
            for n in 0..51 {
                ids.push(person(&desk, &acme, &format!("p{n:02}"), true).await.to_string());
            }
            ids
        };
        let crowd = group(&desk, &acme, "Crowd", &crowd).await;
        let many = preview(&crowd, false).await.body;
        assert_eq!((&many["gains"], names(&many).len(), &many["more"]), (&json!(51), 50, &json!(true)));
    }

    async fn what_people_have_follows_and_stands_in_the_feed_with_who_did_it(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        let admin = desk.person("admin@acme.test", None, &[(&acme, Role::Admin)]).await;
        let cookie = desk.session(admin).await;
        for key in ["reader", "writer"] {
            role(&desk, &operator, key).await;
        }
        let (ada, cyd) = (person(&desk, &acme, "ada", true).await, person(&desk, &acme, "cyd", true).await);
        let inner = group(&desk, &acme, "Inner", &[cyd.to_string()]).await;
        let outer = group(&desk, &acme, "Outer", &[ada.to_string(), inner.clone()]).await;
        let store = desk.store(&acme);
        let before = store.counters().await.unwrap().seq;
        let mapped = desk.call(Some(&cookie), "PUT", &format!("/tenants/acme/role-mappings/{outer}/reader"), None).await;
        drain(&desk, &acme).await;
        let (none, reader) = (json!([]), json!(["reader"]));
        let both: Vec<_> = [ada, cyd].map(|id| (id.to_string(), reader.clone(), none.clone(), reader.clone())).into();
        assert_eq!(told(&desk, &cookie, before).await, both, "also who is in a group of the group");
        let page = desk.get(&cookie, &format!("/tenants/acme/changes?after={before}")).await.body;
        let first = &page["items"][0];
        assert_eq!((&first["type"], &first["resourceName"], &first["resourceType"]), (&json!("user.roles_changed"), &json!("ada"), &json!("User")));
        assert_eq!(first["actor"], json!({ "kind": "admin", "adminId": admin.to_string() }));
        assert_eq!(first["requestId"].as_str(), mapped.headers["x-request-id"].to_str().ok());
        assert_eq!(page["items"].as_array().unwrap().len(), 2, "a mapping is no change of the directory itself");

        let held = store.roles_of(cyd).await.unwrap();
        assert_eq!((held.len(), held[0].key.as_str(), held[0].through.iter().map(ToString::to_string).collect::<Vec<_>>()), (1, "reader", vec![outer.clone()]));
        let roles = desk.get(&cookie, "/tenants/acme/roles").await.body;
        assert_eq!((&roles["items"][0]["key"], &roles["items"][0]["people"], &roles["items"][0]["groups"][0]["groupName"]), (&json!("reader"), &json!(2), &json!("Outer")));
        assert_eq!((&roles["items"][1]["people"], &roles["items"][1]["groups"]), (&json!(0), &json!([])));
        let lines = desk.get(&cookie, "/tenants/acme/snapshot").await.body;
        let people: Vec<_> = lines.as_array().unwrap().iter().filter(|line| line["kind"] == "user").collect();
        assert!(people.len() == 2 && people.iter().all(|line| line["roles"] == reader), "{lines}");

        let seq = store.counters().await.unwrap().seq;
        store.write(origin(acme.id), RemoveUser(ada)).await.unwrap();
        drain(&desk, &acme).await;
        assert_eq!(told(&desk, &cookie, seq).await, [(ada.to_string(), none.clone(), reader.clone(), none.clone())], "who is gone has none");
        let seq = store.counters().await.unwrap().seq;
        desk.call(Some(&cookie), "DELETE", &format!("/tenants/acme/role-mappings/{outer}/reader"), None).await;
        drain(&desk, &acme).await;
        assert_eq!(told(&desk, &cookie, seq).await, [(cyd.to_string(), none.clone(), reader, none)]);
        assert!(store.roles_of(cyd).await.unwrap().is_empty());
        let rows = desk.scratch.rows_of(acme.id).await;
        let left: Vec<_> = rows.iter().filter(|(table, rows)| table.contains("role_") && !table.starts_with("admin") && *rows > 0).collect();
        assert!(left.is_empty(), "a tenant without mappings is followed no longer: {left:?}");
    }

    async fn nobody_sees_or_maps_the_groups_of_another_tenant(on) {
        let desk = Desk::open(on).await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let operator = desk.operator().await;
        role(&desk, &operator, "reader").await;
        let ada = person(&desk, &acme, "ada", true).await;
        let staff = group(&desk, &acme, "Staff", &[ada.to_string()]).await;
        let foreign = desk.call(Some(&operator), "PUT", &format!("/tenants/globex/role-mappings/{staff}/reader"), None).await;
        assert_eq!(foreign.status, 404);
        desk.call(Some(&operator), "PUT", &format!("/tenants/acme/role-mappings/{staff}/reader"), None).await;
        drain(&desk, &acme).await;
        drain(&desk, &globex).await;
        assert_eq!(desk.get(&operator, "/tenants/globex/role-mappings").await.body["items"], json!([]));
        let seen = desk.get(&operator, "/tenants/globex/roles").await.body;
        assert_eq!((&seen["items"][0]["people"], &seen["items"][0]["groups"]), (&json!(0), &json!([])));
        assert_eq!(desk.store(&globex).counters().await.unwrap().seq, 0, "nothing happened there");
        assert!(desk.store(&globex).roles_of(ada).await.unwrap().is_empty());
    }
}
