//! Tenants: making, finding, listing.

use std::collections::HashMap;

use domain::audit::{Deed, picture};
use domain::{
    AcknowledgementTarget, Act, Author, BodyPolicy, Ceiling, LogSettings, Tenant, TenantId, TenantRef, TenantSlug, TenantState,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::StoreError;
use crate::audit::Acted;
use crate::entity::tenant;
use crate::sql::Sql;
use crate::store::System;
use crate::{standings, tenant_slugs};

/// Ids in one statement: databases take some ten thousand values in one.
const NAMED_AT_ONCE: usize = 1_000;

/// What is to be different about a tenant; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantChange {
    /// Whether it is served.
    pub state: Option<TenantState>,
    /// Its name.
    pub name: Option<String>,
    /// Its slug; the one before goes on opening its SCIM door.
    pub slug: Option<TenantSlug>,
    /// How many requests it may send.
    pub ceiling: Option<Ceiling>,
    /// What its sync log keeps.
    pub log: LogChange,
}

/// What is to be different about what a tenant's sync log keeps; what is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogChange {
    /// How bodies are kept from now on.
    pub bodies: Option<BodyPolicy>,
    /// For how many days requests are kept.
    pub days: Option<u16>,
    /// For how many days changes are kept.
    pub change_days: Option<u16>,
    /// Within what time changes are to be acknowledged.
    pub target: Option<AcknowledgementTarget>,
}

impl System {
    /// The tenant an address names.
    pub async fn find_tenant(&self, reference: &TenantRef) -> Result<Option<Tenant>, StoreError> {
        let find = match reference {
            TenantRef::Id(id) => tenant::Entity::find().filter(tenant::Column::Id.eq(id.as_uuid())),
            TenantRef::Slug(slug) => tenant::Entity::find().filter(tenant::Column::Slug.eq(slug.as_str())),
        };
        find.one(&self.rows()).await?.map(Tenant::try_from).transpose()
    }

    /// The tenants of these ids, in whatever state; those that are none are left out.
    pub async fn find_tenants(&self, ids: Vec<TenantId>) -> Result<HashMap<TenantId, Tenant>, StoreError> {
        let (rows, mut found) = (self.rows(), HashMap::new());
        for ids in ids.chunks(NAMED_AT_ONCE) {
            let find = tenant::Entity::find().filter(tenant::Column::Id.is_in(ids.iter().map(|id| id.as_uuid())));
            for row in find.all(&rows).await? {
                found.insert(row.id.into(), row.try_into()?);
            }
        }
        Ok(found)
    }

    /// Tenants in order of creation, after `last`; only those in `among` when given, and then none that is being deleted;
    /// only those whose name or slug holds `search`.
    pub async fn list_tenants(
        &self,
        search: Option<&str>,
        among: Option<&[TenantId]>,
        last: Option<TenantId>,
        limit: u64,
    ) -> Result<Vec<Tenant>, StoreError> {
        let mut find = tenant::Entity::find().order_by_asc(tenant::Column::Id).limit(limit);
        if let Some(last) = last {
            find = find.filter(tenant::Column::Id.gt(last.as_uuid()));
        }
        if let Some(among) = among {
            find = find.filter(tenant::Column::Id.is_in(among.iter().map(|id| id.as_uuid())));
            find = find.filter(tenant::Column::State.ne(TenantState::Deleting.as_str()));
        }
        if let Some(search) = search.map(str::to_lowercase).filter(|s| !s.is_empty()) {
            let like = format!("%{}%", search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
            let like = sea_orm::sea_query::LikeExpr::new(like).escape('\\');
            let name = Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(tenant::Column::Name))).like(like.clone());
            find = find.filter(name.or(Expr::col(tenant::Column::Slug).like(like)));
        }
        find.all(&self.rows()).await?.into_iter().map(Tenant::try_from).collect()
    }

    /// How many tenants there are.
    pub async fn count_tenants(&self) -> Result<u64, StoreError> {
        Ok(tenant::Entity::find().count(&self.rows()).await?)
    }

    /// Makes a tenant with an empty directory.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken or held.
    pub async fn insert_tenant(&self, tenant: Tenant, author: &Author) -> Result<Tenant, StoreError> {
        let made = tenant.clone();
        let (engine, now) = (self.store.inner().engine, self.store.inner().clock.now());
        self.act_beyond(made.id, author, move |txn| {
            let tenant = tenant.clone();
            let deed = deed(Act::TenantCreated, None, &tenant);
            let row = tenant::ActiveModel {
                id: Set(tenant.id.as_uuid()),
                slug: Set(tenant.slug.to_string()),
                name: Set(tenant.name.clone()),
                state: Set(tenant.state.as_str().to_owned()),
                created_at: Set(tenant.created_at.as_micros()),
                request_ceiling: Set(tenant::kept(tenant.ceiling)),
                log_bodies: Set(tenant.log.bodies.as_str().to_owned()),
                log_days: Set(tenant.log.days.map(i64::from)),
                change_days: Set(tenant.log.change_days.map(i64::from)),
                acknowledgement_target: Set(tenant::kept_target(tenant.log.target)),
            };
            let mut counters =
                Sql::new(engine, "INSERT INTO tenant_counters (tenant_id, seq, users, active_users, groups) VALUES (");
            counters.arg(tenant.id.as_uuid()).push(", 0, 0, 0, 0)");
            let txn: sea_orm::DatabaseExecutor<'_> = txn.into();
            Box::pin(async move {
                tenant_slugs::claim(&txn, tenant.id, &tenant.slug, now).await?;
                tenant::Entity::insert(row).exec_without_returning(&txn).await?;
                sea_orm::ConnectionTrait::execute_raw(&txn, counters.statement()).await?;
                standings::begin(&txn, engine, &tenant).await?;
                Ok(Acted::new((), deed))
            })
        })
        .await?;
        Ok(made)
    }

    /// Moves a tenant to another state; `false` when there is no such tenant.
    pub async fn set_tenant_state(&self, tenant: TenantId, state: TenantState, author: &Author) -> Result<bool, StoreError> {
        self.change_tenant(tenant, TenantChange { state: Some(state), ..TenantChange::default() }, author).await
    }

    /// Changes a tenant, and only what is to be changed; `false` when there is no such tenant, or it is being deleted.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the slug is taken or held, or the tenant has had too many of late.
    pub async fn change_tenant(&self, tenant: TenantId, change: TenantChange, author: &Author) -> Result<bool, StoreError> {
        use tenant::Column as C;
        let (engine, now) = (self.store.inner().engine, self.store.inner().clock.now());
        let changed = self
            .act_beyond(tenant, author, move |txn| {
                let (txn, change): (sea_orm::DatabaseExecutor<'_>, _) = (txn.into(), change.clone());
                Box::pin(async move {
                    let locked = tenant::Entity::find_by_id(tenant.as_uuid()).lock_exclusive();
                    let locked = locked.filter(C::State.ne(TenantState::Deleting.as_str()));
                    let Some(before) = locked.one(&txn).await? else { return Ok(Acted::nothing(false)) };
                    let before = Tenant::try_from(before)?;
                    let after = change.applied_to(&before);
                    if after.slug != before.slug {
                        tenant_slugs::rename(&txn, tenant, &after.slug, now).await?;
                    }
                    if after != before {
                        let update = tenant::Entity::update_many()
                            .filter(C::Id.eq(tenant.as_uuid()))
                            .col_expr(C::State, Expr::value(after.state.as_str()))
                            .col_expr(C::Name, Expr::value(after.name.clone()))
                            .col_expr(C::RequestCeiling, Expr::value(tenant::kept(after.ceiling)))
                            .col_expr(C::LogBodies, Expr::value(after.log.bodies.as_str()))
                            .col_expr(C::LogDays, Expr::value(after.log.days.map(i64::from)))
                            .col_expr(C::ChangeDays, Expr::value(after.log.change_days.map(i64::from)))
                            .col_expr(C::AcknowledgementTarget, Expr::value(tenant::kept_target(after.log.target)));
                        update.exec(&txn).await?;
                        standings::rename(&txn, engine, &after).await?;
                    }
                    Ok(Acted { output: true, deeds: deeds(&before, &after) })
                })
            })
            .await?;
        self.store.forget_credentials().await;
        Ok(changed)
    }
}

impl TenantChange {
    fn applied_to(self, tenant: &Tenant) -> Tenant {
        Tenant {
            name: self.name.unwrap_or_else(|| tenant.name.clone()),
            slug: self.slug.unwrap_or_else(|| tenant.slug.clone()),
            state: self.state.unwrap_or(tenant.state),
            ceiling: self.ceiling.unwrap_or(tenant.ceiling),
            log: LogSettings {
                bodies: self.log.bodies.unwrap_or(tenant.log.bodies),
                days: self.log.days.or(tenant.log.days),
                change_days: self.log.change_days.or(tenant.log.change_days),
                target: self.log.target.unwrap_or(tenant.log.target),
            },
            ..tenant.clone()
        }
    }
}

/// One for each thing that became different.
fn deeds(before: &Tenant, after: &Tenant) -> Vec<Deed> {
    let moved = Tenant { slug: after.slug.clone(), ..before.clone() };
    let slug = (moved != *before).then(|| deed(Act::TenantSlugChanged, Some(before), &moved));
    let renamed = Tenant { name: after.name.clone(), ..moved.clone() };
    let name = (renamed != moved).then(|| deed(Act::TenantRenamed, Some(&moved), &renamed));
    let logged = Tenant { log: after.log, ..renamed.clone() };
    let log = (logged != renamed).then(|| deed(Act::TenantLogChanged, Some(&renamed), &logged));
    let act = if after.state == TenantState::Active { Act::TenantResumed } else { Act::TenantSuspended };
    let moved_on = Tenant { state: after.state, ..logged.clone() };
    let state = (moved_on != logged).then(|| deed(act, Some(&logged), &moved_on));
    let ceiling = (moved_on != *after).then(|| deed(Act::TenantCeilingChanged, Some(&moved_on), after));
    slug.into_iter().chain(name).chain(log).chain(state).chain(ceiling).collect()
}

pub(crate) fn deed(act: Act, before: Option<&Tenant>, after: &Tenant) -> Deed {
    Deed {
        tenant: Some(after.id),
        act,
        subject: after.into(),
        before: before.map(picture::tenant),
        after: Some(picture::tenant(after)),
    }
}
