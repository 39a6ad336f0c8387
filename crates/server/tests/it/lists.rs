//! Lists through the real door: sorted, by index, by cursor (RFC 9865), and asked for by POST.

use serde_json::{Value, json};

use crate::on_both;
use crate::server::{Server, Tenant};

async fn get(tenant: &Tenant, path: &str) -> Value {
    let answer = tenant.send("GET", path, None).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.body.unwrap()
}

fn names(body: &Value) -> Vec<String> {
    let resources = body["Resources"].as_array().unwrap().iter();
    resources.map(|r| r["userName"].as_str().or(r["displayName"].as_str()).unwrap().to_owned()).collect()
}

on_both! {
    async fn a_list_is_sorted_and_paged_by_cursor(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        for name in ["Cleo", "ada", "Bob", "dan", "Eve"] {
            tenant.person(name).await;
        }
        assert_eq!(names(&get(&tenant, "/Users?sortBy=userName").await), ["ada", "Bob", "Cleo", "dan", "Eve"]);
        let down = get(&tenant, "/Users?sortBy=USERNAME&sortOrder=descending&startIndex=2&count=2").await;
        assert_eq!((names(&down), &down["startIndex"], &down["totalResults"]), (vec!["dan".into(), "Cleo".into()], &json!(2), &json!(5)));

        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = get(&tenant, &format!("/Users?sortBy=userName&count=2&cursor={cursor}")).await;
            assert_eq!(page["totalResults"], 5);
            assert!(page.get("startIndex").is_none());
            seen.extend(names(&page));
            match page["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(seen, ["ada", "Bob", "Cleo", "dan", "Eve"]);

        let other = server.tenant("other");
        other.person("zoe").await;
        let refused = |answer: directory_sync::conversation::Answer| {
            let body = answer.body.unwrap();
            (answer.status, body["scimType"].as_str().unwrap_or_default().to_owned())
        };
        for (tenant, path) in [
            (&tenant, format!("/Users?sortBy=title&count=2&cursor={cursor}")),
            (&tenant, format!("/Users?sortBy=userName&filter=active%20pr&cursor={cursor}")),
            (&tenant, format!("/Groups?sortBy=userName&cursor={cursor}")),
            (&tenant, "/Users?cursor=made.up".to_owned()),
            (&other, format!("/Users?sortBy=userName&count=2&cursor={cursor}")),
        ] {
            let (status, kind) = refused(tenant.send("GET", &path, None).await);
            assert_eq!(status, 400, "{path}");
            assert!(["invalidCursor", "invalidValue"].contains(&kind.as_str()), "{path}: {kind}");
        }
        for path in ["/Users?sortBy=name", "/Users?sortBy=password", "/Users?sortBy=fooBar", "/Users?cursor=&startIndex=2"] {
            assert_eq!(refused(tenant.send("GET", path, None).await), (400, "invalidValue".to_owned()), "{path}");
        }
    }

    async fn a_search_by_post_says_what_a_query_says(on) {
        let server = Server::start(on).await;
        let tenant = server.tenant("acme");
        for name in ["ada", "bob", "cleo"] {
            tenant.person(name).await;
        }
        tenant.send("POST", "/Groups", Some(json!({ "displayName": "ada's" }))).await;
        let search = async |path: &str, body: Value| {
            let mut body = body;
            body["schemas"] = json!([scim::SEARCH_URN]);
            tenant.send("POST", path, Some(body)).await
        };
        let one = search("/Users/.search", json!({ "filter": "userName sw \"a\"", "attributes": ["userName"] })).await;
        assert_eq!((one.status, names(one.body.as_ref().unwrap())), (200, vec!["ada".to_owned()]));
        let sorted = search("/Users/.search", json!({ "sortBy": "userName", "sortOrder": "descending", "count": 2 })).await;
        assert_eq!(names(&sorted.body.unwrap()), ["cleo", "bob"]);
        let both = search("/.search", json!({ "filter": "userName eq \"ada\" or displayName sw \"ada\"" })).await.body.unwrap();
        assert_eq!((names(&both), &both["totalResults"]), (vec!["ada".into(), "ada's".into()], &json!(2)));
        let page = search("/.search", json!({ "startIndex": 3, "count": 2 })).await.body.unwrap();
        assert_eq!((names(&page), &page["totalResults"]), (vec!["cleo".into(), "ada's".into()], &json!(4)));
        let none = search("/.search", json!({ "count": 0 })).await.body.unwrap();
        assert_eq!((names(&none), &none["totalResults"]), (vec![], &json!(4)));
        for (path, body) in [
            ("/.search", json!({ "filter": "fooBar eq 1" })),
            ("/.search", json!({ "sortBy": "userName" })),
            ("/Groups/.search", json!({ "filter": "userName eq \"ada\"" })),
        ] {
            assert_eq!(search(path, body).await.status, 400, "{path}");
        }
        let get = tenant.send("GET", "/Users/.search", None).await;
        assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
        assert_eq!(tenant.send("GET", "/Me", None).await.status, 501);
        assert_eq!(tenant.send("PATCH", "/Me", Some(json!({}))).await.status, 501);
    }
}
