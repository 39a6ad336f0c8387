//! Audit: who changed what, in a chain of entries per tenant that cannot be rewritten without the server key.
//!
//! What the directory's people and groups become stands in the changes ([`crate::change`]), which IdPs make. Here stand
//! the acts of people, of the command line and of the service itself.

mod act;
pub mod picture;
mod seal;
mod verify;

use serde_json::Value;
use uuid::Uuid;

pub use act::Act;
pub use seal::{AuditKey, Head, Link};
pub use verify::{Flaw, Verifier};

use crate::credential::LEAK_REPORT;
use crate::{AdminId, ApiKeyId, SetupLinkId, TenantId, Timestamp};

/// How the command line is named where a person would be.
pub const COMMAND_LINE: &str = "command line";

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditActor {
    /// A person in the console or of the API.
    Admin {
        /// Who.
        id: AdminId,
        /// Their address at that time.
        email: String,
    },
    /// A key of an OpenAPI client.
    ApiKey {
        /// Which.
        id: ApiKeyId,
        /// Its name at that time.
        name: String,
    },
    /// Whoever holds a set-up link.
    SetupLink {
        /// Which.
        id: SetupLinkId,
        /// For whom it was made.
        name: String,
    },
    /// Whoever runs commands on the server.
    CommandLine,
    /// Whoever held a token and reported it.
    TokenHolder,
    /// Somebody who did not prove who they are.
    Stranger,
    /// The service itself.
    System,
}

impl AuditActor {
    /// What kind of actor it is, as a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Admin { .. } => "admin",
            Self::ApiKey { .. } => "api_key",
            Self::SetupLink { .. } => "setup_link",
            Self::CommandLine => "command_line",
            Self::TokenHolder => "token_holder",
            Self::Stranger => "stranger",
            Self::System => "system",
        }
    }

    /// The id of the person, the key or the link, when it is one.
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::Admin { id, .. } => Some(id.as_uuid()),
            Self::ApiKey { id, .. } => Some(id.as_uuid()),
            Self::SetupLink { id, .. } => Some(id.as_uuid()),
            _ => None,
        }
    }

    /// The person's address, or the name of the key or the link, when it is one.
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Admin { email: text, .. } | Self::ApiKey { name: text, .. } | Self::SetupLink { name: text, .. } => Some(text),
            _ => None,
        }
    }

    /// The actor that [`Self::kind`], [`Self::id`] and [`Self::label`] make.
    pub fn read(kind: &str, id: Option<Uuid>, label: Option<String>) -> Option<Self> {
        match (kind, id, label) {
            ("admin", Some(id), Some(email)) => Some(Self::Admin { id: id.into(), email }),
            ("api_key", Some(id), Some(name)) => Some(Self::ApiKey { id: id.into(), name }),
            ("setup_link", Some(id), Some(name)) => Some(Self::SetupLink { id: id.into(), name }),
            ("command_line", None, None) => Some(Self::CommandLine),
            ("token_holder", None, None) => Some(Self::TokenHolder),
            ("stranger", None, None) => Some(Self::Stranger),
            ("system", None, None) => Some(Self::System),
            _ => None,
        }
    }

    /// How it is named beside what it made or ended.
    pub fn name(&self) -> &str {
        match self {
            Self::Admin { email: text, .. } | Self::ApiKey { name: text, .. } | Self::SetupLink { name: text, .. } => text,
            Self::CommandLine => COMMAND_LINE,
            Self::TokenHolder => LEAK_REPORT,
            Self::Stranger => "stranger",
            Self::System => "service",
        }
    }
}

/// Who does something, from where, and the key that seals what is written of it. Whatever the store changes on
/// somebody's behalf needs one, so that nothing is done without an entry.
#[derive(Clone, Debug)]
pub struct Author {
    /// Who.
    pub actor: AuditActor,
    /// From which address, when it is known.
    pub address: Option<String>,
    /// By which request.
    pub request_id: Option<String>,
    /// What seals the entry.
    pub key: AuditKey,
}

impl Author {
    /// An author without a request: the command line, or the service itself.
    pub fn at_the_server(actor: AuditActor, key: AuditKey) -> Self {
        Self { actor, address: None, request_id: None, key }
    }
}

/// What kind of thing was acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A tenant.
    Tenant,
    /// A connection of a tenant.
    Connection,
    /// A credential of a connection.
    Credential,
    /// A set-up link of a connection.
    SetupLink,
    /// A schema of a tenant's own.
    Schema,
    /// A person in the console.
    Admin,
    /// Somebody who was invited.
    Invitation,
    /// A key of an OpenAPI client.
    ApiKey,
    /// Whoever follows a tenant's feed.
    Reader,
    /// A webhook of a tenant.
    Webhook,
    /// A role of the app.
    AppRole,
    /// The service.
    Service,
}

impl SubjectKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Tenant,
        Self::Connection,
        Self::Credential,
        Self::SetupLink,
        Self::Schema,
        Self::Admin,
        Self::Invitation,
        Self::ApiKey,
        Self::Reader,
        Self::Webhook,
        Self::AppRole,
        Self::Service,
    ];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Connection => "connection",
            Self::Credential => "credential",
            Self::SetupLink => "setup_link",
            Self::Schema => "schema",
            Self::Admin => "admin",
            Self::Invitation => "invitation",
            Self::ApiKey => "api_key",
            Self::Reader => "reader",
            Self::Webhook => "webhook",
            Self::AppRole => "app_role",
            Self::Service => "service",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What was acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id, when it has one.
    pub id: Option<Uuid>,
    /// Its name at that time.
    pub name: Option<String>,
}

/// Something that was done, before it has its place in a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The tenant it belongs to; the service itself without it.
    pub tenant: Option<TenantId>,
    /// What was done.
    pub act: Act,
    /// To what.
    pub subject: Subject,
    /// What it was before, without any secret.
    pub before: Option<Value>,
    /// What it became, without any secret.
    pub after: Option<Value>,
}

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Whose chain; the nil id for the operator's own.
    pub chain: TenantId,
    /// Its number in the chain, from 1 without gaps.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// From which address.
    pub address: Option<String>,
    /// By which request.
    pub request_id: Option<String>,
    /// What was done.
    pub act: Act,
    /// To what.
    pub subject: Subject,
    /// JSON of what it was, to the letter as it was sealed.
    pub before: Option<String>,
    /// JSON of what it became, to the letter as it was sealed.
    pub after: Option<String>,
    /// The hash of the entry before.
    pub previous: Link,
    /// Its own.
    pub hash: Link,
}

impl AuditEntry {
    /// The entry that follows `head`, sealed.
    pub fn after(chain: TenantId, head: &Head, at: Timestamp, author: &Author, deed: &Deed) -> Self {
        let text = |value: &Option<Value>| value.as_ref().map(Value::to_string);
        let mut entry = Self {
            chain,
            seq: head.seq + 1,
            at,
            actor: author.actor.clone(),
            address: author.address.clone(),
            request_id: author.request_id.clone(),
            act: deed.act,
            subject: deed.subject.clone(),
            before: text(&deed.before),
            after: text(&deed.after),
            previous: head.hash,
            hash: Link::START,
        };
        entry.hash = author.key.seal(&entry);
        entry
    }
}
