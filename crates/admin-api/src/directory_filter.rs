//! Filters over people and groups in the grammar of SCIM (RFC 7644 §3.4.2.2), answered exactly or refused.

use domain::ResourceKind;
use scim::{Condition, Filter, MemberKind};
use store::Listing;

use crate::auth::Visit;
use crate::failure::Failure;
use crate::turns::Turn;

/// Lists of a node that look through a whole directory at one time, of each tenant one; others wait for them.
pub(crate) const SCANS: usize = 2;

/// What a filter means with the tenant's own schemas; none without a filter.
///
/// # Errors
/// A filter that cannot be read, or names what there is not. An empty one too: it is never taken for all.
pub(crate) async fn condition(visit: &Visit, kind: ResourceKind, filter: Option<&str>) -> Result<Option<Condition>, Failure> {
    let Some(filter) = filter else { return Ok(None) };
    let schemas = visit.store.schemas().resource_types().await?;
    let parsed = Filter::parse(filter).and_then(|parsed| Condition::resolve(&parsed, schemas.of(kind)));
    let condition = parsed.map_err(|fault| Failure::field("filter", fault.detail()))?;
    let base = format!("{}/scim/{}/v2", visit.shared.settings.public_url, visit.tenant.slug);
    let kind = match kind {
        ResourceKind::User => MemberKind::User,
        ResourceKind::Group => MemberKind::Group,
    };
    Ok(Some(condition.without_addresses(&base, kind)))
}

/// All of the conditions at once.
pub(crate) fn both(first: Option<Condition>, second: Option<Condition>) -> Option<Condition> {
    match (first, second) {
        (Some(first), Some(second)) => Some(Condition::All(vec![first, second])),
        (one, other) => one.or(other),
    }
}

/// Waits for its turn where a list is answered by looking through the directory; to be held until it is.
///
/// # Errors
/// [`Failure::TooManyAtOnce`].
pub(crate) async fn take_turn(visit: &Visit, listing: &Listing, kind: ResourceKind) -> Result<Option<Turn>, Failure> {
    if !listing.scans(kind) {
        return Ok(None);
    }
    visit.shared.scans.take(visit.tenant.id).await.map(Some)
}
