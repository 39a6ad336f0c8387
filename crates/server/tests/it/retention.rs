//! Each tenant's log and changes are kept for as long as the tenant wants, and never longer than the service allows.

use std::sync::Arc;

use directory_sync::app::Ground;
use directory_sync::background::{noted_retention_round, retention_round};
use domain::exchange::{RawBody, RawMessage};
use domain::{
    BodyPolicy, Clock, ConnectionId, Delivery, DeliveryId, DeliveryOutcome, FixedClock, RawExchange, SyncEvent, SystemClock,
    WebhookId,
};
use serde_json::json;
use store::testing::{CreateUser, RemoveUser, author, event, key, origin, scratch_with_clock};
use store::{DeliveryQuery, FeedError, FeedQuery, LogChange, Origin, SyncEventFilter, SyncLogWriter, TenantChange};

use crate::on_both;

/// More than are removed at once.
const MANY: usize = 1_200;

on_both! {
    async fn a_log_is_kept_for_as_long_as_its_tenant_wants(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, globex, now) = (scratch.tenant("acme").await, scratch.tenant("globex").await, clock.now());
        let log = LogChange { days: Some(7), ..LogChange::default() };
        let change = TenantChange { log, ..TenantChange::default() };
        assert!(scratch.store.system().change_tenant(acme.id, change, &author()).await.unwrap());
        let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 10_000);
        let writer = tokio::spawn(writer.run());
        for tenant in [&acme, &globex] {
            for (days, count) in [(91, 3), (8, MANY), (6, 2)] {
                for _ in 0..count {
                    let request = RawMessage { headers: Vec::new(), body: Some(RawBody::of(&b"{}"[..].into())) };
                    let exchange = RawExchange { policy: BodyPolicy::Masked, request, answer: RawMessage::default() };
                    let old = event(Some(tenant.id), now.plus_days(-days), 200);
                    sender.send(SyncEvent { exchange: Some(exchange), identifiers: vec!["ada".to_owned()], ..old }, true).await;
                }
            }
        }
        drop(sender);
        writer.await.unwrap();
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        // What went of the longest ago added up to a count and a time for each tenant.
        let figures = 2 * 2;
        assert_eq!(retention_round(&ground).await.unwrap(), 3 + MANY as u64 + 3 + figures);
        assert_eq!(retention_round(&ground).await.unwrap(), 0);
        for (tenant, left) in [(&acme, 2), (&globex, MANY + 2)] {
            let filter = SyncEventFilter { limit: 2_000, ..SyncEventFilter::default() };
            assert_eq!(scratch.store.tenant(tenant.id).sync_events().list(&filter).await.unwrap().len(), left);
            let rows = scratch.rows_of(tenant.id).await;
            for (table, rows) in rows.iter().filter(|(table, _)| table.starts_with("sync_event")) {
                assert_eq!(usize::try_from(*rows).unwrap(), left, "{table}");
            }
        }
    }

    async fn whom_a_refusal_waits_for_is_kept_no_longer_than_its_request(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, globex, now) = (scratch.tenant("acme").await, scratch.tenant("globex").await, clock.now());
        let log = LogChange { days: Some(7), ..LogChange::default() };
        let change = TenantChange { log, ..TenantChange::default() };
        assert!(scratch.store.system().change_tenant(acme.id, change, &author()).await.unwrap());
        let (sender, writer) = SyncLogWriter::new(scratch.store.sync_log().clone(), 100);
        for tenant in [&acme, &globex] {
            for (days, name) in [(8, "ada"), (6, "bob")] {
                let refused = event(Some(tenant.id), now.plus_days(-days), 409);
                let connection = Some(ConnectionId::generate());
                sender.send(SyncEvent { connection, identifiers: vec![name.to_owned()], ..refused }, true).await;
            }
        }
        drop(sender);
        writer.run().await;
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        retention_round(&ground).await.unwrap();
        for (tenant, stand) in [(&acme, 1), (&globex, 2)] {
            let rows = scratch.rows_of(tenant.id).await;
            assert!(rows.contains(&("sync_open_problems".to_owned(), stand)), "{rows:?}");
            let problems = scratch.store.tenant(tenant.id).sync_events().problems(now.plus_days(-30)).await.unwrap();
            assert_eq!(problems.iter().map(|problem| problem.open).sum::<u64>(), u64::try_from(stand).unwrap());
        }
    }

    async fn a_round_is_noted_for_whoever_runs_the_service(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, began_at) = (scratch.tenant("acme").await, clock.now());
        for name in 0..3 {
            let unit = CreateUser(json!({ "userName": format!("{name}@acme.test") }));
            let at = began_at.plus_days(-100);
            scratch.store.tenant(acme.id).write(Origin { at, ..origin(acme.id) }, unit).await.unwrap();
        }
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        let removed = noted_retention_round(&ground).await.unwrap();
        assert!(removed >= 3, "{removed}");
        let round = scratch.store.system().last_retention().await.unwrap().unwrap();
        assert_eq!((round.began_at, round.removed), (began_at, Some(removed)));
        assert_eq!(round.next_at, began_at.plus_seconds(3_600), "the clock stands still, and a round comes every hour");
    }

    async fn changes_are_kept_for_as_long_as_their_tenant_wants_and_their_readers_are_told(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, globex) = (scratch.tenant("acme").await, scratch.tenant("globex").await);
        let log = LogChange { change_days: Some(365), ..LogChange::default() };
        let change = TenantChange { log, ..TenantChange::default() };
        assert!(scratch.store.system().change_tenant(acme.id, change, &author()).await.unwrap());
        for (days, names) in [(-100, 3), (0, 2)] {
            let at = SystemClock.now().plus_days(days);
            for tenant in [&acme, &globex] {
                for name in 0..names {
                    let unit = CreateUser(json!({ "userName": format!("{days}-{name}@{}.test", tenant.slug) }));
                    scratch.store.tenant(tenant.id).write(Origin { at, ..origin(tenant.id) }, unit).await.unwrap();
                }
            }
        }
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        assert_eq!(retention_round(&ground).await.unwrap(), 3);
        let query = FeedQuery { limit: 10, ..FeedQuery::default() };
        let whole = scratch.store.tenant(acme.id).feed().page(&query).await.unwrap();
        assert_eq!((whole.changes.len(), whole.through, whole.head), (5, 5, 5));
        let feed = scratch.store.tenant(globex.id).feed();
        assert!(matches!(feed.page(&query).await, Err(FeedError::Behind { first: 4 })));
        let rest = feed.page(&FeedQuery { after: 3, ..query }).await.unwrap();
        assert_eq!(rest.changes.iter().map(|change| change.seq).collect::<Vec<_>>(), [4, 5]);
    }

    async fn what_was_sent_to_webhooks_is_kept_for_thirty_days(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let acme = scratch.tenant("acme").await;
        let (store, webhook) = (scratch.store.tenant(acme.id), WebhookId::generate());
        for days in [31, 30, 29] {
            let delivery = Delivery {
                id: DeliveryId::generate(),
                message_id: "msg_1".to_owned(),
                kind: "user.created".to_owned(),
                seq: Some(1),
                previous: Some(0),
                resource: None,
                at: clock.now().plus_days(-days).plus_seconds(-1),
                attempt: 1,
                outcome: DeliveryOutcome::Delivered,
                status: Some(200),
                millis: 1,
                reason: None,
                applied: None,
                request_headers: Vec::new(),
                request_body: None,
                answer_headers: Vec::new(),
                answer_body: None,
            };
            store.webhooks().keep_delivery(webhook, &delivery).await.unwrap();
        }
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        assert_eq!(retention_round(&ground).await.unwrap(), 2);
        let query = DeliveryQuery { limit: 10, ..DeliveryQuery::default() };
        assert_eq!(store.webhooks().deliveries(webhook, &query).await.unwrap().len(), 1);
    }

    async fn what_was_deleted_is_kept_for_thirty_days(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let acme = scratch.tenant("acme").await;
        let store = scratch.store.tenant(acme.id);
        for (days, name) in [(31, "ada"), (29, "bob")] {
            let origin = || Origin { at: SystemClock.now().plus_days(-days), ..origin(acme.id) };
            let made = store.write(origin(), CreateUser(json!({ "userName": name }))).await.unwrap().output;
            store.write(origin(), RemoveUser(made.id)).await.unwrap();
        }
        let kept = async || {
            let rows = scratch.rows_of(acme.id).await;
            rows.iter().find(|(table, _)| table == "tombstones").map_or(0, |(_, rows)| *rows)
        };
        assert_eq!(kept().await, 2);
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
        assert_eq!(retention_round(&ground).await.unwrap(), 1);
        assert_eq!(kept().await, 1);
    }
}
