//! Tells of credentials that will end by themselves: in the measures all the time, in the log when 30, 14, 7 days and one
//! day are left.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
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

/// Watches ends until `stop`.
pub fn watch_endings(ground: Arc<Ground>, stop: CancellationToken) -> JoinHandle<()> {
    spawn(async move {
        let mut last = None;
        loop {
            let now = ground.clock.now();
            match stop.run_until_cancelled(round(&ground, last, now)).await {
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

async fn round(ground: &Ground, last: Option<Timestamp>, now: Timestamp) -> Result<(), StoreError> {
    let most = DAYS.into_iter().max().unwrap_or_default();
    let endings = ground.store.system().endings(now, now.plus_days(most)).await?;
    for days in DAYS {
        measures::ending(days, endings.iter().filter(|ending| ending.ends_at < now.plus_days(days)).count());
    }
    for Ending { tenant, credential, name, ends_at } in &endings {
        if let Some(days) = crossed(*ends_at, last, now) {
            let ends_at = ends_at.to_rfc3339();
            tracing::warn!(%tenant, %credential, name, ends_at, days, "a credential ends soon; its IdP needs another one");
        }
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
