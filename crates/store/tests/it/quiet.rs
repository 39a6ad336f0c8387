//! Credentials that are to be revoked once they are quiet are found by the index of those that wait for it.

use domain::connection::ConnectionState;
use domain::credential::{Order, WhenQuiet};
use domain::{Clock, Connection, ConnectionId, Credential, Idp, Rights, SystemClock};
use futures_util::future::join_all;
use store::testing::{author, key, scratch_watched};

use crate::on_both;

/// Enough rows for a planner to prefer the index of few of them.
const CREDENTIALS: usize = 300;

on_both! {
    async fn a_round_reads_the_credentials_that_wait_to_be_quiet_and_no_others(on) {
        let (scratch, statements) = scratch_watched(on).await;
        let acme = scratch.store.tenant(scratch.tenant("acme").await.id);
        let now = SystemClock.now();
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: acme.id(),
            name: "IdP".to_owned(),
            idp: Idp::Other,
            state: ConnectionState::Open,
            strict: false,
            created_at: now,
        };
        let connection = acme.connections().insert(connection, &author()).await.unwrap();
        let made: Vec<Credential> = (0..CREDENTIALS)
            .map(|_| {
                let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at: now, days: None };
                Credential::issue(&key(), &connection, order).unwrap().1
            })
            .collect();
        let (acme, author) = (&acme, &author());
        let kept = join_all(made.iter().map(|made| async move { acme.credentials().insert(made, author).await })).await;
        assert!(kept.iter().all(Result::is_ok));
        let wanted = WhenQuiet { hours: 24, since: now, by: "ada@acme.test".to_owned() };
        acme.credentials().set_when_quiet(made[7].id, Some(wanted), author).await.unwrap().unwrap();
        scratch.analyze().await;
        statements.take();
        assert!(scratch.store.system().quiet_credentials(now, None).await.unwrap().is_empty());
        let asked = statements.take();
        assert_eq!(asked.len(), 1, "{asked:#?}");
        let plan = scratch.plan_of(&asked[0]).await;
        assert!(plan.contains("credentials_quiet"), "{plan}");
        // How many times one was rotated does not matter either.
        assert!(plan.contains("credentials_replaces"), "{plan}");
    }
}
