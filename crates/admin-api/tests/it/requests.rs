//! Requests that are wrong in themselves get a problem document and nothing of the framework's own words.

use serde_json::json;

use crate::desk::Desk;
use crate::on_both;

on_both! {
    async fn wrong_addresses_methods_and_bodies_are_told_in_our_words(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let cookie = ("cookie", operator.as_str());
        let own = ("x-directory-sync", "1");
        let body = |text: &str| Some(text.as_bytes().to_vec());
        let big = vec![b' '; 70_000];
        for (method, uri, headers, body, status, code) in [
            ("GET", "/api", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v2/session", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v1/nothing", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v1//session", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v1/tenants/%61cme", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v1/tenants/%ff", vec![cookie], None, 404, "not_found"),
            ("GET", "/api/v1/tenants/ACME", vec![cookie], None, 404, "not_found"),
            ("PUT", "/api/v1/session", vec![cookie, own], None, 405, "method_not_allowed"),
            ("POST", "/api/v1/tenants", vec![cookie, own], body("{"), 400, "invalid"),
            ("POST", "/api/v1/tenants", vec![cookie, own], body("[]"), 400, "invalid"),
            ("POST", "/api/v1/tenants", vec![cookie, own], body("\u{feff}{}"), 400, "invalid"),
            ("POST", "/api/v1/tenants", vec![cookie, own], Some(vec![0xff, 0xfe]), 400, "invalid"),
            ("POST", "/api/v1/tenants", vec![cookie, own], Some(big), 413, "too_large"),
            ("POST", "/api/v1/tenants", vec![cookie, own, ("content-type", "text/plain")], body("{}"), 415, "content_type"),
            ("POST", "/api/v1/session", vec![own], body(r#"{"email":1,"password":[]}"#), 400, "invalid"),
        ] {
            let answer = desk.raw(method, uri, &headers, body).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{method} {uri}: {}", answer.body);
            assert_eq!(answer.headers["content-type"], "application/problem+json");
            let text = answer.body.to_string();
            for word in ["poem", "serde", "param1", "expected", "line 1"] {
                assert!(!text.contains(word), "{text}");
            }
        }
        let answer = desk.raw("PUT", "/api/v1/session", &[cookie, own], None).await;
        let mut allowed: Vec<_> = answer.headers["allow"].to_str().unwrap().split(", ").collect();
        allowed.sort_unstable();
        assert_eq!(allowed, ["DELETE", "GET", "HEAD", "POST"]);
    }

    async fn a_deep_body_and_a_long_query_harm_nobody(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let deep = "[".repeat(30_000);
        let headers = [("cookie", operator.as_str()), ("x-directory-sync", "1")];
        let answer = desk.raw("POST", "/api/v1/tenants", &headers, Some(deep.into_bytes())).await;
        assert_eq!(answer.status, 400);
        desk.scratch.tenant("acme").await;
        let long = format!("/tenants/acme/users?search={}", "a".repeat(8_000));
        assert_eq!(desk.get(&operator, &long).await.status, 400);
        let made = desk.call(Some(&operator), "POST", "/tenants", Some(json!({ "name": "<script>alert(1)</script>" }))).await;
        assert_eq!((made.status, &made.body["slug"]), (201, &json!("script-alert-1-script")));
    }
}
