//! The orders in which tenants are listed, and their cursors: a place in an order, and who stands there.

use domain::TenantId;
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
    /// How many requests came within 24 hours.
    Requests,
    /// How many of them were refused or failed.
    Refused,
    /// When the last request came; those to whom none came first.
    LastRequest,
    /// When the next credential ends; those of whom none ends last.
    CredentialEnd,
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
pub(crate) fn cursor(tenant: TenantId, place: &str) -> String {
    format!("{tenant}:{place}")
}

/// The place in an order behind a cursor.
pub(crate) fn place(after: &str) -> Result<(String, TenantId), Failure> {
    let (id, place) = after.split_once(':').ok_or_else(|| Failure::field("after", "is no cursor of this list"))?;
    let id = paging::cursor(Some(id))?.ok_or_else(|| Failure::field("after", "is no cursor of this list"))?;
    Ok((place.to_owned(), id))
}
