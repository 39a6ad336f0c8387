//! What the operations of a bulk request were about. The request has one event, and that tells of what was refused: whoever
//! was must be found, and what counts refusals must see it.

use std::collections::HashSet;

use uuid::Uuid;

use super::RequestRecord;
use super::names::MOST_NAMES;
use crate::failure::Told;

/// Most names of operations that were refused: as many as a request has operations, and a few more.
const MOST_OF_REFUSED: usize = 1_024;
/// Most names of one of them.
const OF_ONE: usize = 8;

/// What became of the operations of one request.
#[derive(Debug, Default)]
pub(super) struct Operations {
    /// What the first that was refused was told, and whom it is about.
    first: Option<(Told, Option<String>)>,
    /// The names in those that were refused, each with its place among the names of its operation.
    refused: Vec<(usize, String)>,
    /// The names in those that were done.
    done: Vec<String>,
    /// Whom the last of these was about.
    last: Option<String>,
}

impl RequestRecord {
    /// An operation was done: what was noted since the one before is about it.
    pub(crate) fn operation_done(&mut self) {
        for name in self.take_names() {
            let done = &mut self.operations.done;
            if done.len() < MOST_NAMES && !done.contains(&name) {
                done.push(name);
            }
        }
        let last = self.resource_name.take();
        self.operations.last = last.or_else(|| self.operations.last.take());
    }

    /// An operation was refused: what was noted since the one before is about it, and so is the id in its path.
    pub(crate) fn operation_refused(&mut self, told: Told, id: Option<Uuid>) {
        let mut names = self.take_names();
        if let Some(id) = id {
            names.insert(names.len().min(1), id.to_string());
        }
        self.operations.refused.extend(names.into_iter().take(OF_ONE).enumerate());
        let whom = self.resource_name.take();
        if self.operations.first.is_none() {
            self.operations.first = Some((told, whom));
        }
    }

    /// Every name that the request is found by: those of what was refused come first, and of these the first of each
    /// operation, so that as many people as can be are found.
    pub(super) fn all_names(&mut self) -> Vec<String> {
        let mut refused = std::mem::take(&mut self.operations.refused);
        refused.sort_by_key(|(place, _)| *place);
        let mut names: Vec<String> = refused.into_iter().map(|(_, name)| name).collect();
        let mut known = HashSet::new();
        names.retain(|name| known.insert(name.clone()));
        names.truncate(MOST_OF_REFUSED);
        let done = std::mem::take(&mut self.operations.done).into_iter();
        for name in done.chain(self.take_names()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What the first operation that was refused was told. The request is about whom that one is about, or else about whom
    /// the last one was.
    pub(super) fn first_refused(&mut self) -> Option<Told> {
        let Some((told, whom)) = self.operations.first.take() else {
            let last = self.operations.last.take();
            self.resource_name = self.resource_name.take().or(last);
            return None;
        };
        self.resource_name = whom;
        Some(told)
    }
}

#[cfg(test)]
mod tests {
    use domain::{Cause, CredentialId, Outcome, Timestamp};
    use http::{HeaderMap, Method, Uri};

    use super::*;

    fn record() -> RequestRecord {
        let uri = Uri::from_static("/scim/acme/v2/Bulk");
        let mut record = RequestRecord::open(&Method::POST, &uri, &HeaderMap::new(), None, Timestamp::from_micros(0));
        (record.operation, record.credential) = (Some("bulk"), Some(CredentialId::generate()));
        record
    }

    fn told(status: u16, cause: Cause) -> Told {
        Told { status, scim_type: None, detail: format!("told {status}"), cause }
    }

    #[test]
    fn the_first_that_was_refused_stands_for_the_request() {
        let mut record = record();
        record.named("ada");
        record.operation_done();
        for (name, status, cause) in [("bob", 412, Cause::Stale), ("cyd", 404, Cause::NotFound)] {
            record.named(name);
            record.operation_refused(told(status, cause), None);
        }
        record.bulk = Some((3, 2));
        let event = record.close(200, None);
        assert_eq!((event.status, Outcome::of(event.status), event.cause), (412, Outcome::Rejected, Some(Cause::Stale)));
        assert_eq!(event.sentence, "Bulk of 3 operations, 2 of them refused. Refused bob: told 412");
        assert_eq!((event.resource_name.as_deref(), event.identifiers.join(" ")), (Some("bob"), "bob cyd ada".to_owned()));
    }

    #[test]
    fn a_request_of_which_nothing_was_refused_stands_for_itself() {
        let mut record = record();
        for name in ["ada", "bob"] {
            record.named(name);
            record.operation_done();
        }
        record.bulk = Some((2, 0));
        let event = record.close(200, None);
        assert_eq!((event.status, event.cause, event.sentence.as_str()), (200, None, "Bulk of 2 operations"));
        assert_eq!((event.resource_name.as_deref(), event.identifiers.join(" ")), (Some("bob"), "ada bob".to_owned()));
    }

    #[test]
    fn each_of_a_thousand_that_were_refused_is_found() {
        let mut record = record();
        for place in 0..1_000 {
            record.named(&format!("p{place}"));
            record.looked_for(&format!("p{place}@acme.test"));
            record.operation_refused(told(404, Cause::NotFound), Some(Uuid::now_v7()));
        }
        let names = record.close(200, None).identifiers;
        assert_eq!(names.len(), MOST_OF_REFUSED);
        assert!((0..1_000).all(|place| names.contains(&format!("p{place}"))));
    }
}
