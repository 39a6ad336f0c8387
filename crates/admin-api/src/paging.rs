//! Lists in pages: a cursor is the id of the last row seen, which means nothing outside its own list.

use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};

use crate::failure::Failure;

/// Rows of a page when none are asked for.
const USUAL: u64 = 50;
/// Most rows of a page.
pub(crate) const MOST: u64 = 200;

/// A part of a list.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub(crate) struct Page<T: ParseFromJSON + ToJSON + Type + Send + Sync> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// What to send as `after` for the rows that follow; absent at the end.
    pub(crate) next: Option<String>,
    /// How many rows there are in all, where that is known without counting them.
    pub(crate) total: Option<u64>,
}

impl<T: ParseFromJSON + ToJSON + Type + Send + Sync> Page<T> {
    /// A page made from up to one row more than asked for: that row says that more follow.
    pub(crate) fn cut(mut items: Vec<T>, limit: u64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next, total: None }
    }

    /// A list that is never long.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None, total: None }
    }

    /// The page with the length of the whole list.
    pub(crate) fn of(self, total: Option<u64>) -> Self {
        Self { total, ..self }
    }
}

/// How many rows are wanted.
///
/// # Errors
/// Fewer than one or more than [`MOST`].
pub(crate) fn limit(asked: Option<u64>) -> Result<u64, Failure> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Failure::field("limit", "is a number from 1 to 200")),
    }
}

/// The id behind a cursor.
///
/// # Errors
/// Text that is no cursor of ours.
pub(crate) fn cursor<T: std::str::FromStr>(after: Option<&str>) -> Result<Option<T>, Failure> {
    after.map(str::parse).transpose().map_err(|_| Failure::field("after", "is no cursor of this list"))
}
