//! Who works, who waits, and in which order; where the clock stands still no work takes time, and nobody rests.

use std::pin::pin;

use futures_util::FutureExt;

use domain::presence::HERE;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_place_is_kept_for_others_and_the_next_one_goes_to_the_next_tenant() {
    let turns = Turns::of(3, 3, 8);
    let (noisy, quiet, third) = (TenantId::generate(), TenantId::generate(), TenantId::generate());
    let first = turns.place(noisy, Work::Usual).await;
    let second = turns.place(noisy, Work::Usual).await;
    let mut more: Vec<_> = (0..20).map(|_| Box::pin(turns.place(noisy, Work::Usual))).collect();
    assert!(more.iter_mut().all(|place| place.now_or_never().is_none()), "two of three are all that it gets");
    let beside = turns.place(quiet, Work::Usual).now_or_never().expect("a place was kept");
    let mut other = pin!(turns.place(third, Work::Usual));
    assert!(other.as_mut().now_or_never().is_none(), "nothing is free");
    drop(first);
    drop(beside);
    let other = other.now_or_never().expect("its turn comes before twenty others'");
    let given: Vec<Place> = more.iter_mut().filter_map(FutureExt::now_or_never).collect();
    assert_eq!(given.len(), 1);
    drop((second, other));
}

#[tokio::test(start_paused = true)]
async fn tenants_take_turns() {
    let turns = Turns::of(1, 1, 8);
    let tenants = [TenantId::generate(), TenantId::generate(), TenantId::generate()];
    let held = turns.place(TenantId::generate(), Work::Usual).await;
    let (told, mut order) = tokio::sync::mpsc::unbounded_channel();
    for (number, tenant) in tenants.into_iter().enumerate() {
        for _ in 0..5 {
            let (turns, told) = (Arc::clone(&turns), told.clone());
            tokio::spawn(async move {
                let _place = turns.place(tenant, Work::Usual).await;
                told.send(number).unwrap();
            });
        }
        while turns.waiting() < (number + 1) * 5 {
            tokio::task::yield_now().await;
        }
    }
    drop((held, told));
    let mut seen = Vec::new();
    while let Some(number) = order.recv().await {
        seen.push(number);
    }
    assert_eq!(seen, [0, 1, 2].repeat(5));
    assert!(turns.lock().tenants.is_empty(), "nobody is remembered who has nothing here");
}

#[tokio::test(start_paused = true)]
async fn a_tenant_scans_a_few_at_a_time_and_its_other_requests_pass() {
    let turns = Turns::of(16, 16, 8);
    let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
    let mut scans: Vec<_> = (0..10).map(|_| Box::pin(turns.place(noisy, Work::Scan))).collect();
    let mut held: Vec<Place> = scans.iter_mut().filter_map(FutureExt::now_or_never).collect();
    assert_eq!(held.len(), 2);
    let usual = turns.place(noisy, Work::Usual).now_or_never();
    assert!(usual.is_some(), "it does not wait behind scans");
    assert!(turns.place(quiet, Work::Scan).now_or_never().is_some(), "each tenant has its own");
    held.pop();
    let next: Vec<Place> = scans.iter_mut().skip(2).filter_map(FutureExt::now_or_never).collect();
    assert_eq!(next.len(), 1, "one ends and one begins");
}

#[tokio::test]
async fn scans_of_all_leave_a_connection_free() {
    let turns = Turns::new(3, 2);
    let scan = || turns.place(TenantId::generate(), Work::Scan).now_or_never();
    let held: Vec<_> = (0..5).map_while(|_| scan()).collect();
    assert_eq!(held.len(), 2);
    assert!(turns.place(TenantId::generate(), Work::Usual).now_or_never().is_some());
    drop(held);
    assert!(scan().is_some());
}

#[tokio::test(start_paused = true)]
async fn while_others_are_here_a_tenant_has_no_more_than_its_share_of_the_processors() {
    let turns = Turns::of(16, 16, 4);
    let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
    let ask = || (0..20).filter_map(|_| turns.place(noisy, Work::Usual).now_or_never()).collect::<Vec<_>>();
    assert_eq!(ask().len(), 12, "alone");
    drop(turns.place(quiet, Work::Usual).await);
    let held = ask();
    assert_eq!(held.len(), 2, "beside another");
    assert!(turns.place(noisy, Work::Scan).now_or_never().is_some(), "its scans are counted apart");
    drop(held);
    tokio::time::advance(HERE + Duration::from_millis(1)).await;
    assert_eq!(ask().len(), 12, "alone again");
}

#[tokio::test]
async fn where_there_is_one_place_who_came_first_goes_first() {
    let turns = Turns::of(1, 1, 8);
    let tenant = TenantId::generate();
    let held = turns.place(tenant, Work::Scan).await;
    let mut usual = pin!(turns.place(tenant, Work::Usual));
    let mut scan = pin!(turns.place(tenant, Work::Scan));
    assert!(usual.as_mut().now_or_never().is_none() && scan.as_mut().now_or_never().is_none());
    drop(held);
    assert!(scan.as_mut().now_or_never().is_none());
    drop(usual.now_or_never().expect("it came first"));
    assert!(scan.now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waiting_holds_nobody_up() {
    let turns = Turns::of(1, 1, 8);
    let (one, other) = (TenantId::generate(), TenantId::generate());
    let held = turns.place(one, Work::Usual).await;
    for _ in 0..10 {
        assert!(turns.place(other, Work::Usual).now_or_never().is_none());
    }
    let mut waits = pin!(turns.place(one, Work::Usual));
    assert!(waits.as_mut().now_or_never().is_none());
    drop(held);
    drop(waits.now_or_never().expect("those who left are passed over"));
    // One to whom a place was given, but who left before taking it.
    let held = turns.place(one, Work::Usual).await;
    let mut gone = Box::pin(turns.place(other, Work::Usual));
    assert!(gone.as_mut().now_or_never().is_none());
    drop(held);
    drop(gone);
    assert!(turns.place(one, Work::Usual).now_or_never().is_some(), "its place came back");
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_turn_does_not_come_is_told_to_wait() {
    let turns = Turns::of(1, 1, 8);
    let tenant = TenantId::generate();
    let held = turns.place(tenant, Work::Usual).await;
    let fast = turns.place_in_time(tenant, Work::Usual).await.unwrap_err();
    assert_eq!(fast, TooFast { wait: 10, limit: GUARANTEED, reached: Reached::Turn });
    let (which, limit, wait) = ("turn".to_owned(), "10".to_owned(), "10".to_owned());
    assert_eq!(fast.cause(), domain::Cause::TooFast { which, limit, wait });
    drop(held);
    assert!(turns.place_in_time(tenant, Work::Usual).await.is_ok());
}

#[test]
fn a_tenant_has_so_many_requests_under_way_and_no_more() {
    let turns = Turns::of(4, 4, 8);
    let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
    let mut held: Vec<_> = (0..UNDER_WAY).map(|_| turns.enter(noisy).unwrap()).collect();
    let fast = turns.enter(noisy).unwrap_err();
    assert_eq!(fast, TooFast { wait: 1, limit: GUARANTEED, reached: Reached::UnderWay(UNDER_WAY) });
    let (which, limit, wait) = ("under_way".to_owned(), "250".to_owned(), "1".to_owned());
    assert_eq!(fast.cause(), domain::Cause::TooFast { which, limit, wait });
    assert!(turns.enter(quiet).is_ok());
    held.pop();
    assert!(turns.enter(noisy).is_ok());
    drop(held);
    assert!(turns.lock().tenants.is_empty());
}

#[tokio::test(start_paused = true)]
async fn beside_a_quiet_tenant_one_that_has_more_in_line_rests_three_times_as_long_as_it_worked() {
    let turns = Turns::of(16, 16, 2);
    let (noisy, quiet) = (TenantId::generate(), TenantId::generate());
    drop(turns.place(quiet, Work::Usual).await);
    let mut held = turns.place(noisy, Work::Usual).await;
    for (worked, rests) in [(10, 30), (100, 40)] {
        let mut next = Box::pin(turns.place(noisy, Work::Usual));
        let mut more = Box::pin(turns.place(noisy, Work::Usual));
        assert!(next.as_mut().now_or_never().is_none() && more.as_mut().now_or_never().is_none());
        tokio::time::advance(Duration::from_millis(worked)).await;
        drop(held);
        assert!(next.as_mut().now_or_never().is_none(), "it rests");
        assert!(turns.place(noisy, Work::Scan).now_or_never().is_some(), "its scans rest for themselves");
        assert!(turns.place(quiet, Work::Usual).now_or_never().is_some(), "whoever is quiet does not");
        let began = Instant::now();
        held = next.await;
        let rested = began.elapsed().as_millis();
        assert!((rests..rests + 5).contains(&rested), "{rested} ms after {worked}");
    }
    drop(held);
    // Nobody is held up who has nothing more in line.
    assert!(turns.place(noisy, Work::Usual).now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn who_is_alone_or_among_the_busy_only_does_not_rest() {
    let turns = Turns::of(1, 1, 8);
    let (one, other) = (TenantId::generate(), TenantId::generate());
    let held = turns.place(one, Work::Usual).await;
    let mut alone = pin!(turns.place(one, Work::Usual));
    assert!(alone.as_mut().now_or_never().is_none());
    tokio::time::advance(Duration::from_millis(10)).await;
    drop(held);
    let held = alone.now_or_never().expect("nobody else is here");
    let mut more = pin!(turns.place(one, Work::Usual));
    let mut busy = pin!(turns.place(other, Work::Usual));
    let mut busy_too = pin!(turns.place(other, Work::Usual));
    assert!(
        [more.as_mut().now_or_never(), busy.as_mut().now_or_never(), busy_too.as_mut().now_or_never()]
            .iter()
            .all(Option::is_none)
    );
    drop(held);
    drop(more.now_or_never().expect("it came first, and the other has no more time than what is left"));
    drop(busy.now_or_never().expect("and its turn is next"));
}
