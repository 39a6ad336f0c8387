//! The database's own wall between tenants, behind the handles of this crate: PostgreSQL's row-level security.
//!
//! Where it stands, a row is seen through a [`Door`] only, which is open for one transaction and for nobody after it. A
//! session that has opened none sees no row. [`raise`] builds it from what the catalogue says; [`Gate`] and [`Passage`]
//! are the only ways to a connection. ADR 11 says what it is worth and what it costs.

mod gate;
mod passage;
mod raise;
mod rows;

use domain::{Secret, TenantId};

pub(crate) use gate::{Gate, Watch};
pub(crate) use passage::Passage;
pub(crate) use raise::{check, check_role, grant, raise};
pub(crate) use rows::Rows;

/// Whether PostgreSQL itself keeps tenants apart, and who owns its tables.
#[derive(Clone, Debug, Default)]
pub struct Wall {
    /// Whether row-level security is used. A node that does not use it works where another one raised it.
    pub raised: bool,
    /// The address for the role that owns the tables and migrates them; the server's own role without it.
    pub owner: Option<Secret>,
}

/// Why the service does not start although it was told to have the wall.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WallFault {
    /// The role passes every policy.
    #[error(
        "row_level_security does nothing for the role {role:?}, which is a superuser or has BYPASSRLS; give the service another role"
    )]
    AboveIt {
        /// The server's role.
        role: String,
    },
    /// The role is to own nothing, and does.
    #[error(
        "the service's role owns the table {table} or is a member of the role that does, although migration_url names another; hand its tables over with REASSIGN OWNED"
    )]
    OwnsTables {
        /// One of them.
        table: String,
    },
    /// Tables of tenants that are not behind it.
    #[error("row-level security does not stand on {}; run `directory-sync migrate` as the role that owns them", .tables.join(", "))]
    Gaps {
        /// Their names.
        tables: Vec<String>,
    },
    /// The role may make no tables, and some are missing.
    #[error("the database is not up to date and this role may not migrate it; run `directory-sync migrate` with migration_url")]
    OutOfDate,
}

/// Whose rows a transaction sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Those of one tenant; of the nil tenant those that are the operator's own.
    Tenant(TenantId),
    /// Everybody's: for [`crate::System`] alone, and what it has others do.
    System,
}

impl Door {
    /// The door of what is done for a tenant, or for the service itself.
    pub(crate) fn of(tenant: Option<TenantId>) -> Self {
        tenant.map_or(Self::System, Self::Tenant)
    }

    /// The statement that opens it until the transaction ends. There is nothing in it but a UUID and words of ours.
    pub(crate) fn opened(self) -> String {
        self.set(true)
    }

    /// The same until the session ends, for a node that does not use the wall.
    pub(crate) fn opened_for_good(self) -> String {
        self.set(false)
    }

    fn set(self, local: bool) -> String {
        let (tenant, door) = match self {
            Self::Tenant(tenant) => (tenant.to_string(), "tenant"),
            Self::System => (String::new(), "system"),
        };
        format!("SELECT set_config('{TENANT}', '{tenant}', {local}), set_config('{DOOR}', '{door}', {local})")
    }
}

/// The setting that names the tenant of a transaction.
const TENANT: &str = "directory_sync.tenant";
/// The setting that says which door a transaction came by.
const DOOR: &str = "directory_sync.door";
