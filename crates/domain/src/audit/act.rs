//! Everything that can be done and stands in the audit.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody signed in.
    SessionStarted,
    /// Somebody signed out, or signed in anew in the same browser.
    SessionEnded,
    /// A person was added.
    AdminCreated,
    /// A person was given a role in the tenant.
    RoleGranted,
    /// A link for the first operator was made.
    OperatorLinkIssued,
    /// A tenant was made.
    TenantCreated,
    /// A tenant got another name.
    TenantRenamed,
    /// A tenant got another slug.
    TenantSlugChanged,
    /// An old slug of a tenant was dropped.
    OldSlugDropped,
    /// A tenant was closed for good, and goes with all it has.
    TenantDeleted,
    /// A tenant is served no longer.
    TenantSuspended,
    /// A tenant is served again.
    TenantResumed,
    /// A connection was made.
    ConnectionCreated,
    /// A connection was renamed, or made strict or lenient.
    ConnectionChanged,
    /// A connection was closed.
    ConnectionClosed,
    /// A credential was issued.
    CredentialIssued,
    /// A credential was revoked.
    CredentialRevoked,
    /// A credential was revoked because its token was reported as leaked.
    LeakedTokenRevoked,
    /// An OAuth client got another life of its tokens or other trusted keys.
    ClientChanged,
    /// A secret of an OAuth client was issued.
    ClientSecretIssued,
    /// A secret of an OAuth client was revoked.
    ClientSecretRevoked,
    /// A new key signs access tokens.
    SigningKeyRotated,
    /// A schema was registered.
    SchemaRegistered,
    /// A schema got another definition.
    SchemaReplaced,
    /// A schema was dropped.
    SchemaDropped,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::SessionStarted,
        Self::SessionEnded,
        Self::AdminCreated,
        Self::RoleGranted,
        Self::OperatorLinkIssued,
        Self::TenantCreated,
        Self::TenantRenamed,
        Self::TenantSlugChanged,
        Self::OldSlugDropped,
        Self::TenantDeleted,
        Self::TenantSuspended,
        Self::TenantResumed,
        Self::ConnectionCreated,
        Self::ConnectionChanged,
        Self::ConnectionClosed,
        Self::CredentialIssued,
        Self::CredentialRevoked,
        Self::LeakedTokenRevoked,
        Self::ClientChanged,
        Self::ClientSecretIssued,
        Self::ClientSecretRevoked,
        Self::SigningKeyRotated,
        Self::SchemaRegistered,
        Self::SchemaReplaced,
        Self::SchemaDropped,
    ];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionStarted => "session.started",
            Self::SessionEnded => "session.ended",
            Self::AdminCreated => "admin.created",
            Self::RoleGranted => "role.granted",
            Self::OperatorLinkIssued => "operator_link.issued",
            Self::TenantCreated => "tenant.created",
            Self::TenantRenamed => "tenant.renamed",
            Self::TenantSlugChanged => "tenant.slug_changed",
            Self::OldSlugDropped => "tenant.old_slug_dropped",
            Self::TenantDeleted => "tenant.deleted",
            Self::TenantSuspended => "tenant.suspended",
            Self::TenantResumed => "tenant.resumed",
            Self::ConnectionCreated => "connection.created",
            Self::ConnectionChanged => "connection.changed",
            Self::ConnectionClosed => "connection.closed",
            Self::CredentialIssued => "credential.issued",
            Self::CredentialRevoked => "credential.revoked",
            Self::LeakedTokenRevoked => "leaked_token.revoked",
            Self::ClientChanged => "oauth_client.changed",
            Self::ClientSecretIssued => "client_secret.issued",
            Self::ClientSecretRevoked => "client_secret.revoked",
            Self::SigningKeyRotated => "signing_key.rotated",
            Self::SchemaRegistered => "schema.registered",
            Self::SchemaReplaced => "schema.replaced",
            Self::SchemaDropped => "schema.dropped",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }
}
