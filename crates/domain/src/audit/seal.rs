//! The keyed hash that ties an entry to the one before it.

use std::fmt;

use super::AuditEntry;
use crate::secret::hmac_sha256;
use crate::{ServerKey, TenantId};

/// The form of what is hashed; another form is another word.
const ENTRY: &[u8] = b"audit entry 1";
const HEAD: &[u8] = b"audit head 1";

/// A keyed hash of an entry with the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Link([u8; 32]);

impl Link {
    /// What the first entry follows.
    pub const START: Self = Self([0; 32]);

    /// Its bytes, for a row.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A hash that was stored; `None` when its length is not that of one.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// In hexadecimal digits.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where a chain ends. It stands in a row of its own, so that a chain cannot be cut unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last entry, 0 before the first.
    pub seq: u64,
    /// The hash of the last entry.
    pub hash: Link,
}

impl Head {
    /// The end of a chain without entries.
    pub const START: Self = Self { seq: 0, hash: Link::START };
}

/// The key of the audit, made from the server key.
#[derive(Clone)]
pub struct AuditKey([u8; 32]);

impl AuditKey {
    /// The key that goes with a server key.
    pub fn of(key: &ServerKey) -> Self {
        Self(key.digest("audit", ""))
    }

    /// The hash that belongs to an entry, whatever hash it carries.
    pub fn seal(&self, entry: &AuditEntry) -> Link {
        let mut form = Form::new(ENTRY);
        let AuditEntry { chain, seq, at, actor, address, request_id, act, subject, before, after, previous, hash: _ } = entry;
        form.part(chain.as_uuid().as_bytes());
        form.part(&seq.to_be_bytes());
        form.part(&at.as_micros().to_be_bytes());
        form.part(actor.kind().as_bytes());
        form.optional(actor.id().map(uuid::Uuid::into_bytes));
        form.optional(actor.label());
        form.optional(address.as_deref());
        form.optional(request_id.as_deref());
        form.part(act.as_str().as_bytes());
        form.part(subject.kind.as_str().as_bytes());
        form.optional(subject.id.map(uuid::Uuid::into_bytes));
        form.optional(subject.name.as_deref());
        form.optional(before.as_deref());
        form.optional(after.as_deref());
        form.part(previous.as_bytes());
        Link(form.hash(self))
    }

    /// The hash that belongs to the end of a chain. It differs from that of the last entry, so that an end cannot be
    /// made from older entries.
    pub fn seal_head(&self, chain: TenantId, head: &Head) -> Link {
        let mut form = Form::new(HEAD);
        form.part(chain.as_uuid().as_bytes());
        form.part(&head.seq.to_be_bytes());
        form.part(head.hash.as_bytes());
        Link(form.hash(self))
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditKey(…)")
    }
}

/// Parts with their lengths before them, so that no two entries have the same bytes.
struct Form(Vec<u8>);

impl Form {
    fn new(name: &[u8]) -> Self {
        let mut form = Self(Vec::with_capacity(512));
        form.part(name);
        form
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    /// What is absent differs from what is empty.
    fn optional(&mut self, bytes: Option<impl AsRef<[u8]>>) {
        self.0.push(u8::from(bytes.is_some()));
        if let Some(bytes) = bytes {
            self.part(bytes.as_ref());
        }
    }

    fn hash(&self, key: &AuditKey) -> [u8; 32] {
        hmac_sha256(&key.0, &[&self.0])
    }
}
