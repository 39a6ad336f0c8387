//! The command line's own acts are recorded, and `audit verify` names what somebody rewrote.

use domain::audit::AuditActor;
use domain::{Act, TenantId};
use store::{AuditQuery, Store};

use crate::on_both;
use crate::server::Server;

async fn acme(store: &Store) -> TenantId {
    store.system().find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap().id
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
