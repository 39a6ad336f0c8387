//! What a person may do, so that doors and screens follow rights and not the names of roles.

use crate::Role;

/// Something a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read people and groups of a tenant.
    DirectoryRead,
    /// Read the changes of a tenant.
    ChangesRead,
    /// Read the sync log of a tenant.
    LogRead,
    /// See the credentials of a tenant, never their secrets.
    CredentialsRead,
    /// Issue and revoke credentials of a tenant.
    CredentialsWrite,
    /// Make, change and close connections of a tenant.
    ConnectionsWrite,
    /// Register, change and drop schemas of a tenant's own.
    SchemasWrite,
    /// Read who did what in a tenant.
    AuditRead,
    /// Change a tenant's name and slug, and drop its old slugs.
    TenantRename,
    /// See all tenants.
    TenantsList,
    /// Make tenants.
    TenantsCreate,
    /// Suspend tenants and serve them again.
    TenantsSuspend,
    /// Delete tenants.
    TenantsDelete,
    /// See how the service itself does.
    SystemRead,
    /// Read who did what to the service itself.
    SystemAuditRead,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::DirectoryRead,
        Self::ChangesRead,
        Self::LogRead,
        Self::CredentialsRead,
        Self::CredentialsWrite,
        Self::ConnectionsWrite,
        Self::SchemasWrite,
        Self::AuditRead,
        Self::TenantRename,
        Self::TenantsList,
        Self::TenantsCreate,
        Self::TenantsSuspend,
        Self::TenantsDelete,
        Self::SystemRead,
        Self::SystemAuditRead,
    ];

    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DirectoryRead => "directory:read",
            Self::ChangesRead => "changes:read",
            Self::LogRead => "log:read",
            Self::CredentialsRead => "credentials:read",
            Self::CredentialsWrite => "credentials:write",
            Self::ConnectionsWrite => "connections:write",
            Self::SchemasWrite => "schemas:write",
            Self::AuditRead => "audit:read",
            Self::TenantRename => "tenant:rename",
            Self::TenantsList => "tenants:list",
            Self::TenantsCreate => "tenants:create",
            Self::TenantsSuspend => "tenants:suspend",
            Self::TenantsDelete => "tenants:delete",
            Self::SystemRead => "system:read",
            Self::SystemAuditRead => "system:audit",
        }
    }

    /// Whether it is about one tenant, and not about the service.
    pub const fn in_tenant(self) -> bool {
        !matches!(
            self,
            Self::TenantsList
                | Self::TenantsCreate
                | Self::TenantsSuspend
                | Self::TenantsDelete
                | Self::SystemRead
                | Self::SystemAuditRead
        )
    }
}

impl Role {
    /// Whether somebody in this role may do it.
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Operator => true,
            Self::Admin => right.in_tenant(),
            Self::Developer => matches!(right, Right::DirectoryRead | Right::ChangesRead),
            Self::Viewer => matches!(right, Right::DirectoryRead | Right::ChangesRead | Right::LogRead),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_operator_reaches_beyond_a_tenant() {
        for right in Right::ALL {
            assert!(Role::Operator.may(right));
            assert_eq!(Role::Admin.may(right), right.in_tenant(), "{right:?}");
        }
    }

    #[test]
    fn who_only_looks_or_builds_sees_no_credentials() {
        for role in [Role::Viewer, Role::Developer] {
            for right in [Right::CredentialsRead, Right::CredentialsWrite, Right::ConnectionsWrite, Right::SchemasWrite] {
                assert!(!role.may(right), "{role:?} {right:?}");
            }
            assert!(!role.may(Right::AuditRead), "{role:?}");
            assert!(role.may(Right::DirectoryRead));
        }
        assert!(Role::Viewer.may(Right::LogRead) && !Role::Developer.may(Right::LogRead));
    }
}
