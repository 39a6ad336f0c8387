//! What one node of several tells the others on the same database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::connection::ConnectionState;
use domain::credential::Order;
use domain::{Clock, Connection, ConnectionId, Credential, Idp, Rights, SystemClock, Tenant};
use store::testing::{On, Scratch, author, key, scratch};
use store::{Settings, Store};

/// Another node that believes what it has checked for longer than the test lasts.
async fn credulous(scratch: &Scratch) -> Store {
    let settings = Settings { credential_cache: Duration::from_mins(1), ..Settings::new(scratch.database.clone()) };
    Store::open(settings, Arc::new(SystemClock)).await.unwrap()
}

/// A tenant and its connection.
async fn connection(scratch: &Scratch) -> (Tenant, Connection) {
    let tenant = scratch.tenant("acme").await;
    let connection = Connection {
        id: ConnectionId::generate(),
        tenant: tenant.id,
        name: "IdP".to_owned(),
        idp: Idp::Other,
        state: ConnectionState::Open,
        strict: false,
        created_at: SystemClock.now(),
    };
    let connection = scratch.store.tenant(tenant.id).connections().insert(connection, &author()).await.unwrap();
    (tenant, connection)
}

/// A new credential, kept by the first node.
async fn issued(scratch: &Scratch, connection: &Connection) -> Credential {
    let order = Order { name: "t".to_owned(), rights: Rights::Write, created_by: None, at: SystemClock.now(), days: None };
    let (_, credential) = Credential::issue(&key(), connection, order).unwrap();
    scratch.store.tenant(connection.tenant).credentials().insert(&credential, &author()).await.unwrap();
    credential
}

/// Whether a node takes the credential.
async fn takes(node: &Store, credential: &Credential) -> bool {
    let known = node.system().find_credential(&credential.public_id).await.unwrap().unwrap();
    known.credential.check(SystemClock.now()).is_ok()
}

/// How long a node went on taking a credential; `None` when it still did at the end of the time.
async fn taken_for(node: &Store, credential: &Credential, time: Duration) -> Option<Duration> {
    let began = Instant::now();
    while began.elapsed() < time {
        if !takes(node, credential).await {
            return Some(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    None
}

#[tokio::test]
async fn the_word_of_the_node_that_revokes_ends_belief_on_one_that_hears_it_postgresql() {
    let scratch = scratch(On::Postgres).await;
    let (tenant, connection) = connection(&scratch).await;
    let first = scratch.store.tenant(tenant.id);
    let revoke = async |credential: &Credential| {
        first.credentials().revoke(credential.id, SystemClock.now(), &author()).await.unwrap().unwrap();
    };
    let (second, deaf) = (credulous(&scratch).await, credulous(&scratch).await);

    // What was said before a node listens is not heard; so it starts by believing nothing, and that shows that it listens.
    let before = issued(&scratch, &connection).await;
    assert!(takes(&second, &before).await);
    revoke(&before).await;
    assert!(takes(&second, &before).await, "it believes what it has checked");
    let listening = second.clone();
    let ears = tokio::spawn(async move { listening.hear_other_nodes().await });
    assert!(taken_for(&second, &before, Duration::from_secs(20)).await.is_some(), "it does not listen");

    for _ in 0..3 {
        let credential = issued(&scratch, &connection).await;
        assert!(takes(&second, &credential).await && takes(&deaf, &credential).await);
        revoke(&credential).await;
        assert!(!takes(&scratch.store, &credential).await, "at once where it was revoked");
        assert!(taken_for(&second, &credential, Duration::from_secs(1)).await.is_some(), "a second after it was revoked");
        assert!(takes(&deaf, &credential).await, "nothing but the word ends belief so early");
    }
    ears.abort();
    second.close().await;
    deaf.close().await;
}
