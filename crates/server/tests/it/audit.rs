//! The command line's own acts are recorded, `audit verify` names what somebody rewrote, and the page of the audit lists all
//! that can stand there.

use std::path::Path;

use domain::audit::AuditActor;
use domain::{Act, AdminId, ApiKeyId, SetupLinkId, TenantId};
use store::{AuditQuery, Store};

use crate::on_both;
use crate::server::Server;

async fn acme(store: &Store) -> TenantId {
    store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id
}

/// What the rows of one section of `docs/audit.md` begin with.
fn named_under(title: &str) -> Vec<String> {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/audit.md")).unwrap();
    let (_, section) = page.split_once(&format!("\n## {title}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let name = |row: &str| row.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned());
    section.lines().filter_map(name).collect()
}

#[test]
fn the_page_of_the_audit_names_every_act_and_every_actor_once() {
    let mut named = named_under("What is recorded");
    let mut acts: Vec<_> = Act::ALL.into_iter().map(Act::as_str).collect();
    named.sort_unstable();
    acts.sort_unstable();
    assert_eq!(named, acts);

    let name = String::new;
    let everybody = [
        AuditActor::Admin { id: AdminId::generate(), email: name() },
        AuditActor::ApiKey { id: ApiKeyId::generate(), name: name() },
        AuditActor::SetupLink { id: SetupLinkId::generate(), name: name() },
        AuditActor::CommandLine,
        AuditActor::TokenHolder,
        AuditActor::Stranger,
        AuditActor::System,
    ];
    assert_eq!(named_under("Who did it"), everybody.each_ref().map(AuditActor::kind));
}

on_both! {
    async fn what_commands_change_is_recorded_and_a_rewritten_entry_is_named(on) {
        let server = Server::prepare(on).await;
        server.tenant("acme");
        server.json(&["admin", "create", "ada@acme.test", "--tenant", "acme", "--json"]);
        server.json(&["tenant", "suspend", "acme", "--json"]);
        server.json(&["tenant", "resume", "acme", "--json"]);
        let store = server.store().await;
        let tenant = acme(&store).await;
        let id = store.tenant(tenant).credentials().list().await.unwrap()[0].id.to_string();
        server.json(&["token", "revoke", "acme", &id, "--json"]);
        let query = AuditQuery { limit: 100, ..AuditQuery::default() };
        let entries = store.tenant(tenant).audit().list(&query).await.unwrap();
        let acts: Vec<_> = entries.iter().rev().map(|entry| entry.act).collect();
        let expected = [
            Act::TenantCreated,
            Act::ConnectionCreated,
            Act::CredentialIssued,
            Act::RoleGranted,
            Act::TenantSuspended,
            Act::TenantResumed,
            Act::CredentialRevoked,
        ];
        assert_eq!(acts, expected);
        assert!(entries.iter().all(|entry| entry.actor == AuditActor::CommandLine));
        assert_eq!(store.system().audit().list(&query).await.unwrap()[0].act, Act::AdminCreated);

        let (good, printed, _) = server.run(&["audit", "verify"]);
        assert!(good && printed.contains("(service)\tsound\t1 entries") && printed.contains("acme\tsound\t7 entries"), "{printed}");
        let checkpoint = server.json(&["audit", "verify", "--tenant", "acme", "--json"])["checkpoint"].as_str().unwrap().to_owned();
        assert!(server.run(&["audit", "verify", "--tenant", "acme", "--checkpoint", &checkpoint]).0);

        store::testing::meddle(&store, tenant, "UPDATE audit_entries SET actor_kind = 'system' WHERE tenant_id = {tenant} AND seq = 5").await;
        let (good, printed, complaint) = server.run(&["audit", "verify"]);
        assert!(!good && printed.contains("acme\tBAD\tentry 5 was changed") && printed.contains("(service)\tsound"), "{printed}");
        assert!(complaint.contains("a chain of the audit is not as it was written"), "{complaint}");
        assert!(server.run(&["audit", "verify", "--service"]).0);
        store::testing::meddle(&store, tenant, "DELETE FROM audit_entries WHERE tenant_id = {tenant}").await;
        let (good, printed, _) = server.run(&["audit", "verify", "--tenant", "acme"]);
        assert!(!good && printed.contains("entry 1 and those after it are missing"), "{printed}");
        store::testing::meddle(&store, tenant, "DELETE FROM audit_heads WHERE tenant_id = {tenant}").await;
        let (good, printed, _) = server.run(&["audit", "verify", "--tenant", "acme", "--checkpoint", &checkpoint]);
        assert!(!good && printed.contains("entry 7 is not the one of the checkpoint"), "{printed}");
        assert!(!server.run(&["audit", "verify", "--tenant", "nobody"]).0);
        assert!(!server.run(&["audit", "verify", "--checkpoint", &checkpoint]).0);
        store.close().await;
    }
}
