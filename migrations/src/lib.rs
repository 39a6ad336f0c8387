//! The schema's history, one for SQLite and PostgreSQL. A migration is never edited once it has landed.
//!
//! Two histories: the directory with everything that must not be lost ([`Migrator`]), and the sync log
//! ([`SyncLogMigrator`]), which on SQLite lives in a file of its own. Tables of a tenant's data lead every key and
//! index with `tenant_id`.

mod dialect;
mod m0001_directory;
mod m0001_sync_log;
mod m0002_schemas;
mod m0003_revoked_by;
mod m0004_tenant_slugs;
mod m0005_audit;
mod m0006_oauth;
mod m0007_rotation;
mod m0008_people;
mod m0009_log_positions;
mod m0009_setup_links;
mod m0010_factors;
mod m0011_ceilings;
mod m0011_log_bodies;
mod m0012_log_figures;
mod m0012_log_settings;
mod m0013_log_search;
mod m0013_member_changes;
mod m0014_recognition;
mod m0014_standings;
mod m0015_change_days;
mod m0016_nodes;
mod m0017_webhooks;
mod m0018_acknowledgements;
mod m0019_roles;
mod m0020_waiting_members;
mod m0021_quiet_ends;
mod m0022_deliveries_of_changes;
mod m0023_recent_sign_in;
mod m0024_waiting_groups;
mod m0025_open_problems;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// History of the directory's tables.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_directory::Migration),
            Box::new(m0002_schemas::Migration),
            Box::new(m0003_revoked_by::Migration),
            Box::new(m0004_tenant_slugs::Migration),
            Box::new(m0005_audit::Migration),
            Box::new(m0006_oauth::Migration),
            Box::new(m0007_rotation::Migration),
            Box::new(m0008_people::Migration),
            Box::new(m0009_setup_links::Migration),
            Box::new(m0010_factors::Migration),
            Box::new(m0011_ceilings::Migration),
            Box::new(m0012_log_settings::Migration),
            Box::new(m0013_member_changes::Migration),
            Box::new(m0014_standings::Migration),
            Box::new(m0015_change_days::Migration),
            Box::new(m0016_nodes::Migration),
            Box::new(m0017_webhooks::Migration),
            Box::new(m0018_acknowledgements::Migration),
            Box::new(m0019_roles::Migration),
            Box::new(m0020_waiting_members::Migration),
            Box::new(m0021_quiet_ends::Migration),
            Box::new(m0022_deliveries_of_changes::Migration),
            Box::new(m0023_recent_sign_in::Migration),
            Box::new(m0024_waiting_groups::Migration),
        ]
    }
}

/// History of the sync log's tables.
pub struct SyncLogMigrator;

impl MigratorTrait for SyncLogMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_sync_log::Migration),
            Box::new(m0009_log_positions::Migration),
            Box::new(m0011_log_bodies::Migration),
            Box::new(m0012_log_figures::Migration),
            Box::new(m0013_log_search::Migration),
            Box::new(m0014_recognition::Migration),
            Box::new(m0025_open_problems::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        Alias::new("sync_log_migrations").into_iden()
    }
}
