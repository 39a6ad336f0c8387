//! Who only looks reads a tenant's audit, and finds nobody's secret there.

use domain::Role;
use serde_json::json;

use crate::desk::Desk;
use crate::on_both;

on_both! {
    async fn who_only_looks_reads_who_did_what_and_nobodys_secret(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let ada = desk.session(desk.person("ada@acme.test", None, &[(&acme, Role::Admin)]).await).await;
        let vic = desk.session(desk.person("vic@acme.test", None, &[(&acme, Role::Viewer)]).await).await;
        let connection = desk.connection(&acme).await.id.to_string();
        let mut secrets = Vec::new();
        for (path, body, shown) in [
            ("credentials", json!({ "connectionId": connection, "name": "Prod", "rights": "scim" }), "/token"),
            ("oauth-clients", json!({ "connectionId": connection, "name": "Entra", "rights": "scim" }), "/clientSecret"),
            ("setup-links", json!({ "connectionId": connection, "name": "Max" }), "/url"),
            ("api-keys", json!({ "name": "CI", "role": "viewer" }), "/token"),
            ("webhooks", json!({ "name": "App", "url": "https://1.1.1.1/in?key=of-the-receiver" }), "/secret"),
        ] {
            let made = desk.call(Some(&ada), "POST", &format!("/tenants/acme/{path}"), Some(body)).await;
            assert_eq!(made.status, 201, "{path}: {}", made.body);
            // Of a link its code, which follows the `#`.
            let secret = made.body.pointer(shown).unwrap().as_str().unwrap();
            secrets.push(secret.split_once('#').map_or(secret, |(_, code)| code).to_owned());
        }
        secrets.push("of-the-receiver".to_owned());

        let audit = desk.get(&vic, "/tenants/acme/audit?limit=200").await;
        assert_eq!(audit.status, 200, "{}", audit.body);
        let text = audit.body.to_string();
        for act in
            ["credential.issued", "client_secret.issued", "setup_link.created", "api_key.issued", "webhook.created", "role.granted"]
        {
            assert!(text.contains(&format!("\"{act}\"")), "{act}");
        }
        for secret in &secrets {
            assert!(secret.len() > 12 && !text.contains(secret.as_str()), "{secret}");
            assert!(!text.contains(&secret[secret.len() - 12..]), "the end of {secret}");
        }
        let rights = desk.get(&vic, "/tenants/acme").await.body["rights"].clone();
        assert_eq!(rights, json!(["directory:read", "changes:read", "log:read", "audit:read"]), "nothing comes with it");
        assert_eq!(desk.get(&vic, "/audit").await.status, 403, "the service's own is for who runs it");
    }
}
