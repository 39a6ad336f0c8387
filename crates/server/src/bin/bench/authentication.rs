//! What a request spends on proving whose it is: the SCIM door's own check, in this process, one after another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_sync::app::Ground;
use directory_sync::background;
use directory_sync::config::Config;
use domain::credential::Order;
use domain::token::TokenForm;
use domain::{ClientSecret, Clock, Connection, Credential, OAuthClient, Rights, SystemClock};
use outgoing::{AllowedHosts, Outgoing};
use poem::{Endpoint, Request};
use scim_api::{Limits, ScimDoor, Settings};
use serde_json::Value;
use store::{Store, SyncLogWriter};

use crate::{Failure, say};

/// Checks of what is kept in memory.
const WARM: usize = 20_000;
/// Checks for which the database is asked.
const COLD: usize = 2_000;

/// Measures tokens that are good, warm and cold, and tokens that are not.
pub(crate) async fn run(
    ground: &Ground,
    config: &Config,
    connection: &Connection,
    (token, slug): (&str, &str),
) -> Result<(), Failure> {
    // A store that believes no credential: every check is the first one.
    let forgetful = store::Settings { credential_cache: Duration::ZERO, ..store::Settings::new(config.database.clone()) };
    let forgetful = Store::open(forgetful, Arc::new(SystemClock)).await?;
    let (warm, cold) = (door(ground, config, &ground.store)?, door(ground, config, &forgetful)?);
    let access = access_token(ground, config, connection).await?;

    let times = check(|_| Ok(&warm), WARM, true, |_| Ok(asking(slug, token))).await?;
    tell("bearer token, known", &times)?;
    let times = check(|_| Ok(&cold), COLD, true, |_| Ok(asking(slug, token))).await?;
    tell("bearer token, cold", &times)?;
    let times = check(|_| Ok(&warm), WARM, true, |_| Ok(asking(slug, &access))).await?;
    tell("access token, known", &times)?;
    // A door of its own each time, so that the signing keys are read too.
    let doors = (0..COLD).map(|_| door(ground, config, &forgetful)).collect::<Result<Vec<_>, _>>()?;
    let fresh = |n: usize| doors.get(n).ok_or_else(|| "no door".into());
    tell("access token, cold", &check(fresh, COLD, true, |_| Ok(asking(slug, &access))).await?)?;

    let guess = |_| Ok(asking(slug, TokenForm::BEARER.issue(&ground.key)?.token.expose()));
    tell("guess at a token", &check(|_| Ok(&warm), COLD, false, guess).await?)?;
    let id: String = token.chars().skip("dsk_".len()).take(12).collect();
    let wrong = TokenForm::BEARER.put_together(&id, &"x".repeat(33));
    let times = check(|_| Ok(&warm), COLD, false, |_| Ok(asking(slug, wrong.expose()))).await?;
    tell("wrong secret, known id", &times)?;
    drop((warm, cold, doors));
    forgetful.close().await;
    Ok(())
}

/// How long each check takes, sorted; `opens` says what each must find.
async fn check<'d>(
    door: impl Fn(usize) -> Result<&'d ScimDoor, Failure>,
    count: usize,
    opens: bool,
    request: impl Fn(usize) -> Result<Request, Failure>,
) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::with_capacity(count);
    for n in 0..count {
        let (door, request) = (door(n)?, request(n)?);
        let began = Instant::now();
        let opened = door.admits(&request).await;
        times.push(began.elapsed());
        if opened != opens {
            return Err("a token was not judged as it should be".into());
        }
    }
    times.sort_unstable();
    Ok(times)
}

fn tell(what: &str, times: &[Duration]) -> Result<(), Failure> {
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1_000.0;
    Ok(say(&format!("{:43} p50 {:7.3} ms   p99 {:7.3} ms", format!("authentication: {what}"), at(50), at(99)))?)
}

fn asking(slug: &str, token: &str) -> Request {
    let uri = format!("/scim/{slug}/v2/Users").parse().unwrap_or_default();
    Request::builder().uri(uri).header("authorization", format!("Bearer {token}")).finish()
}

fn door(ground: &Ground, config: &Config, store: &Store) -> Result<ScimDoor, Failure> {
    let (log, writer) = SyncLogWriter::new(store.sync_log().clone(), 64);
    // Nothing is sent; the writer ends with its door.
    drop(background::write_log(writer));
    let outgoing = Outgoing::new(AllowedHosts::default(), "bench")?;
    let settings = Settings { public_url: config.public_url.clone(), limits: Limits::default() };
    Ok(ScimDoor::new(store.clone(), Arc::clone(&ground.key), Arc::new(SystemClock), log, outgoing, settings))
}

/// Gets an access token for a client of the connection, as an IdP does.
async fn access_token(ground: &Ground, config: &Config, connection: &Connection) -> Result<String, Failure> {
    let (tenant, now) = (ground.store.tenant(connection.tenant), SystemClock.now());
    let order = Order { name: "Bench".to_owned(), rights: Rights::Write, created_by: None, at: now, days: None };
    let credential = Credential::client(connection, order)?;
    let (text, secret) = ClientSecret::issue(&ground.key, None, now, None)?;
    let client = OAuthClient { token_seconds: 3_600, trust: None, secrets: vec![secret] };
    tenant.oauth_clients().insert(&credential, &client, &ground.command_line()).await?;
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        domain::oauth::client_id(&credential.public_id),
        text.expose()
    );
    let request = Request::builder()
        .method(http::Method::POST)
        .uri(format!("/oauth/{}/token", connection.tenant).parse()?)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answer = door(ground, config, &ground.store)?.token_door().get_response(request).await;
    let answer: Value = serde_json::from_str(&answer.into_body().into_string().await?)?;
    let token = answer.get("access_token").and_then(Value::as_str);
    Ok(token.ok_or_else(|| format!("no access token: {answer}"))?.to_owned())
}
