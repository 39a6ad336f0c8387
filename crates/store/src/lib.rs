//! The only crate that knows SQL.
//!
//! [`Store`] has two doors: [`Store::tenant`], bound to one tenant, and [`Store::system`] for the few questions asked
//! before a tenant is known. Nothing else reaches a row: pools and entities are private. Writes are units of work
//! ([`Unit`]) that a lane commits together with what else waits.

mod access;
mod acknowledgements;
mod admins;
mod announcer;
mod api_keys;
mod audit;
mod backup;
mod ceremonies;
mod changes;
mod connections;
mod counters;
mod credentials;
mod dialect;
mod endings;
mod entity;
mod error;
mod factors;
mod filter_sql;
mod groups;
mod invitations;
mod keys;
mod member_changes;
mod memberships;
mod news;
mod node_list;
mod nodes;
mod notices;
mod oauth_clients;
mod one_time_codes;
mod overheard;
mod password_resets;
mod people;
mod query;
mod removal;
mod retention;
mod retention_round;
mod roles;
mod schemas;
mod sessions;
mod setup_links;
mod signing_keys;
mod snapshot;
mod sql;
mod standings;
mod store;
mod subjects;
mod sync_log;
mod system_unit;
mod tenant_slugs;
mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod unique_values;
mod users;
mod wall;
mod webhooks;
mod write;

pub use access::{Access, FoundAccess, Whom};
pub use acknowledgements::{AcknowledgeError, AcknowledgedChange, Acknowledgements, LateReader, Progress};
pub use admins::{AdminRecord, NewAdmin};
pub use audit::{Audit, AuditQuery, Verdict};
pub use backup::{BackedUp, BackedUpCounts, BackedUpTenant, BackupError, back_up};
pub use ceremonies::{Ceremony, CeremonyKind};
pub use changes::{ChangeOrder, ChangeQuery, Feed, FeedError, FeedPage, FeedQuery};
pub use connections::{ConnectionChange, Connections};
pub use counters::Counters;
pub use credentials::{Credentials, KnownCredential, Quiet, Use};
pub use endings::Ending;
pub use error::{StoreError, Unique};
pub use groups::{GroupWriter, Groups, WaitingGroups};
pub use invitations::{Acceptance, Guest};
pub use memberships::{MemberDiff, Members, UserGroup, WaitingMember};
pub use news::Bell;
pub use node_list::Node;
pub use oauth_clients::{FoundSecret, OAuthClients};
pub use overheard::Heard;
pub use people::{AdminChange, PersonOutcome};
pub use query::{Listing, Mark, Page, Window};
pub use removal::Removal;
pub use retention_round::RetentionRound;
pub use roles::{Mapped, MappedGroup, Preview, PreviewPerson, Previewed, RoleChange, RoleDeletion, RoleMappings, Settled};
pub use schemas::{Fit, Preparing, Schemas, TenantSchemas};
pub use setup_links::SetupLinks;
pub use snapshot::{Claim, Compared, Differing, Drift, Mirrored, Missing, Piece, Snapshot, Unknown};
pub use standings::{ConnectionBrief, NextEnd, Reading, StandingOrder, StandingPage, StandingQuery, Stands, live};
pub use store::{Database, Migrated, Settings, Store, System, TenantStore};
pub use sync_log::{
    Figures, Hour, LastHour, MOST_COUNTED, Passed, Problem, RepairCount, Story, SyncEventFilter, SyncLog, SyncLogSender,
    SyncLogWatch, SyncLogWriter, TenantSyncLog, Traffic,
};
pub use tenants::{LogChange, TenantChange};
pub use tx::{Origin, Tx};
pub use users::{NewUser, Place, UserWriter, Users, Walk};
pub use wall::{Wall, WallFault};
pub use webhooks::{DeliveryQuery, Hold, OfResource, WaitingWebhook, WebhookChange, Webhooks};
pub use write::{Unit, Waiting, Written};
