//! Logs of any size, and how the engine means to search them.

use domain::{SyncEvent, SyncEventId, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use super::{Scratch, meddle};
use crate::dialect::Engine;
use crate::sync_log::{looked_up, open, search};
use crate::wall::Door;
use crate::{SyncEventFilter, SyncLog, SyncLogSender, SyncLogWriter};

/// Events of one statement.
const SOME: u64 = 100_000;

/// A log's writer in whose queue so many bytes of bodies may wait.
pub fn log_writer(log: SyncLog, capacity: usize, bodies: usize) -> (SyncLogSender, SyncLogWriter) {
    SyncLogWriter::bounded(log, capacity, bodies)
}

/// A log that is made of numbers: event `n` came a millisecond after the one before it, and is about person `n % people`.
#[derive(Clone, Copy, Debug)]
pub struct FilledLog {
    /// Whose it is.
    pub tenant: TenantId,
    /// When its first event came.
    pub begins: Timestamp,
    /// How many events it has. Every 100th was refused, every 10,000th came from another IdP, deleted something, was about
    /// a group, was slow or failed on our side.
    pub events: u64,
    /// How many people they are about; each was renamed half-way, from `old-N` to `person-N`, with `@acme.test`.
    pub people: u64,
}

impl FilledLog {
    /// The rare connection and credential.
    pub fn rare(&self) -> Uuid {
        Uuid::from_u128(2)
    }

    /// The resource that is person `n`.
    pub fn person(&self, n: u64) -> Uuid {
        Uuid::from_u128(0x1000_0000 + u128::from(n))
    }

    /// The id of event `n`.
    pub fn event(&self, n: u64) -> SyncEventId {
        let millis = self.begins.as_micros().unsigned_abs() / 1_000 + n;
        Uuid::from_u128((u128::from(millis) << 80) | (7 << 76) | (8 << 60) | u128::from(n)).into()
    }

    /// The text of SQL that makes the rows from `first` to before `end`.
    fn rows(&self, engine: Engine, first: u64, end: u64) -> [String; 2] {
        let (people, millis, half) = (self.people, self.begins.as_micros() / 1_000, self.events / 2);
        let hex = |hex: &str| match engine {
            Engine::Sqlite => format!("unhex({hex})"),
            Engine::Postgres => format!("({hex})::uuid"),
        };
        let part = |number: &str, digits: u8| match engine {
            Engine::Sqlite => format!("printf('%0{digits}x', {number})"),
            Engine::Postgres => format!("lpad(to_hex(({number})::bigint), {digits}, '0')"),
        };
        let id = hex(&format!("{} || '70008' || {}", part(&format!("{millis} + n"), 12), part("n", 15)));
        let person = hex(&part(&format!("268435456 + n % {people}"), 32));
        let few = hex(&part("CASE WHEN n % 10000 = 3 THEN 2 ELSE 1 END", 32));
        let tenant = hex(&format!("'{}'", self.tenant.as_uuid().simple()));
        let numbers = match engine {
            Engine::Sqlite => {
                format!("WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {end})")
            }
            Engine::Postgres => {
                format!("WITH numbers AS (SELECT n FROM generate_series({first}::bigint, {end}::bigint - 1) AS g(n))")
            }
        };
        let events = format!(
            "INSERT INTO sync_events (tenant_id, id, at, request_id, connection_id, credential_id, idp, address, method, path,
                 operation, outcome, status, duration_micros, cause, sentence, resource_type, resource_id, resource_name, position)
             {numbers}
             SELECT {tenant}, {id}, ({millis} + n) * 1000, 'r', {few}, {few},
                 CASE WHEN n % 10000 = 3 THEN 'okta' ELSE 'entra' END, '192.0.2.7',
                 CASE WHEN n % 10000 = 4 THEN 'DELETE' WHEN n % 3 = 0 THEN 'PATCH' ELSE 'GET' END, '/scim/acme/v2/Users',
                 'update', CASE WHEN n % 10000 = 7 THEN 'failed' WHEN n % 100 = 1 THEN 'rejected' ELSE 'accepted' END,
                 CASE WHEN n % 10000 = 7 THEN 500 WHEN n % 100 = 1 THEN 409 ELSE 200 END,
                 CASE WHEN n % 10000 = 6 THEN 2000000 ELSE 1000 + n % 5000 END,
                 CASE WHEN n % 10000 = 7 THEN 'internal' WHEN n % 100 = 1 THEN 'uniqueness' END,
                 'Updated Person ' || (n % {people}), CASE WHEN n % 10000 = 5 THEN 'Group' ELSE 'User' END, {person},
                 'Person ' || (n % {people}), n + 1 FROM numbers"
        );
        let name = format!("CASE WHEN n < {half} THEN 'old-' ELSE 'person-' END || (n % {people}) || '@acme.test'");
        let identifiers = format!(
            "INSERT INTO sync_event_identifiers (tenant_id, identifier, event_id)
             {numbers}
             SELECT {tenant}, {name}, {id} FROM numbers UNION ALL SELECT {tenant}, 'person ' || (n % {people}), {id} FROM numbers
             ORDER BY 2, 3"
        );
        [events, identifiers]
    }
}

impl Scratch {
    /// Fills a tenant's log, which must be empty.
    ///
    /// # Panics
    /// When the database does not take it.
    #[expect(clippy::panic, reason = "a test without its rows must say so and end")]
    pub async fn fill_log(&self, log: &FilledLog) {
        let (engine, door) = (self.store.inner().engine, self.store.sync_log().gate().through(Door::System));
        let mut first = 0;
        while first < log.events {
            let end = (first + SOME).min(log.events);
            for sql in log.rows(engine, first, end) {
                let done = door.execute_unprepared(&sql).await;
                done.unwrap_or_else(|error| panic!("the log was not filled: {error}"));
            }
            first = end;
        }
    }

    /// Lets the engine count the log's rows.
    ///
    /// # Panics
    /// When it cannot.
    #[expect(clippy::panic, reason = "a test without its plans must say so and end")]
    pub async fn analyze_log(&self) {
        if self.store.inner().engine == Engine::Postgres {
            return self.analyze().await;
        }
        let counted = self.store.sync_log().gate().through(Door::System).execute_unprepared("ANALYZE").await;
        counted.unwrap_or_else(|error| panic!("the rows were not counted: {error}"));
    }

    /// How the engine means to answer each statement of a search.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plans_of_log(&self, tenant: TenantId, filter: &SyncEventFilter) -> Vec<String> {
        self.plans(tenant, search::statements(self.store.inner().engine, tenant.as_uuid(), filter)).await
    }

    /// How the engine means to find what stands of refusals, and the index that each statement is for.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plans_of_open_problems(&self, tenant: TenantId) -> Vec<(String, &'static str)> {
        let (engine, tenant_id) = (self.store.inner().engine, tenant.as_uuid());
        let (connection, subject) = (Uuid::nil(), Uuid::nil());
        let (by_key, newest) = match engine {
            Engine::Sqlite => ("USING PRIMARY KEY (tenant_id=? AND connection_id=?", "sync_open_problems_newest"),
            Engine::Postgres => ("sync_open_problems_pkey", "sync_open_problems_newest"),
        };
        let statements = [
            (open::any(engine, tenant_id, connection), by_key),
            (open::among(engine, tenant_id, connection, &[subject, tenant_id]), by_key),
            (open::remove(engine, (tenant_id, connection, subject), 1), by_key),
            (open::newest(engine, tenant_id, &[("open_rejected", "stale"), ("open_failed", "internal")]), newest),
        ];
        if engine == Engine::Postgres {
            // Where hardly a row is, whatever index it takes is as good as another.
            let rows = "INSERT INTO sync_open_problems SELECT {tenant}::uuid, gen_random_uuid(), gen_random_uuid(), \
                'open_rejected', 'stale', i % 24, 1, i, gen_random_uuid() FROM generate_series(1, 5000) AS i";
            meddle(&self.store, tenant, rows).await;
        }
        let mut plans = Vec::new();
        for (sql, index) in statements {
            let plan = match engine {
                Engine::Sqlite => self.plans(tenant, vec![sql.statement()]).await.concat(),
                Engine::Postgres => self.plan_of(&sql.statement()).await,
            };
            plans.push((plan, index));
        }
        plans
    }

    /// How the engine means to find the look-ups before a request.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plans_of_look_ups(&self, tenant: TenantId, event: &SyncEvent) -> Vec<String> {
        self.plans(tenant, looked_up::statements(self.store.inner().engine, tenant.as_uuid(), event)).await
    }

    #[expect(clippy::panic, reason = "a test without its plans must say so and end")]
    async fn plans(&self, tenant: TenantId, statements: Vec<Statement>) -> Vec<String> {
        let mut plans = Vec::new();
        for statement in statements {
            let sql = statement.sql.clone();
            let plan = self.explain(statement, tenant).await;
            plans.push(plan.unwrap_or_else(|error| panic!("no plan for {sql}: {error}")));
        }
        plans
    }

    async fn explain(&self, mut statement: Statement, tenant: TenantId) -> Result<String, DbErr> {
        let (word, column) = match self.store.inner().engine {
            Engine::Sqlite => ("EXPLAIN QUERY PLAN ", "detail"),
            Engine::Postgres => ("EXPLAIN ", "QUERY PLAN"),
        };
        statement.sql.insert_str(0, word);
        let rows = self.store.sync_log().gate().through(Door::Tenant(tenant)).query_all_raw(statement).await?;
        Ok(rows.iter().map(|row| row.try_get::<String>("", column)).collect::<Result<Vec<_>, _>>()?.join("\n"))
    }
}
