//! What attackers, accidents and odd clients try between two tenants, by the numbers of `docs/security.md`.

use std::fmt::Write;

use directory_sync::conversation::{Address, Answer};
use domain::Secret;
use http::HeaderMap;
use serde_json::{Map, Value, json};
use store::testing::On;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Two companies, each with a person, a group and a page of people.
struct Town {
    server: Server,
    acme: Tenant,
    globex: Tenant,
    /// Ids in globex.
    eve: String,
    staff: String,
}

async fn town(on: On) -> Town {
    let server = Server::start(on).await;
    let (acme, globex) = (server.tenant("acme"), server.tenant("globex"));
    for n in 0..3 {
        acme.person(&format!("a{n}@acme.test")).await;
        globex.person(&format!("g{n}@globex.test")).await;
    }
    let eve = globex.person("eve@globex.test").await;
    let group = json!({ "displayName": "Staff", "members": [{ "value": eve }] });
    let staff = globex.send("POST", "/Groups", Some(group)).await.body.unwrap()["id"].as_str().unwrap().to_owned();
    Town { server, acme, globex, eve, staff }
}

async fn with(tenant: &Tenant, method: &str, path: &str, headers: Value, body: Option<Value>) -> Answer {
    let headers: Map<String, Value> = headers.as_object().unwrap().clone();
    tenant.address().send(method, path, &headers, body.as_ref()).await.unwrap()
}

/// What an answer says, headers included, but for the request's own id, its time and the id that was asked for.
fn said(answer: &Answer, id: &str) -> (u16, HeaderMap, String) {
    let mut headers = answer.headers().clone();
    for own in ["x-request-id", "date"] {
        assert!(headers.remove(own).is_some(), "{own}");
    }
    (answer.status, headers, answer.text.replace(id, "ID"))
}

/// What opens the admins' door, as it stands after `Bearer`: an operator's session, their key and a tenant's key.
async fn proofs_of_admins(town: &Town) -> [String; 3] {
    let olga = Person::operator(&town.server).await;
    let key = async |path: &str, body: Value| {
        let made = olga.call("POST", path, Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let key = made.body.unwrap()["token"].as_str().unwrap().to_owned();
        assert!(key.starts_with("dsa_"));
        let api = Address { server: town.server.address(), path: "/api/v1".to_owned(), token: Secret::new(key.clone()) };
        let headers: Map<String, Value> = json!({ "accept": "application/json" }).as_object().unwrap().clone();
        assert_eq!(api.send("GET", "/tenants", &headers, None).await.unwrap().status, 200, "it is good where it belongs");
        key
    };
    let service = key("/api-keys", json!({ "name": "CI" })).await;
    let tenant = key("/tenants/acme/api-keys", json!({ "name": "CI", "role": "admin" })).await;
    [olga.cookie.split_once('=').unwrap().1.to_owned(), service, tenant]
}

/// Whoever shows what belongs to another door is told what a stranger is told.
async fn other_doors_proofs_open_nothing(town: &Town) {
    let proofs = proofs_of_admins(town).await;
    for (method, path) in [("GET", "/Users"), ("POST", "/Users"), ("GET", "/ServiceProviderConfig"), ("POST", "/Bulk")] {
        let body = || (method == "POST").then(|| json!({ "userName": "x" }));
        let asked = async |headers: Value| with(&town.acme, method, path, headers, body()).await;
        let unknown = asked(json!({ "authorization": "Bearer dsk_unknown" })).await;
        let missing = asked(json!({ "authorization": null })).await;
        assert_eq!((unknown.status, missing.status), (401, 401), "{method} {path}");
        for proof in &proofs {
            let shown = asked(json!({ "authorization": format!("Bearer {proof}") })).await;
            assert_eq!(said(&shown, "-"), said(&unknown, "-"), "{method} {path}");
            let cookie = asked(json!({ "authorization": null, "cookie": format!("directory_sync_session={proof}") })).await;
            assert_eq!(said(&cookie, "-"), said(&missing, "-"), "{method} {path}");
        }
    }
}

/// Bytes as they are; what came back until the other side closed.
async fn raw(server: &Server, bytes: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await);
    String::from_utf8_lossy(&answer).into_owned()
}

on_both! {
    async fn case_01_and_43_another_tenants_token_learns_nothing(on) {
        let town = town(on).await;
        let path = |tenant: &str| Tenant { slug: tenant.to_owned(), token: town.acme.token.clone(), server: town.acme.server };
        let (theirs, nobodys) = (path("globex"), path("nobody"));
        for (method, rest) in [
            ("GET", "/Users"), ("POST", "/Users"), ("GET", "/ServiceProviderConfig"), ("GET", "/Schemas"), ("POST", "/Bulk"),
            ("PATCH", "/Groups/x"), ("DELETE", "/Users/x"), ("PUT", "/Users/x"), ("POST", "/.search"), ("GET", "/Me"),
        ] {
            let body = (method != "GET" && method != "DELETE").then(|| json!({}));
            let (one, other) = (theirs.send(method, rest, body.clone()).await, nobodys.send(method, rest, body.clone()).await);
            assert_eq!(said(&one, "-"), said(&other, "-"), "{method} {rest}");
            assert_eq!(one.status, 401, "{method} {rest}");
            let stranger = with(&theirs, method, rest, json!({ "authorization": null }), body).await;
            assert_eq!(stranger.status, 401, "{method} {rest}");
        }
    }

    async fn case_02_and_03_another_tenants_ids_are_ids_of_nobody(on) {
        let town = town(on).await;
        let nobody = domain::UserId::generate().to_string();
        let version = town.globex.send("GET", &format!("/Users/{}", town.eve), None).await.header("etag").unwrap().to_owned();
        for (kind, theirs) in [("Users", &town.eve), ("Groups", &town.staff)] {
            for (method, headers) in [
                ("GET", json!({})), ("HEAD", json!({})), ("DELETE", json!({})),
                ("GET", json!({ "if-none-match": version })), ("DELETE", json!({ "if-match": version })),
                ("PUT", json!({ "if-match": version })), ("PATCH", json!({ "if-match": "*" })),
            ] {
                let body = match method {
                    "PUT" => Some(json!({ "userName": "x", "displayName": "x" })),
                    "PATCH" => Some(json!({ "Operations": [{ "op": "replace", "path": "displayName", "value": "x" }] })),
                    _ => None,
                };
                let one = with(&town.acme, method, &format!("/{kind}/{theirs}"), headers.clone(), body.clone()).await;
                let other = with(&town.acme, method, &format!("/{kind}/{nobody}"), headers.clone(), body).await;
                assert_eq!(said(&one, theirs), said(&other, &nobody), "{method} {kind} {headers}");
                assert_eq!(one.status, 404, "{method} {kind} {headers}");
            }
        }
        assert_eq!(town.globex.send("GET", &format!("/Users/{}", town.eve), None).await.status, 200);
    }

    async fn case_04_and_13_lists_and_cursors_show_ones_own(on) {
        let town = town(on).await;
        for query in ["", "?count=0", "?count=1000000", "?startIndex=999999", "?sortBy=userName", "?filter=userName pr", "?filter=id ne \"x\""] {
            let answer = town.acme.send("GET", &format!("/Users{query}"), None).await;
            assert_eq!((answer.status, &answer.body.as_ref().unwrap()["totalResults"]), (200, &json!(3)), "{query}");
            assert!(!answer.text.contains("globex"), "{query}");
        }
        let search = json!({ "schemas": [scim::SEARCH_URN], "filter": "userName co \"globex\"" });
        assert_eq!(town.acme.send("POST", "/.search", Some(search)).await.body.unwrap()["totalResults"], 0);
        let page = town.globex.send("GET", "/Users?count=1&cursor=", None).await.body.unwrap();
        let cursor = page["nextCursor"].as_str().unwrap();
        let mut changed = cursor.to_owned();
        changed.replace_range(0..1, if cursor.starts_with('A') { "B" } else { "A" });
        for (tenant, cursor) in [(&town.acme, cursor), (&town.globex, changed.as_str()), (&town.globex, "x.y")] {
            let answer = tenant.send("GET", &format!("/Users?count=1&cursor={cursor}"), None).await;
            assert_eq!((answer.status, &answer.body.unwrap()["scimType"]), (400, &json!("invalidCursor")));
        }
        assert_eq!(town.globex.send("GET", &format!("/Users?count=1&cursor={cursor}"), None).await.status, 200);
    }

    async fn case_05_25_and_26_no_filter_reaches_a_column_of_ours_or_the_password(on) {
        let town = town(on).await;
        for filter in ["tenant_id eq \"x\"", "comparison pr", "digest pr", "password pr", "password sw \"a\"", "nothing eq \"x\""] {
            let answer = town.acme.send("GET", &format!("/Users?filter={filter}"), None).await;
            assert_eq!((answer.status, &answer.body.unwrap()["scimType"]), (400, &json!("invalidFilter")), "{filter}");
        }
        for value in ["' OR 1=1 --", "x' UNION SELECT 1,2 --", "*)(uid=*", "%", "_", "a%", "\\\\", "a0@acme.test'/*"] {
            for op in ["eq", "co", "sw", "ew"] {
                let answer = town.acme.send("GET", &format!("/Users?filter=userName {op} \"{value}\""), None).await;
                assert_eq!((answer.status, &answer.body.unwrap()["totalResults"]), (200, &json!(0)), "{op} {value}");
            }
        }
        let made = town.acme.send("POST", "/Users", Some(json!({ "userName": "p", "password": "hunter2-hunter2" }))).await;
        assert_eq!(made.status, 201);
        let id = made.body.as_ref().unwrap()["id"].as_str().unwrap().to_owned();
        let read = town.acme.send("GET", &format!("/Users/{id}?attributes=password"), None).await;
        let sorted = town.acme.send("GET", "/Users?sortBy=password", None).await;
        assert_eq!(sorted.status, 400);
        for answer in [made, read, sorted] {
            assert!(!answer.text.contains("hunter2"), "{}", answer.text);
        }
    }

    async fn case_06_07_08_and_44_what_a_client_writes_reaches_nobody_else(on) {
        let town = town(on).await;
        let group = json!({ "displayName": "Math", "members": [{ "value": town.eve }, { "value": town.staff }] });
        let group = town.acme.send("POST", "/Groups", Some(group)).await;
        let id = group.body.unwrap()["id"].as_str().unwrap().to_owned();
        let shown = town.acme.send("GET", &format!("/Groups/{id}"), None).await;
        assert!(shown.body.as_ref().unwrap().get("members").is_none(), "{}", shown.text);
        let manager = json!({ "userName": "m", scim::ENTERPRISE_URN: { "manager": { "value": town.eve } } });
        let managed = town.acme.send("POST", "/Users", Some(manager)).await.body.unwrap();
        assert_eq!(managed[scim::ENTERPRISE_URN]["manager"], json!({ "value": town.eve }), "neither name nor address");
        let same = json!({
            "userName": "eve@globex.test", "externalId": "1", "id": town.eve, "tenant": "globex",
            "meta": { "version": "W/\"9\"", "location": "https://evil.test" },
        });
        let made = town.acme.send("POST", "/Users", Some(same)).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let body = made.body.as_ref().unwrap();
        assert_ne!(body["id"], json!(town.eve));
        assert!(!made.text.contains("evil.test") && body["meta"]["version"] == "W/\"1\"");
        let theirs = town.globex.send("GET", &format!("/Users/{}", town.eve), None).await;
        assert_eq!(theirs.body.as_ref().unwrap()["userName"], "eve@globex.test");
        assert!(theirs.body.unwrap()["groups"].as_array().is_none_or(|groups| groups.iter().all(|g| g["display"] == "Staff")));
    }

    async fn case_09_bulk_reaches_nobody_else(on) {
        let town = town(on).await;
        let before = town.globex.send("GET", "/Users", None).await.text;
        let paths = [
            format!("/Users/{}", town.eve),
            format!("/scim/globex/v2/Users/{}", town.eve),
            format!("http://{}/scim/globex/v2/Users/{}", town.server.address(), town.eve),
            format!("/../../globex/v2/Users/{}", town.eve),
            format!("/Users/../../../globex/v2/Users/{}", town.eve),
            format!("//globex/v2/Users/{}", town.eve),
            format!("/Users/bulkId:{}", town.eve),
        ];
        let operations: Vec<Value> = paths.iter().map(|path| json!({ "method": "DELETE", "path": path })).collect();
        let body = json!({ "schemas": [scim::BULK_URN], "Operations": operations });
        let answer = town.acme.send("POST", "/Bulk", Some(body)).await.body.unwrap();
        for (path, result) in paths.iter().zip(answer["Operations"].as_array().unwrap()) {
            assert!(result["status"].as_str().unwrap().starts_with('4'), "{path}: {result}");
        }
        assert_eq!(town.globex.send("GET", "/Users", None).await.text, before);
    }

    async fn case_10_11_12_and_15_tricks_of_address_and_header_change_nothing(on) {
        let town = town(on).await;
        let bearer = format!("authorization: Bearer {}\r\n", town.acme.token);
        for slug in ["%67lobex", "GLOBEX", "globex.", "globex;x", "acme/../globex", "acme%2f..%2fglobex", "globex%00", "ｇlobex", "..;/globex"] {
            let head = format!("GET /scim/{slug}/v2/Users HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{bearer}\r\n");
            let answer = raw(&town.server, &head).await;
            let status = answer.split(' ').nth(1).unwrap_or_default();
            assert!(["400", "401", "404"].contains(&status), "{slug}: {answer}");
            assert!(!answer.contains("globex.test"), "{slug}");
        }
        let headers = json!({
            "x-tenant-id": "globex", "x-original-url": "/scim/globex/v2/Users", "x-rewrite-url": "/scim/globex/v2/Users",
            "x-forwarded-host": "evil.test", "x-forwarded-proto": "gopher", "x-forwarded-prefix": "/evil", "cookie": "tenant=globex",
            "forwarded": "host=evil.test",
        });
        let answer = with(&town.acme, "GET", "/Users", headers, None).await;
        assert_eq!(answer.body.as_ref().unwrap()["totalResults"], 3);
        assert!(!answer.text.contains("evil") && !answer.text.contains("globex"), "{}", answer.text);

        // One kept connection, two tenants in turn.
        let mut asked = String::new();
        for n in 0..10 {
            let (tenant, last) = (if n % 2 == 0 { &town.acme } else { &town.globex }, n == 9);
            let close = if last { "connection: close\r\n" } else { "" };
            write!(
                asked,
                "GET /scim/{}/v2/Users?count=0&filter=userName%20co%20%22acme%22 HTTP/1.1\r\nhost: x\r\n{close}authorization: Bearer {}\r\n\r\n",
                tenant.slug, tenant.token
            )
            .unwrap();
        }
        let answers = raw(&town.server, &asked).await;
        let totals: Vec<&str> = answers.split("\"totalResults\":").skip(1).map(|rest| &rest[..1]).collect();
        assert_eq!(totals, ["3", "0", "3", "0", "3", "0", "3", "0", "3", "0"]);
    }

    async fn case_14_only_one_whole_token_in_its_place_opens_the_door(on) {
        let town = town(on).await;
        let token = &town.acme.token;
        for value in [
            String::new(), "Bearer".to_owned(), "Bearer ".to_owned(), format!("Bearer {}", &token[..token.len() / 2]),
            format!("Bearer \"{token}\""), format!("Bearer {token}{token}"), format!("Bearer {token} {token}"),
            format!("Basic {token}"), format!("Token {token}"), token.clone(), format!("Bearer Bearer {token}"),
        ] {
            let answer = with(&town.acme, "GET", "/Users", json!({ "authorization": value }), None).await;
            assert_eq!(answer.status, 401, "{value}");
            assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"), "{value}");
        }
        let none = json!({ "authorization": null, "cookie": format!("access_token={token}") });
        assert_eq!(with(&town.acme, "GET", &format!("/Users?access_token={token}"), none, None).await.status, 401);
        let two = format!(
            "GET /scim/acme/v2/Users HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {token}\r\nauthorization: Bearer {token}\r\n\r\n"
        );
        assert!(raw(&town.server, &two).await.starts_with("HTTP/1.1 400"));
        other_doors_proofs_open_nothing(&town).await;
    }

    async fn case_27_and_29_no_value_becomes_a_header_or_a_line_of_the_log(on) {
        let mut town = town(on).await;
        town.server.kill();
        let name = "eve\r\n{\"level\":\"ERROR\"}\u{1b}[31m\u{202e}";
        let mut child = town.server.spawn();
        let printed = child.stderr.take().unwrap();
        town.server.wait().await;
        for id in ["1%0d%0aX-Evil:1", "1%0aSet-Cookie:a=b", "%00", "..%2f..%2fetc%2fpasswd"] {
            let answer = town.acme.send("GET", &format!("/Users/{id}"), None).await;
            assert_eq!(answer.status, 404, "{id}");
            assert!(answer.header("x-evil").is_none() && answer.header("set-cookie").is_none(), "{id}");
        }
        assert_eq!(town.acme.send("POST", "/Users", Some(json!({ "userName": name }))).await.status, 201);
        assert_eq!(town.acme.send("GET", &format!("/Users?filter=userName eq \"{}\"", "x\r\nERROR"), None).await.status, 400);
        child.kill().unwrap();
        child.wait().unwrap();
        let printed = std::io::read_to_string(printed).unwrap();
        assert!(printed.lines().count() >= 4, "refusals are told: {printed}");
        assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'), "{printed}");
        assert!(printed.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{printed}");
    }

    async fn case_42_a_request_with_two_lengths_is_no_request(on) {
        let town = town(on).await;
        let bearer = format!("authorization: Bearer {}\r\n", town.acme.token);
        let inner = format!("DELETE /scim/acme/v2/Users HTTP/1.1\r\nhost: x\r\n{bearer}\r\n");
        for lengths in [
            format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", inner.len() + 5),
            "content-length: 5\r\ncontent-length: 6\r\n".to_owned(),
            "content-length: +5\r\n".to_owned(),
            "transfer-encoding: chunked, identity\r\n".to_owned(),
            "transfer-encoding : chunked\r\n".to_owned(),
        ] {
            let head = format!("POST /scim/acme/v2/Users HTTP/1.1\r\nhost: x\r\n{bearer}content-type: application/json\r\n{lengths}\r\n0\r\n\r\n{inner}");
            let answer = raw(&town.server, &head).await;
            let answers = answer.matches("HTTP/1.1 ").count();
            assert!(answers <= 1, "{lengths}: {answer}");
            assert!(answers == 0 || answer.starts_with("HTTP/1.1 4"), "{lengths}: {answer}");
        }
    }
}
