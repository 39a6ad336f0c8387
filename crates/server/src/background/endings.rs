//! Tells of credentials that will end by themselves: in the measures all the time, in the log and by mail to the tenant's
//! admins when 30, 14, 7 days and one day are left.

use std::sync::Arc;
use std::time::Duration;

use domain::{Role, TenantId, TenantRef, Timestamp};
use outgoing::letter::Letter;
use outgoing::mail::Mail;
use store::{Ending, StoreError, System};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;
use crate::measures;

/// Days before the end at which it is told.
const DAYS: [i64; 4] = [30, 14, 7, 1];
/// Between two rounds.
const PAUSE: Duration = Duration::from_mins(10);

/// Admins who are read at once.
const PAGE: u64 = 50;

/// How letters leave, and where they lead.
#[derive(Clone, Debug)]
pub struct Post {
    /// The way out.
    pub mail: Mail,
    /// How the world reaches the service, without a slash at its end.
    pub public_url: String,
}

/// Watches ends until `stop`.
pub fn watch_endings(ground: Arc<Ground>, post: Option<Post>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let mut last = None;
        loop {
            let now = ground.clock.now();
            match round(&ground, post.as_ref(), last, now, &stop).await {
                Ok(()) => last = Some(now),
                Err(error) => tracing::warn!(%error, "the ends of credentials were not looked at"),
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    })
}

/// One round; at `stop` it ends where no notice is lost.
async fn round(
    ground: &Ground,
    post: Option<&Post>,
    last: Option<Timestamp>,
    now: Timestamp,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let most = DAYS.into_iter().max().unwrap_or_default();
    let system = ground.store.system();
    let Some(endings) = stop.run_until_cancelled(system.endings(now, now.plus_days(most))).await.transpose()? else {
        return Ok(());
    };
    for days in DAYS {
        measures::ending(days, endings.iter().filter(|ending| ending.ends_at < now.plus_days(days)).count());
    }
    for ending in &endings {
        if stop.is_cancelled() {
            return Ok(());
        }
        let Ending { tenant, credential, name, ends_at } = ending;
        if let Some(post) = post
            && let Some(days) = crossed(*ends_at, None, now)
        {
            write(ground, post, ending, days, now, stop).await?;
        }
        if let Some(days) = crossed(*ends_at, last, now) {
            let ends_at = ends_at.to_rfc3339();
            tracing::warn!(%tenant, %credential, name, ends_at, days, "a credential ends soon; its IdP needs another one");
        }
    }
    Ok(())
}

/// Writes to the tenant's admins, once for each of the days; when nobody was told, whatever the reason, the next round tries
/// again.
async fn write(
    ground: &Ground,
    post: &Post,
    ending: &Ending,
    days: i64,
    now: Timestamp,
    stop: &CancellationToken,
) -> Result<(), StoreError> {
    let (store, subject) = (ground.store.tenant(ending.tenant), ending.credential.as_uuid());
    let kind = format!("ends-{days}-{}", ending.ends_at.as_micros());
    if !store.claim_notice(subject, &kind, now).await? {
        return Ok(());
    }
    let mut sent = 0;
    let told = stop.run_until_cancelled(tell(&ground.store.system(), post, ending, days, &mut sent)).await;
    if sent == 0 {
        store.release_notice(subject, &kind).await?;
    }
    told.unwrap_or(Ok(()))
}

/// Sends the letters; `sent` counts those that left.
async fn tell(system: &System, post: &Post, ending: &Ending, days: i64, sent: &mut u32) -> Result<(), StoreError> {
    let Some(tenant) = system.find_tenant(&TenantRef::Id(ending.tenant)).await? else { return Ok(()) };
    let link = format!("{}/t/{}/credentials", post.public_url, tenant.slug);
    let letter = Letter::CredentialEnds { name: ending.name.clone(), tenant: tenant.name, days, link };
    for address in admins(system, ending.tenant).await? {
        match post.mail.send(&address, &letter).await {
            Ok(()) => *sent += 1,
            Err(error) => tracing::warn!(%error, "a letter about the end of a credential did not leave"),
        }
    }
    Ok(())
}

/// The addresses of all admins of a tenant.
async fn admins(system: &System, tenant: TenantId) -> Result<Vec<String>, StoreError> {
    let (mut found, mut last) = (Vec::new(), None);
    loop {
        let page = system.list_holders(tenant, Role::Admin, last, PAGE).await?;
        let Some(end) = page.last() else { return Ok(found) };
        last = Some(end.id);
        found.extend(page.into_iter().map(|admin| admin.email));
    }
}

/// The fewest days of which fewer are left now, when that was not so at the last round; at the first round all count.
pub(super) fn crossed(ends_at: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    let days = DAYS.into_iter().filter(|days| ends_at < now.plus_days(*days)).min()?;
    last.is_none_or(|last| ends_at >= last.plus_days(days)).then_some(days)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};

    use domain::admin::TenantRole;
    use domain::credential::Order;
    use domain::{
        Admin, AdminId, Clock, Connection, ConnectionId, ConnectionState, Credential, FixedClock, Idp, Rights, SystemClock,
    };
    use futures_util::future::join_all;
    use outgoing::letter::Language;
    use store::testing::{On, Scratch, author, key, scratch_with_clock};
    use store::{NewAdmin, on_both};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Notify;

    use super::*;

    /// A tenant with a credential that ends in five days.
    struct Place {
        scratch: Scratch,
        ground: Ground,
        tenant: TenantId,
    }

    impl Place {
        async fn open(on: On) -> Self {
            let clock = Arc::new(FixedClock::new(SystemClock.now()));
            let scratch = scratch_with_clock(on, clock.clone()).await;
            let (tenant, now) = (scratch.tenant("acme").await.id, clock.now());
            let connection = Connection {
                id: ConnectionId::generate(),
                tenant,
                name: "IdP".to_owned(),
                idp: Idp::Other,
                state: ConnectionState::Open,
                strict: false,
                created_at: now,
            };
            let acme = scratch.store.tenant(tenant);
            let connection = acme.connections().insert(connection, &author()).await.unwrap();
            let order = Order { name: "Prod".to_owned(), rights: Rights::Write, created_by: None, at: now, days: Some(5) };
            let (_, credential) = Credential::issue(&key(), &connection, order).unwrap();
            acme.credentials().insert(&credential, &author()).await.unwrap();
            let ground = Ground { store: scratch.store.clone(), key: Arc::new(key()), clock };
            Self { scratch, ground, tenant }
        }

        async fn person(&self, email: &str, role: Role) {
            let (id, email, created_at) = (AdminId::generate(), email.to_owned(), self.ground.clock.now());
            let admin = Admin { id, name: email.clone(), email, password_hash: None, operator: false, created_at };
            let new = NewAdmin { admin, roles: vec![TenantRole { tenant: self.tenant, role }] };
            self.scratch.store.system().insert_admin(new, &author()).await.unwrap();
        }

        async fn people(&self, named: &str, role: Role, number: usize) {
            let emails: Vec<_> = (0..number).map(|place| format!("{named}{place}@acme.test")).collect();
            join_all(emails.iter().map(|email| self.person(email, role))).await;
        }

        async fn round(&self, post: &Post, stop: &CancellationToken) {
            let now = self.ground.clock.now();
            round(&self.ground, Some(post), Some(now), now, stop).await.unwrap();
        }
    }

    /// A mail server that notes who gets a letter.
    #[derive(Default)]
    struct MailServer {
        letters: Mutex<Vec<String>>,
        /// Whether it turns everybody away.
        refusing: AtomicBool,
        /// Whether it says nothing any more once somebody is written to.
        mute: AtomicBool,
        asked: Notify,
    }

    impl MailServer {
        async fn start() -> (Arc<Self>, Post) {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let url = format!("smtp://{}", listener.local_addr().unwrap());
            let server = Arc::new(Self::default());
            let own = Arc::clone(&server);
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(Arc::clone(&own).converse(stream));
                }
            });
            let mail = Mail::new(&url, "sync@acme.test", Language::English).unwrap();
            (server, Post { mail, public_url: "https://sync.example.com".to_owned() })
        }

        async fn converse(self: Arc<Self>, stream: TcpStream) -> std::io::Result<()> {
            let (read, mut write) = stream.into_split();
            let (mut lines, mut in_letter) = (BufReader::new(read).lines(), false);
            let mut to: Option<String> = None;
            write.write_all(b"220 mail.test\r\n").await?;
            while let Some(line) = lines.next_line().await? {
                let answer = match line.get(..4).unwrap_or(&line) {
                    "." if in_letter => {
                        in_letter = false;
                        self.letters.lock().unwrap().extend(to.take());
                        "250 taken"
                    }
                    _ if in_letter => continue,
                    "RCPT" if self.mute.load(Ordering::SeqCst) => {
                        self.asked.notify_one();
                        std::future::pending().await
                    }
                    "RCPT" if self.refusing.load(Ordering::SeqCst) => "550 the mailbox is full",
                    "RCPT" => {
                        to = line.split(['<', '>']).nth(1).map(str::to_owned);
                        "250 fine"
                    }
                    "DATA" => {
                        in_letter = true;
                        "354 go on"
                    }
                    _ => "250 fine",
                };
                write.write_all(format!("{answer}\r\n").as_bytes()).await?;
            }
            Ok(())
        }

        fn letters(&self) -> Vec<String> {
            self.letters.lock().unwrap().clone()
        }
    }

    on_both! {
        async fn admins_behind_any_number_of_others_are_all_told_once_that_a_credential_ends(on) {
            let (place, (server, post), stop) = (Place::open(on).await, MailServer::start().await, CancellationToken::new());
            place.people("vic", Role::Viewer, 60).await;
            place.people("ada", Role::Admin, 60).await;
            for _ in 0..2 {
                place.round(&post, &stop).await;
            }
            let letters = server.letters();
            let told: BTreeSet<&String> = letters.iter().collect();
            assert_eq!((letters.len(), told.len()), (60, 60), "{letters:?}");
            assert!(letters.iter().all(|to| to.starts_with("ada")), "{letters:?}");
        }

        async fn a_warning_that_reached_nobody_is_sent_by_a_later_round(on) {
            let (place, (server, post), stop) = (Place::open(on).await, MailServer::start().await, CancellationToken::new());
            place.person("vic@acme.test", Role::Viewer).await;
            place.round(&post, &stop).await;
            // Somebody is there now, and the mail server takes nothing.
            place.person("ada@acme.test", Role::Admin).await;
            server.refusing.store(true, Ordering::SeqCst);
            place.round(&post, &stop).await;
            assert!(server.letters().is_empty());
            server.refusing.store(false, Ordering::SeqCst);
            for _ in 0..2 {
                place.round(&post, &stop).await;
                assert_eq!(server.letters(), ["ada@acme.test"]);
            }
        }

        async fn a_warning_is_not_lost_where_the_service_stops_while_the_mail_server_is_mute(on) {
            let (place, (server, post), stop) = (Place::open(on).await, MailServer::start().await, CancellationToken::new());
            place.person("ada@acme.test", Role::Admin).await;
            server.mute.store(true, Ordering::SeqCst);
            let stopping = async {
                server.asked.notified().await;
                stop.cancel();
            };
            tokio::join!(place.round(&post, &stop), stopping);
            let (next, post) = MailServer::start().await;
            place.round(&post, &CancellationToken::new()).await;
            assert_eq!((server.letters(), next.letters()), (Vec::new(), vec!["ada@acme.test".to_owned()]));
        }
    }

    #[test]
    fn an_end_is_told_once_at_each_of_its_days() {
        let (start, hour) = (Timestamp::from_micros(0), 3_600);
        let ends_at = start.plus_days(40);
        let mut told = Vec::new();
        let mut last = None;
        for hours in 0..40 * 24 {
            let now = start.plus_seconds(hours * hour);
            told.extend(crossed(ends_at, last, now));
            last = Some(now);
        }
        assert_eq!(told, [30, 14, 7, 1]);
        assert_eq!(crossed(ends_at, None, start.plus_days(35)), Some(7), "a service that just started says so too");
        assert_eq!(crossed(ends_at, None, start), None);
    }
}
