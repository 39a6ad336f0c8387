//! Earlier slugs of a tenant, which still open its SCIM door.

use domain::{OldSlug, Right, TenantSlug};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::answer::Done;
use crate::auth::Signed;
use crate::failure::Failure;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::Time;

pub(crate) struct OldSlugs;

/// A tenant's earlier slug that still opens its SCIM door.
#[derive(Debug, Object)]
#[oai(rename = "OldSlug", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OldSlugView {
    /// The slug.
    slug: String,
    /// When another took its place.
    since: Time,
    /// When a request last came by it; absent when none did since another took its place.
    last_used_at: Option<Time>,
}

#[OpenApi(tag = "Tag::Tenants")]
impl OldSlugs {
    /// The old slugs of a tenant
    ///
    /// The newest first. Answers to requests that come by one of them carry `Deprecation` and a `Link` to the address that
    /// takes its place.
    #[oai(path = "/tenants/:tenant/old-slugs", method = "get", operation_id = "listOldSlugs")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<OldSlugView>>, Failure> {
        let visit = caller.0.enter_to(Right::TenantRename, &tenant.0).await?;
        let slugs = visit.shared.store.system().old_slugs(visit.tenant.id).await?;
        Ok(Json(Page::whole(slugs.iter().map(view).collect())))
    }

    /// Drop an old slug
    ///
    /// From here on the SCIM door answers 401 to who comes by it. For 90 days no other tenant gets it; this one may take it
    /// back by changing its slug. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/old-slugs/:slug", method = "delete", operation_id = "dropOldSlug")]
    async fn let_go(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The old slug.
        slug: Path<String>,
    ) -> Result<Done, Failure> {
        let visit = caller.0.enter_to(Right::TenantRename, &tenant.0).await?;
        caller.0.demand_recent()?;
        let slug: TenantSlug = slug.0.parse().map_err(|_| Failure::NotFound)?;
        let dropped = visit.shared.store.system().drop_old_slug(visit.tenant.id, &slug, &visit.author).await?;
        if dropped { Ok(Done::Done) } else { Err(Failure::NotFound) }
    }
}

fn view(old: &OldSlug) -> OldSlugView {
    OldSlugView { slug: old.slug.to_string(), since: Time(old.since), last_used_at: old.last_used_at.map(Time) }
}
