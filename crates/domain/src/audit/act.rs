//! Everything that can be done and stands in the audit.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody signed in.
    SessionStarted,
    /// Somebody signed out, or signed in anew in the same browser.
    SessionEnded,
    /// A sign-in of a known person was refused.
    SignInRefused,
    /// An operator looked into the tenant.
    OperatorVisited,
    /// A person was added.
    AdminCreated,
    /// A person got another name, or runs the service now or no longer.
    AdminChanged,
    /// A person was removed.
    AdminRemoved,
    /// A person was given a role in the tenant.
    RoleGranted,
    /// A person was given another role in the tenant.
    RoleChanged,
    /// A person's role in the tenant was taken away.
    RoleRevoked,
    /// Somebody was invited, or their invitation was made anew.
    InvitationSent,
    /// An invitation was taken back.
    InvitationRevoked,
    /// A person has another password.
    PasswordChanged,
    /// A link was made with which a person can choose another password.
    PasswordResetIssued,
    /// A person's sign-in asks for a code of their authenticator app.
    TotpEnabled,
    /// A person's sign-in asks for no code any more.
    TotpDisabled,
    /// A person got new recovery codes.
    RecoveryCodesIssued,
    /// A person can sign in with another passkey.
    PasskeyAdded,
    /// A passkey of a person is good no longer.
    PasskeyRemoved,
    /// A person signs in at the installation's OpenID provider from now on too.
    ProviderLinked,
    /// A link for the first operator was made.
    OperatorLinkIssued,
    /// A tenant was made.
    TenantCreated,
    /// A tenant got another name.
    TenantRenamed,
    /// A tenant got another slug.
    TenantSlugChanged,
    /// A tenant's sync log keeps other things, or for another time.
    TenantLogChanged,
    /// An old slug of a tenant was dropped.
    OldSlugDropped,
    /// A tenant was closed for good, and goes with all it has.
    TenantDeleted,
    /// A tenant is served no longer.
    TenantSuspended,
    /// A tenant is served again.
    TenantResumed,
    /// A tenant may send more requests a second, or fewer.
    TenantCeilingChanged,
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
    /// A credential is to be revoked by itself once it is quiet.
    CredentialEndPlanned,
    /// A credential is no longer to be revoked by itself.
    CredentialEndCalledOff,
    /// An API key was issued.
    ApiKeyIssued,
    /// An API key was revoked.
    ApiKeyRevoked,
    /// A credential was revoked because its token was reported as leaked.
    LeakedTokenRevoked,
    /// A set-up link was made.
    SetupLinkCreated,
    /// A set-up link was opened.
    SetupLinkOpened,
    /// A set-up link's holder said that all is done.
    SetupLinkFinished,
    /// A set-up link was revoked.
    SetupLinkRevoked,
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
    /// A reader of the feed was forgotten, with what it acknowledged.
    ReaderForgotten,
    /// A webhook was made.
    WebhookCreated,
    /// A webhook got another name, address or filter, was paused or goes on.
    WebhookChanged,
    /// A webhook was removed.
    WebhookDeleted,
    /// A webhook's messages are signed with a new secret.
    WebhookSecretRotated,
    /// A webhook was sent back to an earlier change.
    WebhookReplayed,
    /// A role of the app was made.
    AppRoleCreated,
    /// A role of the app got another name or description.
    AppRoleChanged,
    /// A role of the app was deleted.
    AppRoleDeleted,
    /// A group was mapped to a role of the app.
    AppRoleMapped,
    /// A group gives a role of the app no longer.
    AppRoleUnmapped,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 62] = [
        Self::SessionStarted,
        Self::SessionEnded,
        Self::SignInRefused,
        Self::OperatorVisited,
        Self::AdminCreated,
        Self::AdminChanged,
        Self::AdminRemoved,
        Self::RoleGranted,
        Self::RoleChanged,
        Self::RoleRevoked,
        Self::InvitationSent,
        Self::InvitationRevoked,
        Self::PasswordChanged,
        Self::PasswordResetIssued,
        Self::TotpEnabled,
        Self::TotpDisabled,
        Self::RecoveryCodesIssued,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::ProviderLinked,
        Self::OperatorLinkIssued,
        Self::TenantCreated,
        Self::TenantRenamed,
        Self::TenantSlugChanged,
        Self::TenantLogChanged,
        Self::OldSlugDropped,
        Self::TenantDeleted,
        Self::TenantSuspended,
        Self::TenantResumed,
        Self::TenantCeilingChanged,
        Self::ConnectionCreated,
        Self::ConnectionChanged,
        Self::ConnectionClosed,
        Self::CredentialIssued,
        Self::CredentialRevoked,
        Self::CredentialEndPlanned,
        Self::CredentialEndCalledOff,
        Self::ApiKeyIssued,
        Self::ApiKeyRevoked,
        Self::LeakedTokenRevoked,
        Self::SetupLinkCreated,
        Self::SetupLinkOpened,
        Self::SetupLinkFinished,
        Self::SetupLinkRevoked,
        Self::ClientChanged,
        Self::ClientSecretIssued,
        Self::ClientSecretRevoked,
        Self::SigningKeyRotated,
        Self::SchemaRegistered,
        Self::SchemaReplaced,
        Self::SchemaDropped,
        Self::ReaderForgotten,
        Self::WebhookCreated,
        Self::WebhookChanged,
        Self::WebhookDeleted,
        Self::WebhookSecretRotated,
        Self::WebhookReplayed,
        Self::AppRoleCreated,
        Self::AppRoleChanged,
        Self::AppRoleDeleted,
        Self::AppRoleMapped,
        Self::AppRoleUnmapped,
    ];

    /// The word in rows and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionStarted => "session.started",
            Self::SessionEnded => "session.ended",
            Self::SignInRefused => "sign_in.refused",
            Self::OperatorVisited => "operator.visited",
            Self::AdminCreated => "admin.created",
            Self::AdminChanged => "admin.changed",
            Self::AdminRemoved => "admin.removed",
            Self::RoleGranted => "role.granted",
            Self::RoleChanged => "role.changed",
            Self::RoleRevoked => "role.revoked",
            Self::InvitationSent => "invitation.sent",
            Self::InvitationRevoked => "invitation.revoked",
            Self::PasswordChanged => "password.changed",
            Self::PasswordResetIssued => "password_reset.issued",
            Self::TotpEnabled => "totp.enabled",
            Self::TotpDisabled => "totp.disabled",
            Self::RecoveryCodesIssued => "recovery_codes.issued",
            Self::PasskeyAdded => "passkey.added",
            Self::PasskeyRemoved => "passkey.removed",
            Self::ProviderLinked => "provider.linked",
            Self::OperatorLinkIssued => "operator_link.issued",
            Self::TenantCreated => "tenant.created",
            Self::TenantRenamed => "tenant.renamed",
            Self::TenantSlugChanged => "tenant.slug_changed",
            Self::TenantLogChanged => "tenant.log_changed",
            Self::OldSlugDropped => "tenant.old_slug_dropped",
            Self::TenantDeleted => "tenant.deleted",
            Self::TenantSuspended => "tenant.suspended",
            Self::TenantResumed => "tenant.resumed",
            Self::TenantCeilingChanged => "tenant.ceiling_changed",
            Self::ConnectionCreated => "connection.created",
            Self::ConnectionChanged => "connection.changed",
            Self::ConnectionClosed => "connection.closed",
            Self::CredentialIssued => "credential.issued",
            Self::CredentialRevoked => "credential.revoked",
            Self::CredentialEndPlanned => "credential.end_planned",
            Self::CredentialEndCalledOff => "credential.end_called_off",
            Self::ApiKeyIssued => "api_key.issued",
            Self::ApiKeyRevoked => "api_key.revoked",
            Self::LeakedTokenRevoked => "leaked_token.revoked",
            Self::SetupLinkCreated => "setup_link.created",
            Self::SetupLinkOpened => "setup_link.opened",
            Self::SetupLinkFinished => "setup_link.finished",
            Self::SetupLinkRevoked => "setup_link.revoked",
            Self::ClientChanged => "oauth_client.changed",
            Self::ClientSecretIssued => "client_secret.issued",
            Self::ClientSecretRevoked => "client_secret.revoked",
            Self::SigningKeyRotated => "signing_key.rotated",
            Self::SchemaRegistered => "schema.registered",
            Self::SchemaReplaced => "schema.replaced",
            Self::SchemaDropped => "schema.dropped",
            Self::ReaderForgotten => "reader.forgotten",
            Self::WebhookCreated => "webhook.created",
            Self::WebhookChanged => "webhook.changed",
            Self::WebhookDeleted => "webhook.deleted",
            Self::WebhookSecretRotated => "webhook.secret_rotated",
            Self::WebhookReplayed => "webhook.replayed",
            Self::AppRoleCreated => "app_role.created",
            Self::AppRoleChanged => "app_role.changed",
            Self::AppRoleDeleted => "app_role.deleted",
            Self::AppRoleMapped => "app_role.mapped",
            Self::AppRoleUnmapped => "app_role.unmapped",
        }
    }

    /// Reads [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == text)
    }
}
