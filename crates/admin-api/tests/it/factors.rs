//! Codes of an authenticator app and recovery codes at sign-in.

use domain::{AdminId, ClientAddress, Clock, Timestamp};
use serde_json::{Value, json};
use store::testing::author;
use totp_rs::{Builder, Secret};

use crate::desk::{Answer, Desk};
use crate::on_both;

const PASSWORD: &str = "correct horse battery";

/// What the app shows that was set up with this answer.
pub(crate) fn app_code(begun: &Answer, now: Timestamp) -> String {
    assert_eq!(begun.status, 201, "{}", begun.body);
    code(begun.body["secret"].as_str().unwrap(), now)
}

fn code(secret: &str, now: Timestamp) -> String {
    let app = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build_noncompliant();
    app.generate(u64::try_from(now.as_micros() / 1_000_000).unwrap()).to_string()
}

/// Asks a person for codes from now on.
pub(crate) async fn enable_totp(desk: &Desk, admin: AdminId) {
    let system = desk.scratch.store.system();
    let person = system.find_admin(admin).await.unwrap().unwrap().admin;
    assert!(system.begin_totp(admin, [7; 16]).await.unwrap());
    assert!(system.confirm_totp(&person, vec![7; 16], 1, vec![[1; 32]], &author()).await.unwrap());
}

async fn sign_in(desk: &Desk, code: Option<&str>) -> Answer {
    let mut body = json!({ "email": "ada@acme.test", "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    desk.call(None, "POST", "/session", Some(body)).await
}

/// A person with an app; her session, the app's secret and her recovery codes.
async fn with_an_app(desk: &Desk) -> (String, String, Vec<String>) {
    desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
    let session = sign_in(desk, None).await.cookie();
    let begun = desk.call(Some(&session), "POST", "/me/totp", None).await;
    assert!(begun.body["qr"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    let wrong = desk.call(Some(&session), "POST", "/me/totp/confirm", Some(json!({ "code": "none" }))).await;
    assert_eq!(wrong.status, 400);
    assert_eq!(sign_in(desk, None).await.status, 200, "nothing is asked for before the app is known to work");
    let body = json!({ "code": app_code(&begun, desk.clock.now()) });
    let confirmed = desk.call(Some(&session), "POST", "/me/totp/confirm", Some(body)).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    let codes = confirmed.body["recoveryCodes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    (session, begun.body["secret"].as_str().unwrap().to_owned(), codes.collect())
}

on_both! {
    async fn a_code_is_asked_for_and_good_once(on) {
        let desk = Desk::open(on).await;
        let (session, secret, _) = with_an_app(&desk).await;
        let needed = sign_in(&desk, None).await;
        assert_eq!((needed.status, needed.code()), (401, "code_needed"));
        assert!(!needed.headers.contains_key("set-cookie"));
        let used = sign_in(&desk, Some(&code(&secret, desk.clock.now()))).await;
        assert_eq!(used.code(), "code_wrong", "the one that set it up is used");
        desk.clock.advance_seconds(30);
        let now = code(&secret, desk.clock.now());
        let (one, other) = tokio::join!(sign_in(&desk, Some(&now)), sign_in(&desk, Some(&now)));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "of two at once one is let in");
        let inside = if one.status == 200 { one } else { other };
        let own = desk.get(&inside.cookie(), "/me/sessions").await;
        assert_eq!(own.body["items"][0]["method"], "password_and_code");
        let mine = desk.get(&session, "/me/sign-in").await;
        assert_eq!((mine.body["recoveryCodesLeft"].as_u64(), mine.body["hasPassword"].as_bool()), (Some(10), Some(true)));
        assert!(mine.body["totpSince"].is_string() && !mine.body.to_string().contains(&secret));
        assert_eq!(desk.call(Some(&session), "POST", "/me/totp", None).await.code(), "totp_on");
        assert_eq!(desk.call(Some(&session), "DELETE", "/me/totp", None).await.status, 204);
        assert_eq!(sign_in(&desk, None).await.status, 200);
    }

    async fn a_recovery_code_lets_in_once_and_other_codes_void_it(on) {
        let desk = Desk::open(on).await;
        let (session, _, codes) = with_an_app(&desk).await;
        assert_eq!(codes.len(), 10);
        assert_eq!(sign_in(&desk, Some(&codes[0].to_uppercase())).await.status, 200);
        assert_eq!(sign_in(&desk, Some(&codes[0])).await.code(), "code_wrong");
        let others = desk.call(Some(&session), "POST", "/me/recovery-codes", None).await;
        assert_eq!(others.body["recoveryCodes"].as_array().unwrap().len(), 10);
        assert_eq!(sign_in(&desk, Some(&codes[1])).await.code(), "code_wrong");
        assert_eq!(sign_in(&desk, others.body["recoveryCodes"][0].as_str()).await.status, 200);
    }

    async fn codes_cannot_be_guessed_by_who_knows_the_password(on) {
        let mut desk = Desk::open(on).await;
        with_an_app(&desk).await;
        desk.address = Some(ClientAddress::new("192.0.2.9".parse().unwrap()));
        for guess in 0..10 {
            assert_eq!(sign_in(&desk, Some(&format!("no{guess}"))).await.code(), "code_wrong");
        }
        assert_eq!(sign_in(&desk, Some("no10")).await.status, 429);
        let operator = desk.operator().await;
        let refused = desk.get(&operator, "/audit?act=sign_in.refused").await;
        assert_eq!(refused.body["items"].as_array().unwrap().len(), 10);
    }

    async fn an_operator_helps_who_has_lost_their_app(on) {
        let desk = Desk::open(on).await;
        with_an_app(&desk).await;
        let ada = desk.scratch.store.system().find_admin_by_email("ada@acme.test").await.unwrap().unwrap().admin.id;
        let operator = desk.operator().await;
        let path = format!("/people/{ada}/second-factor");
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 204);
        assert_eq!(sign_in(&desk, None).await.status, 200);
        let nobody = format!("/people/{}/second-factor", AdminId::generate());
        assert_eq!(desk.call(Some(&operator), "DELETE", &nobody, None).await.status, 404);
    }

    async fn a_passkeys_ceremony_is_good_once_and_for_its_own_kind(on) {
        let desk = Desk::open(on).await;
        let operator = desk.operator().await;
        let begun = desk.call(Some(&operator), "POST", "/me/passkeys/begin", None).await;
        let options = &begun.body["options"];
        assert_eq!(options["rp"]["id"], "sync.example.com");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        let started = desk.call(None, "POST", "/session/passkey/begin", None).await;
        let forged = json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "extensions": {},
            "response": { "authenticatorData": "AAAA", "clientDataJSON": "e30", "signature": "AAAA", "userHandle": "AAAAAAAAAAAAAAAAAAAAAA" } });
        let body = |ceremony: &Value| Some(json!({ "ceremony": ceremony, "response": forged }));
        let refused = desk.call(None, "POST", "/session/passkey", body(&started.body["ceremony"])).await;
        assert_eq!((refused.status, refused.code()), (401, "passkey_refused"));
        let again = desk.call(None, "POST", "/session/passkey", body(&started.body["ceremony"])).await;
        assert_eq!((again.status, again.code()), (410, "code_unknown"));
        let other = desk.call(None, "POST", "/session/passkey", body(&begun.body["ceremony"])).await;
        assert_eq!(other.status, 410, "one kind of ceremony does not end another");
    }
}
