//! The orders in which tenants are listed, and their cursors: a place in an order, and who stands there.

use domain::{Right, TenantId};
use poem_openapi::Enum;
use store::StandingOrder;

use crate::failure::Failure;
use crate::paging;

/// What a list of tenants is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "TenantOrder", rename_all = "camelCase")]
pub(crate) enum Order {
    /// When they were made.
    Created,
    /// Their names, without regard to case.
    Name,
    /// Their slugs.
    Slug,
    /// How much they need somebody: failing, silent, suspended, not connected, waiting, working.
    Standing,
    /// The IdP of their first open connection; those without one first.
    Idp,
    /// How many people they have.
    People,
    /// How many groups they have.
    Groups,
    /// How many requests came within 24 hours. For those who may `log:read` in all of their tenants.
    Requests,
    /// How many of them were refused or failed. For those who may `log:read` in all of their tenants.
    Refused,
    /// When the last request came; those to whom none came first.
    LastRequest,
    /// When the next credential ends; those of whom none ends last. For those who may `credentials:read` in all of their
    /// tenants.
    CredentialEnd,
}

impl Order {
    /// What only some may know of a tenant, and everybody would who saw who comes before whom.
    pub(crate) const fn right(self) -> Option<Right> {
        match self {
            Self::Requests | Self::Refused => Some(Right::LogRead),
            Self::CredentialEnd => Some(Right::CredentialsRead),
            _ => None,
        }
    }
}

impl From<Order> for StandingOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Created => Self::Created,
            Order::Name => Self::Name,
            Order::Slug => Self::Slug,
            Order::Standing => Self::Standing,
            Order::Idp => Self::Idp,
            Order::People => Self::People,
            Order::Groups => Self::Groups,
            Order::Requests => Self::Requests,
            Order::Refused => Self::Refused,
            Order::LastRequest => Self::LastRequest,
            Order::CredentialEnd => Self::CredentialEnd,
        }
    }
}

/// The cursor of whoever stands at a place in an order.
pub(crate) fn cursor((place, tenant): &(String, TenantId)) -> String {
    format!("{tenant}:{place}")
}

/// The place in an order behind a cursor.
///
/// # Errors
/// Text that is no cursor of ours.
pub(crate) fn place(after: &str) -> Result<(String, TenantId), Failure> {
    let foreign = || Failure::field("after", "is no cursor of this list");
    let (id, place) = after.split_once(':').ok_or_else(foreign)?;
    let id = paging::cursor(Some(id))?.ok_or_else(foreign)?;
    // PostgreSQL has no text with it.
    if place.contains('\0') { Err(foreign()) } else { Ok((place.to_owned(), id)) }
}
