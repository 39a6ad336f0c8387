//! The audit: what is done leaves an entry in its own transaction, and whoever rewrites the table is found out
//! (SECURITY.md, abuse case 40).

use std::sync::Arc;

use domain::admin::TenantRole;
use domain::audit::{Flaw, Head, SubjectKind};
use domain::credential::{Order, Rights};
use domain::{
    Act, Admin, AdminId, AuditEntry, AuditKey, Clock, Connection, ConnectionId, ConnectionState, Credential, FixedClock, Idp,
    Role, ServerKey, Session, SystemClock, TenantId, TenantState,
};
use futures_util::future::{join_all, try_join_all};
use serde_json::{Value, json};
use store::testing::{self, Scratch, author, scratch, scratch_with_clock};
use store::{AuditQuery, ConnectionChange, NewAdmin, Settings, Store, TenantChange};

use crate::on_both;

fn key() -> AuditKey {
    AuditKey::of(&testing::key())
}

fn all() -> AuditQuery {
    AuditQuery { limit: 100, ..AuditQuery::default() }
}

fn acts(entries: &[AuditEntry]) -> Vec<Act> {
    entries.iter().map(|entry| entry.act).collect()
}

fn json_of(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
}

async fn rename(store: &Store, tenant: TenantId, name: &str) {
    let change = TenantChange { name: Some(name.to_owned()), ..TenantChange::default() };
    assert!(store.system().change_tenant(tenant, change, &author()).await.unwrap());
}

fn connection(tenant: TenantId) -> Connection {
    Connection {
        id: ConnectionId::generate(),
        tenant,
        name: "Entra".to_owned(),
        idp: Idp::Entra,
        state: ConnectionState::Open,
        strict: false,
        created_at: SystemClock.now(),
    }
}

fn person(roles: Vec<TenantRole>) -> NewAdmin {
    let (id, created_at) = (AdminId::generate(), SystemClock.now());
    let hash = Some("$argon2id$hash".to_owned());
    let admin = Admin { id, email: "ada@acme.test".into(), name: "Ada".into(), password_hash: hash, operator: false, created_at };
    NewAdmin { admin, roles }
}

/// A tenant with a chain of six entries.
async fn six(scratch: &Scratch, slug: &str) -> TenantId {
    let tenant = scratch.tenant(slug).await.id;
    for n in 2..=6 {
        rename(&scratch.store, tenant, &format!("Name {n}")).await;
    }
    tenant
}

on_both! {
    async fn what_is_done_stands_there_with_before_and_after_and_no_secret(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (door, author) = (scratch.store.tenant(tenant), author());
        let made = door.connections().insert(connection(tenant), &author).await.unwrap();
        let strict = ConnectionChange { strict: Some(true), ..Default::default() };
        door.connections().change(made.id, strict.clone(), &author).await.unwrap();
        let order = Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at: SystemClock.now(), days: None };
        let (token, credential) = Credential::issue(&testing::key(), &made, order).unwrap();
        door.credentials().insert(&credential, &author).await.unwrap();
        for _ in 0..2 {
            door.credentials().revoke(credential.id, SystemClock.now(), &author).await.unwrap().unwrap();
        }
        door.connections().change(made.id, strict, &author).await.unwrap();
        let closed = ConnectionChange { state: Some(ConnectionState::Closed), ..Default::default() };
        door.connections().change(made.id, closed, &author).await.unwrap();
        let both = TenantChange { name: Some("Acme".to_owned()), state: Some(TenantState::Suspended), ..TenantChange::default() };
        scratch.store.system().change_tenant(tenant, both.clone(), &author).await.unwrap();
        scratch.store.system().change_tenant(tenant, both, &author).await.unwrap();
        scratch.store.system().set_tenant_state(tenant, TenantState::Active, &author).await.unwrap();

        let entries = door.audit().list(&all()).await.unwrap();
        let expected = [
            Act::TenantResumed,
            Act::TenantSuspended,
            Act::TenantRenamed,
            Act::ConnectionClosed,
            Act::CredentialRevoked,
            Act::CredentialIssued,
            Act::ConnectionChanged,
            Act::ConnectionCreated,
            Act::TenantCreated,
        ];
        assert_eq!(acts(&entries), expected, "what changed nothing left no entry");
        let changed = &entries[6];
        assert_eq!((changed.seq, changed.subject.kind, changed.subject.id), (3, SubjectKind::Connection, Some(made.id.as_uuid())));
        let (before, after) = (json_of(changed.before.as_ref()), json_of(changed.after.as_ref()));
        assert_eq!((&before["strict"], &after["strict"], &after["name"]), (&json!(false), &json!(true), &json!("Entra")));
        let printed = format!("{entries:?}");
        assert!(!printed.contains(token.expose()) && !printed.contains("digest") && !printed.contains(&credential.public_id));
        let verdict = door.audit().verify(&key()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sound.seq), (None, 9));
        assert_eq!(verdict.sound.hash, entries[0].hash);
    }

    async fn people_and_sessions_stand_in_the_operators_chain_and_roles_in_the_tenants(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (system, author) = (scratch.store.system(), author());
        let new = person(vec![TenantRole { tenant, role: Role::Admin }]);
        let admin = new.admin.id;
        system.insert_admin(new, &author).await.unwrap();
        let now = SystemClock.now();
        let (_, digest) = domain::session::issue(&testing::key()).unwrap();
        let (address, expires_at) = ("192.0.2.1".to_owned(), now.plus_seconds(60));
        let (created_at, authenticated_at) = (now, Some(now));
        let session =
            Session { digest, admin, created_at, authenticated_at, expires_at, address, user_agent: None, method: None };
        system.insert_session(&session, &author).await.unwrap();
        system.remove_session(digest, &author).await.unwrap();
        system.remove_session(digest, &author).await.unwrap();
        let entries = system.audit().list(&all()).await.unwrap();
        assert_eq!(acts(&entries), [Act::SessionEnded, Act::SessionStarted, Act::AdminCreated]);
        assert!(entries.iter().all(|entry| entry.subject.name.as_deref() == Some("ada@acme.test")));
        assert!(!format!("{entries:?}").contains("argon2"));
        let granted = &scratch.store.tenant(tenant).audit().list(&all()).await.unwrap()[0];
        assert_eq!((granted.act, granted.subject.id), (Act::RoleGranted, Some(admin.as_uuid())));
        assert_eq!(system.audited().await.unwrap(), [None, Some(tenant)]);
        assert!(system.insert_admin(person(Vec::new()), &author).await.is_err(), "the address is taken");
        assert_eq!(system.audit().list(&all()).await.unwrap().len(), 3, "what was refused left no entry");
    }

    async fn a_list_is_cut_and_filtered(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let tenant = scratch.tenant("acme").await.id;
        let door = scratch.store.tenant(tenant);
        let made = door.connections().insert(connection(tenant), &author()).await.unwrap();
        clock.advance_seconds(60);
        rename(&scratch.store, tenant, "Acme").await;
        let audit = door.audit();
        let seqs = |query: AuditQuery| {
            let audit = &audit;
            async move { audit.list(&query).await.unwrap().iter().map(|entry| entry.seq).collect::<Vec<_>>() }
        };
        assert_eq!(seqs(AuditQuery { limit: 2, ..all() }).await, [3, 2]);
        assert_eq!(seqs(AuditQuery { before: Some(2), ..all() }).await, [1]);
        assert_eq!(seqs(AuditQuery { act: Some(Act::TenantRenamed), ..all() }).await, [3]);
        assert_eq!(seqs(AuditQuery { subject: Some(made.id.as_uuid()), ..all() }).await, [2]);
        assert_eq!(seqs(AuditQuery { subject: Some(tenant.as_uuid()), ..all() }).await, [3, 1]);
        assert_eq!(seqs(AuditQuery { actor: Some(tenant.as_uuid()), ..all() }).await, [0_u64; 0]);
        assert_eq!(seqs(AuditQuery { since: Some(clock.now()), ..all() }).await, [3]);
        assert_eq!(seqs(AuditQuery { until: Some(clock.now()), ..all() }).await, [2, 1]);
    }

    async fn an_audit_row_that_is_changed_removed_swapped_or_cut_off_is_named(on) {
        let scratch = scratch(on).await;
        let swap = "UPDATE audit_entries SET seq = CASE seq WHEN 2 THEN -4 ELSE -2 END WHERE tenant_id = {tenant} AND seq IN (2, 4)";
        let back = "UPDATE audit_entries SET seq = -seq WHERE tenant_id = {tenant} AND seq < 0";
        let rewind = "UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit_entries WHERE tenant_id = {tenant} AND seq = 4) WHERE tenant_id = {tenant}";
        let invent = "INSERT INTO audit_entries SELECT tenant_id, 7, at, actor_kind, actor_id, actor_email, address, request_id, act, subject_kind, subject_id, subject_name, before_json, after_json, hash, hash FROM audit_entries WHERE tenant_id = {tenant} AND seq = 6";
        let cut = "DELETE FROM audit_entries WHERE tenant_id = {tenant} AND seq > 4";
        let attacks: [(&str, &[&str], Flaw); 16] = [
            ("name", &["UPDATE audit_entries SET subject_name = 'x' WHERE tenant_id = {tenant} AND seq = 3"], Flaw::Changed(3)),
            ("after", &["UPDATE audit_entries SET after_json = '{}' WHERE tenant_id = {tenant} AND seq = 6"], Flaw::Changed(6)),
            ("actor", &["UPDATE audit_entries SET actor_kind = 'system' WHERE tenant_id = {tenant} AND seq = 1"], Flaw::Changed(1)),
            ("act", &["UPDATE audit_entries SET act = 'tenant.resumed' WHERE tenant_id = {tenant} AND seq = 2"], Flaw::Changed(2)),
            ("word", &["UPDATE audit_entries SET act = 'nothing' WHERE tenant_id = {tenant} AND seq = 2"], Flaw::Changed(2)),
            ("time", &["UPDATE audit_entries SET at = at + 1 WHERE tenant_id = {tenant} AND seq = 5"], Flaw::Changed(5)),
            ("hash", &["UPDATE audit_entries SET hash = previous_hash WHERE tenant_id = {tenant} AND seq = 5"], Flaw::Changed(5)),
            ("form", &["UPDATE audit_entries SET previous_hash = 'x' WHERE tenant_id = {tenant} AND seq = 3"], Flaw::Changed(3)),
            ("moved", &["UPDATE audit_entries SET seq = -1 WHERE tenant_id = {tenant} AND seq = 6"], Flaw::Before),
            ("invented", &[invent], Flaw::Changed(7)),
            ("removed", &["DELETE FROM audit_entries WHERE tenant_id = {tenant} AND seq = 4"], Flaw::Missing(4)),
            ("first", &["DELETE FROM audit_entries WHERE tenant_id = {tenant} AND seq = 1"], Flaw::Missing(1)),
            ("swapped", &[swap, back], Flaw::Changed(2)),
            ("cut", &[cut], Flaw::Cut(5)),
            ("rewound", &[rewind, cut], Flaw::Head(4)),
            ("beheaded", &["DELETE FROM audit_heads WHERE tenant_id = {tenant}"], Flaw::Head(6)),
        ];
        let untouched = six(&scratch, "untouched").await;
        for (slug, statements, flaw) in attacks {
            let tenant = six(&scratch, slug).await;
            assert_eq!(scratch.store.tenant(tenant).audit().verify(&key()).await.unwrap().flaw, None, "{slug}");
            for statement in statements {
                testing::meddle(&scratch.store, tenant, statement).await;
            }
            let verdict = scratch.store.tenant(tenant).audit().verify(&key()).await.unwrap();
            assert_eq!(verdict.flaw, Some(flaw), "{slug}");
        }
        let verdict = scratch.store.tenant(untouched).audit().verify(&key()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sound.seq), (None, 6));
        let foreign = AuditKey::of(&ServerKey::from_bytes([1; 32]));
        assert_eq!(scratch.store.tenant(untouched).audit().verify(&foreign).await.unwrap().flaw, Some(Flaw::Changed(1)));
        let nobody = scratch.store.tenant(TenantId::generate());
        assert_eq!(nobody.audit().verify(&key()).await.unwrap().sound, Head::START);
    }

    async fn writers_on_two_nodes_make_one_chain_without_gaps(on) {
        let scratch = scratch(on).await;
        let second = Store::open(Settings::new(scratch.database.clone()), Arc::new(SystemClock)).await.unwrap();
        let tenant = scratch.tenant("acme").await.id;
        let nodes = [&scratch.store, &second];
        join_all((0..60).map(|n| {
            let node = nodes[n % 2];
            async move {
                node.tenant(tenant).connections().insert(connection(tenant), &author()).await.unwrap();
                if n % 10 == 0 {
                    let mut new = person(vec![TenantRole { tenant, role: Role::Viewer }]);
                    new.admin.email = format!("{n}@acme.test");
                    node.system().insert_admin(new, &author()).await.unwrap();
                }
            }
        }))
        .await;
        let verdict = scratch.store.tenant(tenant).audit().verify(&key()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sound.seq), (None, 1 + 60 + 6));
        let verdict = second.system().audit().verify(&key()).await.unwrap();
        assert_eq!((verdict.flaw, verdict.sound.seq), (None, 6));
        second.close().await;
    }

    async fn a_chain_that_grows_while_it_is_verified_is_sound(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let door = scratch.store.tenant(tenant);
        let write = try_join_all((0..200).map(|_| async { door.connections().insert(connection(tenant), &author()).await.map(|_| ()) }));
        let verify = async {
            for _ in 0..20 {
                assert_eq!(door.audit().verify(&key()).await.unwrap().flaw, None);
            }
        };
        let (written, ()) = futures_util::join!(write, verify);
        written.unwrap();
        assert_eq!(door.audit().verify(&key()).await.unwrap().sound.seq, 201);
    }

    async fn what_cannot_be_recorded_is_not_done(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        scratch.as_owner("ALTER TABLE audit_entries RENAME TO elsewhere").await.unwrap();
        let door = scratch.store.tenant(tenant);
        assert!(door.connections().insert(connection(tenant), &author()).await.is_err());
        assert!(door.connections().list().await.unwrap().is_empty());
        scratch.as_owner("ALTER TABLE elsewhere RENAME TO audit_entries").await.unwrap();
        door.connections().insert(connection(tenant), &author()).await.unwrap();
        assert_eq!(door.audit().verify(&key()).await.unwrap().flaw, None);
    }
}
