//! Deleting a tenant: nothing of it is left in any table, and nothing of another is lost.

use std::sync::Arc;

use domain::admin::TenantRole;
use domain::api_key::ApiKeyOrder;
use domain::credential::Order;
use domain::exchange::{RawBody, RawMessage};
use domain::webhook::WebhookSecret;
use domain::{
    Admin, AdminId, ApiKey, AppRole, BodyPolicy, ClientSecret, Clock, Connection, ConnectionId, ConnectionState, Credential,
    Delivery, DeliveryId, DeliveryOutcome, ExtensionSchema, FeedReader, FixedClock, GroupId, Idp, Invitation, InvitationId,
    Milestone, OAuthClient, RawExchange, ReaderKind, ResourceKind, Rights, Role, RoleKey, SchemaId, SchemaState, ServerKey,
    Session, SetupLink, SetupLinkId, SystemClock, Tenant, TenantState, Timestamp, User, Webhook, WebhookId, WebhookState,
};
use scim::{Repairs, ResourceSchema};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, RemoveUser, Scratch, event, origin, scratch_with_clock};
use store::{
    Mapped, NewAdmin, NewUser, Settled, Store, StoreError, SyncEventFilter, SyncLogWriter, TenantChange, TenantStore, Tx, Unit,
};

use crate::on_both;

const URN: &str = "urn:acme:hr:1.0:User";

struct Extended(Value, Arc<ResourceSchema>);

impl Unit for Extended {
    const NAME: &'static str = "test.extended";
    type Output = User;
    type Error = StoreError;

    async fn run(&self, tx: &Tx<'_>) -> Result<User, StoreError> {
        let user = scim::canonicalize(self.0.clone(), &self.1, &mut Repairs::lenient()).map_err(StoreError::Unanswerable)?;
        tx.users().insert(&NewUser::of(user, &self.1)).await
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

async fn log(store: &Store, tenant: &Tenant) {
    let (sender, writer) = SyncLogWriter::new(store.sync_log().clone(), 64);
    for (name, status) in [("a", 201), ("b", 201), ("c", 409)] {
        let mut seen = event(Some(tenant.id), SystemClock.now(), status);
        let body = Some(RawBody::of(&b"{}"[..].into()));
        let request = RawMessage { headers: Vec::new(), body };
        seen.exchange = Some(RawExchange { policy: BodyPolicy::Masked, request, answer: RawMessage::default() });
        (seen.identifiers, seen.milestones) = (vec![name.to_owned()], vec![Milestone::Reached]);
        seen.connection = Some(ConnectionId::generate());
        sender.send(seen, true).await;
    }
    drop(sender);
    writer.run().await;
}

/// A tenant with something in every table; the digest of its admin's session.
async fn company(scratch: &Scratch, slug: &str) -> (Tenant, [u8; 32]) {
    let tenant = scratch.tenant(slug).await;
    let (store, now, key) = (scratch.store.tenant(tenant.id), SystemClock.now(), ServerKey::generate().unwrap());
    let write = async |name: &str| {
        let user = json!({ "userName": name, "emails": [{ "value": format!("{name}@{slug}.test") }] });
        store.write(origin(tenant.id), CreateUser(user)).await.unwrap().output.id
    };
    let (ada, bob) = (write("ada").await, write("bob").await);
    store.write(origin(tenant.id), RemoveUser(bob)).await.unwrap();
    let group = json!({ "displayName": "All", "members": [{ "value": ada.to_string() }, { "value": "unknown@acme.test" }] });
    let group = store.write(origin(tenant.id), CreateGroup(group)).await.unwrap().output.id;
    roles(scratch, &tenant, group).await;
    let attributes = json!([{ "name": "badge", "uniqueness": "server" }]);
    let schema = serde_json::from_value(json!({ "id": URN, "name": "HR", "attributes": attributes })).unwrap();
    let (kind, state) = (ResourceKind::User, SchemaState::Active);
    let made = ExtensionSchema { id: SchemaId::generate(), kind, schema, state, misfits: 0, created_at: now, updated_at: now };
    store.schemas().insert(&made, &store::testing::author()).await.unwrap();
    let users = store.schemas().resource_types().await.unwrap().users;
    let badged = json!({ "schemas": [scim::USER_URN], "userName": "cyd", URN: { "badge": "7" } });
    store.write(origin(tenant.id), Extended(badged, users)).await.unwrap();
    let connection = Connection {
        id: ConnectionId::generate(),
        tenant: tenant.id,
        name: "Okta".to_owned(),
        idp: Idp::Okta,
        state: ConnectionState::Open,
        strict: false,
        created_at: now,
    };
    let connection = store.connections().insert(connection, &store::testing::author()).await.unwrap();
    let order = Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at: now, days: None };
    store
        .credentials()
        .insert(&Credential::issue(&key, &connection, order.clone()).unwrap().1, &store::testing::author())
        .await
        .unwrap();
    let secrets = vec![ClientSecret::issue(&key, None, now, None).unwrap().1];
    let client = OAuthClient { token_seconds: 3_600, trust: None, secrets };
    store
        .oauth_clients()
        .insert(&Credential::client(&connection, order).unwrap(), &client, &store::testing::author())
        .await
        .unwrap();
    let link = SetupLink {
        id: SetupLinkId::generate(),
        tenant: tenant.id,
        connection: connection.id,
        name: "Max".to_owned(),
        created_at: now,
        created_by: None,
        expires_at: now.plus_days(7),
        opened_at: None,
        finished_at: None,
        revoked_at: None,
        revoked_by: None,
        credential: None,
    };
    let digest = domain::setup_link::issue_code(&key).unwrap().1;
    store.setup_links().insert(&link, digest, &store::testing::author()).await.unwrap();
    newcomers(scratch, &tenant, &key, now).await;
    receiver(&store, now).await;
    let change = TenantChange { slug: Some(format!("{slug}-new").parse().unwrap()), ..TenantChange::default() };
    assert!(scratch.store.system().change_tenant(tenant.id, change, &store::testing::author()).await.unwrap());
    let reader = FeedReader { kind: ReaderKind::Person, id: InvitationId::generate().as_uuid(), name: "Hook".to_owned() };
    store.acknowledgements().acknowledge(&reader, 1).await.unwrap();
    log(&scratch.store, &tenant).await;
    let session = person(scratch, &format!("admin@{slug}.test"), &[&tenant]).await;
    (tenant, session)
}

/// A webhook, and something that was sent to it.
async fn receiver(store: &TenantStore, now: Timestamp) {
    let webhook = Webhook {
        id: WebhookId::generate(),
        tenant: store.id(),
        name: "App".to_owned(),
        url: "https://app.test/in".to_owned(),
        state: WebhookState::Active,
        kinds: Vec::new(),
        resource: None,
        secret: WebhookSecret::new(now).unwrap(),
        created_at: now,
        starts_after: 0,
        delivered: 0,
        previous: 0,
        failure: None,
        course: 0,
    };
    let kept = store.webhooks().insert(webhook, Some(0), &store::testing::author()).await.unwrap();
    let delivery = Delivery {
        id: DeliveryId::generate(),
        message_id: kept.message_id(1),
        kind: "user.created".to_owned(),
        seq: Some(1),
        previous: Some(0),
        resource: None,
        at: now,
        attempt: 1,
        outcome: DeliveryOutcome::Failed,
        status: None,
        millis: 1,
        reason: None,
        applied: None,
        request_headers: Vec::new(),
        request_body: None,
        answer_headers: Vec::new(),
        answer_body: None,
    };
    store.webhooks().keep_delivery(kept.id, &delivery).await.unwrap();
}

/// Roles that a group gives; of one it is told who has it, of the other it is not told yet.
async fn roles(scratch: &Scratch, tenant: &Tenant, group: GroupId) {
    let (store, now, author) = (scratch.store.tenant(tenant.id), SystemClock.now(), store::testing::author());
    for text in ["told", "untold"] {
        let (key, name): (RoleKey, _) = (format!("{}.{text}", tenant.slug).parse().unwrap(), text.to_owned());
        let role = AppRole { key: key.clone(), name, description: String::new(), created_at: now, updated_at: now };
        scratch.store.system().insert_role(&role, &author).await.unwrap();
        assert_eq!(store.role_mappings().map(group, &key, &author).await.unwrap(), Mapped::Done);
        while text == "told" && store.settle_roles(10).await.unwrap() == Settled::More {}
    }
}

/// An invitation, an API key, and a notice that was sent.
async fn newcomers(scratch: &Scratch, tenant: &Tenant, key: &ServerKey, now: Timestamp) {
    let (system, author) = (scratch.store.system(), store::testing::author());
    let mut invitation = Invitation {
        id: InvitationId::generate(),
        tenant: Some(tenant.id),
        email: "guest@idp.test".to_owned(),
        name: "Guest".to_owned(),
        role: Role::Viewer,
        digest: [0; 32],
        created_at: now,
        created_by: String::new(),
        expires_at: now,
        mailed_at: None,
    };
    invitation.renew(key, "admin", now).unwrap();
    system.invite(&invitation, &author).await.unwrap();
    let (tenant, name, by) = (Some(tenant.id), "CI".to_owned(), "admin".to_owned());
    let order = ApiKeyOrder { tenant, name, role: Role::Viewer, by, at: now, days: None };
    system.insert_api_key(&ApiKey::issue(key, order).unwrap().1, &author).await.unwrap();
    let notices = scratch.store.tenant(tenant.unwrap());
    assert!(notices.claim_notice(invitation.id.as_uuid(), "ends-30", now).await.unwrap());
    assert!(!notices.claim_notice(invitation.id.as_uuid(), "ends-30", now).await.unwrap(), "one node sends it");
    notices.release_notice(invitation.id.as_uuid(), "ends-30").await.unwrap();
    assert!(notices.claim_notice(invitation.id.as_uuid(), "ends-30", now).await.unwrap(), "what did not leave is tried again");
}

async fn person(scratch: &Scratch, email: &str, tenants: &[&Tenant]) -> [u8; 32] {
    let (system, now, key) = (scratch.store.system(), SystemClock.now(), ServerKey::generate().unwrap());
    let (id, email) = (AdminId::generate(), email.to_owned());
    let admin = Admin { id, name: email.clone(), email, password_hash: None, operator: tenants.is_empty(), created_at: now };
    let roles = tenants.iter().map(|tenant| TenantRole { tenant: tenant.id, role: Role::Admin }).collect();
    system.insert_admin(NewAdmin { admin, roles }, &store::testing::author()).await.unwrap();
    let (_, digest) = domain::session::issue(&key).unwrap();
    let (address, expires_at) = ("192.0.2.1".to_owned(), now.plus_seconds(3_600));
    system
        .insert_session(
            &Session {
                digest,
                admin: id,
                created_at: now,
                authenticated_at: Some(now),
                expires_at,
                address,
                user_agent: None,
                method: None,
            },
            &store::testing::author(),
        )
        .await
        .unwrap();
    digest
}

/// One walk, as background work does it; how many rows it removed, and whether that was the end.
async fn walk(store: &Store, tenant: &Tenant, clock: &FixedClock, most: u32) -> (u64, bool) {
    let system = store.system();
    let mut removal = system.removal(tenant.id, clock.now()).await.unwrap().unwrap();
    while system.remove_some(&mut removal, most).await.unwrap() {}
    (removal.removed(), system.finish_removal(&removal).await.unwrap())
}

on_both! {
    async fn nothing_is_left_of_a_deleted_tenant_and_nothing_of_another_is_lost(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, of_acme) = company(&scratch, "acme").await;
        let (globex, of_globex) = company(&scratch, "globex").await;
        let of_both = person(&scratch, "both@idp.test", &[&acme, &globex]).await;
        let of_operator = person(&scratch, "op@idp.test", &[]).await;
        let (system, now) = (scratch.store.system(), SystemClock.now());
        let full = scratch.rows_of(acme.id).await;
        let empty: Vec<_> = full.iter().filter(|(_, rows)| *rows == 0).collect();
        assert!(full.len() >= 18 && empty.is_empty(), "the tenant has something in every table but {empty:?}");
        let others = scratch.rows_of(globex.id).await;

        assert!(!system.begin_removal(acme.id, &acme.slug, &store::testing::author()).await.unwrap(), "that is not its slug any more");
        assert!(system.begin_removal(acme.id, &"acme-new".parse().unwrap(), &store::testing::author()).await.unwrap());
        assert!(!system.begin_removal(acme.id, &"acme-new".parse().unwrap(), &store::testing::author()).await.unwrap(), "once is enough");
        assert_eq!(system.closed_tenants(10).await.unwrap(), [acme.id]);
        assert!(!system.set_tenant_state(acme.id, TenantState::Active, &store::testing::author()).await.unwrap(), "there is no way back");
        let rename = TenantChange { slug: Some("again".parse().unwrap()), ..TenantChange::default() };
        assert!(!system.change_tenant(acme.id, rename, &store::testing::author()).await.unwrap());
        for (session, lives) in [(of_acme, false), (of_globex, true), (of_both, true), (of_operator, true)] {
            assert_eq!(system.find_session(&session, now).await.unwrap().is_some(), lives);
        }

        let mut broken_off = system.removal(acme.id, clock.now()).await.unwrap().unwrap();
        for _ in 0..6 {
            assert!(system.remove_some(&mut broken_off, 1).await.unwrap());
        }
        assert_eq!(broken_off.removed(), 4, "in bounded steps; the last of a table finds nothing");
        assert!(!system.finish_removal(&broken_off).await.unwrap());

        let (removed, gone) = walk(&scratch.store, &acme, &clock, 2).await;
        assert!(removed > 10 && !gone);
        log(&scratch.store, &acme).await;
        clock.advance_seconds(300);
        assert_eq!(walk(&scratch.store, &acme, &clock, 1_000).await, (3, false), "what came late goes too");
        assert_eq!(walk(&scratch.store, &acme, &clock, 1_000).await, (0, true));
        assert!(system.removal(acme.id, clock.now()).await.unwrap().is_none());

        let left: Vec<_> = scratch.rows_of(acme.id).await.into_iter().filter(|(_, rows)| *rows > 0).collect();
        assert_eq!(left, []);
        assert!(system.find_tenant(&acme.id.to_string().parse().unwrap()).await.unwrap().is_none());
        assert_eq!(scratch.rows_of(globex.id).await, others);
        let events = SyncEventFilter { limit: 10, ..SyncEventFilter::default() };
        assert_eq!(scratch.store.tenant(globex.id).sync_events().list(&events).await.unwrap().len(), 3);
    }

    async fn a_rename_and_a_deletion_never_both_win(on) {
        let scratch = scratch_with_clock(on, Arc::new(SystemClock)).await;
        let system = scratch.store.system();
        for n in 0..10 {
            let tenant = scratch.tenant(&format!("t{n}")).await;
            let change = TenantChange { slug: Some(format!("u{n}").parse().unwrap()), ..TenantChange::default() };
            let author = store::testing::author();
            let (renamed, closed) = futures_util::join!(system.change_tenant(tenant.id, change, &author), system.begin_removal(tenant.id, &tenant.slug, &author));
            assert_ne!(renamed.unwrap(), closed.unwrap(), "the slug that was typed is the one that goes");
        }
    }

    async fn the_slugs_of_a_deleted_tenant_are_held_for_ninety_days(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let acme = scratch.tenant("acme").await;
        let system = scratch.store.system();
        assert!(system.begin_removal(acme.id, &acme.slug, &store::testing::author()).await.unwrap());
        clock.advance_seconds(300);
        // The entry of its making and the end of its chain; the next walk finds nothing.
        assert_eq!(walk(&scratch.store, &acme, &clock, 1_000).await, (2, false));
        assert_eq!(walk(&scratch.store, &acme, &clock, 1_000).await, (0, true));
        let again = Tenant { id: domain::TenantId::generate(), ..acme.clone() };
        let refused = system.insert_tenant(again.clone(), &store::testing::author()).await;
        assert!(matches!(refused, Err(StoreError::Conflict(store::Unique::HeldSlug { .. }))), "{refused:?}");
        clock.advance_seconds(90 * 86_400);
        assert_eq!(system.insert_tenant(again, &store::testing::author()).await.unwrap().slug, acme.slug);
    }
}
