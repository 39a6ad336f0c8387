//! Throw-away stores on both engines, for tests and benchmarks.

mod catalogue;
mod log;
mod receiver;
mod roles;
mod samples;
mod server;
mod standings;
mod template;
mod unguarded;
mod watched;

use std::sync::Arc;

pub use catalogue::everything;
use domain::audit::AuditActor;
use domain::{Actor, AuditKey, Author, Clock, GroupId, ResourceKind, ServerKey, SystemClock, Tenant, TenantId, TenantSlug};
pub use log::{FilledLog, log_writer};
pub use receiver::{Mood, Received, Receiver};
pub use samples::{CreateGroup, CreateUser, RemoveUser, event};
use sea_orm::{ConnectionTrait, Database as SeaDatabase};
pub use server::{Address, cluster, postgres_address};
use tempfile::TempDir;
pub use unguarded::{Ends, Unguarded};
pub use watched::{Statements, scratch_watched};

use crate::dialect::Engine;
use crate::filter_sql::Scope;
use crate::memberships::groups_in;
use crate::sql::Sql;
use crate::users::page_statement;
use crate::wall::{Door, Watch};
use crate::{Database, Listing, Origin, Settings, Store, StoreError, Walk, Wall, Window};

/// A database that is gone when this is dropped; on PostgreSQL a schema of the server that `TEST_DATABASE_URL` names.
pub struct Scratch {
    /// The open store.
    pub store: Store,
    /// Where it stands, to open it a second time.
    pub database: Database,
    // Removed when dropped.
    _directory: Option<TempDir>,
}

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Embedded.
    Sqlite,
    /// The server of `TEST_DATABASE_URL`.
    Postgres,
}

/// A fresh database with all tables.
///
/// # Panics
/// When there is no place for it: for PostgreSQL, when `TEST_DATABASE_URL` is not set.
pub async fn scratch(on: On) -> Scratch {
    scratch_with_clock(on, Arc::new(SystemClock)).await
}

/// A fresh database whose times come from `clock`.
///
/// # Panics
/// As [`scratch`].
pub async fn scratch_with_clock(on: On, clock: Arc<dyn Clock>) -> Scratch {
    open(on, clock, None, false).await
}

/// A fresh PostgreSQL database in which row-level security keeps tenants apart, whatever the environment says.
///
/// # Panics
/// As [`scratch`].
pub async fn scratch_walled() -> Scratch {
    open(On::Postgres, Arc::new(SystemClock), None, true).await
}

#[expect(clippy::panic, reason = "a test without its database must say so and end")]
async fn open(on: On, clock: Arc<dyn Clock>, watch: Option<Watch>, walled: bool) -> Scratch {
    let made = match on {
        On::Sqlite => template::directory().await.map(|dir| (Database::Sqlite { directory: dir.path().to_owned() }, Some(dir))),
        On::Postgres => server::database(walled).await.map(|database| (database, None)),
    };
    let (database, directory) = made.unwrap_or_else(|error| panic!("no database for this test: {error}"));
    let opened = Store::open_watched(Settings::new(database.clone()), clock, watch).await;
    let store = opened.unwrap_or_else(|error| panic!("the test's database does not open: {error}"));
    Scratch { store, database, _directory: directory }
}

impl Scratch {
    /// A new active tenant.
    ///
    /// # Panics
    /// When the name makes no slug, or the slug is taken.
    #[expect(clippy::panic, reason = "a test without its tenant must say so and end")]
    pub async fn tenant(&self, slug: &str) -> Tenant {
        let slug: TenantSlug = slug.parse().unwrap_or_else(|_| panic!("{slug} is no slug"));
        let tenant = Tenant {
            id: TenantId::generate(),
            name: slug.to_string(),
            slug,
            state: domain::TenantState::Active,
            ceiling: domain::Ceiling::General,
            created_at: SystemClock.now(),
            log: domain::LogSettings::default(),
        };
        let inserted = self.store.system().insert_tenant(tenant.clone(), &author()).await;
        inserted.unwrap_or_else(|error| panic!("the test's tenant was not made: {error}"));
        tenant
    }
}

/// The server key of tests.
pub fn key() -> ServerKey {
    ServerKey::from_bytes([42; ServerKey::LENGTH])
}

/// The author of what a test does without a request; its entries are sealed under [`key`].
pub fn author() -> Author {
    Author::at_the_server(AuditActor::CommandLine, AuditKey::of(&key()))
}

/// Changes rows behind the store's back, as somebody does who has the database and not the key; `{tenant}` stands for the
/// tenant's id.
///
/// # Panics
/// When the statement is not right.
#[expect(clippy::panic, reason = "a test that cannot meddle must say so and end")]
pub async fn meddle(store: &Store, tenant: TenantId, sql: &str) {
    let id = match store.inner().engine {
        Engine::Sqlite => format!("x'{}'", tenant.as_uuid().simple()),
        Engine::Postgres => format!("'{tenant}'"),
    };
    let done = store.write_gate().through(Door::System).execute_unprepared(&sql.replace("{tenant}", &id)).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// An origin for units of work that no request asked for.
pub fn origin(tenant: TenantId) -> Origin {
    Origin { tenant, actor: Actor::System, request_id: None, at: SystemClock.now() }
}

impl Scratch {
    /// Runs what only the owner of the tables may.
    ///
    /// # Errors
    /// What the database says.
    pub async fn as_owner(&self, sql: &str) -> Result<(), StoreError> {
        if let Database::Postgres { wall: Wall { owner: Some(url), .. }, schema: Some(schema), .. } = &self.database {
            let owner = SeaDatabase::connect(url.expose()).await?;
            owner.execute_unprepared(&format!("SET search_path = {schema}; {sql}")).await?;
            return Ok(owner.close().await?);
        }
        Ok(self.store.write_gate().say(sql).await?)
    }

    /// How the engine means to answer a page of people or groups under `condition`, after it has counted its rows.
    ///
    /// # Panics
    /// When the engine does not say.
    #[expect(clippy::panic, reason = "a test without its plan must say so and end")]
    pub async fn plan_of_page(&self, tenant: TenantId, kind: ResourceKind, condition: scim::Condition) -> String {
        let scope = Scope { tenant, kind };
        let listing =
            Listing { condition: Some(condition), sort: None, window: Window::Index { offset: 0, count: 100 }, total: false };
        let page = page_statement(self.store.inner().engine, scope, "t.id", &listing);
        let sql = page.and_then(|page| page.ok_or(StoreError::Unavailable));
        self.plan(tenant, sql.unwrap_or_else(|error| panic!("no statement: {error}"))).await
    }

    /// How the engine means to find the groups in a group, after it has counted its rows.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plan_of_groups_in(&self, tenant: TenantId, group: GroupId) -> String {
        self.plan(tenant, groups_in(self.store.inner().engine, tenant, group)).await
    }

    #[expect(clippy::panic, reason = "a test without its plan must say so and end")]
    async fn plan(&self, tenant: TenantId, sql: Sql) -> String {
        let inner = self.store.inner();
        let (word, count) = match inner.engine {
            Engine::Sqlite => ("EXPLAIN QUERY PLAN ", "ANALYZE"),
            Engine::Postgres => ("EXPLAIN ", "ANALYZE users, user_emails, \"groups\", memberships"),
        };
        let planned = async {
            self.as_owner(count).await?;
            let mut statement = sql.statement();
            statement.sql.insert_str(0, word);
            let rows = self.store.rows_of(tenant).query_all_raw(statement).await?;
            let column = if inner.engine == Engine::Sqlite { "detail" } else { "QUERY PLAN" };
            let lines = rows.iter().map(|row| row.try_get::<String>("", column)).collect::<Result<Vec<_>, _>>()?;
            Ok::<_, StoreError>(lines.join("\n"))
        };
        planned.await.unwrap_or_else(|error| panic!("no plan: {error}"))
    }
}

impl Scratch {
    /// How the engine means to answer each statement of a walk through a tenant's people.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plans_of_walk(&self, tenant: TenantId, walk: &Walk) -> Vec<String> {
        let statements = self.store.tenant(tenant).users().statements(walk);
        let mut plans = Vec::new();
        for statement in statements {
            plans.push(self.plan_of(&statement).await);
        }
        plans
    }
}

/// Runs one body as a test on each engine. The engine's name is the test's; PostgreSQL comes from `TEST_DATABASE_URL`.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($on:ident) $body:block)+) => {
        $(mod $name {
            use super::*;

            async fn body($on: $crate::testing::On) $body

            #[tokio::test]
            async fn sqlite() {
                body($crate::testing::On::Sqlite).await;
            }

            #[tokio::test]
            async fn postgresql() {
                body($crate::testing::On::Postgres).await;
            }
        })+
    };
}
