//! Keys of OpenAPI clients: what they may do, and that they end.

use domain::token::TokenForm;
use domain::{Role, TenantId};
use serde_json::{Value, json};
use store::testing::author;

use crate::authorisation::{TABLE, api_key, ground, operations};
use crate::desk::{Answer, Desk};
use crate::on_both;

async fn call(desk: &Desk, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let bearer = format!("Bearer {token}");
    let body = body.map(|body| body.to_string().into_bytes());
    desk.raw(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], body).await
}

/// What only a person may do: their own account, people, and keys.
const OF_PEOPLE: [&str; 35] = [
    "getSession",
    "signOut",
    "changeMe",
    "changeMyPassword",
    "listMySessions",
    "endMySession",
    "endMyOtherSessions",
    "joinByInvitation",
    "getMySignIn",
    "beginTotp",
    "confirmTotp",
    "disableTotp",
    "replaceRecoveryCodes",
    "clearSecondFactorOfPerson",
    "beginPasskey",
    "addPasskey",
    "removePasskey",
    "listPeople",
    "changePerson",
    "removePerson",
    "listInvitations",
    "invite",
    "renewInvitation",
    "revokeInvitation",
    "listAllPeople",
    "changeAnyPerson",
    "removeAnyPerson",
    "endSessionsOfPerson",
    "resetPasswordOfPerson",
    "listOperatorInvitations",
    "inviteOperator",
    "renewOperatorInvitation",
    "revokeOperatorInvitation",
    "listServiceApiKeys",
    "issueServiceApiKey",
];

on_both! {
    async fn a_key_may_what_its_role_may_but_manage_people_and_keys(on) {
        for (place, role) in [(1, Role::Viewer), (2, Role::Developer), (3, Role::Admin), (4, Role::Operator), (5, Role::Admin)] {
            let ground = ground(on).await;
            let system = ground.desk.scratch.store.system();
            let tenant = async |slug: &str| -> TenantId { system.find_tenant(&slug.parse().unwrap()).await.unwrap().unwrap().id };
            let own = match place {
                4 => None,
                5 => Some(tenant("other").await),
                _ => Some(tenant("acme").await),
            };
            let (token, _) = api_key(&ground.desk, own, role, None).await;
            for operation in operations() {
                let (_, expected) = TABLE.iter().find(|(id, _)| *id == operation.id).unwrap();
                let doomed = operation.id == "deleteTenant" && place != 4;
                let managing = OF_PEOPLE.contains(&operation.id.as_str()) || operation.path.contains("api-keys");
                let answer =
                    call(&ground.desk, &token, &operation.method, &ground.path(&operation), ground.body(&operation)).await;
                // Those who come after others in the table find gone what these took; a key comes first here.
                let expected = match expected[place] {
                    _ if managing => 403,
                    _ if doomed => 404,
                    404 | 409 if matches!(place, 3 | 4) => {
                        let first = expected[..place].iter().copied().find(|status| *status < 300);
                        first.unwrap_or(expected[place])
                    }
                    status => status,
                };
                if managing && place == 5 {
                    assert!(matches!(answer.status, 403 | 404), "{} {}", operation.id, answer.status);
                    continue;
                }
                assert_eq!(answer.status, expected, "{} as {role:?} {}", operation.id, answer.body);
            }
        }
    }

    async fn a_revoked_an_ended_and_a_made_up_key_open_nothing(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let (revoked, key) = api_key(&desk, Some(acme.id), Role::Viewer, None).await;
        let (ended, _) = api_key(&desk, Some(acme.id), Role::Viewer, Some(1)).await;
        for token in [&revoked, &ended] {
            assert_eq!(call(&desk, token, "GET", "/tenants/acme/users", None).await.status, 200);
        }
        let system = desk.scratch.store.system();
        system.revoke_api_key(Some(acme.id), key.id, &author()).await.unwrap().unwrap();
        desk.clock.advance_seconds(86_400);
        let strange = domain::token::TokenForm::API_KEY.issue(&domain::ServerKey::generate().unwrap()).unwrap();
        let forged = format!("{}{}", &revoked[..17], &strange.token.expose()[17..]);
        for token in [revoked.as_str(), &ended, strange.token.expose(), &forged, "", "dsa_", &format!("{ended} ")] {
            let answer = call(&desk, token, "GET", "/tenants/acme/users", None).await;
            assert_eq!((answer.status, answer.code()), (401, "not_signed_in"), "{token}");
        }
        let cookie = desk.operator().await;
        let (live, _) = api_key(&desk, Some(acme.id), Role::Viewer, None).await;
        let bearer = format!("Bearer {live}");
        let both = [("authorization", bearer.as_str()), ("cookie", cookie.as_str())];
        assert_eq!(desk.raw("GET", "/api/v1/tenants/acme/users", &both, None).await.status, 401, "one proof a call");
        let basic = [("authorization", format!("Basic {live}"))];
        assert_eq!(desk.raw("GET", "/api/v1/tenants/acme/users", &[("authorization", &basic[0].1)], None).await.status, 401);
    }

    async fn whoever_shows_a_leaked_api_key_ends_it(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let acme = desk.scratch.tenant("acme").await;
        let report = async |text: &str| desk.call(None, "POST", "/leaked-tokens", Some(json!({ "token": text }))).await.status;
        let opens = async |text: &str| call(&desk, text, "GET", "/tenants/acme/users", None).await.status;
        for (tenant, role, keys, audit) in [
            (Some(acme.id), Role::Viewer, "/tenants/acme/api-keys", "/tenants/acme/audit?act=leaked_token.revoked"),
            (None, Role::Operator, "/api-keys", "/audit?act=leaked_token.revoked"),
        ] {
            let (token, key) = api_key(&desk, tenant, role, None).await;
            let (other, _) = api_key(&desk, tenant, role, None).await;
            // The name of a key that is there, with another secret under a checksum that is right.
            let guessed = TokenForm::API_KEY.put_together(&key.public_id, &"x".repeat(33));
            let strange = TokenForm::API_KEY.issue(&desk.key).unwrap();
            for unknown in ["dsa_", &token[..token.len() - 1], guessed.expose(), strange.token.expose()] {
                assert_eq!(report(unknown).await, 404, "{unknown}");
            }
            assert_eq!(opens(&token).await, 200);
            assert_eq!(report(&format!(" {token}\n")).await, 204);
            assert_eq!((opens(&token).await, opens(&other).await), (401, 200));
            let listed = async || {
                let all = desk.get(&operator, keys).await.body["items"].as_array().unwrap().clone();
                all.into_iter().find(|one| one["id"] == key.id.to_string()).unwrap()
            };
            let ended = listed().await;
            assert_eq!((&ended["state"], &ended["revokedBy"]), (&json!("revoked"), &json!("leak report")));
            desk.clock.advance_seconds(60);
            assert_eq!(report(&token).await, 204, "a second report changes nothing");
            assert_eq!(listed().await["revokedAt"], ended["revokedAt"]);
            let entries = desk.get(&operator, audit).await.body["items"].as_array().unwrap().clone();
            assert_eq!(entries.len(), 1, "{entries:?}");
            assert_eq!(entries[0]["actor"], json!({ "kind": "token_holder" }));
            assert_eq!(entries[0]["subject"], json!({ "kind": "api_key", "id": key.id.to_string(), "name": "CI" }));
            assert_eq!((&entries[0]["before"]["revokedAt"], &entries[0]["after"]["revokedAt"]), (&Value::Null, &ended["revokedAt"]));
        }
    }

    async fn a_key_is_issued_shown_once_used_and_revoked(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let developer = desk.person("dev@acme.test", None, &[(&acme, Role::Developer)]).await;
        let developer = desk.session(developer).await;
        let issue = async |role: &str| {
            let body = json!({ "name": "CI", "role": role, "lifetimeDays": 90 });
            desk.call(Some(&developer), "POST", "/tenants/acme/api-keys", Some(body)).await
        };
        for far in ["admin", "viewer", "operator"] {
            assert_eq!(issue(far).await.status, 400, "{far} reaches further than a developer");
        }
        let made = issue("developer").await;
        let (token, id) = (made.body["token"].as_str().unwrap(), made.body["apiKey"]["id"].as_str().unwrap());
        assert!(token.starts_with("dsa_") && made.body["apiKey"]["endsAt"].is_string());
        assert_eq!(call(&desk, token, "GET", "/tenants/acme/users", None).await.status, 200);
        assert_eq!(call(&desk, token, "GET", "/tenants/acme/sync-events", None).await.status, 403);
        let listed = desk.get(&developer, "/tenants/acme/api-keys").await;
        assert!(!listed.body.to_string().contains(token));
        assert!(listed.body["items"][0]["lastUsed"]["at"].is_string());
        let path = format!("/tenants/acme/api-keys/{id}/revoke");
        let revoked = desk.call(Some(&developer), "POST", &path, None).await;
        assert_eq!((revoked.status, revoked.body["state"].as_str()), (200, Some("revoked")));
        assert_eq!(call(&desk, token, "GET", "/tenants/acme/users", None).await.status, 401);
        let (_, strong) = api_key(&desk, Some(acme.id), Role::Admin, None).await;
        let path = format!("/tenants/acme/api-keys/{}/revoke", strong.id);
        assert_eq!(desk.call(Some(&developer), "POST", &path, None).await.status, 403);
    }

    async fn what_a_key_does_stands_in_the_audit_under_its_name(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let (token, key) = api_key(&desk, Some(acme.id), Role::Admin, None).await;
        let made = call(&desk, &token, "POST", "/tenants/acme/connections", Some(json!({ "name": "Okta", "idp": "okta" }))).await;
        let body = json!({ "connectionId": made.body["id"], "name": "Prod", "rights": "scim" });
        let issued = call(&desk, &token, "POST", "/tenants/acme/credentials", Some(body)).await;
        assert_eq!((issued.status, issued.body["credential"]["createdBy"].as_str()), (201, Some("CI")));
        let audit = call(&desk, &token, "GET", &format!("/tenants/acme/audit?actor={}", key.id), None).await;
        let rows = audit.body["items"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0]["actor"], json!({ "kind": "api_key", "id": key.id.to_string(), "name": "CI" }));
        let key = domain::AuditKey::of(&desk.key);
        assert_eq!(desk.store(&acme).audit().verify(&key).await.unwrap().flaw, None);
    }
}
