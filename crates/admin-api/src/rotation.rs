//! Rotation of a bearer token: a successor beside it, and the traffic that moves over. The one before ends only when
//! somebody revokes it, or has said that it is to be revoked once it is quiet.

use domain::credential::{CredentialKind, Order, QUIET_HOURS, WhenQuiet};
use domain::{Credential, CredentialId, Right, Timestamp};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use store::Traffic;

use crate::answer::{Created, created};
use crate::auth::{Signed, Visit};
use crate::credentials::{CredentialView, DAYS, IssuedCredential, open_connection, view};
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct Rotations;

/// What the successor is to be; what is left out it has from the credential before.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct Successor {
    /// Its name.
    name: Option<String>,
    /// After how many days it ends by itself, 1 to 3650.
    lifetime_days: Option<u32>,
}

/// When a credential is to be revoked by itself.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct QuietEnd {
    /// For how many hours no request may have come with it, 1 to 720. Without it only somebody revokes it.
    hours: Option<u32>,
}

/// How far the IdP has moved from a credential to its successor.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Rotation {
    /// The credential that is to go.
    credential_id: String,
    /// The credential that takes its place; nothing when there is none.
    successor_id: Option<String>,
    /// From when on all requests came with the successor: the last request with the credential that is to go, or the
    /// successor's making when there was none since.
    since: Option<Time>,
    /// Requests with the credential that is to go since the successor was made, 1000 at most.
    requests: u64,
    /// When the last of them was.
    last_request_at: Option<Time>,
    /// Requests with the successor after `since`, 1000 at most.
    successor_requests: u64,
    /// Requests with the successor since it was made, 1000 at most.
    successor_requests_in_all: u64,
    /// When the last of them was.
    successor_last_request_at: Option<Time>,
    /// Whether the last requests came with the successor.
    moved: bool,
}

#[OpenApi(tag = "Tag::Credentials")]
impl Rotations {
    /// Issue a successor of a bearer token
    ///
    /// It has the same connection and rights. The one before stays good, so that no request is refused while the IdP moves
    /// over; revoke it when `rotation` says that all traffic has. The answer holds the token, this one time. Needs a sign-in
    /// within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/credentials/:credential/rotate", method = "post", operation_id = "rotateCredential")]
    async fn rotate(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The credential's id.
        credential: Path<String>,
        body: Json<Successor>,
    ) -> Result<Created<IssuedCredential>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let before = found(&visit, &credential.0).await?;
        let now = visit.shared.clock.now();
        let mut form = Form::default();
        let name = body.0.name.map_or_else(|| before.name.clone(), |name| form.line("name", &name, 100));
        if body.0.lifetime_days.is_some_and(|days| !(1..=DAYS).contains(&days)) {
            form.wrong("lifetimeDays", format!("is a number from 1 to {DAYS}"));
        }
        if before.kind != CredentialKind::BearerToken {
            form.wrong("credential", "is an OAuth client: issue another secret of it instead");
        } else if before.check(now).is_err() {
            form.wrong("credential", "opens no door any more: issue a new one instead");
        }
        form.finish()?;
        let connection = open_connection(&visit, &before.connection.to_string()).await?;
        let days = body.0.lifetime_days.map(i64::from).or_else(|| before.days());
        let order = Order { name, rights: before.rights, created_by: Some(visit.author.actor.name().to_owned()), at: now, days };
        let issued = Credential::issue(&visit.shared.key, &connection, order);
        let (token, successor) = issued.map_err(|_| Failure::Internal("no randomness"))?;
        let successor = Credential { replaces: Some(before.id), ..successor };
        visit.store.credentials().insert(&successor, &visit.author).await?;
        Ok(created(IssuedCredential { credential: view(successor, now), token: token.expose().to_owned() }))
    }

    /// How far an IdP has moved to the successor
    #[oai(path = "/tenants/:tenant/credentials/:credential/rotation", method = "get", operation_id = "getRotation")]
    async fn rotation(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The id of the credential that is to go.
        credential: Path<String>,
    ) -> Result<Json<Rotation>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let before = found(&visit, &credential.0).await?;
        let now = visit.shared.clock.now();
        let successor = successor(&visit, before.id, now).await?;
        let log = visit.store.sync_events();
        let Some(successor) = successor else {
            let old = log.traffic(before.id, now.plus_days(-1)).await?;
            return Ok(Json(shown(before.id, None, None, old, Traffic::default(), Traffic::default())));
        };
        let old = log.traffic(before.id, successor.created_at).await?;
        let since = old.last_at.unwrap_or(successor.created_at);
        let new = log.traffic(successor.id, since.plus_micros(1)).await?;
        let all = log.traffic(successor.id, successor.created_at).await?;
        Ok(Json(shown(before.id, Some(successor.id), Some(since), old, new, all)))
    }

    /// Revoke a credential by itself once it is quiet
    ///
    /// For the one before in a rotation: it is revoked when no request has come with it for so many hours, counted from this
    /// call on, and its successor was used since the last one. Without `hours` that is called off. Needs a sign-in within the
    /// last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/credentials/:credential/when-quiet", method = "put", operation_id = "revokeWhenQuiet")]
    async fn when_quiet(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The id of the credential that is to go.
        credential: Path<String>,
        body: Json<QuietEnd>,
    ) -> Result<Json<CredentialView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let before = found(&visit, &credential.0).await?;
        let now = visit.shared.clock.now();
        let mut form = Form::default();
        if let Some(hours) = body.0.hours {
            if !(1..=QUIET_HOURS).contains(&hours) {
                form.wrong("hours", format!("is a number from 1 to {QUIET_HOURS}"));
            }
            if before.check(now).is_err() {
                form.wrong("credential", "opens no door any more");
            } else if successor(&visit, before.id, now).await?.is_none() {
                form.wrong("credential", "has no successor that opens the door: rotate it first");
            }
        }
        form.finish()?;
        let by = visit.author.actor.name();
        let wanted = body.0.hours.map(|hours| WhenQuiet { hours, since: now, by: by.to_owned() });
        let changed = visit.store.credentials().set_when_quiet(before.id, wanted, &visit.author).await?;
        Ok(Json(view(changed.ok_or(Failure::NotFound)?, now)))
    }
}

/// The newest credential that takes another one's place and opens the door.
async fn successor(visit: &Visit, before: CredentialId, now: Timestamp) -> Result<Option<Credential>, Failure> {
    // The list begins with the newest.
    let all = visit.store.credentials().list().await?;
    Ok(all.into_iter().find(|other| other.replaces == Some(before) && other.check(now).is_ok()))
}

async fn found(visit: &Visit, id: &str) -> Result<Credential, Failure> {
    let id: CredentialId = id.parse().map_err(|_| Failure::NotFound)?;
    visit.store.credentials().find(id).await?.ok_or(Failure::NotFound)
}

/// `new` is the successor's traffic since the last request with the one before, `all` since it was made.
fn shown(
    id: CredentialId,
    successor: Option<CredentialId>,
    since: Option<Timestamp>,
    old: Traffic,
    new: Traffic,
    all: Traffic,
) -> Rotation {
    Rotation {
        credential_id: id.to_string(),
        successor_id: successor.map(|id| id.to_string()),
        since: since.map(Time),
        requests: old.requests,
        last_request_at: old.last_at.map(Time),
        successor_requests: new.requests,
        successor_requests_in_all: all.requests,
        successor_last_request_at: all.last_at.map(Time),
        moved: new.requests > 0,
    }
}
