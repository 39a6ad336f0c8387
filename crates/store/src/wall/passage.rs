//! [`Passage`]: one transaction that goes through one door after the other.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use super::Door;

/// A lane's transaction. A door is opened where the one before was another's, outside of savepoints: undoing one would
/// undo the opening.
pub(crate) struct Passage<'t> {
    txn: &'t DatabaseTransaction,
    walled: bool,
    door: Option<Door>,
}

impl<'t> Passage<'t> {
    pub(crate) fn new(txn: &'t DatabaseTransaction, walled: bool) -> Self {
        Self { txn, walled, door: None }
    }

    /// Sees from here on the rows behind `door`, and no others.
    pub(crate) async fn open(&mut self, door: Door) -> Result<&'t DatabaseTransaction, DbErr> {
        if self.walled && self.door != Some(door) {
            self.txn.execute_unprepared(&door.opened()).await?;
        }
        self.door = Some(door);
        Ok(self.txn)
    }
}
