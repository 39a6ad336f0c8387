//! How much work one PATCH may make: many changes of long lists cost their product.

use crate::fault::{Fault, FaultKind};

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
        spend(&mut self.looks, elements)
    }

    /// Notes that elements are changed.
    ///
    /// # Errors
    /// `tooMany` beyond the limit.
    pub(super) fn write(&mut self, elements: usize) -> Result<(), Fault> {
        spend(&mut self.writes, elements)
    }
}

fn spend(left: &mut usize, elements: usize) -> Result<(), Fault> {
    let rest = left.checked_sub(elements);
    *left = rest.ok_or_else(|| Fault::new(FaultKind::TooMany, "a PATCH has too many changes of long lists; send it in parts"))?;
    Ok(())
}
