//! How much work one PATCH may make: many changes of long lists cost their product.

use crate::bound::Bound;
use crate::fault::Fault;

/// The most comparisons with elements of lists.
const LOOKS: usize = 1_000_000;
/// The most changes of elements, each of which is compared anew.
const WRITES: usize = 5_000;

pub(super) struct Effort {
    looks: usize,
    writes: usize,
}

impl Effort {
    pub(super) fn new() -> Self {
        Self { looks: LOOKS, writes: WRITES }
    }

    /// Notes that elements are looked at.
    ///
    /// # Errors
    /// `tooMany` beyond the limit.
    pub(super) fn look(&mut self, elements: usize) -> Result<(), Fault> {
        spend(&mut self.looks, elements, Bound::ListComparisons, LOOKS)
    }

    /// Notes that elements are changed.
    ///
    /// # Errors
    /// `tooMany` beyond the limit.
    pub(super) fn write(&mut self, elements: usize) -> Result<(), Fault> {
        spend(&mut self.writes, elements, Bound::ListValues, WRITES)
    }
}

fn spend(left: &mut usize, elements: usize, bound: Bound, limit: usize) -> Result<(), Fault> {
    let detail = "a PATCH has too many changes of long lists; send it in parts";
    *left = left.checked_sub(elements).ok_or_else(|| Fault::beyond(bound, limit as u64, detail))?;
    Ok(())
}
