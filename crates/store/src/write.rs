//! Units of work and how they reach the disk: a fair queue, and lanes that commit many units together.

mod lane;
mod queue;
mod ticket;

use std::future::Future;

pub(crate) use lane::Lanes;
pub(crate) use queue::Queue;
pub(crate) use ticket::{Job, Ticket};

use crate::{StoreError, Tx};

/// A write as a value: it owns what it needs, can wait in a queue and can be run again. It has no effect outside its
/// [`Tx`] and awaits nothing but the database.
pub trait Unit: Send + Sync + 'static {
    /// Its name in traces, such as `op.user.patch`.
    const NAME: &'static str;
    /// What it gives when it was committed.
    type Output: Send + 'static;
    /// How it can be refused.
    type Error: From<StoreError> + Send + 'static;

    /// Does the work. When it returns an error, whatever it wrote is undone.
    fn run(&self, tx: &Tx<'_>) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send;

    /// The store's error inside a refusal, so that a lost race can be told from a refusal.
    fn store_error(error: &Self::Error) -> Option<&StoreError>;
}

/// What a committed unit gave, and the changes it made.
#[derive(Clone, Debug)]
pub struct Written<T> {
    /// The unit's output.
    pub output: T,
    /// First and last `seq` of its changes; none when it changed nothing.
    pub changes: Option<(u64, u64)>,
    /// The members it named that are not here yet.
    pub waiting: Waiting,
}

/// Members that a write named and that nobody has sent yet: they are kept, and join when they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: usize,
    /// The first of them, as they were named.
    pub names: Vec<String>,
}

impl Waiting {
    /// Most that are known by name.
    const NAMED: usize = 32;

    pub(crate) fn add(&mut self, names: &[&str]) {
        self.count += names.len();
        let room = Self::NAMED.saturating_sub(self.names.len());
        self.names.extend(names.iter().take(room).map(|&name| name.to_owned()));
    }
}
