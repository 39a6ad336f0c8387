//! Uses of credentials: none is lost while the database cannot be written, and no earlier one takes a later one's place.

use domain::connection::ConnectionState;
use domain::credential::{LastUse, Order};
use domain::{ClientSecretId, Clock, Connection, ConnectionId, Credential, Idp, Rights, SystemClock};
use store::Use;
use store::testing::{author, key, scratch};

use crate::on_both;

on_both! {
    async fn uses_that_could_not_be_written_are_written_later_and_never_backwards(on) {
        let scratch = scratch(on).await;
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
        let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at: now, days: None };
        let (_, made) = Credential::issue(&key(), &connection, order).unwrap();
        acme.credentials().insert(&made, &author()).await.unwrap();
        let used = |seconds: i64, address: &str| {
            let last = LastUse { at: now.plus_seconds(seconds), address: address.to_owned(), user_agent: None, idp: None };
            scratch.store.note_use(Use { tenant: acme.id(), credential: made.id, last });
        };
        let last = async || {
            let found = acme.credentials().find(made.id).await.unwrap().unwrap();
            found.last_used.map(|last| (last.at, last.address))
        };
        used(0, "192.0.2.1");
        scratch.store.note_secret_use(acme.id(), made.id, ClientSecretId::generate(), now);
        scratch.as_owner("ALTER TABLE oauth_secrets RENAME TO elsewhere").await.unwrap();
        assert!(scratch.store.flush_uses().await.is_err());
        assert_eq!(last().await, None);
        assert!(scratch.store.flush_uses().await.is_err(), "they wait");
        scratch.as_owner("ALTER TABLE elsewhere RENAME TO oauth_secrets").await.unwrap();
        scratch.store.flush_uses().await.unwrap();
        assert_eq!(last().await, Some((now, "192.0.2.1".to_owned())));
        // What another node noted before, and writes after.
        used(-1, "192.0.2.2");
        scratch.store.flush_uses().await.unwrap();
        assert_eq!(last().await, Some((now, "192.0.2.1".to_owned())));
        used(1, "192.0.2.3");
        scratch.store.flush_uses().await.unwrap();
        assert_eq!(last().await, Some((now.plus_seconds(1), "192.0.2.3".to_owned())));
    }
}
