//! Set-up links: good once, for one connection and nothing else, and over at once when they are revoked.

use std::sync::Arc;

use domain::credential::Order;
use domain::{Clock, Connection, ConnectionState, Credential, Idp, Milestone, Rights, Role, SyncEvent, Tenant, Timestamp};
use futures_util::future::join_all;
use serde_json::{Value, json};
use store::testing::{On, author, event};
use store::{AuditQuery, ConnectionChange, Settings, Store, SyncLogWriter};

use crate::authorisation::{OPEN, ground, operations};
use crate::desk::{Answer, Desk};
use crate::on_both;

/// What belongs to the holder of a link.
const OF_HOLDERS: [&str; 7] = [
    "openSetup",
    "getSetup",
    "getChecksOfSetup",
    "streamChecksOfSetup",
    "issueSetupCredential",
    "issueSetupClient",
    "finishSetup",
];

async fn open(desk: &Desk, code: &str) -> Answer {
    desk.call(None, "POST", "/setup/open", Some(json!({ "code": code }))).await
}

async fn log(desk: &Desk, events: Vec<SyncEvent>) {
    let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 64);
    for event in events {
        sender.send(event, true).await;
    }
    drop(sender);
    writer.run().await;
}

/// A credential as a holder issues it, before it is kept.
fn token(desk: &Desk, connection: &Connection, at: Timestamp) -> Credential {
    let order = Order { name: "Ada at Acme".to_owned(), rights: Rights::Write, created_by: None, at, days: Some(365) };
    Credential::issue(&desk.key, connection, order).unwrap().1
}

/// How the tokens of a tenant begin, and those of them that are accepted.
async fn tokens(desk: &Desk, tenant: &Tenant) -> (Vec<String>, Vec<String>) {
    let (all, now) = (desk.store(tenant).credentials().list().await.unwrap(), desk.clock.now());
    let live = all.iter().filter(|one| one.check(now).is_ok());
    (all.iter().map(Credential::starts_with).collect(), live.map(Credential::starts_with).collect())
}

on_both! {
    async fn a_link_is_made_opened_once_and_seen_by_who_made_it(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let ada = desk.person("ada@acme.test", None, &[(&acme, Role::Admin)]).await;
        let cookie = desk.session(ada).await;
        let new = json!({ "connectionId": connection.id.to_string(), "name": " Max at Acme " });
        let made = desk.call(Some(&cookie), "POST", "/tenants/acme/setup-links", Some(new)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let (url, code) = made.body["url"].as_str().unwrap().split_once('#').unwrap();
        assert_eq!((url, made.body["link"]["state"].as_str()), ("https://sync.example.com/setup", Some("waiting")));
        assert_eq!(made.body["link"]["endsAt"], desk.clock.now().plus_days(7).to_rfc3339());
        let state = async || {
            let list = desk.get(&cookie, "/tenants/acme/setup-links").await;
            assert!(!list.body.to_string().contains(code), "the code is shown once");
            list.body["items"][0]["state"].as_str().unwrap().to_owned()
        };
        let opened = open(&desk, code).await;
        assert_eq!(opened.status, 200, "{}", opened.body);
        assert_eq!(opened.body["scimUrl"], "https://sync.example.com/scim/acme/v2");
        assert_eq!((&opened.body["tenantName"], &opened.body["idp"], &opened.body["name"]), (&json!("acme"), &json!("entra"), &json!("Max at Acme")));
        let set = opened.headers["set-cookie"].to_str().unwrap();
        assert!(set.ends_with("; Path=/api/v1/setup; HttpOnly; SameSite=Strict; Max-Age=604800; Secure"), "{set}");
        assert_eq!(state().await, "opened");
        for again in [code, "", "x"] {
            let refused = open(&desk, again).await;
            assert_eq!((refused.status, refused.code()), (410, "code_unknown"));
        }
        let holder = opened.cookie();
        assert_eq!(desk.get(&holder, "/setup").await.status, 200);
        let finished = desk.call(Some(&holder), "POST", "/setup/finish", None).await;
        assert_eq!((finished.status, finished.body["finishedAt"].is_string()), (200, true));
        assert_eq!(state().await, "finished");
        assert_eq!(desk.get(&holder, "/setup").await.status, 200, "they may look again");
        let link = made.body["link"]["id"].as_str().unwrap();
        let revoke = format!("/tenants/acme/setup-links/{link}/revoke");
        assert_eq!(desk.call(Some(&cookie), "POST", &revoke, None).await.body["revokedBy"], "ada@acme.test");
        assert_eq!(desk.get(&holder, "/setup").await.status, 401, "out at once");
    }

    async fn a_link_ends_with_its_time_its_connection_and_by_being_revoked(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        let connection = desk.connection(&acme).await;
        let (_, late) = desk.setup_link(&connection).await;
        let (_, used) = desk.setup_link(&connection).await;
        let (revoked, unused) = desk.setup_link(&connection).await;
        let holder = open(&desk, &used).await.cookie();
        let path = format!("/tenants/acme/setup-links/{}/revoke", revoked.id);
        assert_eq!(desk.call(Some(&cookie), "POST", &path, None).await.status, 200);
        assert_eq!(open(&desk, &unused).await.status, 410, "revoked before it was opened");
        assert_eq!(desk.get(&holder, "/setup").await.status, 200);
        let closed = ConnectionChange { state: Some(ConnectionState::Closed), ..ConnectionChange::default() };
        let other = desk.connection(&acme).await;
        let (_, code) = desk.setup_link(&other).await;
        let (_, never) = desk.setup_link(&other).await;
        let beside = open(&desk, &code).await.cookie();
        desk.store(&acme).connections().change(other.id, closed, &author()).await.unwrap();
        assert_eq!(desk.get(&beside, "/setup").await.status, 401, "its connection is closed");
        assert_eq!(open(&desk, &never).await.status, 410);
        desk.clock.advance_seconds(7 * 86_400);
        assert_eq!(open(&desk, &late).await.status, 410, "expired");
        let answer = desk.get(&holder, "/setup").await;
        assert_eq!((answer.status, answer.code()), (401, "not_signed_in"), "and the session with it");
    }

    async fn a_holder_issues_the_connections_credential_and_a_new_one_takes_its_place(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (_, kept) = desk.credential(&connection).await;
        let (link, code) = desk.setup_link(&connection).await;
        let holder = open(&desk, &code).await.cookie();
        let issue = async || desk.call(Some(&holder), "POST", "/setup/credential", None).await;
        let (first, second) = (issue().await, issue().await);
        assert_eq!((first.status, second.status), (201, 201), "{}", first.body);
        let credential = &second.body["credential"];
        assert_eq!((&credential["connectionId"], &credential["createdBy"]), (&json!(connection.id.to_string()), &json!(link.name)));
        assert_eq!(desk.get(&holder, "/setup").await.body["issued"], credential["startsWith"]);
        let all = desk.store(&acme).credentials().list().await.unwrap();
        let live: Vec<_> = all.iter().filter(|one| one.revoked_at.is_none()).map(|one| one.id.to_string()).collect();
        assert_eq!(live, [credential["id"].as_str().unwrap().to_owned(), kept.id.to_string()]);
        let checks = desk.get(&holder, "/setup/checks").await.body;
        assert_eq!(checks["expected"], json!([credential["startsWith"], kept.starts_with()]));
        let audit = desk.get(&desk.operator().await, "/tenants/acme/audit?limit=1&act=credential.issued").await;
        let actor = json!({ "kind": "setup_link", "id": link.id.to_string(), "name": link.name });
        assert_eq!(audit.body["items"][0]["actor"], actor);
    }

    async fn a_holder_makes_an_oauth_client_in_place_of_the_token_and_a_token_in_place_of_it(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (link, code) = desk.setup_link(&connection).await;
        let holder = open(&desk, &code).await.cookie();
        let issue = async |path: &str| {
            let answer = desk.call(Some(&holder), "POST", path, None).await;
            assert_eq!(answer.status, 201, "{}", answer.body);
            answer.body
        };
        issue("/setup/credential").await;
        let (first, second) = (issue("/setup/oauth-client").await, issue("/setup/oauth-client").await);
        assert_eq!(second["tokenUrl"], "https://sync.example.com/oauth/acme/token");
        assert!(second["clientSecret"].as_str().unwrap().starts_with("dss_") && first["clientSecret"] != second["clientSecret"]);
        let (all, live) = tokens(&desk, &acme).await;
        assert_eq!((all.len(), &json!(live)), (3, &json!([second["clientId"]])), "the token and the client before have ended");
        let told = desk.get(&holder, "/setup").await.body;
        assert_eq!(told["issued"], second["clientId"]);
        assert!(!told.to_string().contains("dss_"), "the secret is shown once");
        assert_eq!(desk.get(&holder, "/setup/checks").await.body["expected"], json!([second["clientId"]]));
        let store = desk.store(&acme);
        let mut all = store.credentials().list().await.unwrap().into_iter();
        let client = all.find(|one| second["clientId"] == one.starts_with()).unwrap();
        let kept = store.oauth_clients().find(client.id).await.unwrap().unwrap();
        assert_eq!((client.connection, client.ends_at, kept.trust.is_none()), (connection.id, None, true));
        let ends: Vec<_> = kept.secrets.iter().map(|secret| secret.ends_at).collect();
        assert_eq!(ends, [Some(desk.clock.now().plus_days(365))]);
        let entries = desk.get(&desk.operator().await, "/tenants/acme/audit?limit=200").await.body;
        let of = |act: &str| entries["items"].as_array().unwrap().iter().filter(|entry| entry["act"] == act).cloned().collect::<Vec<_>>();
        assert_eq!(["credential.issued", "client_secret.issued", "credential.revoked"].map(|act| of(act).len()), [3, 2, 2]);
        let actor = json!({ "kind": "setup_link", "id": link.id.to_string(), "name": link.name });
        assert!(of("client_secret.issued").iter().all(|entry| entry["actor"] == actor));

        let token = issue("/setup/credential").await;
        assert_eq!(tokens(&desk, &acme).await.1, [token["credential"]["startsWith"].as_str().unwrap()]);
        desk.store(&acme).setup_links().revoke(link.id, desk.clock.now(), &author()).await.unwrap().unwrap();
        assert_eq!(desk.call(Some(&holder), "POST", "/setup/oauth-client", None).await.status, 401);
    }

    async fn a_holder_who_issues_many_times_at_once_has_one_token_that_is_good(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (link, code) = desk.setup_link(&connection).await;
        let holder = open(&desk, &code).await.cookie();
        let answers = join_all((0..8).map(|_| desk.call(Some(&holder), "POST", "/setup/credential", None))).await;
        assert!(answers.iter().all(|answer| answer.status == 201));
        let (all, live) = tokens(&desk, &acme).await;
        assert_eq!((all.len(), live.len()), (8, 1), "{live:?}");
        assert_eq!(desk.get(&holder, "/setup").await.body["issued"], live[0]);

        // By two nodes too, where there can be two.
        let own = desk.scratch.store.clone();
        let other = match on {
            On::Sqlite => own.clone(),
            On::Postgres => {
                let clock: Arc<dyn Clock> = desk.clock.clone();
                Store::open(Settings::new(desk.scratch.database.clone()), clock).await.unwrap()
            }
        };
        let issued = join_all((0..8).map(|place| {
            let links = if place % 2 == 0 { own.tenant(acme.id) } else { other.tenant(acme.id) };
            let (id, credential) = (link.id, token(&desk, &connection, desk.clock.now()));
            async move { links.setup_links().issue(id, &credential, &author()).await.unwrap() }
        }));
        assert_eq!(issued.await, [true; 8]);
        let (all, live) = tokens(&desk, &acme).await;
        assert_eq!((all.len(), live.len()), (16, 1), "{live:?}");
        assert_eq!(desk.get(&holder, "/setup").await.body["issued"], live[0]);
        let operator = desk.operator().await;
        let entries = async |act: &str| {
            let path = format!("/tenants/acme/audit?limit=200&act={act}");
            desk.get(&operator, &path).await.body["items"].as_array().unwrap().len()
        };
        assert_eq!((entries("credential.issued").await, entries("credential.revoked").await), (16, 15));
    }

    async fn a_link_that_was_revoked_or_ended_meanwhile_issues_nothing(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let connection = desk.connection(&acme).await;
        let (store, now) = (desk.store(&acme), desk.clock.now());
        let (revoked, _) = desk.setup_link(&connection).await;
        store.setup_links().revoke(revoked.id, now, &author()).await.unwrap().unwrap();
        let (ended, _) = desk.setup_link(&connection).await;
        let (strange, _) = desk.setup_link(&desk.connection(&desk.scratch.tenant("other").await).await).await;
        let before = store.audit().list(&AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
        for (link, at) in [(revoked.id, now), (ended.id, ended.expires_at), (strange.id, now)] {
            let issued = store.setup_links().issue(link, &token(&desk, &connection, at), &author()).await.unwrap();
            assert!(!issued, "{link}");
        }
        assert_eq!(tokens(&desk, &acme).await, (Vec::new(), Vec::new()));
        let after = store.audit().list(&AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
        assert_eq!(after, before, "no entry says that a token was issued");
    }

    async fn a_holder_is_a_stranger_everywhere_else_and_nobody_else_is_a_holder(on) {
        let ground = ground(on).await;
        let desk = &ground.desk;
        let acme = desk.scratch.store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
        let connection = desk.connection(&acme).await;
        let (_, code) = desk.setup_link(&connection).await;
        let holder = open(desk, &code).await.cookie();
        let value = holder.split_once('=').unwrap().1;
        let posing = format!("directory_sync_session={value}");
        for operation in operations() {
            let (path, body) = (ground.path(&operation), ground.body(&operation));
            let stranger = desk.call(None, &operation.method, &path, body.clone()).await;
            for cookie in [&holder, &posing] {
                if cookie == &holder && OF_HOLDERS.contains(&operation.id.as_str()) {
                    continue;
                }
                let answer = desk.call(Some(cookie), &operation.method, &path, body.clone()).await;
                assert_eq!((answer.status, answer.code()), (stranger.status, stranger.code()), "{}", operation.id);
                assert!(answer.status >= 400 || OPEN.contains(&operation.id.as_str()), "{}", operation.id);
            }
        }
        // A person's session is none of a holder, under either name.
        let operator = desk.session(ground.people[4].unwrap()).await;
        let posing = format!("directory_sync_setup={}", operator.split_once('=').unwrap().1);
        for cookie in [&operator, &posing, &format!("directory_sync_setup={code}")] {
            assert_eq!(desk.get(cookie, "/setup").await.status, 401);
        }
        let bearer = format!("Bearer {}", ground.token);
        let both = [("cookie", holder.as_str()), ("authorization", bearer.as_str())];
        assert_eq!(desk.raw("GET", "/api/v1/setup", &both, None).await.status, 401);
    }

    async fn a_tenants_own_side_is_checked_a_few_times_a_minute_and_no_more(on) {
        // Nobody listens there.
        let desk = Desk::reached_at(on, "http://127.0.0.1:1").await;
        let operator = desk.operator().await;
        let (acme, other) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("other").await);
        let path = async |tenant| format!("/tenants/{}/connections/{}/self-check", tenant, desk.connection(if tenant == "acme" { &acme } else { &other }).await.id);
        let check = async |path: &str| desk.call(Some(&operator), "POST", path, None).await;
        let (own, others) = (path("acme").await, path("other").await);
        for _ in 0..6 {
            assert_eq!(check(&own).await.status, 200);
        }
        let entries = async || desk.get(&operator, "/tenants/acme/audit?limit=200").await.body["items"].as_array().unwrap().len();
        let before = entries().await;
        let refused = check(&own).await;
        assert_eq!((refused.status, refused.code()), (429, "too_many_checks"));
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=11).contains(&wait), "{wait}");
        assert_eq!(refused.headers["content-type"], "application/problem+json");
        assert_eq!(entries().await, before, "no credential was issued");
        assert_eq!(check(&others).await.status, 200, "another tenant has its own");
    }

    async fn what_a_link_is_asked_for_is_checked(on) {
        let desk = Desk::open(on).await;
        let (acme, other) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("other").await);
        let (connection, foreign) = (desk.connection(&acme).await, desk.connection(&other).await);
        let cookie = desk.operator().await;
        let post = async |body: Value| desk.call(Some(&cookie), "POST", "/tenants/acme/setup-links", Some(body)).await;
        for (id, name, days) in [(connection.id, "", 7), (connection.id, "Max", 0), (connection.id, "Max", 31), (foreign.id, "Max", 7)] {
            let answer = post(json!({ "connectionId": id.to_string(), "name": name, "lifetimeDays": days })).await;
            assert_eq!((answer.status, answer.code()), (400, "invalid"), "{name} {days}");
        }
        desk.clock.advance_seconds(16 * 60);
        let old = post(json!({ "connectionId": connection.id.to_string(), "name": "Max" })).await;
        assert_eq!((old.status, old.code()), (403, "sign_in_again"));
    }

    async fn checks_say_what_was_seen_and_which_token_came_instead(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let cookie = desk.operator().await;
        let connection = desk.connection(&acme).await;
        let (_, credential) = desk.credential(&connection).await;
        let path = format!("/tenants/acme/connections/{}/checks", connection.id);
        let checks = async |query: &str| desk.get(&cookie, &format!("{path}{query}")).await.body;
        let state = |body: &Value, name: &str| {
            let all = body["checks"].as_array().unwrap().clone();
            all.into_iter().find(|check| check["name"] == name).unwrap()["state"].as_str().unwrap().to_owned()
        };
        let nothing = checks("").await;
        assert!(nothing["checks"].as_array().unwrap().iter().all(|check| check["state"] == "waiting"));
        assert_eq!((&nothing["expected"], &nothing["refusal"]), (&json!([credential.starts_with()]), &Value::Null));
        let now = desk.clock.now();
        let cause = domain::Cause::TokenUnknown { starts_with: "dsk_b9aa".to_owned() };
        let wrong = SyncEvent {
            cause: Some(cause),
            milestones: vec![Milestone::Reached, Milestone::Refused],
            ..event(Some(acme.id), now.plus_seconds(1), 401)
        };
        log(&desk, vec![wrong.clone()]).await;
        let refused = checks("").await;
        assert_eq!((state(&refused, "address"), state(&refused, "credential")), ("done".to_owned(), "wrong".to_owned()));
        assert_eq!(refused["refusal"]["cause"], json!({ "code": "token_unknown", "params": { "starts_with": "dsk_b9aa" } }));
        assert_eq!(refused["refusal"]["eventId"], wrong.id.to_string());
        let right = |seconds: i64, idp: Idp, milestones: &[Milestone]| SyncEvent {
            connection: Some(connection.id),
            marks: domain::Marks::named(idp),
            milestones: milestones.to_vec(),
            ..event(Some(acme.id), now.plus_seconds(seconds), 200)
        };
        log(&desk, vec![right(2, Idp::Okta, &[Milestone::Accepted, Milestone::Recognised, Milestone::LookedUp])]).await;
        let other_idp = checks("").await;
        assert_eq!((state(&other_idp, "credential"), state(&other_idp, "idp")), ("done".to_owned(), "wrong".to_owned()));
        assert_eq!((&other_idp["seenIdp"], &other_idp["refusal"]), (&json!("okta"), &Value::Null));
        log(&desk, vec![right(9, Idp::Entra, &[Milestone::Recognised, Milestone::PersonCreated])]).await;
        assert_eq!(state(&checks("").await, "idp"), "done");
        let since = format!("?since={}", now.plus_seconds(5).to_rfc3339());
        let later = checks(&since).await;
        assert_eq!((state(&later, "look_up"), state(&later, "person"), state(&later, "address")), ("waiting".to_owned(), "done".to_owned(), "waiting".to_owned()));
        assert_eq!(desk.get(&cookie, &format!("{path}?since=yesterday")).await.status, 400);
    }
}
