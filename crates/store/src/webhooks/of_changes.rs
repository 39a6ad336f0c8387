//! What was sent of changes to each webhook.

use std::collections::HashMap;

use domain::{Delivery, WebhookId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::Webhooks;
use super::deliveries::{SHORT, short};
use super::row::signed;
use crate::StoreError;
use crate::sql::Sql;

/// Changes of one statement.
const AT_ONCE: usize = 200;

impl Webhooks<'_> {
    /// Of each of these changes at each webhook the try that brought it there, the last of them, or else the last try; without
    /// headers and bodies. However many tries are kept, two steps into indexes lead to each.
    ///
    /// # Errors
    /// When the database cannot answer.
    pub async fn tries_of_changes(&self, numbers: &[u64]) -> Result<HashMap<(u64, WebhookId), Delivery>, StoreError> {
        let columns: Vec<String> = SHORT.split(", ").map(|column| format!("d.{column}")).collect();
        let mut tries = HashMap::new();
        for numbers in numbers.chunks(AT_ONCE) {
            let rows = self.door.rows();
            let mut sql = Sql::new(rows.engine(), "");
            let tenant = sql.bind(self.door.tenant.as_uuid());
            // What is found is made first and joined then: without counted rows an engine may begin with all that was sent.
            sql.push(&format!(
                "WITH found AS MATERIALIZED (SELECT w.id AS webhook_id, (SELECT t.id FROM webhook_deliveries AS t \
                 WHERE t.tenant_id = {tenant} AND t.seq = c.seq AND t.webhook_id = w.id AND t.resource_id IS NOT NULL \
                 ORDER BY (t.outcome = 'delivered') DESC, t.id DESC LIMIT 1) AS delivery_id \
                 FROM changes AS c CROSS JOIN webhooks AS w WHERE c.tenant_id = {tenant} AND w.tenant_id = {tenant} AND c.seq IN "
            ));
            sql.list(numbers.iter().map(|number| signed(*number))).push(&format!(
                ") SELECT d.webhook_id, {} FROM found CROSS JOIN webhook_deliveries AS d WHERE d.tenant_id = {tenant} \
                 AND d.webhook_id = found.webhook_id AND d.id = found.delivery_id",
                columns.join(", ")
            ));
            for row in rows.query_all_raw(sql.statement()).await? {
                let (webhook, delivery): (Uuid, Delivery) = (row.try_get("", "webhook_id")?, short(&row)?);
                tries.extend(delivery.seq.map(|seq| ((seq, webhook.into()), delivery)));
            }
        }
        Ok(tries)
    }
}
