//! Takes `{tenant}/v2` off the path. Nothing is decoded first: our names and ids need no encoding, so an encoded twin of
//! one is another address.

use domain::TenantRef;

/// The two parts of a path below `/scim`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mounted<'p> {
    /// Whom the address names; `None` when no tenant can be called that.
    pub(crate) tenant: Option<TenantRef>,
    /// The rest, from its slash on; `None` when the address has another form.
    pub(crate) rest: Option<&'p str>,
    /// The version of SCIM that it names, when it is not ours.
    pub(crate) other_version: Option<&'p str>,
}

pub(crate) fn split(path: &str) -> Mounted<'_> {
    let path = path.strip_prefix("/scim").unwrap_or(path);
    let path = path.strip_prefix('/').unwrap_or(path);
    let (tenant, rest) = path.split_once('/').unwrap_or((path, ""));
    let version = rest.split('/').next().unwrap_or_default();
    let number = version.strip_prefix('v').unwrap_or_default();
    let other_version = Some(version).filter(|_| version != "v2" && number.starts_with(|digit: char| digit.is_ascii_digit()));
    let rest = rest.strip_prefix("v2").filter(|rest| rest.is_empty() || rest.starts_with('/'));
    Mounted { tenant: tenant.parse().ok(), rest, other_version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_is_taken_off() {
        let mounted = split("/scim/acme/v2/Users/1");
        assert_eq!((mounted.tenant, mounted.rest), ("acme".parse().ok(), Some("/Users/1")));
    }

    #[test]
    fn twins_of_a_name_name_nobody() {
        for path in ["/scim/%61cme/v2/Users", "/scim/ACME/v2/Users", "/scim/acme..;/v2/Users", "/scim//v2/Users"] {
            assert_eq!(split(path).tenant, None, "{path}");
        }
        for (path, other) in [
            ("/scim/acme/v1/Users", Some("v1")),
            ("/scim/acme/v2.1", Some("v2.1")),
            ("/scim/acme/Users", None),
            ("/scim/acme", None),
        ] {
            assert_eq!((split(path).rest, split(path).other_version), (None, other), "{path}");
        }
    }
}
