//! Takes a new certificate when its files change or SIGHUP asks for it, and tells of the end of the one in use.

use std::time::Duration;

use domain::{Clock, SystemClock, Timestamp};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::endings::crossed;
use super::spawn;
use crate::measures;
use crate::tls::{Look, Tls};

/// Between two looks at the files. Their content is compared, so that renamed folders and links count as well.
const PAUSE: Duration = Duration::from_secs(1);

/// Watches the certificate until `stop`.
///
/// # Errors
/// When SIGHUP cannot be listened to.
pub fn watch_certificate(tls: Tls, stop: CancellationToken) -> std::io::Result<JoinHandle<()>> {
    let mut asked = signal(SignalKind::hangup())?;
    Ok(spawn(async move {
        let mut last = None;
        loop {
            let now = SystemClock.now();
            tell_of_the_end(tls.ends_at(), last.replace(now), now);
            measures::certificate(tls.ends_at(), now, tls.is_refused());
            let Some(at_once) = stop.run_until_cancelled(next(&mut asked)).await else { return };
            match tls.look(at_once).await {
                Look::Same if at_once => tracing::info!("asked for it, the certificate was looked at: it is the one in use"),
                Look::Same => {}
                Look::Renewed => {
                    tracing::info!(ends_at = tls.ends_at().to_rfc3339(), "a new certificate is in use");
                    measures::certificate_read(true);
                    last = None;
                }
                Look::Refused(error) => {
                    let why = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(%error, why, "the new certificate cannot be used; the one before stays in use");
                    measures::certificate_read(false);
                }
            }
        }
    }))
}

/// Waits for the next look; whether somebody asked for it.
async fn next(asked: &mut Signal) -> bool {
    tokio::select! {
        _ = asked.recv() => true,
        () = tokio::time::sleep(PAUSE) => false,
    }
}

fn tell_of_the_end(ends_at: Timestamp, last: Option<Timestamp>, now: Timestamp) {
    let said = ends_at.to_rfc3339();
    if ends_at <= now {
        if last.is_none_or(|last| ends_at > last) {
            tracing::error!(ends_at = said, "the certificate has ended; clients refuse it");
        }
    } else if let Some(days) = crossed(ends_at, last, now) {
        tracing::warn!(ends_at = said, days, "the certificate ends soon");
    }
}
