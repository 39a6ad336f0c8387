//! Units of work and events that tests begin with.

use domain::{Group, SyncEvent, SyncEventId, TenantId, Timestamp, User, UserId};
use scim::{Repairs, Resource, ResourceSchema};
use serde_json::Value;

use crate::{NewUser, StoreError, Tx, Unit};

/// Makes a person of a SCIM body.
pub struct CreateUser(pub Value);

impl Unit for CreateUser {
    const NAME: &'static str = "test.create_user";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        let schema = ResourceSchema::user();
        let mut user = canonical(&schema, &self.0)?;
        user.set_active(user.active().unwrap_or(true));
        tx.users().insert(&NewUser::of(user, &schema)).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// Makes a group of a SCIM body.
pub struct CreateGroup(pub Value);

impl Unit for CreateGroup {
    const NAME: &'static str = "test.create_group";
    type Output = Group;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<Group, StoreError> {
        let schema = ResourceSchema::group();
        let mut group = canonical(&schema, &self.0)?;
        let members = group.take_members().unwrap_or_default();
        tx.groups().insert(group, &members, &schema).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

/// Deletes a person.
pub struct RemoveUser(pub UserId);

impl Unit for RemoveUser {
    const NAME: &'static str = "test.remove_user";
    type Output = ();
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let user = tx.users().lock(self.0).await?.ok_or(StoreError::Stale)?;
        tx.users().remove(user).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

fn canonical(schema: &ResourceSchema, body: &Value) -> Result<Resource, StoreError> {
    scim::canonicalize(body.clone(), schema, &mut Repairs::lenient()).map_err(StoreError::Unanswerable)
}

/// A request that was answered with `status`, as it stands in a log.
pub fn event(tenant: Option<TenantId>, at: Timestamp, status: u16) -> SyncEvent {
    SyncEvent {
        id: SyncEventId::generate(),
        tenant,
        at,
        request_id: "r".to_owned(),
        connection: None,
        credential: None,
        idp: None,
        idp_confidence: None,
        address: "192.0.2.7".to_owned(),
        user_agent: None,
        method: "POST".to_owned(),
        path: "/Users".to_owned(),
        query: None,
        operation: Some("create".to_owned()),
        status,
        scim_type: None,
        duration_micros: 1_200,
        cause: None,
        sentence: "Created.".to_owned(),
        resource_kind: None,
        resource_id: None,
        resource_name: None,
        identifiers: Vec::new(),
        repairs: Vec::new(),
        changes: None,
        milestones: Vec::new(),
        marks: domain::Marks::default(),
        exchange: None,
    }
}
