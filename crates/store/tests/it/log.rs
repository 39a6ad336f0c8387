//! The sync log: what is sent is found again.

use domain::{Cause, Clock, Outcome, SyncEvent, SyncEventId, SystemClock, TenantId};
use store::testing::{self, scratch};
use store::{SyncEventFilter, SyncLogWriter};

use crate::on_both;

fn event(tenant: Option<TenantId>, status: u16, name: &str) -> SyncEvent {
    SyncEvent {
        cause: (status >= 400).then(|| Cause::ContentType { sent: "text/plain".to_owned() }),
        identifiers: vec![scim::comparison::key(name)],
        changes: Some((1, 2)),
        ..testing::event(tenant, SystemClock.now(), status)
    }
}

on_both! {
    async fn what_is_sent_is_found_by_the_beginning_of_a_name(on) {
        let scratch = scratch(on).await;
        let tenant = scratch.tenant("acme").await.id;
        let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 64);
        let writer = tokio::spawn(writer.run());
        let sent = [event(Some(tenant), 201, "Ada@acme.test"), event(Some(tenant), 415, "bob@acme.test"), event(None, 401, "x")];
        for event in &sent {
            sender.send(event.clone(), false).await;
        }
        drop(sender);
        writer.await.unwrap();

        let log = scratch.store.tenant(tenant);
        let log = log.sync_events();
        let ids = |filter: SyncEventFilter| {
            let log = &log;
            async move { log_ids(&log.list(&SyncEventFilter { limit: 10, ..filter }).await.unwrap()) }
        };
        let text = |text: &str| SyncEventFilter { text: Some(text.to_owned()), ..Default::default() };
        assert_eq!(ids(text("ADA")).await, [sent[0].id]);
        assert_eq!(ids(text("a_a")).await, []);
        assert_eq!(ids(text(&sent[1].id.to_string())).await, [sent[1].id]);
        assert_eq!(ids(SyncEventFilter { outcome: Some(Outcome::Rejected), ..Default::default() }).await, [sent[1].id]);
        assert_eq!(ids(SyncEventFilter::default()).await, [sent[1].id, sent[0].id], "newest first");
        assert_eq!(ids(SyncEventFilter { after: Some(sent[1].id), ..Default::default() }).await, [sent[0].id]);

        let store = scratch.store.tenant(tenant);
        let found = store.sync_events().find(sent[1].id).await.unwrap().unwrap();
        assert_eq!((found.cause, found.identifiers, found.changes), (sent[1].cause.clone(), vec!["bob@acme.test".to_owned()], Some((1, 2))));
        assert!(store.sync_events().find(sent[2].id).await.unwrap().is_none(), "the operator's log is not the tenant's");
        let operators = scratch.store.sync_log().list_without_tenant(&SyncEventFilter { limit: 10, ..Default::default() }).await.unwrap();
        assert_eq!(log_ids(&operators), [sent[2].id]);

        let later = SystemClock.now().plus_seconds(60);
        assert_eq!(scratch.store.sync_log().purge(Some(tenant), later, 1).await.unwrap(), 1);
        assert_eq!(scratch.store.sync_log().purge(Some(tenant), later, 100).await.unwrap(), 1);
        assert!(store.sync_events().list(&SyncEventFilter { limit: 10, ..Default::default() }).await.unwrap().is_empty());
    }
}

fn log_ids(events: &[SyncEvent]) -> Vec<SyncEventId> {
    events.iter().map(|event| event.id).collect()
}
