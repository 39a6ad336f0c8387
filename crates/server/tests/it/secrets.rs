//! What must not be found in anything that a stolen database, a backup or a log holds.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use directory_sync::conversation::Answer;
use domain::{Clock, SystemClock};
use serde_json::json;
use store::testing::On;
use totp_rs::{Builder, Secret};

use crate::oauth::token;
use crate::on_both;
use crate::server::{Server, Tenant};
use crate::streams::Person;

/// Every kind of secret that somebody is given or chooses.
const KINDS: [&str; 14] = [
    "access token",
    "api key",
    "bearer token",
    "client secret",
    "invitation",
    "key of an app",
    "link of the first operator",
    "password",
    "password link",
    "recovery code",
    "session",
    "session of a link's holder",
    "set-up link",
    "webhook secret",
];

/// What was given: its kind, and itself.
#[derive(Default)]
struct Given(Vec<(&'static str, String)>);

impl Given {
    fn add(&mut self, kind: &'static str, secret: impl Into<String>) {
        self.0.push((kind, secret.into()));
    }

    /// Of what kind the texts that were found are.
    fn kinds_of(&self, found: &[String]) -> BTreeSet<&'static str> {
        let of = |found: &String| self.0.iter().find(|(_, secret)| found.contains(part(secret))).map(|(kind, _)| *kind);
        found.iter().filter_map(of).collect()
    }
}

/// What of a secret must stand nowhere: of a credential what follows its prefix and public id, which may; of any other, all of
/// it.
fn part(secret: &str) -> &str {
    let credential = secret.starts_with("ds") && secret.get(3..4) == Some("_");
    if credential { &secret[17..] } else { secret }
}

fn text(answer: &Answer, name: &str) -> String {
    answer.body.as_ref().unwrap()[name].as_str().unwrap_or_else(|| panic!("{name} of {}", answer.text)).to_owned()
}

/// What follows `#` in a link.
fn code(link: &str) -> String {
    link.split_once('#').unwrap().1.to_owned()
}

/// The value of the cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap_or_else(|| panic!("{}", answer.text));
    set.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
}

/// The code of the link that a first start prints.
fn first_link(child: &mut Child) -> String {
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("/welcome#") {
        line.clear();
        assert!(printed.read_line(&mut line).unwrap() > 0, "no link was printed");
    }
    code(line.trim())
}

/// What IdPs are given. Each is used, sent where none belongs, and written into a value of a request that is refused.
async fn of_idps(server: &Server, given: &mut Given) {
    let acme = server.tenant("acme");
    let mut tokens = vec![acme.token];
    for _ in 0..29 {
        tokens.push(server.token("acme", &[]));
    }
    let mut access = Vec::new();
    for _ in 0..30 {
        let client = server.json(&["client", "create", "acme", "--json"]);
        let [id, secret] = ["clientId", "clientSecret"].map(|name| client[name].as_str().unwrap());
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        access.push(token(server, "acme", &form).await);
        given.add("client secret", secret);
        tokens.push(secret.to_owned());
    }
    let tenant = |token: &String| Tenant { slug: "acme".to_owned(), token: token.clone(), server: server.address() };
    for token in &tokens {
        let tenant = tenant(token);
        tenant.send("GET", &format!("/Users?filter=userName eq \"{token}\"&access_token={token}"), None).await;
        tenant.send("PATCH", &format!("/Users/{token}"), Some(json!({ "userName": token }))).await;
    }
    for token in &access {
        assert_eq!(tenant(token).send("GET", "/Users?count=0", None).await.status, 200);
    }
    for token in tokens.into_iter().filter(|token| token.starts_with("dsk_")) {
        given.add("bearer token", token);
    }
    for token in access {
        given.add("access token", token);
    }
}

/// What people are given or choose, and what programs are.
async fn of_people(server: &Server, given: &mut Given) {
    let olga = Person::operator(server).await;
    let nobody = Person { cookie: String::new(), server: server.address() };
    given.add("session", olga.cookie.split_once('=').unwrap().1);
    for guest in 0..10 {
        let body = json!({ "email": format!("guest{guest}@acme.test"), "name": "Guest", "role": "viewer" });
        let invited = code(&text(&olga.call("POST", "/tenants/acme/invitations", Some(body)).await, "link"));
        if guest < 3 {
            let password = format!("what guest {guest} chose themselves");
            let body = json!({ "code": invited, "name": "Guest", "password": password });
            given.add("session", cookie(&nobody.call("POST", "/invitations/accept", Some(body)).await));
            given.add("password", password);
        }
        given.add("invitation", invited);
        let body = json!({ "name": "CI", "role": "developer" });
        given.add("api key", text(&olga.call("POST", "/tenants/acme/api-keys", Some(body)).await, "token"));
    }
    // Of a kind of change that does not happen here, so that nothing is sent.
    let body = json!({ "name": "App", "url": "https://1.1.1.1/in", "types": ["group.deleted"] });
    let webhook = text(&olga.call("POST", "/tenants/acme/webhooks", Some(body)).await, "secret");
    given.add("webhook secret", webhook.strip_prefix("whsec_").unwrap());
    let made = server.json(&["admin", "create", "ada@acme.test", "--name", "Ada", "--json"]);
    given.add("password", made["password"].as_str().unwrap());
    for use_it in [true, false] {
        let path = format!("/people/{}/password-reset", made["id"].as_str().unwrap());
        let link = code(&text(&olga.call("POST", &path, None).await, "link"));
        if use_it {
            let password = "what ada chose when she had forgotten";
            let body = json!({ "code": link, "password": password });
            assert_eq!(nobody.call("POST", "/password-resets/use", Some(body)).await.status, 204);
            given.add("password", password);
        }
        given.add("password link", link);
    }
    let connections = olga.call("GET", "/tenants/acme/connections", None).await.body.unwrap();
    for open_it in [true, false] {
        let body = json!({ "connectionId": connections["items"][0]["id"], "name": "Max", "lifetimeDays": 7 });
        let link = code(&text(&olga.call("POST", "/tenants/acme/setup-links", Some(body)).await, "url"));
        if open_it {
            let opened = nobody.call("POST", "/setup/open", Some(json!({ "code": link }))).await;
            given.add("session of a link's holder", cookie(&opened));
        }
        given.add("set-up link", link);
    }
    let key = text(&olga.call("POST", "/me/totp", None).await, "secret");
    let app = Builder::new().with_secret(Secret::try_from_base32(&key).unwrap()).build_noncompliant();
    let now = app.generate(u64::try_from(SystemClock.now().as_micros() / 1_000_000).unwrap()).to_string();
    let confirmed = olga.call("POST", "/me/totp/confirm", Some(json!({ "code": now }))).await;
    for recovery in confirmed.body.as_ref().unwrap()["recoveryCodes"].as_array().unwrap() {
        given.add("recovery code", recovery.as_str().unwrap());
    }
    given.add("key of an app", key);
}

/// What the log says of each of the newest requests, in full.
async fn told_of_requests(server: &Server) -> String {
    let reader = Person::signed_in(server, "rita@example.com").await;
    let mut told = String::new();
    let list = reader.call("GET", "/tenants/acme/sync-events?limit=100", None).await;
    for event in list.body.as_ref().unwrap()["items"].as_array().unwrap() {
        let path = format!("/tenants/acme/sync-events/{}", event["id"].as_str().unwrap());
        told.push_str(&reader.call("GET", &path, None).await.text);
    }
    told
}

/// The texts that stand in a folder's files, each with its file. They are looked for as bytes, in whatever format.
fn found(folder: &Path, texts: &[&str]) -> Vec<String> {
    assert!(texts.iter().all(|text| !text.is_empty()));
    let mut grep = Command::new("grep");
    // A file that goes away meanwhile is another test's.
    grep.env("LC_ALL", "C").args(["-r", "-a", "-s", "-o", "-F", "-f", "-"]).arg(folder);
    let mut child = grep.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(texts.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[expect(clippy::print_stdout, reason = "what was not looked at must be said")]
fn say(line: &str) {
    println!("{line}");
}

on_both! {
    async fn case_20_no_secret_stands_in_database_or_log(on) {
        let mut server = Server::prepare(on).await;
        let mut child = server.spawn_at("info,directory_sync=debug,store=debug,scim_api=debug,admin_api=debug");
        let printed = child.stderr.take().unwrap();
        let printed = std::thread::spawn(move || std::io::read_to_string(printed).unwrap());
        let mut given = Given::default();
        given.add("link of the first operator", first_link(&mut child));
        server.wait().await;
        of_idps(&server, &mut given).await;
        of_people(&server, &mut given).await;
        let kinds: BTreeSet<_> = given.0.iter().map(|(kind, _)| *kind).collect();
        assert!(kinds.into_iter().eq(KINDS) && given.0.len() > 100, "{} secrets", given.0.len());
        // No secret: it shows that what is looked for would be found.
        let marker = format!("seen-{}", uuid::Uuid::now_v7());
        Tenant { slug: "acme".to_owned(), token: server.token("acme", &[]), server: server.address() }.person(&marker).await;
        // The log's writer brings to the disk what it has.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let told = told_of_requests(&server).await;
        let store = server.store().await;
        let rows = store::testing::everything(&store).await;
        store.close().await;

        let secrets: Vec<&str> = given.0.iter().map(|(_, secret)| part(secret)).collect();
        let mut folders = vec![server.data().to_owned()];
        let backup = tempfile::tempdir().unwrap();
        match on {
            On::Sqlite => {
                let to = backup.path().join("backup");
                server.json(&["backup", "--to", to.to_str().unwrap(), "--json"]);
                folders.push(to);
            }
            On::Postgres => match store::testing::cluster().await.unwrap() {
                Some(cluster) => folders.push(cluster),
                None => say("the PostgreSQL of TEST_DATABASE_URL is another machine's: its files were not looked at"),
            },
        }
        // As a thief finds it: with a write-ahead log that was not brought over.
        child.kill().unwrap();
        child.wait().unwrap();
        let printed = printed.join().unwrap();
        for (place, text) in [("what it printed", &printed), ("the rows", &rows), ("the log", &told)] {
            let kinds: BTreeSet<_> = given.0.iter().filter(|(_, secret)| text.contains(part(secret))).map(|(kind, _)| kind).collect();
            assert!(kinds.is_empty(), "{place}: {kinds:?}");
        }
        assert!(told.contains(&marker) || told.len() > 10_000, "the log says something");
        for folder in folders {
            let kept = found(&folder, &secrets);
            assert!(kept.is_empty(), "{}: {:?} in {:?}", folder.display(), given.kinds_of(&kept), kept.iter().map(|line| line.split(':').next()).collect::<BTreeSet<_>>());
            // On PostgreSQL the data directory holds the key alone.
            assert!(!found(&folder, &[marker.as_str()]).is_empty() || (on == On::Postgres && folder == server.data()), "{}", folder.display());
        }
        server.kill();
    }
}
