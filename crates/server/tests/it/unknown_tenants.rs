//! A request to a tenant that does not exist: who runs the service finds it, nobody else does.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

on_both! {
    async fn a_request_to_an_unknown_tenant_is_found_by_the_operator_and_in_no_tenants_log(on) {
        let server = Server::start(on).await;
        let acme = server.tenant("acme");
        let olga = Person::operator(&server).await;
        let (_, adam) = Person::made(&server, "adam@acme.test", &["--tenant", "acme", "--role", "admin"]).await;
        let mistyped = Tenant { slug: "acmee".to_owned(), token: acme.token.clone(), server: acme.server };
        let refused = mistyped.send("GET", "/Users?filter=userName%20eq%20%22lost@acme.test%22", None).await;
        assert_eq!(refused.status, 401);
        acme.person("ada@acme.test").await;

        let paths = async |path: &str| {
            let page = olga.call("GET", path, None).await.body.unwrap();
            let paths = page["items"].as_array().unwrap().iter().map(|event| event["path"].as_str().unwrap().to_owned());
            paths.collect::<Vec<_>>()
        };
        let began = Instant::now();
        while paths("/system/sync-events").await.is_empty() || paths("/tenants/acme/sync-events").await.is_empty() {
            assert!(began.elapsed() < Duration::from_secs(20), "the requests are not in the logs");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for query in ["", "?text=lost@", "?statusClass=4"] {
            assert_eq!(paths(&format!("/system/sync-events{query}")).await, ["/scim/acmee/v2/Users"], "{query}");
        }
        assert_eq!(paths("/system/sync-events?text=ada@").await, Vec::<String>::new());
        let own = paths("/tenants/acme/sync-events").await;
        assert!(own.iter().all(|path| !path.contains("acmee")), "{own:?}");
        let theirs = adam.call("GET", "/system/sync-events", None).await;
        assert_eq!((theirs.status, theirs.body.unwrap()["items"].clone()), (403, Value::Null));
    }
}
