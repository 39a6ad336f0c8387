//! The one before in a rotation is revoked by itself where somebody wanted that, once it is quiet and not earlier.

use std::sync::Arc;

use directory_sync::app::Ground;
use directory_sync::background::quiet_round;
use domain::audit::AuditActor;
use domain::credential::{LastUse, Order, WhenQuiet};
use domain::{
    Act, Clock, Connection, ConnectionId, ConnectionState, Credential, CredentialId, FixedClock, Idp, Rights, SyncEvent,
    SystemClock, TenantId, Timestamp,
};
use store::testing::{Scratch, author, event, key, scratch_with_clock};
use store::{AuditQuery, SyncLogWriter, TenantStore, Use};

use crate::on_both;

const HOUR: i64 = 3_600;

/// A tenant's store at a time that the test moves.
struct Place {
    scratch: Scratch,
    clock: Arc<FixedClock>,
    ground: Ground,
    connection: Connection,
}

impl Place {
    async fn open(on: store::testing::On) -> Self {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: scratch.tenant("acme").await.id,
            name: "IdP".to_owned(),
            idp: Idp::Other,
            state: ConnectionState::Open,
            strict: false,
            created_at: clock.now(),
        };
        let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock: clock.clone() };
        let place = Self { scratch, clock, ground, connection };
        place.acme().connections().insert(place.connection.clone(), &author()).await.unwrap();
        place
    }

    fn tenant(&self) -> TenantId {
        self.connection.tenant
    }

    fn acme(&self) -> TenantStore {
        self.scratch.store.tenant(self.tenant())
    }

    async fn issue(&self, replaces: Option<CredentialId>) -> CredentialId {
        self.issue_until(replaces, None).await
    }

    async fn issue_until(&self, replaces: Option<CredentialId>, ends_at: Option<Timestamp>) -> CredentialId {
        let at = self.clock.now();
        let order = Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at, days: None };
        let (_, made) = Credential::issue(&key(), &self.connection, order).unwrap();
        self.acme().credentials().insert(&Credential { replaces, ends_at, ..made.clone() }, &author()).await.unwrap();
        made.id
    }

    /// A credential that is to go after a day, and the one that takes its place.
    async fn leaving(&self) -> (CredentialId, CredentialId) {
        let before = self.issue(None).await;
        let successor = self.issue(Some(before)).await;
        self.want(before, Some(24)).await;
        (before, successor)
    }

    async fn want(&self, credential: CredentialId, hours: Option<u32>) {
        let wanted = hours.map(|hours| WhenQuiet { hours, since: self.clock.now(), by: "ada@acme.test".to_owned() });
        assert!(self.acme().credentials().set_when_quiet(credential, wanted, &author()).await.unwrap().is_some());
    }

    /// A request that its row knows of.
    async fn used(&self, credential: CredentialId) {
        self.all_used(&[credential]).await;
    }

    async fn all_used(&self, credentials: &[CredentialId]) {
        for credential in credentials {
            let last = LastUse { at: self.clock.now(), address: "192.0.2.1".to_owned(), user_agent: None, idp: None };
            self.scratch.store.note_use(Use { tenant: self.tenant(), credential: *credential, last });
        }
        self.scratch.store.flush_uses().await.unwrap();
    }

    /// A request of each that so far the log alone knows of.
    async fn logged(&self, credentials: &[CredentialId]) {
        let (sender, writer) = SyncLogWriter::new(self.scratch.store.sync_log().clone(), 2 * credentials.len());
        for credential in credentials {
            let mut seen = event(Some(self.tenant()), self.clock.now(), 200);
            // An id of the clock's time, as a request of that time has it.
            let (millis, rest) = (u64::try_from(seen.at.as_micros() / 1_000).unwrap(), domain::secret::random_bytes().unwrap());
            seen.id = uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid().into();
            sender.send(SyncEvent { credential: Some(*credential), ..seen }, false).await;
        }
        drop(sender);
        writer.run().await;
    }

    async fn round(&self) -> usize {
        quiet_round(&self.ground).await.unwrap()
    }

    async fn revoked(&self, credential: CredentialId) -> Option<String> {
        self.acme().credentials().find(credential).await.unwrap().unwrap().revoked_by
    }
}

on_both! {
    async fn a_token_goes_by_itself_once_it_is_quiet_and_its_successor_is_used(on) {
        let place = Place::open(on).await;
        let (before, successor) = place.leaving().await;
        let untouched = place.issue(None).await;
        place.clock.advance_seconds(HOUR);
        place.used(before).await;
        place.clock.advance_seconds(HOUR);
        place.used(successor).await;
        place.clock.advance_seconds(23 * HOUR - 1);
        assert_eq!(place.round().await, 0, "a day after somebody asked, and a second less than one after the last request");
        place.clock.advance_seconds(1);
        assert_eq!(place.round().await, 1);
        assert_eq!(place.revoked(before).await.as_deref(), Some("service"));
        assert_eq!((place.revoked(successor).await, place.revoked(untouched).await), (None, None));
        assert_eq!(place.round().await, 0, "once");
        let query = AuditQuery { limit: 1, ..AuditQuery::default() };
        let newest = place.acme().audit().list(&query).await.unwrap().remove(0);
        assert_eq!((newest.act, newest.actor), (Act::CredentialRevoked, AuditActor::System));
    }

    async fn a_token_stays_that_may_still_be_needed(on) {
        let place = Place::open(on).await;
        // The IdP sends nothing at all: it may hold the old token still.
        let (asleep, unused) = place.leaving().await;
        let (off, new) = place.leaving().await;
        let (alone, gone) = place.leaving().await;
        let (busy, beside) = place.leaving().await;
        place.clock.advance_seconds(60);
        for successor in [new, gone, beside] {
            place.used(successor).await;
        }
        place.want(off, None).await;
        let revoked = place.acme().credentials().revoke(gone, place.clock.now(), &author()).await.unwrap();
        assert!(revoked.is_some());
        place.clock.advance_seconds(30 * HOUR);
        place.logged(&[busy]).await;
        place.clock.advance_seconds(HOUR);
        assert_eq!(place.round().await, 0);
        for credential in [asleep, off, alone, busy] {
            assert_eq!(place.revoked(credential).await, None);
        }
        // Each for its own reason: with it gone, they go.
        place.used(unused).await;
        place.clock.advance_seconds(24 * HOUR);
        assert_eq!(place.round().await, 2, "the IdP is back with the new token, and the busy one is quiet");
        assert_eq!((place.revoked(asleep).await.is_some(), place.revoked(busy).await.is_some()), (true, true));
    }

    async fn a_token_stays_whose_successor_goes_between_the_round_and_its_end(on) {
        let place = Place::open(on).await;
        let (before, successor) = place.leaving().await;
        place.clock.advance_seconds(60);
        place.used(successor).await;
        place.clock.advance_seconds(25 * HOUR);
        let (now, acme) = (place.clock.now(), place.acme());
        let found = place.scratch.store.system().quiet_credentials(now, None).await.unwrap();
        assert_eq!(found.iter().map(|quiet| quiet.credential).collect::<Vec<_>>(), [before]);
        assert!(acme.credentials().revoke(successor, now, &author()).await.unwrap().is_some());
        // One that nobody has used proves nothing, and neither does one that has ended.
        let (other, ended) = (place.issue(Some(before)).await, place.issue_until(Some(before), Some(now)).await);
        place.used(ended).await;
        assert!(acme.credentials().revoke_quiet(before, now, &author()).await.unwrap().is_none());
        assert_eq!(place.revoked(before).await, None);
        place.used(other).await;
        let gone = acme.credentials().revoke_quiet(before, now, &author()).await.unwrap();
        assert_eq!(gone.map(|credential| credential.id), Some(before));
    }

    async fn a_token_that_has_ended_is_not_revoked_beside(on) {
        let place = Place::open(on).await;
        let ends_at = place.clock.now().plus_seconds(24 * HOUR);
        let before = place.issue_until(None, Some(ends_at)).await;
        let successor = place.issue(Some(before)).await;
        place.want(before, Some(24)).await;
        place.clock.advance_seconds(60);
        place.used(successor).await;
        place.clock.advance_seconds(25 * HOUR);
        assert_eq!((place.round().await, place.revoked(before).await), (0, None));
    }

    async fn a_hundred_tokens_that_are_in_use_hold_up_no_other(on) {
        let place = Place::open(on).await;
        let pairs = futures_util::future::join_all((0..100).map(|_| place.leaving())).await;
        let (busy, mut successors): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let (last, successor) = place.leaving().await;
        assert!(busy.iter().all(|busy| *busy < last), "it comes after them");
        successors.push(successor);
        place.clock.advance_seconds(60);
        place.all_used(&successors).await;
        place.clock.advance_seconds(24 * HOUR);
        place.logged(&busy).await;
        place.clock.advance_seconds(60);
        assert_eq!(place.round().await, 1);
        assert!(place.revoked(last).await.is_some());
    }

    async fn two_nodes_revoke_one_token_once(on) {
        let place = Place::open(on).await;
        let (_, successor) = place.leaving().await;
        place.clock.advance_seconds(60);
        place.used(successor).await;
        place.clock.advance_seconds(25 * HOUR);
        let rounds = tokio::join!(place.round(), place.round());
        assert_eq!(rounds.0 + rounds.1, 1);
        let query = AuditQuery { act: Some(Act::CredentialRevoked), limit: 10, ..AuditQuery::default() };
        assert_eq!(place.acme().audit().list(&query).await.unwrap().len(), 1);
    }
}
