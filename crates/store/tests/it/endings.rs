//! Credentials that will end by themselves.

use domain::connection::ConnectionState;
use domain::credential::Order;
use domain::{ClientSecret, Clock, Connection, ConnectionId, Credential, Idp, OAuthClient, Rights, SystemClock, TenantState};
use store::testing::{author, key, scratch};

use crate::on_both;

on_both! {
    async fn what_ends_soon_is_found_with_the_secrets_of_clients(on) {
        let scratch = scratch(on).await;
        let (acme, at) = (scratch.tenant("acme").await, SystemClock.now());
        let (store, system) = (scratch.store.tenant(acme.id), scratch.store.system());
        let connection = Connection {
            id: ConnectionId::generate(),
            tenant: acme.id,
            name: "IdP".to_owned(),
            idp: Idp::Other,
            state: ConnectionState::Open,
            strict: false,
            created_at: at,
        };
        let connection = store.connections().insert(connection, &author()).await.unwrap();
        let order = |name: &str, days| Order { name: name.to_owned(), rights: Rights::Write, created_by: None, at, days };
        for (name, days) in [("soon", Some(5)), ("later", Some(90)), ("never", None)] {
            let (_, credential) = Credential::issue(&key(), &connection, order(name, days)).unwrap();
            store.credentials().insert(&credential, &author()).await.unwrap();
        }
        let (_, revoked) = Credential::issue(&key(), &connection, order("revoked", Some(5))).unwrap();
        store.credentials().insert(&revoked, &author()).await.unwrap();
        store.credentials().revoke(revoked.id, at, &author()).await.unwrap();
        let client = Credential::client(&connection, order("client", None)).unwrap();
        let secrets = [Some(2), Some(60)].map(|days| ClientSecret::issue(&key(), None, at, days).unwrap().1).to_vec();
        let proofs = OAuthClient { token_seconds: 3_600, trust: None, secrets };
        store.oauth_clients().insert(&client, &proofs, &author()).await.unwrap();

        let names = async || {
            let found = system.endings(at, at.plus_days(30)).await.unwrap();
            found.into_iter().map(|ending| ending.name).collect::<Vec<_>>()
        };
        assert_eq!(names().await, ["client", "soon"]);
        system.set_tenant_state(acme.id, TenantState::Suspended, &author()).await.unwrap();
        assert!(names().await.is_empty());
    }
}
