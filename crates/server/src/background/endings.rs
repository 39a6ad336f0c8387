//! Tells of credentials that will end by themselves: in the measures all the time, in the log and by mail to the tenant's
//! admins when 30, 14, 7 days and one day are left.

use std::sync::Arc;
use std::time::Duration;

use domain::{Role, TenantRef, Timestamp};
use outgoing::letter::Letter;
use outgoing::mail::Mail;
use store::{Ending, StoreError};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::spawn;
use crate::app::Ground;
use crate::measures;

/// Days before the end at which it is told.
const DAYS: [i64; 4] = [30, 14, 7, 1];
/// Between two rounds.
const PAUSE: Duration = Duration::from_mins(10);

/// Most admins of a tenant who get a letter.
const READERS: u64 = 50;

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
            match stop.run_until_cancelled(round(&ground, post.as_ref(), last, now)).await {
                Some(Ok(())) => last = Some(now),
                Some(Err(error)) => tracing::warn!(%error, "the ends of credentials were not looked at"),
                None => return,
            }
            if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                return;
            }
        }
    })
}

async fn round(ground: &Ground, post: Option<&Post>, last: Option<Timestamp>, now: Timestamp) -> Result<(), StoreError> {
    let most = DAYS.into_iter().max().unwrap_or_default();
    let endings = ground.store.system().endings(now, now.plus_days(most)).await?;
    for days in DAYS {
        measures::ending(days, endings.iter().filter(|ending| ending.ends_at < now.plus_days(days)).count());
    }
    for ending in &endings {
        let Ending { tenant, credential, name, ends_at } = ending;
        if let Some(post) = post
            && let Some(days) = crossed(*ends_at, None, now)
        {
            write(ground, post, ending, days, now).await?;
        }
        if let Some(days) = crossed(*ends_at, last, now) {
            let ends_at = ends_at.to_rfc3339();
            tracing::warn!(%tenant, %credential, name, ends_at, days, "a credential ends soon; its IdP needs another one");
        }
    }
    Ok(())
}

/// Writes to the tenant's admins, once for each of the days; when no letter leaves, the next round tries again.
async fn write(ground: &Ground, post: &Post, ending: &Ending, days: i64, now: Timestamp) -> Result<(), StoreError> {
    let (store, subject) = (ground.store.tenant(ending.tenant), ending.credential.as_uuid());
    let kind = format!("ends-{days}-{}", ending.ends_at.as_micros());
    if !store.claim_notice(subject, &kind, now).await? {
        return Ok(());
    }
    let system = ground.store.system();
    let Some(tenant) = system.find_tenant(&TenantRef::Id(ending.tenant)).await? else { return Ok(()) };
    let link = format!("{}/t/{}/credentials", post.public_url, tenant.slug);
    let letter = Letter::CredentialEnds { name: ending.name.clone(), tenant: tenant.name, days, link };
    let people = system.list_people(Some(ending.tenant), None, READERS).await?;
    let admins = people
        .into_iter()
        .filter(|person| person.roles.iter().any(|held| held.tenant == ending.tenant && held.role == Role::Admin));
    let (mut sent, mut failed) = (0_u32, 0_u32);
    for admin in admins {
        match post.mail.send(&admin.admin.email, &letter).await {
            Ok(()) => sent += 1,
            Err(error) => {
                failed += 1;
                tracing::warn!(%error, "a letter about the end of a credential did not leave");
            }
        }
    }
    if sent == 0 && failed > 0 {
        store.release_notice(subject, &kind).await?;
    }
    Ok(())
}

/// The fewest days of which fewer are left now, when that was not so at the last round; at the first round all count.
pub(super) fn crossed(ends_at: Timestamp, last: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    let days = DAYS.into_iter().filter(|days| ends_at < now.plus_days(*days)).min()?;
    last.is_none_or(|last| ends_at >= last.plus_days(days)).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

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
