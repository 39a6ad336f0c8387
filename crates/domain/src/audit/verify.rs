//! Walking a chain from its beginning and naming the first entry that is not as it was written.

use std::fmt;

use super::{AuditEntry, AuditKey, Head, Link};
use crate::TenantId;

/// The first thing that is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The entry of this number is not there, but later ones are.
    Missing(u64),
    /// The entry of this number does not hold what was written.
    Changed(u64),
    /// An entry stands before the first one.
    Before,
    /// Entries from this number on were there and are not.
    Cut(u64),
    /// The entry of this number stands behind the end of the chain.
    Beyond(u64),
    /// The row that says where the chain ends, after this number, does not hold what was written, or is not there.
    Head(u64),
}

impl Flaw {
    /// The number of the first bad entry.
    pub const fn seq(self) -> u64 {
        match self {
            Self::Before => 0,
            Self::Missing(seq) | Self::Changed(seq) | Self::Cut(seq) | Self::Beyond(seq) | Self::Head(seq) => seq,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(seq) => write!(f, "entry {seq} is missing"),
            Self::Changed(seq) => write!(f, "entry {seq} was changed"),
            Self::Before => f.write_str("an entry stands before the first one"),
            Self::Cut(seq) => write!(f, "the chain was cut: entry {seq} and those after it are missing"),
            Self::Beyond(seq) => write!(f, "entry {seq} stands behind the recorded end of the chain"),
            Self::Head(seq) => write!(f, "the record of the chain's end after entry {seq} was changed or removed"),
        }
    }
}

/// A walk along a chain, entry by entry in the order of their numbers.
#[derive(Debug)]
pub struct Verifier<'k> {
    key: &'k AuditKey,
    chain: TenantId,
    reached: Head,
}

impl<'k> Verifier<'k> {
    /// A walk that has not begun.
    pub const fn new(key: &'k AuditKey, chain: TenantId) -> Self {
        Self { key, chain, reached: Head::START }
    }

    /// How far it came.
    pub const fn reached(&self) -> Head {
        self.reached
    }

    /// Looks at the next entry.
    ///
    /// # Errors
    /// The flaw, after which the walk cannot go on.
    pub fn step(&mut self, entry: &AuditEntry) -> Result<(), Flaw> {
        let expected = self.reached.seq + 1;
        if entry.seq > expected {
            return Err(Flaw::Missing(expected));
        }
        let in_place = entry.seq == expected && entry.chain == self.chain && entry.previous == self.reached.hash;
        if !in_place || entry.hash != self.key.seal(entry) {
            return Err(Flaw::Changed(entry.seq));
        }
        self.reached = Head { seq: entry.seq, hash: entry.hash };
        Ok(())
    }

    /// Holds the end of the walk against the recorded `head` and its seal.
    ///
    /// # Errors
    /// The flaw.
    pub fn end(&self, head: Option<(Head, Link)>) -> Result<(), Flaw> {
        let Some((head, seal)) = head else {
            return if self.reached == Head::START { Ok(()) } else { Err(Flaw::Head(self.reached.seq)) };
        };
        if seal != self.key.seal_head(self.chain, &head) {
            return Err(Flaw::Head(self.reached.seq));
        }
        match head.seq {
            seq if seq > self.reached.seq => Err(Flaw::Cut(self.reached.seq + 1)),
            seq if seq < self.reached.seq => Err(Flaw::Beyond(seq + 1)),
            _ if head.hash != self.reached.hash => Err(Flaw::Head(self.reached.seq)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Act, AuditActor, Author, Deed, Subject, SubjectKind};
    use super::*;
    use crate::{ServerKey, Timestamp};

    fn key(byte: u8) -> AuditKey {
        AuditKey::of(&ServerKey::from_bytes([byte; 32]))
    }

    fn chain(length: u64) -> (TenantId, Vec<AuditEntry>, Head) {
        let (tenant, author) = (TenantId::generate(), Author::at_the_server(AuditActor::CommandLine, key(7)));
        let (mut entries, mut head) = (Vec::new(), Head::START);
        for n in 0..length {
            let subject = Subject { kind: SubjectKind::Tenant, id: None, name: Some(format!("{n}")) };
            let (act, after) = (Act::TenantRenamed, Some(json!({ "name": n })));
            let deed = Deed { tenant: Some(tenant), act, subject, before: None, after };
            let entry = AuditEntry::after(tenant, &head, Timestamp::from_micros(0), &author, &deed);
            head = Head { seq: entry.seq, hash: entry.hash };
            entries.push(entry);
        }
        (tenant, entries, head)
    }

    fn walk(key: &AuditKey, tenant: TenantId, entries: &[AuditEntry], head: Head) -> Result<(), Flaw> {
        let mut walk = Verifier::new(key, tenant);
        entries.iter().try_for_each(|entry| walk.step(entry))?;
        walk.end(Some((head, key.seal_head(tenant, &head))))
    }

    #[test]
    fn a_chain_as_it_was_written_has_no_flaw_and_none_but_its_key_makes_it() {
        let (tenant, entries, head) = chain(5);
        assert_eq!(walk(&key(7), tenant, &entries, head), Ok(()));
        assert_eq!(walk(&key(8), tenant, &entries, head), Err(Flaw::Changed(1)));
        assert_eq!(walk(&key(7), TenantId::generate(), &entries, head), Err(Flaw::Changed(1)));
    }

    #[test]
    fn whatever_is_changed_of_an_entry_is_found_there() {
        let (tenant, entries, head) = chain(5);
        let changes: [fn(&mut AuditEntry); 12] = [
            |e| e.at = Timestamp::from_micros(1),
            |e| e.actor = AuditActor::System,
            |e| e.address = Some(String::new()),
            |e| e.request_id = Some(String::new()),
            |e| e.act = Act::TenantCreated,
            |e| e.subject.kind = SubjectKind::Admin,
            |e| e.subject.id = Some(uuid::Uuid::nil()),
            |e| e.subject.name = None,
            |e| e.before = Some("{}".to_owned()),
            |e| e.after = None,
            |e| e.previous = Link::START,
            |e| e.hash = Link::START,
        ];
        for change in changes {
            let mut entries = entries.clone();
            change(&mut entries[2]);
            assert_eq!(walk(&key(7), tenant, &entries, head), Err(Flaw::Changed(3)));
        }
    }

    #[test]
    fn what_is_removed_swapped_or_cut_is_found() {
        let (tenant, entries, head) = chain(5);
        let key = key(7);
        let mut removed = entries.clone();
        removed.remove(1);
        assert_eq!(walk(&key, tenant, &removed, head), Err(Flaw::Missing(2)));
        let mut swapped = entries.clone();
        swapped.swap(1, 3);
        (swapped[1].seq, swapped[3].seq) = (2, 4);
        assert_eq!(walk(&key, tenant, &swapped, head), Err(Flaw::Changed(2)));
        assert_eq!(walk(&key, tenant, &entries[..3], head), Err(Flaw::Cut(4)));
        assert_eq!(walk(&key, tenant, &[], head), Err(Flaw::Cut(1)));
        let mut walked = Verifier::new(&key, tenant);
        entries[..3].iter().try_for_each(|entry| walked.step(entry)).unwrap();
        let shorter = walked.reached();
        assert_eq!(walked.end(Some((shorter, shorter.hash))), Err(Flaw::Head(3)), "a forged end has no seal");
        assert_eq!(walked.end(None), Err(Flaw::Head(3)));
        assert_eq!(walk(&key, tenant, &entries, shorter), Err(Flaw::Beyond(4)));
    }
}
