//! Thousands of tenants at once, and what the database makes of a list of them.

use domain::TenantId;
use sea_orm::ConnectionTrait;

use super::Scratch;
use crate::dialect::Engine;
use crate::standings::{StandingQuery, page};
use crate::wall::Door;

/// The statements that make `{count}` tenants and their rows, for the engine that is there.
const NUMBERS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})";
const TENANTS: &str = "INSERT INTO tenants (id, slug, name, state, created_at, log_bodies) {n} \
    SELECT {id}, {slug}, 'Filled ' || i, 'active', i, 'masked' FROM n";
const ROWS: &str = "INSERT INTO tenant_standings (tenant_id, name_key, slug, standing, idp, people, group_count, requests, \
    refused, last_request_at, credential_ends_at, detail, read_at, due_at) \
    SELECT id, lower(name), slug, CASE WHEN created_at % 200 = 0 THEN 0 WHEN created_at % 50 = 0 THEN 1 ELSE 5 END, \
    CASE WHEN created_at % 3 = 0 THEN 'okta' ELSE 'entra' END, created_at * 7 % 1000, created_at * 11 % 90, \
    created_at * 13 % 5000, created_at * 17 % 300, created_at * 19, 9000000000000000 + created_at, \
    '{\"active_people\":0,\"connections\":[],\"live_credentials\":0,\"next_end\":null,\"health\":\"working\"}', 1, \
    9000000000000000 + created_at FROM tenants WHERE name LIKE 'Filled %'";

#[expect(clippy::panic, reason = "a test that has not what it needs must say so and end")]
impl Scratch {
    /// Makes so many tenants, each read once and due never.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn fill_standings(&self, count: u64) {
        let (id, slug) = match self.store.inner().engine {
            Engine::Sqlite => ("randomblob(16)", "'filled-' || i"),
            Engine::Postgres => ("gen_random_uuid()", "'filled-' || i"),
        };
        let numbers = NUMBERS.replace("{count}", &count.to_string());
        let tenants = TENANTS.replace("{n}", &numbers).replace("{id}", id).replace("{slug}", slug);
        let rows = self.store.write_gate().through(Door::System);
        for sql in [tenants.as_str(), ROWS] {
            let done = rows.execute_unprepared(sql).await;
            done.unwrap_or_else(|error| panic!("tenants were not made: {error}"));
        }
    }

    /// How the database finds a page of tenants; `None` behind row-level security, whose policies the planner takes to let
    /// few rows through, so that it reads all and sorts what is left.
    ///
    /// # Panics
    /// When it does not say.
    pub async fn plan_of_standings(&self, query: &StandingQuery) -> Option<String> {
        if self.store.write_gate().walled() {
            return None;
        }
        Some(self.plan_of(&page(self.store.inner().engine, query)).await)
    }

    /// All pages of a list of tenants, one after the other.
    ///
    /// # Panics
    /// When the database cannot answer.
    pub async fn walk_standings(&self, query: &StandingQuery) -> Vec<TenantId> {
        let (mut all, mut query) = (Vec::new(), query.clone());
        loop {
            let page = self.store.system().list_standings(&query).await;
            let page = page.unwrap_or_else(|error| panic!("no page: {error}"));
            all.extend(page.tenants.iter().map(|stands| stands.tenant.id));
            query.after = page.next;
            if query.after.is_none() {
                return all;
            }
        }
    }
}
