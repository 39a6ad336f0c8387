//! Who sends to a webhook, and what of it counts.

use std::sync::Arc;

use domain::webhook::WebhookSecret;
use domain::{
    ChangeKind, Clock, Delivery, DeliveryId, DeliveryOutcome, FeedReader, FixedClock, ResourceKind, SystemClock, Tenant,
    TenantId, TenantState, Timestamp, Webhook, WebhookId, WebhookState,
};
use serde_json::json;
use store::testing::{CreateUser, On, Scratch, author, origin, scratch_watched, scratch_with_clock};
use store::{AcknowledgeError, Hold, OfResource, StoreError, TenantStore, Unique, WebhookChange};

use crate::on_both;

struct Scene {
    scratch: Scratch,
    clock: Arc<FixedClock>,
    acme: Tenant,
    door: TenantStore,
    webhook: Webhook,
}

/// A tenant with two changes, and a webhook that has had none.
async fn scene(on: On) -> Scene {
    let clock = Arc::new(FixedClock::new(SystemClock.now()));
    let scratch = scratch_with_clock(on, clock.clone()).await;
    let acme = scratch.tenant("acme").await;
    let door = scratch.store.tenant(acme.id);
    for name in ["ada", "bob"] {
        door.write(origin(acme.id), CreateUser(json!({ "userName": name }))).await.unwrap();
    }
    let webhook = door.webhooks().insert(webhook(acme.id, clock.now()), Some(0), &author()).await.unwrap();
    Scene { scratch, clock, acme, door, webhook }
}

fn webhook(tenant: TenantId, now: Timestamp) -> Webhook {
    Webhook {
        id: WebhookId::generate(),
        tenant,
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
    }
}

fn delivery(seq: u64, at: Timestamp, outcome: DeliveryOutcome) -> Delivery {
    Delivery {
        id: DeliveryId::generate(),
        message_id: format!("msg_{seq}"),
        kind: "user.created".to_owned(),
        seq: Some(seq),
        previous: Some(seq - 1),
        resource: None,
        at,
        attempt: 1,
        outcome,
        status: None,
        millis: 1,
        reason: Some("it took too long".to_owned()).filter(|_| outcome != DeliveryOutcome::Delivered),
        applied: None,
        request_headers: Vec::new(),
        request_body: None,
        answer_headers: Vec::new(),
        answer_body: None,
    }
}

impl Scene {
    async fn take(&self) -> Option<Hold> {
        self.door.webhooks().take(self.webhook.id).await.unwrap()
    }

    async fn came_through(&self, hold: &mut Hold, seq: u64) -> bool {
        let delivery = delivery(seq, self.clock.now(), DeliveryOutcome::Delivered);
        self.door.webhooks().came_through(hold, seq, &delivery).await.unwrap()
    }

    /// A try that failed and is repeated after so many seconds, or never.
    async fn failed(&self, hold: Hold, pause: Option<i64>) {
        let now = self.clock.now();
        let failed = delivery(1, now, DeliveryOutcome::Failed);
        let next_at = pause.map(|pause| now.plus_seconds(pause));
        self.door.webhooks().came_to_nothing(hold, next_at, &failed).await.unwrap();
    }

    async fn change(&self, change: WebhookChange) -> Webhook {
        self.door.webhooks().change(self.webhook.id, change, &author()).await.unwrap().unwrap()
    }

    async fn now(&self) -> Webhook {
        self.door.webhooks().find(self.webhook.id).await.unwrap().unwrap()
    }

    async fn due(&self) -> usize {
        let system = self.scratch.store.system();
        let stirred = system.stirred_webhooks(Some(&[self.acme.id]), 10).await.unwrap();
        system.due_webhooks(self.clock.now(), 10).await.unwrap().len() + stirred.len()
    }
}

on_both! {
    async fn one_node_has_a_webhook_and_another_when_the_first_says_nothing_for_half_a_minute(on) {
        let scene = scene(on).await;
        let mut first = scene.take().await.unwrap();
        assert!(scene.take().await.is_none(), "one at a time");
        scene.clock.advance_seconds(29);
        assert!(scene.take().await.is_none());
        assert!(scene.came_through(&mut first, 1).await, "who says something has it for longer");
        scene.clock.advance_seconds(29);
        assert_eq!((scene.take().await.is_none(), scene.due().await), (true, 0));
        scene.clock.advance_seconds(1);
        assert_eq!(scene.due().await, 1, "a node that died holds nothing up");
        let mut second = scene.take().await.unwrap();
        assert_eq!(second.webhook.delivered, 1);
        assert!(!scene.came_through(&mut first, 2).await, "what the first still says does not count");
        assert!(!scene.door.webhooks().look_again(&mut first).await.unwrap());
        assert!(scene.came_through(&mut second, 2).await);
        scene.door.webhooks().give_back(first).await.unwrap();
        assert!(scene.take().await.is_none(), "it gives nothing back that it has no more");
        scene.door.webhooks().give_back(second).await.unwrap();
        assert_eq!(scene.due().await, 0, "nothing waits");
        scene.door.write(origin(scene.acme.id), CreateUser(json!({ "userName": "cyd" }))).await.unwrap();
        assert_eq!(scene.due().await, 1);
    }

    async fn a_replay_wins_over_a_message_under_way(on) {
        let scene = scene(on).await;
        let mut hold = scene.take().await.unwrap();
        assert!(scene.came_through(&mut hold, 1).await);
        scene.door.webhooks().replay(scene.webhook.id, 0, &author()).await.unwrap().unwrap();
        assert!(!scene.came_through(&mut hold, 2).await);
        assert_eq!(scene.now().await.delivered, 0);
        assert!(!scene.door.webhooks().look_again(&mut hold).await.unwrap());
        assert!(!scene.door.webhooks().pass_over(&mut hold, 2).await.unwrap());
        let failed = delivery(2, scene.clock.now(), DeliveryOutcome::Failed);
        scene.door.webhooks().came_to_nothing(hold, None, &failed).await.unwrap();
        let now = scene.now().await;
        assert_eq!((now.state, now.failure, now.delivered), (WebhookState::Active, None, 0));
        assert_eq!(scene.due().await, 1, "it goes on at once, from where it was sent back to");
    }

    async fn who_pauses_while_a_message_is_under_way_keeps_what_came_through(on) {
        let scene = scene(on).await;
        let mut hold = scene.take().await.unwrap();
        let pause = WebhookChange { state: Some(WebhookState::Paused), ..WebhookChange::default() };
        scene.door.webhooks().change(scene.webhook.id, pause, &author()).await.unwrap().unwrap();
        assert!(scene.came_through(&mut hold, 1).await);
        assert!(!scene.door.webhooks().look_again(&mut hold).await.unwrap(), "nothing else is sent");
        scene.door.webhooks().give_back(hold).await.unwrap();
        assert_eq!((scene.now().await.delivered, scene.due().await), (1, 0));
        let resume = WebhookChange { state: Some(WebhookState::Active), ..WebhookChange::default() };
        scene.door.webhooks().change(scene.webhook.id, resume, &author()).await.unwrap().unwrap();
        assert_eq!(scene.due().await, 1);
    }

    async fn a_failure_rests_until_its_time_and_a_suspended_tenant_until_it_is_served(on) {
        let scene = scene(on).await;
        let (hold, now) = (scene.take().await.unwrap(), scene.clock.now());
        let failed = delivery(1, now, DeliveryOutcome::Failed);
        scene.door.webhooks().came_to_nothing(hold, Some(now.plus_seconds(5)), &failed).await.unwrap();
        let failure = scene.now().await.failure.unwrap();
        assert_eq!((failure.attempts, failure.since, failure.next_at), (1, now, Some(now.plus_seconds(5))));
        assert_eq!(failure.reason, "it took too long");
        assert_eq!((scene.due().await, scene.scratch.store.system().failing_webhooks().await.unwrap()), (0, 1));
        scene.clock.advance_seconds(5);
        assert_eq!(scene.due().await, 1);
        let system = scene.scratch.store.system();
        assert!(system.set_tenant_state(scene.acme.id, TenantState::Suspended, &author()).await.unwrap());
        assert_eq!(scene.due().await, 0);
        let mut held = scene.take().await.unwrap();
        assert!(!scene.door.webhooks().look_again(&mut held).await.unwrap(), "also for who was quicker");
    }

    async fn what_did_not_pass_is_looked_at_again_when_the_filter_is_made_wider_meanwhile(on) {
        let scene = scene(on).await;
        scene.change(WebhookChange { kinds: Some(vec![ChangeKind::GroupCreated]), ..WebhookChange::default() }).await;
        let mut hold = scene.take().await.unwrap();
        // It was read by then that nothing up to 2 passes.
        scene.change(WebhookChange { kinds: Some(Vec::new()), ..WebhookChange::default() }).await;
        assert!(!scene.door.webhooks().pass_over(&mut hold, 2).await.unwrap());
        scene.door.webhooks().give_back(hold).await.unwrap();
        assert_eq!((scene.now().await.delivered, scene.due().await), (0, 1));
        let mut hold = scene.take().await.unwrap();
        scene.change(WebhookChange { name: Some("Other".to_owned()), ..WebhookChange::default() }).await;
        assert!(scene.door.webhooks().pass_over(&mut hold, 2).await.unwrap(), "a name is no filter");
    }

    async fn of_two_who_change_a_filter_at_once_neither_makes_everything_or_nothing_of_it(on) {
        let scene = scene(on).await;
        scene.change(WebhookChange { kinds: Some(vec![ChangeKind::UserCreated]), ..WebhookChange::default() }).await;
        // Each of them was right for the webhook as it was seen.
        let of_groups = WebhookChange { resource: OfResource::Only(ResourceKind::Group), ..WebhookChange::default() };
        let refused = scene.door.webhooks().change(scene.webhook.id, of_groups, &author()).await;
        assert!(matches!(refused, Err(StoreError::Conflict(Unique::WebhookFilter))), "{refused:?}");
        assert_eq!(scene.now().await.wanted(), Some(vec![ChangeKind::UserCreated]));
    }

    async fn what_an_old_address_did_counts_not_against_the_new_one(on) {
        let scene = scene(on).await;
        let hold = scene.take().await.unwrap();
        scene.change(WebhookChange { url: Some("https://app.test/new".to_owned()), ..WebhookChange::default() }).await;
        scene.failed(hold, None).await;
        let now = scene.now().await;
        assert_eq!((now.state, now.failure, scene.due().await), (WebhookState::Active, None, 1));
        let hold = scene.take().await.unwrap();
        scene.failed(hold, Some(5)).await;
        assert_eq!(scene.now().await.failure.unwrap().attempts, 1, "its own failure does");
    }

    async fn a_parked_webhook_says_why_until_it_is_sent_to_again(on) {
        let scene = scene(on).await;
        let hold = scene.take().await.unwrap();
        scene.failed(hold, None).await;
        scene.change(WebhookChange { url: Some("https://app.test/new".to_owned()), ..WebhookChange::default() }).await;
        scene.door.webhooks().replay(scene.webhook.id, 1, &author()).await.unwrap().unwrap();
        let now = scene.now().await;
        assert_eq!((now.state, now.failure.is_some(), now.delivered), (WebhookState::Parked, true, 1));
        let system = scene.scratch.store.system();
        let failing = async || system.failing_webhooks().await.unwrap();
        assert_eq!((failing().await, system.parked_webhooks().await.unwrap(), scene.due().await), (1, 1, 0));
        let resumed = scene.change(WebhookChange { state: Some(WebhookState::Active), ..WebhookChange::default() }).await;
        assert_eq!((resumed.failure, failing().await, scene.due().await), (None, 0, 1));
        assert_eq!(system.parked_webhooks().await.unwrap(), 0);
    }

    async fn however_many_fail_they_hide_no_other(on) {
        let scene = scene(on).await;
        let hold = scene.take().await.unwrap();
        scene.failed(hold, Some(5)).await;
        let again = Webhook { id: WebhookId::generate(), ..scene.webhook.clone() };
        let again = scene.door.webhooks().insert(again, Some(0), &author()).await.unwrap();
        let hold = scene.door.webhooks().take(again.id).await.unwrap().unwrap();
        scene.failed(hold, Some(5)).await;
        scene.clock.advance_seconds(60);
        let healthy = Webhook { id: WebhookId::generate(), ..scene.webhook.clone() };
        let healthy = scene.door.webhooks().insert(healthy, Some(0), &author()).await.unwrap();
        let due = scene.scratch.store.system().due_webhooks(scene.clock.now(), 1).await.unwrap();
        assert_eq!(due.len(), 2, "one of each");
        assert!(due.iter().any(|found| found.webhook == healthy.id && !found.failing), "it waits for less long than the others");
        assert!(due.iter().any(|found| found.failing));
    }

    async fn a_replay_has_names_that_were_never_there(on) {
        let scene = scene(on).await;
        let replay = async || scene.door.webhooks().replay(scene.webhook.id, 0, &author()).await.unwrap().unwrap();
        let first = replay().await.message_id(1);
        assert_ne!(first, replay().await.message_id(1), "also within one moment");
        // As after a restore: the row knows of no replay, and time has gone on.
        let sql = "UPDATE webhooks SET course = 0 WHERE tenant_id = {tenant}";
        store::testing::meddle(&scene.scratch.store, scene.acme.id, sql).await;
        scene.clock.advance_seconds(60);
        assert_ne!(first, replay().await.message_id(1));
    }

    async fn a_reader_that_has_all_that_was_sent_is_past_what_the_filter_holds_back(on) {
        let scene = scene(on).await;
        let (acknowledgements, reader) = (scene.door.acknowledgements(), FeedReader::from(&scene.webhook));
        let at = async || acknowledgements.progress().await.unwrap().first().map(|progress| progress.seq);
        let mut hold = scene.take().await.unwrap();
        assert!(scene.came_through(&mut hold, 1).await && scene.door.webhooks().pass_over(&mut hold, 2).await.unwrap());
        acknowledgements.passed_over(&hold.webhook).await.unwrap();
        assert_eq!(at().await, None, "who never said anything is no reader");
        acknowledgements.acknowledge(&reader, 0).await.unwrap();
        acknowledgements.passed_over(&hold.webhook).await.unwrap();
        assert_eq!(at().await, Some(0), "it has not applied what was sent");
        acknowledgements.acknowledge(&reader, 1).await.unwrap();
        acknowledgements.passed_over(&hold.webhook).await.unwrap();
        assert_eq!(at().await, Some(2));
        let progress = acknowledgements.progress().await.unwrap();
        assert_eq!(progress[0].waits_since, None, "it is late with nothing");
    }

    async fn a_webhook_that_is_deleted_does_not_come_back_as_a_reader(on) {
        let scene = scene(on).await;
        let (acknowledgements, reader) = (scene.door.acknowledgements(), FeedReader::from(&scene.webhook));
        assert_eq!(acknowledgements.acknowledge(&reader, 1).await.unwrap(), 1);
        let known = scene.now().await;
        assert!(scene.door.webhooks().remove(scene.webhook.id, &author()).await.unwrap());
        // A message was under way, and its answer comes now.
        let late = acknowledgements.acknowledge(&reader, 2).await;
        assert!(matches!(late, Err(AcknowledgeError::Gone)), "{late:?}");
        acknowledgements.passed_over(&Webhook { delivered: 2, ..known }).await.unwrap();
        assert_eq!(acknowledgements.progress().await.unwrap(), []);
    }

    async fn of_each_change_the_try_that_came_through_is_found_and_else_the_last(on) {
        let scene = scene(on).await;
        let now = scene.clock.now();
        let tried = async |seq: u64, attempt: u32, outcome: DeliveryOutcome, resource: Option<uuid::Uuid>| {
            let tried = Delivery { attempt, resource, ..delivery(seq, now, outcome) };
            scene.door.webhooks().keep_delivery(scene.webhook.id, &tried).await.unwrap();
        };
        let resource = Some(uuid::Uuid::now_v7());
        tried(1, 1, DeliveryOutcome::Refused, resource).await;
        tried(1, 2, DeliveryOutcome::Delivered, resource).await;
        tried(1, 3, DeliveryOutcome::Failed, resource).await;
        tried(2, 1, DeliveryOutcome::Failed, resource).await;
        tried(2, 2, DeliveryOutcome::Refused, resource).await;
        // The word that changes are gone bears a number too.
        tried(2, 9, DeliveryOutcome::Delivered, None).await;
        let found = scene.door.webhooks().tries_of_changes(&[1, 2, 3]).await.unwrap();
        let of = |seq| found.get(&(seq, scene.webhook.id)).map(|tried| (tried.attempt, tried.outcome));
        assert_eq!((of(1), of(2)), (Some((2, DeliveryOutcome::Delivered)), Some((2, DeliveryOutcome::Refused))));
        assert_eq!(found.len(), 2);
        let globex = scene.scratch.tenant("globex").await;
        assert!(scene.scratch.store.tenant(globex.id).webhooks().tries_of_changes(&[1, 2]).await.unwrap().is_empty());
    }

    async fn what_was_sent_of_a_page_of_changes_is_found_by_one_statement_and_its_indexes(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let door = scratch.store.tenant(scratch.tenant("acme").await.id);
        let webhook = door.webhooks().insert(webhook(door.id(), SystemClock.now()), Some(0), &author()).await.unwrap();
        let number = 300;
        for seq in 1..=number {
            let made = door.write(origin(door.id()), CreateUser(json!({ "userName": format!("p{seq}") }))).await.unwrap();
            let sent = delivery(seq, SystemClock.now(), DeliveryOutcome::Delivered);
            let sent = Delivery { resource: Some(made.output.id.as_uuid()), ..sent };
            door.webhooks().keep_delivery(webhook.id, &sent).await.unwrap();
        }
        scratch.analyze().await;
        statements.take();
        // Fifty would be a good part of all that are here, which an engine may well read as a whole.
        let page: Vec<u64> = (101..=102).collect();
        assert_eq!(door.webhooks().tries_of_changes(&page).await.unwrap().len(), page.len());
        let asked = statements.take().into_iter().filter(|statement| statement.sql.contains("webhook_deliveries"));
        let asked: Vec<_> = asked.collect();
        assert_eq!(asked.len(), 1, "{asked:#?}");
        let plan = scratch.plan_of(&asked[0]).await;
        let indexes = match on {
            On::Sqlite => [
                "webhook_deliveries_seq (tenant_id=? AND seq=? AND webhook_id=?)",
                "sqlite_autoindex_webhook_deliveries_1 (tenant_id=? AND webhook_id=? AND id=?)",
            ],
            On::Postgres => ["webhook_deliveries_seq", "webhook_deliveries_pkey"],
        };
        for index in indexes {
            assert!(plan.contains(index), "{index} is not used:\n{plan}");
        }
        for whole in ["SCAN t", "SCAN d", "Seq Scan on webhook_deliveries", "TEMP B-TREE"] {
            assert!(!plan.contains(whole), "{plan}");
        }
    }
}
