//! Inviting people, giving and taking roles, and people who have forgotten their password.

use domain::code::{self, CodePurpose};
use domain::{Clock, Role};
use serde_json::{Value, json};
use store::AdminChange;
use store::testing::author;

use crate::authorisation::invitation;
use crate::desk::{Answer, Desk};
use crate::on_both;

const PASSWORD: &str = "correct horse battery";

async fn sign_in(desk: &Desk, email: &str, password: &str) -> Answer {
    desk.call(None, "POST", "/session", Some(json!({ "email": email, "password": password }))).await
}

async fn accept(desk: &Desk, code: &str) -> Answer {
    let body = json!({ "code": code, "name": "Ada Byron", "password": PASSWORD });
    desk.call(None, "POST", "/invitations/accept", Some(body)).await
}

/// The code in the link of an answer.
fn code_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

on_both! {
    async fn an_invited_person_comes_in_once_and_has_the_role(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let admin = desk.person("ben@acme.test", None, &[(&acme, Role::Admin)]).await;
        let admin = desk.session(admin).await;
        let body = json!({ "email": " Ada@acme.test ", "name": "Ada", "role": "viewer" });
        let made = desk.call(Some(&admin), "POST", "/tenants/acme/invitations", Some(body)).await;
        let code = code_of(&made);
        assert!(made.body["link"].as_str().unwrap().starts_with("https://sync.example.com/invite#"));
        let open = desk.call(None, "POST", "/invitations/check", Some(json!({ "code": code }))).await;
        let expected = json!(["Ada@acme.test", "viewer", acme.name, acme.slug.as_str(), "ben@acme.test", false]);
        let got = ["email", "role", "tenant", "tenantSlug", "createdBy", "known"].map(|name| open.body[name].clone());
        assert_eq!(Value::from(got.to_vec()), expected);
        let listed = desk.get(&admin, "/tenants/acme/invitations").await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
        assert!(!listed.body.to_string().contains(&code), "the link is shown once");

        let weak = json!({ "code": code, "name": "Ada", "password": "short" });
        assert_eq!(desk.call(None, "POST", "/invitations/accept", Some(weak)).await.status, 400);
        let inside = accept(&desk, &code).await;
        assert_eq!((inside.status, inside.body["tenants"][0]["role"].as_str()), (200, Some("viewer")));
        assert_eq!(desk.get(&inside.cookie(), "/tenants/acme/users").await.status, 200);
        let again = accept(&desk, &code).await;
        assert_eq!((again.status, again.code()), (410, "code_unknown"));
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 200);
        assert_eq!(desk.get(&admin, "/tenants/acme/invitations").await.body["items"], json!([]));
    }

    async fn who_is_known_signs_in_and_joins_and_nobody_else_can(on) {
        let desk = Desk::open(on).await;
        let (acme, globex) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("globex").await);
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[(&globex, Role::Viewer)]).await;
        let bob = desk.person("bob@acme.test", None, &[(&globex, Role::Viewer)]).await;
        let (code, made) = invitation(&desk, Some(acme.id), "ADA@acme.test", Role::Developer);
        desk.scratch.store.system().invite(&made, &author()).await.unwrap();
        let body = || Some(json!({ "code": code.expose() }));
        assert_eq!(desk.call(None, "POST", "/invitations/check", body()).await.body["known"], true);
        // A link in the wrong hands must not be a way to somebody's account.
        let taken = accept(&desk, code.expose()).await;
        assert_eq!((taken.status, taken.code()), (409, "email_taken"));
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 200, "her password is what it was");
        let (ada, bob) = (desk.session(ada).await, desk.session(bob).await);
        let other = desk.call(Some(&bob), "POST", "/invitations/join", body()).await;
        assert_eq!((other.status, other.code()), (409, "other_person"));
        let joined = desk.call(Some(&ada), "POST", "/invitations/join", body()).await;
        assert_eq!((joined.status, joined.body["tenants"].as_array().unwrap().len()), (200, 2));
        assert_eq!(desk.call(Some(&ada), "POST", "/invitations/join", body()).await.status, 410);
    }

    async fn an_invitation_made_anew_taken_back_or_too_old_is_void(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let admin = desk.person("ben@acme.test", None, &[(&acme, Role::Admin)]).await;
        let admin = desk.session(admin).await;
        let body = json!({ "email": "ada@acme.test", "name": "Ada", "role": "viewer" });
        let first = desk.call(Some(&admin), "POST", "/tenants/acme/invitations", Some(body.clone())).await;
        let second = desk.call(Some(&admin), "POST", "/tenants/acme/invitations", Some(body)).await;
        let path = format!("/tenants/acme/invitations/{}", second.body["invitation"]["id"].as_str().unwrap());
        let third = desk.call(Some(&admin), "POST", &format!("{path}/renew"), None).await;
        for void in [code_of(&first), code_of(&second)] {
            assert_eq!(accept(&desk, &void).await.status, 410);
        }
        let listed = desk.get(&admin, "/tenants/acme/invitations").await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1, "one person is asked once");
        assert_eq!(desk.call(Some(&admin), "DELETE", &path, None).await.status, 204);
        assert_eq!(accept(&desk, &code_of(&third)).await.status, 410);
        let (late, made) = invitation(&desk, Some(acme.id), "late@acme.test", Role::Viewer);
        desk.scratch.store.system().invite(&made, &author()).await.unwrap();
        desk.clock.advance_seconds(7 * 86_400);
        assert_eq!(accept(&desk, late.expose()).await.status, 410);
        let later = desk.session(desk.person("later@acme.test", None, &[(&acme, Role::Admin)]).await).await;
        for (email, name, role) in [("none", "A", "viewer"), ("a@b.test", "", "viewer"), ("a@b.test", "A", "operator")] {
            let bad = json!({ "email": email, "name": name, "role": role });
            assert_eq!(desk.call(Some(&later), "POST", "/tenants/acme/invitations", Some(bad)).await.status, 400, "{email}");
        }
    }

    async fn another_role_and_none_hold_from_the_next_request_on(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let ben = desk.person("ben@acme.test", None, &[(&acme, Role::Admin)]).await;
        let ada = desk.person("ada@acme.test", None, &[(&acme, Role::Admin)]).await;
        let (admin, hers) = (desk.session(ben).await, desk.session(ada).await);
        assert_eq!(desk.get(&hers, "/tenants/acme/credentials").await.status, 200);
        let path = format!("/tenants/acme/people/{ada}");
        let people = desk.get(&admin, "/tenants/acme/people").await;
        let rows: Vec<_> = people.body["items"].as_array().unwrap().iter().map(|row| (row["email"].clone(), row["you"].clone())).collect();
        assert_eq!(rows, [(json!("ben@acme.test"), json!(true)), (json!("ada@acme.test"), json!(false))]);
        assert_eq!(desk.call(Some(&admin), "PATCH", &path, Some(json!({ "role": "viewer" }))).await.status, 204);
        assert_eq!(desk.get(&hers, "/tenants/acme/credentials").await.status, 403);
        let own = format!("/tenants/acme/people/{ben}");
        for (method, body) in [("PATCH", Some(json!({ "role": "viewer" }))), ("DELETE", None)] {
            let refused = desk.call(Some(&admin), method, &own, body).await;
            assert_eq!((refused.status, refused.code()), (409, "yourself"));
        }
        let refused = desk.call(Some(&admin), "PATCH", &path, Some(json!({ "role": "operator" }))).await;
        assert_eq!(refused.status, 400, "nobody becomes an operator through a tenant");
        assert_eq!(desk.call(Some(&admin), "DELETE", &path, None).await.status, 204);
        assert_eq!(desk.get(&hers, "/tenants/acme/users").await.status, 404);
        assert_eq!(desk.call(Some(&admin), "DELETE", &path, None).await.status, 404);
    }

    async fn somebody_always_runs_the_service(on) {
        let desk = Desk::open(on).await;
        let (one, two) = (desk.person("one@sync.test", None, &[]).await, desk.person("two@sync.test", None, &[]).await);
        let (first, second) = (desk.session(one).await, desk.session(two).await);
        // Each removes the other at the same time: one of them is left.
        let (paths, end) = ([format!("/people/{two}"), format!("/people/{one}")], None);
        let (a, b) = tokio::join!(
            desk.call(Some(&first), "DELETE", &paths[0], end.clone()),
            desk.call(Some(&second), "DELETE", &paths[1], end)
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert!(statuses == [204, 401] || statuses == [204, 409], "{statuses:?}");
        let (left, session) = if a.status == 204 { (one, first) } else { (two, second) };
        let step_down = AdminChange { name: None, operator: Some(false) };
        let system = desk.scratch.store.system();
        let outcome = system.change_admin(left, step_down, &author()).await.unwrap();
        assert_eq!(outcome, store::PersonOutcome::LastOperator);
        assert_eq!(desk.get(&session, "/people").await.body["items"].as_array().unwrap().len(), 1);
    }

    async fn a_removed_person_has_no_session_no_role_and_no_account(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[(&acme, Role::Admin)]).await;
        let (operator, hers) = (desk.operator().await, desk.session(ada).await);
        let listed = desk.get(&operator, "/people").await.body;
        let row = listed["items"].as_array().unwrap().iter().find(|row| row["id"] == ada.to_string()).unwrap();
        let role = json!({ "tenantId": acme.id.to_string(), "tenant": acme.name, "tenantSlug": "acme", "role": "admin" });
        assert_eq!(row["roles"], json!([role]), "by name, not by id alone");
        assert_eq!(desk.call(Some(&operator), "DELETE", &format!("/people/{ada}"), None).await.status, 204);
        assert_eq!(desk.get(&hers, "/session").await.status, 401);
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 401);
        let audit = desk.get(&operator, "/tenants/acme/audit?act=role.revoked").await;
        assert_eq!(audit.body["items"][0]["subject"]["name"], "ada@acme.test", "the tenant's people see it too");
        assert_eq!(desk.call(Some(&operator), "DELETE", &format!("/people/{ada}"), None).await.status, 404);
    }

    async fn a_link_gives_another_password_once_and_ends_all_sessions(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[(&acme, Role::Admin)]).await;
        let (operator, hers) = (desk.operator().await, desk.session(ada).await);
        let path = format!("/people/{ada}/password-reset");
        let void = code_of(&desk.call(Some(&operator), "POST", &path, None).await);
        let code = code_of(&desk.call(Some(&operator), "POST", &path, None).await);
        let choose = async |code: &str, password: &str| {
            desk.call(None, "POST", "/password-resets/use", Some(json!({ "code": code, "password": password }))).await
        };
        assert_eq!(choose(&void, "another good password").await.status, 410, "only the last link is good");
        assert_eq!(choose(&code, "short").await.status, 400);
        assert_eq!(desk.call(None, "POST", "/password-resets/check", Some(json!({ "code": code }))).await.status, 204);
        let chosen = choose(&code, "another good password").await;
        assert_eq!(chosen.status, 204);
        let set: Vec<&str> = chosen.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
        assert!(set.iter().all(|set| !set.contains("_session=")), "a link alone signs nobody in: {set:?}");
        assert_eq!(choose(&code, "a third good password").await.status, 410);
        assert_eq!(desk.get(&hers, "/session").await.status, 401);
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 401);
        assert_eq!(sign_in(&desk, "ada@acme.test", "another good password").await.status, 200);
        let person = desk.scratch.store.system().find_admin(ada).await.unwrap().unwrap().admin;
        let (late, digest) = code::issue(&desk.key, CodePurpose::PasswordReset).unwrap();
        let now = desk.clock.now();
        let system = desk.scratch.store.system();
        system.insert_password_reset(&person, digest, now, now.plus_seconds(3_600), &author()).await.unwrap();
        desk.clock.advance_seconds(3_600);
        assert_eq!(choose(late.expose(), "another good password").await.status, 410);
    }

    async fn asking_for_a_link_looks_the_same_for_known_and_unknown(on) {
        let mut desk = Desk::open(on).await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let ask = async |desk: &Desk, email: &str| desk.call(None, "POST", "/password-resets", Some(json!({ "email": email }))).await;
        let (known, unknown) = (ask(&desk, "ada@acme.test").await, ask(&desk, "bob@acme.test").await);
        assert_eq!((known.status, unknown.status), (202, 202));
        assert_eq!((&known.body, &unknown.body), (&Value::Null, &Value::Null));
        desk.address = Some(domain::ClientAddress::new("192.0.2.7".parse().unwrap()));
        let mut refused = None;
        for _ in 0..30 {
            refused = Some(ask(&desk, "ada@acme.test").await).filter(|answer| answer.status != 202).or(refused);
        }
        let refused = refused.unwrap();
        assert_eq!((refused.status, refused.headers.contains_key("retry-after")), (429, true));
    }

    async fn ones_own_password_and_sessions(on) {
        let desk = Desk::open(on).await;
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let (here, there) = (sign_in(&desk, "ada@acme.test", PASSWORD).await.cookie(), desk.session(ada).await);
        let own = desk.get(&here, "/me/sessions").await;
        let rows = own.body["items"].as_array().unwrap();
        assert_eq!(rows.iter().filter(|row| row["current"] == true).count(), 1);
        assert_eq!(rows.iter().find(|row| row["current"] == true).unwrap()["method"], "password");
        let other = rows.iter().find(|row| row["current"] == false).unwrap()["id"].as_str().unwrap();
        assert_eq!(desk.get(&format!("directory_sync_session={other}"), "/session").await.status, 401, "the id opens nothing");
        assert_eq!(desk.call(Some(&here), "DELETE", &format!("/me/sessions/{other}"), None).await.status, 204);
        assert_eq!((desk.get(&there, "/session").await.status, desk.get(&here, "/session").await.status), (401, 200));
        let third = desk.session(ada).await;
        let change = async |current: Option<&str>, new: &str| {
            desk.call(Some(&here), "POST", "/me/password", Some(json!({ "current": current, "new": new }))).await
        };
        assert_eq!(change(Some("wrong"), "another good password").await.code(), "sign_in_failed");
        assert_eq!(change(None, "another good password").await.status, 400);
        let short = change(Some(PASSWORD), "short").await;
        assert_eq!((short.status, short.body["errors"][0]["field"].as_str()), (400, Some("new")));
        assert_eq!(change(Some(PASSWORD), "another good password").await.status, 204);
        assert_eq!((desk.get(&third, "/session").await.status, desk.get(&here, "/session").await.status), (401, 200));
        assert_eq!(desk.call(Some(&here), "PATCH", "/me", Some(json!({ "name": "Ada Byron" }))).await.status, 204);
        assert_eq!(desk.get(&here, "/session").await.body["admin"]["name"], "Ada Byron");
        let someone = desk.session(desk.person("bob@acme.test", None, &[]).await).await;
        let current = desk.get(&here, "/me/sessions").await.body["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(desk.call(Some(&someone), "DELETE", &format!("/me/sessions/{current}"), None).await.status, 404);
    }

    async fn strangers_cannot_lock_a_person_out_of_the_browser_they_know(on) {
        let mut desk = Desk::open(on).await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let first = sign_in(&desk, "ada@acme.test", PASSWORD).await;
        let device = first.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).find(|set| set.contains("_device="));
        let device = device.unwrap().split(';').next().unwrap().to_owned();
        for machine in 0..11 {
            desk.address = Some(domain::ClientAddress::new(format!("192.0.{machine}.1").parse().unwrap()));
            for _ in 0..11 {
                sign_in(&desk, "ada@acme.test", "wrong").await;
            }
        }
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 429, "an unknown browser waits");
        let body = json!({ "email": "ada@acme.test", "password": PASSWORD });
        assert_eq!(desk.call(Some(&device), "POST", "/session", Some(body)).await.status, 200);
        let body = json!({ "email": "bob@acme.test", "password": PASSWORD });
        assert_eq!(desk.call(Some(&device), "POST", "/session", Some(body)).await.status, 401, "her mark is nobody else's");
    }

    async fn a_person_locked_out_by_strangers_comes_in_by_a_link_in_a_browser_that_nobody_knows(on) {
        let mut desk = Desk::open(on).await;
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let operator = desk.operator().await;
        for machine in 0..10 {
            desk.address = Some(domain::ClientAddress::new(format!("192.0.{machine}.1").parse().unwrap()));
            for _ in 0..10 {
                sign_in(&desk, "ada@acme.test", "wrong").await;
            }
        }
        desk.address = Some(domain::ClientAddress::new("198.51.100.1".parse().unwrap()));
        assert_eq!(sign_in(&desk, "ada@acme.test", PASSWORD).await.status, 429, "a hundred failed for her");
        let link = desk.call(Some(&operator), "POST", &format!("/people/{ada}/password-reset"), None).await;
        let choice = json!({ "code": code_of(&link), "password": "another good password" });
        let chosen = desk.call(None, "POST", "/password-resets/use", Some(choice)).await;
        assert_eq!(chosen.status, 204);
        let (device, body) = (chosen.cookie(), json!({ "email": "ada@acme.test", "password": "another good password" }));
        assert!(device.starts_with("directory_sync_device="), "{device}");
        assert_eq!(desk.call(Some(&device), "POST", "/session", Some(body.clone())).await.status, 200);
        assert_eq!(desk.call(None, "POST", "/session", Some(body)).await.status, 429, "strangers still wait");
    }

    async fn link_after_link_gives_no_more_guesses_than_one(on) {
        let desk = Desk::open(on).await;
        let ada = desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let operator = desk.operator().await;
        let come = async || {
            let link = desk.call(Some(&operator), "POST", &format!("/people/{ada}/password-reset"), None).await;
            let choice = json!({ "code": code_of(&link), "password": "another good password" });
            desk.call(None, "POST", "/password-resets/use", Some(choice)).await.cookie()
        };
        let body = |password: &str| Some(json!({ "email": "ada@acme.test", "password": password }));
        let first = come().await;
        let signed_in = desk.call(Some(&first), "POST", "/session", body("another good password")).await;
        let set = signed_in.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
        let own = set.filter_map(|set| set.split(';').next()).find(|set| set.starts_with("directory_sync_device="));
        let own = own.unwrap().to_owned();
        assert_ne!(own, first);
        for _ in 0..10 {
            assert_eq!(desk.call(Some(&first), "POST", "/session", body("wrong")).await.status, 401);
        }
        assert_eq!(desk.call(Some(&first), "POST", "/session", body("wrong")).await.status, 429);
        let second = come().await;
        assert_eq!(desk.call(Some(&second), "POST", "/session", body("wrong")).await.status, 429);
        assert_eq!(desk.call(Some(&own), "POST", "/session", body("another good password")).await.status, 200);
    }

    async fn refused_sign_ins_and_operators_visits_stand_in_the_audit(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        desk.person("ada@acme.test", Some(PASSWORD), &[(&acme, Role::Admin)]).await;
        let operator = desk.operator().await;
        sign_in(&desk, "ada@acme.test", "wrong").await;
        sign_in(&desk, "made.up@acme.test", "wrong").await;
        let refused = desk.get(&operator, "/audit?act=sign_in.refused").await;
        let rows = refused.body["items"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "names that strangers make up do not fill it");
        assert_eq!((&rows[0]["subject"]["name"], &rows[0]["actor"]), (&json!("ada@acme.test"), &json!({ "kind": "stranger" })));
        for _ in 0..3 {
            assert_eq!(desk.get(&operator, "/tenants/acme/users").await.status, 200);
        }
        let seen = desk.get(&operator, "/tenants/acme/audit?act=operator.visited").await;
        let rows = seen.body["items"].as_array().unwrap();
        assert_eq!((rows.len(), rows[0]["actor"]["email"].as_str()), (1, Some("op@sync.example.com")));
    }
}
