//! Signing in and out, and the first operator.

use domain::Clock;
use domain::Role;
use domain::code::{self, CodePurpose};
use serde_json::json;

use crate::desk::Desk;
use crate::on_both;

const PASSWORD: &str = "correct horse battery";

async fn sign_in(desk: &Desk, cookie: Option<&str>, email: &str, password: &str) -> crate::desk::Answer {
    desk.call(cookie, "POST", "/session", Some(json!({ "email": email, "password": password }))).await
}

on_both! {
    async fn a_person_signs_in_in_any_case_and_out_again(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        desk.person("Ada@Acme.test", Some(PASSWORD), &[(&acme, Role::Viewer)]).await;
        let answer = sign_in(&desk, None, "ada@acme.TEST ", PASSWORD).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body["admin"]["email"], "Ada@Acme.test");
        assert_eq!(answer.body["tenants"][0]["role"], "viewer");
        assert_eq!(answer.body["rights"], json!([]));
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = answer.cookie();
        assert_eq!(desk.get(&cookie, "/session").await.status, 200);
        assert_eq!(desk.call(Some(&cookie), "DELETE", "/session", None).await.status, 204);
        let after = desk.get(&cookie, "/session").await;
        assert_eq!((after.status, after.code()), (401, "not_signed_in"));
    }

    async fn an_unknown_person_and_a_wrong_password_look_the_same(on) {
        let desk = Desk::open(on).await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let (wrong, unknown) =
            (sign_in(&desk, None, "ada@acme.test", "wrong").await, sign_in(&desk, None, "bob@acme.test", PASSWORD).await);
        for answer in [&wrong, &unknown] {
            assert_eq!((answer.status, answer.code()), (401, "sign_in_failed"));
            assert!(!answer.headers.contains_key("set-cookie"));
        }
        assert_eq!(wrong.body["detail"], unknown.body["detail"]);
    }

    async fn guessing_is_stopped_and_the_wait_is_told(on) {
        let mut desk = Desk::open(on).await;
        desk.address = Some(domain::ClientAddress::new("192.0.2.1".parse().unwrap()));
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        for _ in 0..10 {
            assert_eq!(sign_in(&desk, None, "ada@acme.test", "wrong").await.status, 401);
        }
        let refused = sign_in(&desk, None, "ada@acme.test", PASSWORD).await;
        assert_eq!((refused.status, refused.code()), (429, "too_many_attempts"));
        assert_eq!(refused.headers["retry-after"], "300");
        desk.clock.advance_seconds(301);
        assert_eq!(sign_in(&desk, None, "ada@acme.test", PASSWORD).await.status, 200);
    }

    async fn a_session_gets_a_new_value_at_sign_in_and_ends_by_itself(on) {
        let desk = Desk::open(on).await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let first = sign_in(&desk, None, "ada@acme.test", PASSWORD).await.cookie();
        let second = sign_in(&desk, Some(&first), "ada@acme.test", PASSWORD).await.cookie();
        assert_ne!(first, second);
        assert_eq!(desk.get(&first, "/session").await.status, 401);
        assert_eq!(desk.get(&second, "/session").await.status, 200);
        desk.clock.advance_seconds(12 * 3_600);
        assert_eq!(desk.get(&second, "/session").await.status, 401);
        assert_eq!(desk.get("directory_sync_session=made-up", "/session").await.status, 401);
    }

    async fn on_plain_http_the_cookie_comes_back(on) {
        let desk = Desk::reached_at(on, "http://127.0.0.1:8080").await;
        desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
        let answer = sign_in(&desk, None, "ada@acme.test", PASSWORD).await;
        assert!(!answer.headers["set-cookie"].to_str().unwrap().contains("Secure"));
    }

    async fn a_code_makes_one_operator_and_no_other(on) {
        let desk = Desk::open(on).await;
        let (code, digest) = code::issue(&desk.key, CodePurpose::Welcome).unwrap();
        let now = desk.clock.now();
        desk.scratch.store.system().replace_welcome_code(digest, now, now.plus_days(1), &store::testing::author()).await.unwrap();
        let check = |code: &str| json!({ "code": code });
        assert_eq!(desk.call(None, "POST", "/welcome/check", Some(check("no-such-code"))).await.status, 410);
        assert_eq!(desk.call(None, "POST", "/welcome/check", Some(check(code.expose()))).await.status, 204);
        let form = |email: &str, password: &str| {
            Some(json!({ "code": code.expose(), "name": " Ada ", "email": email, "password": password }))
        };
        let refused = desk.call(None, "POST", "/welcome", form("ada", "correct horse battery")).await;
        assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some("email")));
        let refused = desk.call(None, "POST", "/welcome", form("ada@acme.test", "short")).await;
        assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (400, Some("password")));
        let made = desk.call(None, "POST", "/welcome", form("ada@acme.test", PASSWORD)).await;
        assert_eq!((made.status, made.body["admin"]["name"].as_str()), (201, Some("Ada")));
        let rights =
            json!(["tenants:list", "tenants:create", "tenants:suspend", "tenants:limit", "tenants:delete", "roles:define", "system:read", "system:audit", "system:people"]);
        assert_eq!(made.body["rights"], rights);
        assert_eq!(desk.get(&made.cookie(), "/tenants").await.status, 200);
        let again = desk.call(None, "POST", "/welcome", form("eve@acme.test", PASSWORD)).await;
        assert_eq!((again.status, again.code()), (410, "code_unknown"));
        assert_eq!(sign_in(&desk, None, "ada@acme.test", PASSWORD).await.status, 200);
    }

    async fn a_code_is_void_once_there_is_an_operator_and_after_its_day(on) {
        let desk = Desk::open(on).await;
        let (code, digest) = code::issue(&desk.key, CodePurpose::Welcome).unwrap();
        let now = desk.clock.now();
        desk.scratch.store.system().replace_welcome_code(digest, now, now.plus_seconds(60), &store::testing::author()).await.unwrap();
        let check = || desk.call(None, "POST", "/welcome/check", Some(json!({ "code": code.expose() })));
        assert_eq!(check().await.status, 204);
        desk.clock.advance_seconds(60);
        assert_eq!(check().await.status, 410);
        desk.scratch.store.system().replace_welcome_code(digest, now, now.plus_days(9), &store::testing::author()).await.unwrap();
        assert_eq!(check().await.status, 204);
        desk.person("op@acme.test", None, &[]).await;
        assert_eq!(check().await.status, 410);
    }
}
