//! What the database said, in our words.

use domain::Timestamp;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use uuid::Uuid;

use crate::wall::WallFault;

/// Why the store could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value is taken.
    #[error("{0:?} is taken")]
    Conflict(Unique),
    /// The row moved on since it was read.
    #[error("the row has changed since it was read")]
    Stale,
    /// No place in the write queue, or no connection to be had: the caller may come again.
    #[error("the store cannot take more work now")]
    Unavailable,
    /// The tenant's extension schemas changed since the request was read; the caller may come again.
    #[error("the tenant's schemas have just changed")]
    Outdated,
    /// Another writer won; the unit is run again.
    #[error("another writer was faster")]
    Contended,
    /// A filter that cannot be answered exactly.
    #[error("{0}")]
    Unanswerable(scim::Fault),
    /// A row does not hold what we wrote.
    #[error("a stored row cannot be read: {0}")]
    Corrupt(String),
    /// The unit of work panicked.
    #[error("the unit of work panicked")]
    Panicked,
    /// The wall between tenants does not stand as it was told to; only when the store is opened.
    #[error(transparent)]
    Wall(#[from] WallFault),
    /// Anything else that the database refused.
    #[error("the database refused")]
    Database(#[source] DbErr),
}

/// Which unique value is taken, and by whom when that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unique {
    /// A person's userName.
    UserName {
        /// Who holds it.
        holder: Option<Uuid>,
    },
    /// A group's displayName.
    GroupName {
        /// Which group holds it.
        holder: Option<Uuid>,
    },
    /// A value of an extension's attribute.
    Value {
        /// The attribute with its URN.
        attribute: String,
        /// Which resource holds it.
        holder: Option<Uuid>,
    },
    /// The URN of an extension schema.
    SchemaUrn,
    /// The last place for an extension schema.
    SchemaPlace,
    /// The last place for a secret of an OAuth client.
    SecretPlace,
    /// The last place for an API key.
    ApiKeyPlace,
    /// The last place for a webhook.
    WebhookPlace,
    /// Anything that passes a webhook's filter, with what somebody else made of it meanwhile.
    WebhookFilter,
    /// The key of a role of the app.
    RoleKey,
    /// The last place for a role of the app.
    RolePlace,
    /// The last place for a tenant's mapping of a group to a role.
    MappingPlace,
    /// A tenant's slug.
    Slug,
    /// A slug that was let go a short while ago.
    HeldSlug {
        /// Until when nobody else gets it.
        until: Timestamp,
    },
    /// The last place for an earlier slug of a tenant.
    SlugPlace,
    /// An admin's e-mail address.
    AdminEmail,
    /// Any other unique index.
    Other,
}

impl StoreError {
    /// Whether we decided it by reading; otherwise the database itself raised it.
    pub(crate) fn is_ours(&self) -> bool {
        match self {
            Self::Stale
            | Self::Conflict(
                Unique::SchemaUrn
                | Unique::SchemaPlace
                | Unique::SecretPlace
                | Unique::ApiKeyPlace
                | Unique::WebhookPlace
                | Unique::WebhookFilter
                | Unique::RoleKey
                | Unique::RolePlace
                | Unique::MappingPlace
                | Unique::HeldSlug { .. }
                | Unique::SlugPlace,
            ) => true,
            Self::Conflict(Unique::UserName { holder } | Unique::GroupName { holder } | Unique::Value { holder, .. }) => {
                holder.is_some()
            }
            _ => false,
        }
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            return Self::Conflict(unique(&message));
        }
        match (&error, code(&error).as_deref()) {
            (_, Some("40001" | "40P01")) => Self::Contended,
            // Admin shutdown, crash shutdown, cannot connect now, too many connections, disk full: the server is away or full. A
            // lock that is not let go, a statement and a transaction that took too long: it is somebody's turn who is gone.
            // Of SQLite: the disk is full, as it says itself or where a write, a sync or the shared memory fails.
            (
                _,
                Some(
                    "57P01" | "57P02" | "57P03" | "53300" | "53100" | "55P03" | "57014" | "25P03" | "13" | "778" | "1034"
                    | "4874",
                ),
            )
            | (DbErr::Conn(_) | DbErr::ConnectionAcquire(_), _) => Self::Unavailable,
            (DbErr::Exec(RuntimeErr::SqlxError(e)) | DbErr::Query(RuntimeErr::SqlxError(e)), _) if is_broken(e) => {
                Self::Unavailable
            }
            _ => Self::Database(error),
        }
    }
}

/// SQLite names the columns of the index, PostgreSQL the index itself.
fn unique(message: &str) -> Unique {
    let names = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if names(&["users_user_name", "user_name_key"]) {
        Unique::UserName { holder: None }
    } else if names(&["groups_display_name", "groups.display_name_key"]) {
        Unique::GroupName { holder: None }
    } else if names(&["tenants_slug", "tenants.slug"]) {
        Unique::Slug
    } else if names(&["admins_email_key", "admins.email_key"]) {
        Unique::AdminEmail
    } else {
        Unique::Other
    }
}

fn is_broken(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed)
}

fn code(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e))
        | DbErr::Conn(RuntimeErr::SqlxError(e)) => e.as_database_error()?.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}
