//! Credentials that are to be revoked by themselves once nobody uses them any more.

use domain::credential::WhenQuiet;
use domain::{Act, Author, Credential, CredentialId, TenantId, Timestamp};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseExecutor, EntityTrait, QueryFilter, QueryResult, QuerySelect};
use uuid::Uuid;

use super::{Credentials, deed};
use crate::StoreError;
use crate::audit::Acted;
use crate::entity::credential;
use crate::sql::Sql;
use crate::store::System;

/// A credential that nobody has used for as long as somebody wanted, by what its row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which.
    pub credential: CredentialId,
    /// Since when nobody may have used it.
    pub since: Timestamp,
}

/// Most of them that are found at once.
const MOST: i64 = 100;
/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;

impl Credentials<'_> {
    /// Says that one is to be revoked once it is quiet, or calls that off. What is so already, and what was revoked, stays as
    /// it is. `None` when there is no such credential.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn set_when_quiet(
        &self,
        id: CredentialId,
        wanted: Option<WhenQuiet>,
        author: &Author,
    ) -> Result<Option<Credential>, StoreError> {
        use credential::Column as C;
        let locked = self.select().filter(C::Id.eq(id.as_uuid())).lock_exclusive();
        self.door
            .store
            .act(Some(self.door.tenant), author, move |txn| {
                let (txn, locked, wanted): (DatabaseExecutor<'_>, _, _) = (txn.into(), locked.clone(), wanted.clone());
                Box::pin(async move {
                    let Some(before) = locked.one(&txn).await? else { return Ok(Acted::nothing(None)) };
                    let before = Credential::try_from(before)?;
                    let hours = |quiet: Option<&WhenQuiet>| quiet.map(|quiet| i64::from(quiet.hours));
                    if before.revoked_at.is_some() || hours(before.when_quiet.as_ref()) == hours(wanted.as_ref()) {
                        return Ok(Acted::nothing(Some(before)));
                    }
                    let update = credential::Entity::update_many()
                        .filter(C::TenantId.eq(before.tenant.as_uuid()))
                        .filter(C::Id.eq(id.as_uuid()))
                        .col_expr(C::QuietHours, Expr::value(hours(wanted.as_ref())))
                        .col_expr(C::QuietSince, Expr::value(wanted.as_ref().map(|quiet| quiet.since.as_micros())))
                        .col_expr(C::QuietBy, Expr::value(wanted.as_ref().map(|quiet| quiet.by.clone())));
                    update.exec(&txn).await?;
                    let act = if wanted.is_some() { Act::CredentialEndPlanned } else { Act::CredentialEndCalledOff };
                    let after = Credential { when_quiet: wanted, ..before.clone() };
                    let done = deed(act, Some(&before), &after);
                    Ok(Acted::new(Some(after), done))
                })
            })
            .await
    }

    /// Revokes one that is to go once it is quiet, as [`Self::revoke`] does, unless it was used or called off meanwhile, or no
    /// successor that is good was used since. What was revoked.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn revoke_quiet(&self, id: CredentialId, at: Timestamp, author: &Author) -> Result<Option<Credential>, StoreError> {
        use credential::Column as C;
        let used = |credential: &Credential| credential.last_used.as_ref().map(|last| last.at);
        let replaced = move |credential: &Credential, successors: &[Credential]| {
            credential.quiet_at().is_some_and(|quiet| quiet <= at)
                && successors.iter().any(|successor| successor.check(at).is_ok() && used(successor) > used(credential))
        };
        // Nobody can revoke the successors meanwhile.
        let locked = self.select().filter(Condition::any().add(C::Id.eq(id.as_uuid())).add(C::Replaces.eq(id.as_uuid())));
        let found = self.revoke_where(id, at, author, locked, replaced).await?;
        Ok(found.and_then(|(credential, now)| now.then_some(credential)))
    }
}

impl System {
    /// Credentials that nobody has used for as long as somebody wanted, and whose successor was used since they last were: an
    /// IdP that sends nothing at all may still hold the one before. Those after the one of `last`, a hundred at most; none are
    /// the end. An index has those that wait for it, and no others.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn quiet_credentials(&self, now: Timestamp, last: Option<Quiet>) -> Result<Vec<Quiet>, StoreError> {
        let now_micros = now.as_micros();
        let mut sql = Sql::new(self.store.inner().engine, "SELECT c.tenant_id, c.id, c.quiet_hours FROM credentials AS c ");
        // What is removed anyway gets no more entries.
        sql.push("JOIN tenants AS t ON t.id = c.tenant_id AND t.state <> 'deleting' ");
        sql.push("WHERE c.quiet_hours IS NOT NULL AND c.revoked_at IS NULL AND ");
        if let Some(last) = last {
            sql.push("(c.tenant_id, c.id) > ").list([last.tenant.as_uuid(), last.credential.as_uuid()]).push(" AND ");
        }
        sql.push("(c.ends_at IS NULL OR c.ends_at > ").arg(now_micros);
        sql.push(") AND c.quiet_since + c.quiet_hours * 3600000000 <= ");
        sql.arg(now_micros).push(" AND COALESCE(c.last_used_at, 0) + c.quiet_hours * 3600000000 <= ").arg(now_micros);
        sql.push(" AND EXISTS (SELECT 1 FROM credentials AS s WHERE s.tenant_id = c.tenant_id AND s.replaces = c.id ");
        sql.push("AND s.revoked_at IS NULL AND (s.ends_at IS NULL OR s.ends_at > ").arg(now_micros);
        sql.push(") AND s.last_used_at > COALESCE(c.last_used_at, 0)) ORDER BY c.tenant_id, c.id LIMIT ").arg(MOST);
        let read = |row: &QueryResult| {
            let (tenant, credential): (Uuid, Uuid) = (row.try_get("", "tenant_id")?, row.try_get("", "id")?);
            let hours: i64 = row.try_get("", "quiet_hours")?;
            let since = now.plus_micros(hours.saturating_mul(-HOUR));
            Ok(Quiet { tenant: tenant.into(), credential: credential.into(), since })
        };
        self.rows().query_all_raw(sql.statement()).await?.iter().map(read).collect()
    }
}
