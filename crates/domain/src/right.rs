//! What a person may do, so that doors and screens follow rights and not the names of roles.

use crate::Role;

/// Something a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read people and groups of a tenant.
    DirectoryRead,
    /// Read the changes of a tenant.
    ChangesRead,
    /// Say which changes of a tenant were applied, and forget who said so.
    ChangesAcknowledge,
    /// Read the sync log of a tenant.
    LogRead,
    /// See what requests of a tenant said as its sync log keeps it; others see it masked.
    LogFull,
    /// See the credentials of a tenant, never their secrets.
    CredentialsRead,
    /// Issue and revoke credentials of a tenant.
    CredentialsWrite,
    /// Make, change and close connections of a tenant.
    ConnectionsWrite,
    /// Register, change and drop schemas of a tenant's own.
    SchemasWrite,
    /// Map a tenant's groups to roles of the app.
    RolesMap,
    /// Read who did what in a tenant.
    AuditRead,
    /// Change a tenant's name, slug and what its sync log keeps, and drop its old slugs.
    TenantRename,
    /// Invite people into a tenant, give them other roles there and take them away.
    PeopleManage,
    /// Make and revoke API keys of a tenant.
    ApiKeysManage,
    /// See, make, change and remove webhooks of a tenant, and see what was sent to them.
    WebhooksManage,
    /// See all tenants.
    TenantsList,
    /// Make tenants.
    TenantsCreate,
    /// Suspend tenants and serve them again.
    TenantsSuspend,
    /// Set how many requests a tenant may send.
    TenantsLimit,
    /// Delete tenants.
    TenantsDelete,
    /// Make, change and delete roles of the app.
    RolesDefine,
    /// See how the service itself does.
    SystemRead,
    /// Read who did what to the service itself.
    SystemAuditRead,
    /// Invite operators, help people who cannot sign in and remove them, and manage the service's API keys.
    SystemPeople,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::DirectoryRead,
        Self::ChangesRead,
        Self::ChangesAcknowledge,
        Self::LogRead,
        Self::LogFull,
        Self::CredentialsRead,
        Self::CredentialsWrite,
        Self::ConnectionsWrite,
        Self::SchemasWrite,
        Self::RolesMap,
        Self::AuditRead,
        Self::TenantRename,
        Self::PeopleManage,
        Self::ApiKeysManage,
        Self::WebhooksManage,
        Self::TenantsList,
        Self::TenantsCreate,
        Self::TenantsSuspend,
        Self::TenantsLimit,
        Self::TenantsDelete,
        Self::RolesDefine,
        Self::SystemRead,
        Self::SystemAuditRead,
        Self::SystemPeople,
    ];

    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DirectoryRead => "directory:read",
            Self::ChangesRead => "changes:read",
            Self::ChangesAcknowledge => "changes:acknowledge",
            Self::LogRead => "log:read",
            Self::LogFull => "log:full",
            Self::CredentialsRead => "credentials:read",
            Self::CredentialsWrite => "credentials:write",
            Self::ConnectionsWrite => "connections:write",
            Self::SchemasWrite => "schemas:write",
            Self::RolesMap => "roles:map",
            Self::AuditRead => "audit:read",
            Self::TenantRename => "tenant:rename",
            Self::PeopleManage => "people:manage",
            Self::ApiKeysManage => "api_keys:manage",
            Self::WebhooksManage => "webhooks:manage",
            Self::TenantsList => "tenants:list",
            Self::TenantsCreate => "tenants:create",
            Self::TenantsSuspend => "tenants:suspend",
            Self::TenantsLimit => "tenants:limit",
            Self::TenantsDelete => "tenants:delete",
            Self::RolesDefine => "roles:define",
            Self::SystemRead => "system:read",
            Self::SystemAuditRead => "system:audit",
            Self::SystemPeople => "system:people",
        }
    }

    /// Whether only a person may do it: a key that leaked must not be able to make itself last.
    pub const fn of_people(self) -> bool {
        matches!(self, Self::PeopleManage | Self::ApiKeysManage | Self::SystemPeople)
    }

    /// Whether it is about one tenant, and not about the service.
    pub const fn in_tenant(self) -> bool {
        !matches!(
            self,
            Self::TenantsList
                | Self::TenantsCreate
                | Self::TenantsSuspend
                | Self::TenantsLimit
                | Self::TenantsDelete
                | Self::RolesDefine
                | Self::SystemRead
                | Self::SystemAuditRead
                | Self::SystemPeople
        )
    }
}

impl Role {
    /// Whether somebody in this role may do all that `other` may.
    pub fn covers(self, other: Self) -> bool {
        Right::ALL.into_iter().all(|right| !other.may(right) || self.may(right))
    }

    /// Whether somebody in this role may do it.
    pub const fn may(self, right: Right) -> bool {
        match self {
            Self::Operator => true,
            Self::Admin => right.in_tenant(),
            Self::Developer => {
                matches!(
                    right,
                    Right::DirectoryRead
                        | Right::ChangesRead
                        | Right::ChangesAcknowledge
                        | Right::ApiKeysManage
                        | Right::WebhooksManage
                )
            }
            Self::Viewer => matches!(right, Right::DirectoryRead | Right::ChangesRead | Right::LogRead | Right::AuditRead),
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
    fn a_role_covers_what_reaches_no_further() {
        use Role::{Admin, Developer, Operator, Viewer};
        assert!([Operator, Admin, Developer, Viewer].into_iter().all(|role| Operator.covers(role) && role.covers(role)));
        assert!(Admin.covers(Developer) && Admin.covers(Viewer) && !Admin.covers(Operator));
        assert!(!Developer.covers(Viewer) && !Developer.covers(Admin) && !Viewer.covers(Developer));
    }

    #[test]
    fn who_only_looks_or_builds_sees_no_credentials() {
        for role in [Role::Viewer, Role::Developer] {
            for right in [
                Right::LogFull,
                Right::CredentialsRead,
                Right::CredentialsWrite,
                Right::ConnectionsWrite,
                Right::SchemasWrite,
                Right::RolesMap,
            ] {
                assert!(!role.may(right), "{role:?} {right:?}");
            }
            assert!(role.may(Right::DirectoryRead));
        }
        assert!(Role::Viewer.may(Right::AuditRead) && !Role::Developer.may(Right::AuditRead));
        assert!(Role::Viewer.may(Right::LogRead) && !Role::Developer.may(Right::LogRead));
        assert!(!Role::Viewer.may(Right::ChangesAcknowledge) && Role::Developer.may(Right::ChangesAcknowledge));
        assert!(Role::Developer.may(Right::WebhooksManage) && !Role::Viewer.may(Right::WebhooksManage));
    }

    #[test]
    fn who_only_looks_may_read_and_nothing_else() {
        let held: Vec<_> = Right::ALL.into_iter().filter(|right| Role::Viewer.may(*right)).map(Right::as_str).collect();
        assert_eq!(held, ["directory:read", "changes:read", "log:read", "audit:read"]);
    }
}
