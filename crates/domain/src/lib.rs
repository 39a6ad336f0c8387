//! The nouns and rules of Directory Sync: tenants, connections, credentials, admins, directory records, changes and
//! sync events.
//!
//! No framework stands here: no HTTP, no database, no runtime. The one seam for substitution is [`Clock`].

pub mod acknowledgement;
pub mod address;
pub mod admin;
pub mod api_key;
pub mod app_role;
pub mod audit;
pub mod cause;
pub mod ceiling;
pub mod change;
pub mod clock;
pub mod code;
pub mod connection;
pub mod credential;
pub mod directory;
pub mod exchange;
pub mod extension_schema;
pub mod factor;
pub mod fingerprint;
pub mod health;
pub mod ids;
pub mod invitation;
pub mod milestone;
pub mod oauth;
pub mod recognition;
pub mod right;
pub mod secret;
pub mod session;
pub mod setup_link;
pub mod standing;
pub mod sync_event;
pub mod tenant;
pub mod token;
pub mod webhook;

pub use acknowledgement::{AcknowledgementTarget, FeedReader, Latencies, ReaderKind};
pub use address::ClientAddress;
pub use admin::{Admin, Role};
pub use api_key::ApiKey;
pub use app_role::{AppRole, RoleKey, RoleOfUser};
pub use audit::{Act, AuditEntry, AuditKey, Author};
pub use cause::Cause;
pub use ceiling::Ceiling;
pub use change::{Actor, Change, ChangeKind, NewChange};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use connection::{Connection, ConnectionState, Idp};
pub use credential::{Credential, Rights};
pub use directory::{Group, Member, ResourceKind, User};
pub use exchange::{BodyPolicy, Exchange, RawExchange};
pub use extension_schema::{ExtensionSchema, SchemaState};
pub use fingerprint::Fingerprint;
pub use ids::*;
pub use invitation::Invitation;
pub use milestone::Milestone;
pub use oauth::{ClientSecret, OAuthClient, SigningKey};
pub use recognition::{Confidence, Mark, Marks, Recognition};
pub use right::Right;
pub use secret::{Secret, ServerKey};
pub use session::{Session, SignInMethod};
pub use setup_link::{SetupLink, SetupLinkState};
pub use standing::Standing;
pub use sync_event::{Outcome, SyncEvent};
pub use tenant::{LogSettings, OldSlug, Tenant, TenantRef, TenantSlug, TenantState};
pub use webhook::{Delivery, DeliveryOutcome, Webhook, WebhookState};
