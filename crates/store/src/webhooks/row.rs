//! A webhook as a row.

use domain::webhook::{OldSecret, WebhookFailure, WebhookSecret};
use domain::{ChangeKind, ResourceKind, TenantId, Timestamp, Webhook, WebhookState};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;

pub(super) const COLUMNS: &str = "id, name, url, state, kinds, resource_type, salt, salt_set_at, old_salt, old_until, created_at, starts_after, delivered_seq, prev_seq, course, next_at, lease, tries, failing_since, last_status, last_reason";

/// A webhook with who has it at present.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) webhook: Webhook,
    /// Whether a node is sending to it.
    pub(super) leased: bool,
    /// When a node may take it up.
    pub(super) next_at: Option<Timestamp>,
}

pub(super) fn read(row: &QueryResult, tenant: TenantId) -> Result<Kept, StoreError> {
    let id: Uuid = row.try_get("", "id")?;
    let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of webhook {id}"));
    let number = |name: &str| row.try_get::<i64>("", name).map(|number| u64::try_from(number).unwrap_or_default());
    let at = |name: &str| row.try_get::<Option<i64>>("", name).map(|at| at.map(Timestamp::from_micros));
    let salt = |bytes: Vec<u8>| <[u8; 16]>::try_from(bytes).map_err(|_| corrupt("salt"));
    let state: String = row.try_get("", "state")?;
    let state = WebhookState::parse(&state).ok_or_else(|| corrupt("state"))?;
    let kinds: serde_json::Value = row.try_get("", "kinds")?;
    let kinds = kinds.as_array().into_iter().flatten().map(|kind| kind.as_str().and_then(ChangeKind::parse));
    let kinds = kinds.collect::<Option<Vec<_>>>().ok_or_else(|| corrupt("types"))?;
    let resource: Option<String> = row.try_get("", "resource_type")?;
    let old = match (row.try_get::<Option<Vec<u8>>>("", "old_salt")?, at("old_until")?) {
        (Some(bytes), Some(until)) => Some(OldSecret { salt: salt(bytes)?, until }),
        _ => None,
    };
    let (leased, next_at) = (row.try_get::<Option<Uuid>>("", "lease")?.is_some(), at("next_at")?);
    let failure = match at("failing_since")? {
        None => None,
        Some(since) => Some(WebhookFailure {
            since,
            attempts: u32::try_from(number("tries")?).unwrap_or(u32::MAX),
            next_at: next_at.filter(|_| state == WebhookState::Active && !leased),
            reason: row.try_get::<Option<String>>("", "last_reason")?.unwrap_or_default(),
            status: row.try_get::<Option<i64>>("", "last_status")?.and_then(|status| u16::try_from(status).ok()),
        }),
    };
    let webhook = Webhook {
        id: id.into(),
        tenant,
        name: row.try_get("", "name")?,
        url: row.try_get("", "url")?,
        state,
        kinds,
        resource: resource.as_deref().and_then(ResourceKind::parse),
        secret: WebhookSecret {
            salt: salt(row.try_get("", "salt")?)?,
            set_at: Timestamp::from_micros(row.try_get("", "salt_set_at")?),
            old,
        },
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
        starts_after: number("starts_after")?,
        delivered: number("delivered_seq")?,
        previous: number("prev_seq")?,
        failure,
        course: number("course")?,
    };
    Ok(Kept { webhook, leased, next_at })
}

/// What people and replays can change, beside the time at which it is looked at next.
fn columns(webhook: &Webhook, next_at: Option<Timestamp>) -> [(&'static str, Value); 18] {
    let kinds: Vec<&str> = webhook.kinds.iter().map(|kind| kind.as_str()).collect();
    let failure = webhook.failure.as_ref();
    [
        ("name", webhook.name.clone().into()),
        ("url", webhook.url.clone().into()),
        ("state", webhook.state.as_str().into()),
        ("kinds", serde_json::Value::from(kinds).into()),
        ("resource_type", webhook.resource.map(|kind| kind.as_str().to_owned()).into()),
        ("salt", webhook.secret.salt.to_vec().into()),
        ("salt_set_at", webhook.secret.set_at.as_micros().into()),
        ("old_salt", webhook.secret.old.map(|old| old.salt.to_vec()).into()),
        ("old_until", webhook.secret.old.map(|old| old.until.as_micros()).into()),
        ("starts_after", signed(webhook.starts_after).into()),
        ("delivered_seq", signed(webhook.delivered).into()),
        ("prev_seq", signed(webhook.previous).into()),
        ("course", signed(webhook.course).into()),
        ("next_at", next_at.map(Timestamp::as_micros).into()),
        ("tries", failure.map_or(0, |failure| i64::from(failure.attempts)).into()),
        ("failing_since", failure.map(|failure| failure.since.as_micros()).into()),
        ("last_status", failure.and_then(|failure| failure.status).map(i64::from).into()),
        ("last_reason", failure.map(|failure| failure.reason.clone()).into()),
    ]
}

pub(super) fn insert(engine: Engine, webhook: &Webhook, next_at: Option<Timestamp>) -> Sql {
    let columns = columns(webhook, next_at);
    let mut sql = Sql::new(engine, "INSERT INTO webhooks (tenant_id, id, created_at");
    for (name, _) in &columns {
        sql.push(", ").push(name);
    }
    sql.push(") VALUES (").arg(webhook.tenant.as_uuid()).push(", ").arg(webhook.id.as_uuid());
    sql.push(", ").arg(webhook.created_at.as_micros());
    for (_, value) in columns {
        sql.push(", ").arg(value);
    }
    sql.push(")");
    sql
}

pub(super) fn update(engine: Engine, webhook: &Webhook, next_at: Option<Timestamp>) -> Sql {
    let mut sql = Sql::new(engine, "UPDATE webhooks SET ");
    for (place, (name, value)) in columns(webhook, next_at).into_iter().enumerate() {
        sql.push(if place > 0 { ", " } else { "" }).push(name).push(" = ").arg(value);
    }
    super::of_webhook(&mut sql, webhook.tenant, webhook.id);
    sql
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
