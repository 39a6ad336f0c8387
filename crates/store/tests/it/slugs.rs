//! Slugs: renaming, what goes on working, what is held, and races for a name.

use std::sync::Arc;

use domain::{Clock, FixedClock, SystemClock, Tenant, TenantId, TenantSlug};
use futures_util::future::{join, join_all};
use store::testing::{Scratch, scratch, scratch_with_clock};
use store::{StoreError, TenantChange, Unique};

use crate::on_both;

fn slug(text: &str) -> TenantSlug {
    text.parse().unwrap()
}

async fn rename(scratch: &Scratch, tenant: TenantId, to: &str) -> Result<bool, StoreError> {
    let change = TenantChange { slug: Some(slug(to)), ..TenantChange::default() };
    scratch.store.system().change_tenant(tenant, change, &store::testing::author()).await
}

async fn old(scratch: &Scratch, tenant: TenantId) -> Vec<String> {
    let slugs = scratch.store.system().old_slugs(tenant).await.unwrap();
    slugs.into_iter().map(|old| old.slug.to_string()).collect()
}

async fn at_door(scratch: &Scratch, name: &str) -> Option<TenantId> {
    scratch.store.system().tenant_at_door(&name.parse().unwrap()).await.unwrap().map(|tenant| tenant.id)
}

fn another(tenant: &Tenant) -> Tenant {
    Tenant { id: TenantId::generate(), ..tenant.clone() }
}

on_both! {
    async fn an_old_slug_works_until_it_is_dropped_and_is_held_then(on) {
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let scratch = scratch_with_clock(on, clock.clone()).await;
        let (acme, globex) = (scratch.tenant("acme").await, scratch.tenant("globex").await);
        let system = scratch.store.system();
        assert!(rename(&scratch, acme.id, "acme-ag").await.unwrap());
        assert!(rename(&scratch, acme.id, "acme-ag").await.unwrap(), "the same again changes nothing");
        assert_eq!(old(&scratch, acme.id).await, ["acme"]);
        assert_eq!((at_door(&scratch, "acme").await, at_door(&scratch, "acme-ag").await), (Some(acme.id), Some(acme.id)));
        assert!(system.find_tenant(&"acme".parse().unwrap()).await.unwrap().is_none(), "only the door knows it");

        for taken in ["acme", "acme-ag"] {
            assert!(matches!(rename(&scratch, globex.id, taken).await, Err(StoreError::Conflict(Unique::Slug))));
        }
        assert!(matches!(system.insert_tenant(another(&acme), &store::testing::author()).await, Err(StoreError::Conflict(Unique::Slug))));
        assert!(!system.drop_old_slug(globex.id, &slug("acme"), &store::testing::author()).await.unwrap(), "not theirs");
        assert!(!system.drop_old_slug(acme.id, &slug("acme-ag"), &store::testing::author()).await.unwrap(), "not an old one");
        assert!(system.drop_old_slug(acme.id, &slug("acme"), &store::testing::author()).await.unwrap());
        assert!(!system.drop_old_slug(acme.id, &slug("acme"), &store::testing::author()).await.unwrap());
        assert_eq!((at_door(&scratch, "acme").await, old(&scratch, acme.id).await), (None, vec![]));

        let until = clock.now().plus_days(90);
        match system.insert_tenant(another(&acme), &store::testing::author()).await {
            Err(StoreError::Conflict(Unique::HeldSlug { until: told })) => assert_eq!(told, until),
            other => panic!("{other:?}"),
        }
        assert!(rename(&scratch, acme.id, "acme").await.unwrap(), "it takes its own name back");
        assert_eq!((old(&scratch, acme.id).await, at_door(&scratch, "acme").await), (vec!["acme-ag".to_owned()], Some(acme.id)));
        assert!(rename(&scratch, acme.id, "acme-ag").await.unwrap(), "and a name that still works");
        assert_eq!(old(&scratch, acme.id).await, ["acme"]);

        assert!(system.drop_old_slug(acme.id, &slug("acme"), &store::testing::author()).await.unwrap());
        clock.advance_seconds(90 * 86_400 - 1);
        assert_eq!(system.release_held_slugs(clock.now()).await.unwrap(), 0);
        assert!(rename(&scratch, globex.id, "acme").await.is_err());
        clock.advance_seconds(1);
        assert!(rename(&scratch, globex.id, "acme").await.unwrap());
        assert_eq!(at_door(&scratch, "acme").await, Some(globex.id));
        assert!(system.drop_old_slug(globex.id, &slug("globex"), &store::testing::author()).await.unwrap());
        clock.advance_seconds(90 * 86_400);
        assert_eq!(system.release_held_slugs(clock.now()).await.unwrap(), 1);
    }

    async fn a_tenant_cannot_collect_names(on) {
        let scratch = scratch(on).await;
        let acme = scratch.tenant("acme").await;
        for n in 0..10 {
            assert!(rename(&scratch, acme.id, &format!("acme-{n}")).await.unwrap());
        }
        assert!(matches!(rename(&scratch, acme.id, "acme-x").await, Err(StoreError::Conflict(Unique::SlugPlace))));
        assert!(scratch.store.system().drop_old_slug(acme.id, &slug("acme-3"), &store::testing::author()).await.unwrap());
        assert!(rename(&scratch, acme.id, "acme-x").await.is_err(), "what is held counts");
        assert!(rename(&scratch, acme.id, "acme").await.unwrap(), "its own names it may take back");
    }

    async fn of_two_who_want_one_name_one_gets_it(on) {
        let scratch = scratch(on).await;
        let mut tenants = Vec::new();
        for n in 0..6 {
            tenants.push(scratch.tenant(&format!("t{n}")).await);
        }
        for round in 0..10 {
            let name = format!("wanted-{round}");
            let wanted = Tenant { slug: slug(&name), ..another(&tenants[0]) };
            let renames = join_all(tenants.iter().map(|tenant| rename(&scratch, tenant.id, &name)));
            let (renamed, made) = join(renames, scratch.store.system().insert_tenant(wanted, &store::testing::author())).await;
            let won = renamed.iter().filter(|renamed| matches!(renamed, Ok(true))).count() + usize::from(made.is_ok());
            assert_eq!(won, 1, "{renamed:?} {made:?}");
            for lost in renamed.into_iter().filter_map(Result::err).chain(made.err()) {
                assert!(matches!(lost, StoreError::Conflict(Unique::Slug)), "{lost:?}");
            }
        }
    }

    async fn renames_of_one_tenant_follow_each_other(on) {
        let scratch = scratch(on).await;
        let acme = scratch.tenant("acme").await;
        let wanted = ["a", "b", "c", "d"];
        let other = another(&acme);
        let renames = join_all(wanted.iter().map(|name| rename(&scratch, acme.id, name)));
        let (renamed, made) = join(renames, scratch.store.system().insert_tenant(other, &store::testing::author())).await;
        assert!(renamed.iter().all(|renamed| matches!(renamed, Ok(true))), "{renamed:?}");
        assert!(made.is_err(), "the old name is never free");
        let now = scratch.store.system().find_tenant(&acme.id.to_string().parse().unwrap()).await.unwrap().unwrap();
        let mut all = old(&scratch, acme.id).await;
        all.push(now.slug.to_string());
        all.sort();
        assert_eq!(all, ["a", "acme", "b", "c", "d"], "every name it had leads to it");
    }
}
