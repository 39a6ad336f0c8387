//! How the engine means to find groups above and below others, as telling roles asks for them.

use domain::{GroupId, TenantId};

use super::Scratch;
use crate::roles::{groups_above, groups_below};

impl Scratch {
    /// How the engine means to find all groups below one, after it has counted its rows.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plan_of_groups_below(&self, tenant: TenantId, group: GroupId) -> String {
        self.analyze().await;
        self.plan_of(&groups_below(self.store.inner().engine, tenant, &[group.as_uuid()], 1_000).statement()).await
    }

    /// How the engine means to find the groups that one is in, after it has counted its rows.
    ///
    /// # Panics
    /// When the engine does not say.
    pub async fn plan_of_groups_above(&self, tenant: TenantId, group: GroupId) -> String {
        self.analyze().await;
        self.plan_of(&groups_above(self.store.inner().engine, tenant, &[group.as_uuid()]).statement()).await
    }
}
