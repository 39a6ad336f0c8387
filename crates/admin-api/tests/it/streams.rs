//! A live stream whose reader is slow, and may not read any more.

use std::time::Duration;

use domain::{Clock, Role};
use futures_util::{Stream, StreamExt};
use store::SyncLogWriter;
use store::testing::event;

use crate::desk::Desk;
use crate::on_both;

/// How many messages come within some time until there are so many; fewer when the stream ends.
async fn messages(stream: &mut (impl Stream<Item = String> + Unpin), most: usize) -> usize {
    let mut seen = 0;
    while seen < most {
        let next = tokio::time::timeout(Duration::from_secs(20), stream.next()).await;
        let Some(text) = next.unwrap() else { break };
        seen += text.lines().filter(|line| line.starts_with("data:")).count();
    }
    seen
}

on_both! {
    async fn a_reader_far_behind_gets_nothing_more_when_the_role_is_gone(on) {
        let desk = Desk::open(on).await;
        let acme = desk.scratch.tenant("acme").await;
        let operator = desk.operator().await;
        let ada = desk.person("ada@acme.test", None, &[(&acme, Role::Viewer)]).await;
        let hers = desk.session(ada).await;
        let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 2_048);
        for _ in 0..400 {
            sender.send(event(Some(acme.id), desk.clock.now(), 200), false).await;
        }
        drop(sender);
        writer.run().await;
        let path = "/tenants/acme/sync-events/stream";
        let mut stream = Box::pin(desk.follow(&hers, path, 0).await);
        let mut whole = Box::pin(desk.follow(&operator, path, 0).await);
        assert_eq!((messages(&mut stream, 5).await, messages(&mut whole, 5).await), (5, 5));
        let path = format!("/tenants/acme/people/{ada}");
        assert_eq!(desk.call(Some(&operator), "DELETE", &path, None).await.status, 204);
        tokio::time::sleep(Duration::from_millis(3_500)).await;
        // What was on its way already may come; of the rest nothing does.
        let late = messages(&mut stream, 400).await;
        assert!(late <= 2, "{late} messages for somebody without a role");
        assert_eq!(messages(&mut whole, 395).await, 395, "who has the right gets all");
    }
}
