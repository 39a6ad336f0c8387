//! Which people a list is asked for, and the part of them that a page holds.

use domain::{ResourceKind, Timestamp, User};
use scim::Condition;
use store::{Listing, Mark, Place, TenantStore, Walk, Window};

use super::condition;
use crate::auth::Visit;
use crate::directory_filter;
use crate::failure::Failure;
use crate::paging;

/// Most people who are looked at for one page where no index leads to those who are wanted.
const LOOKED_AT: u64 = 5_000;

/// Which people are wanted.
pub(super) struct Wanted {
    pub(super) search: Option<String>,
    pub(super) filter: Option<Condition>,
    pub(super) active: Option<bool>,
    pub(super) changed_since: Option<Timestamp>,
    pub(super) in_group: Option<bool>,
    pub(super) after: Option<String>,
    pub(super) limit: u64,
}

/// The people of a page, and its `next`. Where somebody is searched or filtered for, whether they are in a group is left to
/// the caller, who counts their groups anyway.
pub(super) async fn page(visit: &Visit, wanted: &Wanted) -> Result<(Vec<User>, Option<String>), Failure> {
    if wanted.search.is_none() && wanted.filter.is_none() {
        return walked(&visit.store, wanted).await;
    }
    let window = Window::After { last: paging::cursor(wanted.after.as_deref())?.map(Mark::at), count: wanted.limit };
    let condition = directory_filter::both(people(wanted)?, wanted.filter.clone());
    let listing = Listing { condition, sort: None, window, total: false };
    let _turn = directory_filter::take_turn(visit, &listing, ResourceKind::User).await?;
    let page = visit.store.users().list(&listing).await?;
    Ok((page.items, page.next.map(|mark| mark.id.to_string())))
}

async fn walked(store: &TenantStore, wanted: &Wanted) -> Result<(Vec<User>, Option<String>), Failure> {
    let by_change = wanted.changed_since.is_some();
    let walk = Walk {
        active: wanted.active,
        changed_since: wanted.changed_since,
        in_group: wanted.in_group,
        after: wanted.after.as_deref().map(|after| place(after, by_change)).transpose()?,
        limit: wanted.limit,
        looked_at: LOOKED_AT,
    };
    let (users, next) = store.users().walk(&walk).await?;
    let cursor = |place: Place| {
        if by_change { format!("{}:{}", place.changed.as_micros(), place.id) } else { place.id.to_string() }
    };
    Ok((users, next.map(cursor)))
}

/// The place behind a cursor: an id, and before it a time where the list is in the order of changes.
fn place(after: &str, by_change: bool) -> Result<Place, Failure> {
    let foreign = || Failure::field("after", "is no cursor of this list");
    let (micros, id) = if by_change { after.split_once(':').ok_or_else(foreign)? } else { ("0", after) };
    let changed = Timestamp::from_micros(micros.parse().map_err(|_| foreign())?);
    Ok(Place { changed, id: id.parse().map_err(|_| foreign())? })
}

fn people(wanted: &Wanted) -> Result<Option<Condition>, Failure> {
    const SEARCHED: &str =
        "userName sw ? or displayName sw ? or name.familyName sw ? or emails.value sw ? or externalId eq ? or id eq ?";
    let mut all = Vec::new();
    if let Some(text) = &wanted.search {
        all.push(condition(ResourceKind::User, SEARCHED, text)?);
    }
    if let Some(active) = wanted.active {
        all.push(condition(ResourceKind::User, if active { "active eq true" } else { "active eq false" }, "")?);
    }
    if let Some(since) = wanted.changed_since {
        all.push(condition(ResourceKind::User, "meta.lastModified ge ?", &since.to_rfc3339())?);
    }
    Ok((!all.is_empty()).then_some(Condition::All(all)))
}
