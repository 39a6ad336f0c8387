//! Whose units a lane takes, and who rests.

use domain::{Actor, Clock, SystemClock};
use futures_util::FutureExt;

use super::*;
use crate::wall::Door;
use crate::write::{Ticket, Unit};
use crate::{Origin, StoreError, Tx};

/// Writes nothing: here nothing is run.
struct Idle;

impl Unit for Idle {
    const NAME: &'static str = "idle";
    type Output = ();
    type Error = StoreError;

    async fn run(&self, _: &Tx<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn store_error(error: &StoreError) -> Option<&StoreError> {
        Some(error)
    }
}

fn push(queue: &Queue, tenant: TenantId, units: usize) {
    for _ in 0..units {
        let origin = Origin { tenant, actor: Actor::System, request_id: None, at: SystemClock.now() };
        let (ticket, _) = Ticket::new(Idle, origin, Door::Tenant(tenant));
        assert!(queue.push(tenant, Box::new(ticket)).is_ok());
    }
}

/// What a lane would get now, and `None` where it would wait.
fn taken(queue: &Queue, take: Take) -> Option<Vec<Box<dyn Job>>> {
    let (tenant, jobs) = queue.take(take).now_or_never()??;
    if let Some(tenant) = tenant {
        queue.release(tenant);
    }
    Some(jobs)
}

fn owners(jobs: &[Box<dyn Job>]) -> Vec<TenantId> {
    jobs.iter().map(|job| job.tenant()).collect()
}

const LONG: Duration = Duration::from_hours(1);

#[tokio::test]
async fn who_fills_a_commit_rests_while_somebody_is_here_who_has_nothing_waiting() {
    for take in [Take::Mixed(32), Take::OneTenant(32)] {
        let queue = Queue::new(1_000);
        let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
        push(&queue, quiet, 1);
        assert_eq!(owners(&taken(&queue, take).unwrap()), [quiet]);
        push(&queue, noisy, 10);
        let filled = taken(&queue, take).unwrap();
        assert_eq!(filled.len(), 10);
        queue.rest(&filled, LONG);
        push(&queue, noisy, 1);
        assert!(taken(&queue, take).is_none(), "{take:?}: it rests");
        push(&queue, quiet, 1);
        assert_eq!(owners(&taken(&queue, take).unwrap()), [quiet], "{take:?}: others do not");
        queue.close();
        assert_eq!(owners(&taken(&queue, take).unwrap()), [noisy], "{take:?}: nothing stays behind");
    }
}

#[tokio::test]
async fn who_is_alone_does_a_little_or_is_among_the_busy_does_not_rest() {
    let (one, other) = (TenantId::generate(), TenantId::generate());
    let rests = |before: &[(TenantId, usize)], units: usize, after: &[(TenantId, usize)]| {
        let queue = Queue::new(1_000);
        let take = Take::Mixed(32);
        for (tenant, units) in before {
            push(&queue, *tenant, *units);
            taken(&queue, take);
        }
        push(&queue, one, units);
        let jobs = taken(&queue, take).unwrap();
        for (tenant, units) in after {
            push(&queue, *tenant, *units);
        }
        queue.rest(&jobs, LONG);
        push(&queue, one, 1);
        !owners(&taken(&queue, take).unwrap_or_default()).contains(&one)
    };
    assert!(!rests(&[], 10, &[]), "alone");
    assert!(!rests(&[(other, 1)], FEW, &[]), "a little");
    assert!(rests(&[(other, 1)], FEW, &[(one, 1)]), "a little, with more waiting");
    assert!(!rests(&[(other, 10)], 10, &[(other, 1)]), "the other waits too");
}

#[tokio::test]
async fn a_rest_ends() {
    let queue = Queue::new(1_000);
    let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
    push(&queue, quiet, 1);
    taken(&queue, Take::Mixed(32)).unwrap();
    push(&queue, noisy, 10);
    let filled = taken(&queue, Take::Mixed(32)).unwrap();
    queue.rest(&filled, Duration::from_millis(20));
    push(&queue, noisy, 3);
    assert!(taken(&queue, Take::Mixed(32)).is_none());
    assert_eq!(owners(&queue.take(Take::Mixed(32)).await.unwrap().1), [noisy; 3]);
}
