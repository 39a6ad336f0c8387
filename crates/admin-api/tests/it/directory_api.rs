//! The directory as an app reads it: filters of SCIM, members in the end, and what somebody is in.

use domain::{Role, Tenant};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, origin};
use store::{FoundAccess, Whom};

use crate::authorisation::api_key;
use crate::desk::Desk;
use crate::on_both;

async fn user(desk: &Desk, tenant: &Tenant, body: Value) -> String {
    desk.store(tenant).write(origin(tenant.id), CreateUser(body)).await.unwrap().output.id.to_string()
}

async fn group(desk: &Desk, tenant: &Tenant, body: Value, members: &[&str]) -> String {
    let mut body = body;
    body["members"] = members.iter().map(|id| json!({ "value": id })).collect();
    desk.store(tenant).write(origin(tenant.id), CreateGroup(body)).await.unwrap().output.id.to_string()
}

async fn named(desk: &Desk, tenant: &Tenant, name: &str, members: &[&str]) -> String {
    group(desk, tenant, json!({ "displayName": name }), members).await
}

fn texts<'v>(body: &'v Value, field: &str) -> Vec<&'v str> {
    body["items"].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// A text as it stands in an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"))
}

on_both! {
    async fn lists_take_a_whole_filter_of_scim_or_refuse_it(on) {
        let desk = Desk::open(on).await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let (operator, mut ids) = (desk.operator().await, Vec::new());
        for (name, title, active) in [("ada", Some("Chief"), true), ("bob", None, true), ("cyd", Some("Pilot"), false)] {
            let mut body = json!({ "userName": format!("{name}@acme.test"), "active": active });
            if let Some(title) = title {
                body["title"] = json!(title);
            }
            ids.push(user(&desk, &acme, body).await);
        }
        user(&desk, &globex, json!({ "userName": "ada@globex.test", "title": "Chief" })).await;
        let staff = named(&desk, &acme, "Staff", &[&ids[0], &ids[2]]).await;
        let find = async |list: &str, filter: &str, rest: &str| {
            desk.get(&operator, &format!("/tenants/acme/{list}?filter={}{rest}", encoded(filter))).await
        };
        for (filter, found) in [
            ("title pr", vec![0, 2]),
            ("title pr and active eq true", vec![0]),
            ("not (title eq \"chief\") and userName ew \"@acme.test\"", vec![1, 2]),
            ("userName eq \"BOB@acme.test\" or title sw \"Pi\"", vec![1, 2]),
            ("title eq \"nobody's\"", vec![]),
        ] {
            let answer = find("users", filter, "").await;
            assert_eq!(answer.status, 200, "{filter}: {}", answer.body);
            let expected: Vec<&str> = found.iter().map(|place: &usize| ids[*place].as_str()).collect();
            assert_eq!(texts(&answer.body, "id"), expected, "{filter}");
            assert_eq!(answer.body.get("total"), None, "{filter}");
        }
        assert_eq!(texts(&find("users", "title pr", "&active=false").await.body, "id"), [&ids[2]]);
        assert_eq!(texts(&find("users", "title pr", "&search=ada").await.body, "id"), [&ids[0]]);
        let first = find("users", "title pr", "&limit=1").await.body;
        let next = format!("&limit=1&after={}", first["next"].as_str().unwrap());
        let second = find("users", "title pr", &next).await.body;
        assert_eq!((texts(&first, "id"), texts(&second, "id"), second.get("next")), (vec![ids[0].as_str()], vec![ids[2].as_str()], None));
        let member = format!("members.value eq \"{}\"", ids[2]);
        assert_eq!(texts(&find("groups", &member, "").await.body, "id"), [&staff]);
        assert_eq!(texts(&find("groups", "displayName co \"taf\"", "").await.body, "id"), [&staff]);
        let deep = "(".repeat(5_000);
        for (list, filter) in [
            ("users", ""),
            ("users", " "),
            ("users", "title"),
            ("users", "title eq"),
            ("users", "colour eq \"red\""),
            ("users", "userName eq \"ada\" and"),
            ("users", "password eq \"secret\""),
            ("groups", "userName eq \"ada\""),
            ("users", deep.as_str()),
        ] {
            let refused = find(list, filter, "").await;
            let field = refused.body["errors"][0]["field"].as_str();
            assert_eq!((refused.status, field), (400, Some("filter")), "{list} {filter}: {}", refused.body);
        }
    }

    async fn who_is_in_a_group_in_the_end_is_told_once_page_by_page(on) {
        let desk = Desk::open(on).await;
        let (acme, operator) = (desk.scratch.tenant("acme").await, desk.operator().await);
        let mut ids = Vec::new();
        for n in 0..6 {
            ids.push(user(&desk, &acme, json!({ "userName": format!("p{n}") })).await);
        }
        let deepest = named(&desk, &acme, "Deepest", &[&ids[5], &ids[1]]).await;
        let inner = named(&desk, &acme, "Inner", &[&ids[1], &ids[3], &deepest]).await;
        let outer = named(&desk, &acme, "Outer", &[&ids[0], &ids[1], &inner]).await;
        named(&desk, &acme, "Other", &[&ids[2], &ids[4]]).await;
        // A ring, and a group that is in itself by way of it.
        store::testing::meddle(
            &desk.scratch.store,
            acme.id,
            "INSERT INTO memberships (tenant_id, group_id, member_id, member_kind) SELECT m.tenant_id, m.member_id, o.group_id, 'Group' \
             FROM memberships AS m JOIN memberships AS o ON o.tenant_id = m.tenant_id AND o.member_id = m.group_id \
             WHERE m.tenant_id = {tenant} AND m.member_kind = 'Group' AND o.member_kind = 'Group'",
        )
        .await;
        let path = format!("/tenants/acme/groups/{outer}/members?effective=true&limit=2");
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = desk.get(&operator, &format!("{path}{after}")).await.body;
            seen.extend(texts(&page, "id").into_iter().map(str::to_owned));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let in_the_end = [0, 1, 3, 5].map(|place: usize| ids[place].clone());
        assert_eq!(seen, in_the_end, "each once, in the order of ids");
        let direct = desk.get(&operator, &format!("/tenants/acme/groups/{outer}/members")).await.body;
        let mut direct = texts(&direct, "id");
        direct.sort_unstable();
        let mut expected = [ids[0].as_str(), ids[1].as_str(), inner.as_str()];
        expected.sort_unstable();
        assert_eq!(direct, expected);
        let both = desk.get(&operator, &format!("{path}&search=p")).await;
        assert_eq!((both.status, both.body["errors"][0]["field"].as_str()), (400, Some("search")));
        let nobody = format!("/tenants/acme/groups/{}/members?effective=true", ids[0]);
        assert_eq!(desk.get(&operator, &nobody).await.status, 404);
    }

    async fn one_call_tells_what_somebody_is_in(on) {
        let desk = Desk::open(on).await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let (token, _) = api_key(&desk, Some(acme.id), Role::Developer, None).await;
        let bearer = format!("Bearer {token}");
        let get = async |path: &str| {
            desk.raw("GET", &format!("/api/v1/tenants/acme/{path}"), &[("authorization", &bearer)], None).await
        };
        let ada = user(&desk, &acme, json!({ "userName": "Ada@acme.test", "externalId": "E-1", "active": false })).await;
        for name in ["bob", "cyd"] {
            user(&desk, &acme, json!({ "userName": name, "externalId": "E-2" })).await;
        }
        user(&desk, &globex, json!({ "userName": "eve", "externalId": "E-9" })).await;
        let team = group(&desk, &acme, json!({ "displayName": "Team", "externalId": "G-1" }), &[&ada]).await;
        let all = named(&desk, &acme, "All", &[&team]).await;
        let seq = desk.store(&acme).counters().await.unwrap().seq;
        let expected = json!({
            "userId": ada, "userName": "Ada@acme.test", "externalId": "E-1", "active": false, "seq": seq,
            "groups": [
                { "id": team, "displayName": "Team", "externalId": "G-1", "direct": true },
                { "id": all, "displayName": "All", "direct": false },
            ],
            "roles": [],
        });
        for path in [format!("users/{ada}/access"), "access?userName=ADA%40acme.test".to_owned(), "access?externalId=E-1".to_owned()] {
            let answer = get(&path).await;
            assert_eq!((answer.status, &answer.body), (200, &expected), "{path}");
        }
        for path in ["access?userName=nobody", "access?externalId=e-1", "access?externalId=E-9", "access?userName=eve", &format!("users/{team}/access"), "users/x/access"] {
            let answer = get(path).await;
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{path}");
        }
        let several = get("access?externalId=E-2").await;
        assert_eq!((several.status, several.code()), (409, "several_people"));
        for path in ["access", "access?userName=a&externalId=b", "access?userName=", "access?userName=%00"] {
            assert_eq!(get(path).await.status, 400, "{path}");
        }
        let dan = user(&desk, &acme, json!({ "userName": "dan" })).await;
        let crew = group(&desk, &acme, json!({ "displayName": "Crew" }), &[&dan]).await;
        let company = named(&desk, &acme, "Company", &[&crew]).await;
        crate::roles::with_one_mapped(&desk, &desk.store(&acme), company.parse().unwrap()).await;
        let roles = get("access?userName=dan").await.body["roles"].clone();
        assert_eq!(roles, json!([{ "key": "app:writer", "name": "app:writer", "through": [company] }]));
        assert_eq!(get("access?externalId=E-1").await.body["roles"], json!([]), "neither group gives one");
    }

    async fn what_somebody_is_in_is_of_one_moment(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = user(&desk, &acme, json!({ "userName": "ada" })).await;
        let store = desk.store(&acme);
        let whom = Whom::UserName("ada".to_owned());
        // Each group is two changes, its making and its member, of one commit.
        let writing = async {
            for n in 0..30 {
                named(&desk, &acme, &format!("G{n}"), &[&ada]).await;
            }
        };
        let reading = async {
            let mut told = 0;
            while told < 30 {
                let FoundAccess::One(access) = store.access(&whom).await.unwrap() else { unreachable!("she is there") };
                assert_eq!(access.seq, 1 + 2 * access.groups.len() as u64, "no more and no less than the changes up to seq");
                told = access.groups.len();
            }
        };
        tokio::join!(writing, reading);
    }

    async fn a_list_of_somebodys_groups_never_ends_where_it_does_not(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.session(desk.person("viewer@acme.test", None, &[(&acme, Role::Viewer)]).await).await;
        let ada = user(&desk, &acme, json!({ "userName": "ada@acme.test" })).await;
        for name in ["A", "B", "C"] {
            named(&desk, &acme, name, &[&ada]).await;
        }
        let path = format!("/tenants/acme/users/{ada}/groups?limit=1");
        let first = desk.get(&cookie, &path).await.body;
        let next = first["next"].as_str().unwrap();
        let second = desk.get(&cookie, &format!("{path}&after={next}")).await.body;
        assert_eq!(second["items"][0]["displayName"], "B");
        // As one that she has left since.
        let left = named(&desk, &acme, "D", &[]).await;
        let lost = desk.get(&cookie, &format!("{path}&after={left}")).await;
        assert_eq!((lost.status, &lost.body["errors"][0]["field"]), (400, &json!("after")));
    }
}
