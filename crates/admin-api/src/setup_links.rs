//! Links by which somebody without an account sets a connection up: made, listed and revoked by who looks after the tenant.

use domain::setup_link::{self, DAYS, MOST_DAYS};
use domain::{Right, SetupLink, SetupLinkId, SetupLinkState, Timestamp};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::answer::{Created, created};
use crate::auth::Signed;
use crate::credentials::open_connection;
use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Page;
use crate::service::Tag;
use crate::value::{Time, Word};

/// Most characters of a link's name.
const NAME: usize = 100;

pub(crate) struct SetupLinks;

/// A link by which somebody without an account sets a connection up; never its code.
#[derive(Debug, Object)]
#[oai(rename = "SetupLink", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SetupLinkView {
    /// Its id.
    id: String,
    /// The connection that it sets up.
    connection_id: String,
    /// For whom it is.
    name: String,
    /// How it stands.
    state: Word<SetupLinkState>,
    /// When it was made.
    created_at: Time,
    /// Who made it.
    created_by: Option<String>,
    /// When it ends by itself.
    ends_at: Time,
    /// When it was opened.
    opened_at: Option<Time>,
    /// When its holder said that all is done.
    finished_at: Option<Time>,
    /// When it was revoked.
    revoked_at: Option<Time>,
    /// Who revoked it.
    revoked_by: Option<String>,
}

/// A link to be made.
#[derive(Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct NewSetupLink {
    /// The connection that it sets up.
    connection_id: String,
    /// For whom it is.
    name: String,
    /// After how many days it ends by itself, 1 to 30; 7 without it.
    lifetime_days: Option<u32>,
}

/// A link that was just made.
#[derive(Debug, Object)]
struct MadeSetupLink {
    /// The link.
    link: SetupLinkView,
    /// Its address, with the code in the fragment. No later answer shows it again.
    url: String,
}

#[OpenApi(tag = "Tag::Setup")]
impl SetupLinks {
    /// The set-up links of a tenant
    ///
    /// Newest first, at most 200, those that have ended included.
    #[oai(path = "/tenants/:tenant/setup-links", method = "get", operation_id = "listSetupLinks")]
    async fn list(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Json<Page<SetupLinkView>>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsRead, &tenant.0).await?;
        let (links, now) = (visit.store.setup_links().list().await?, visit.shared.clock.now());
        Ok(Json(Page::whole(links.into_iter().map(|link| view(link, now)).collect())))
    }

    /// Make a set-up link
    ///
    /// The answer holds its address, this one time. Whoever opens it first can see the guide of this one connection and issue
    /// its credential, until the link ends or is revoked. Needs a sign-in within the last 15 minutes (`sign_in_again`).
    #[oai(path = "/tenants/:tenant/setup-links", method = "post", operation_id = "createSetupLink")]
    async fn create(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<NewSetupLink>,
    ) -> Result<Created<MadeSetupLink>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        caller.0.demand_recent()?;
        let NewSetupLink { connection_id, name, lifetime_days } = body.0;
        let mut form = Form::default();
        let name = form.line("name", &name, NAME);
        let days = lifetime_days.unwrap_or(DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            form.wrong("lifetimeDays", "is a number from 1 to 30");
        }
        form.finish()?;
        let connection = open_connection(&visit, &connection_id).await?;
        let (code, digest) = setup_link::issue_code(&visit.shared.key).map_err(|_| Failure::Internal("no randomness"))?;
        let now = visit.shared.clock.now();
        let link = SetupLink {
            id: SetupLinkId::generate(),
            tenant: visit.tenant.id,
            connection: connection.id,
            name,
            created_at: now,
            created_by: Some(visit.author.actor.name().to_owned()),
            expires_at: now.plus_days(i64::from(days)),
            opened_at: None,
            finished_at: None,
            revoked_at: None,
            revoked_by: None,
            credential: None,
        };
        visit.store.setup_links().insert(&link, digest, &visit.author).await?;
        let url = format!("{}/setup#{}", visit.shared.settings.public_url, code.expose());
        Ok(created(MadeSetupLink { link: view(link, now), url }))
    }

    /// Revoke a set-up link
    ///
    /// At once and for good, and whoever opened it is out. The credential they issued stays; revoke it by itself. Doing it
    /// again changes nothing.
    #[oai(path = "/tenants/:tenant/setup-links/:link/revoke", method = "post", operation_id = "revokeSetupLink")]
    async fn revoke(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The link's id.
        link: Path<String>,
    ) -> Result<Json<SetupLinkView>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        let id: SetupLinkId = link.0.parse().map_err(|_| Failure::NotFound)?;
        let now = visit.shared.clock.now();
        let revoked = visit.store.setup_links().revoke(id, now, &visit.author).await?.ok_or(Failure::NotFound)?;
        Ok(Json(view(revoked, now)))
    }
}

fn view(link: SetupLink, now: Timestamp) -> SetupLinkView {
    SetupLinkView {
        id: link.id.to_string(),
        connection_id: link.connection.to_string(),
        state: Word(link.state(now)),
        name: link.name,
        created_at: Time(link.created_at),
        created_by: link.created_by,
        ends_at: Time(link.expires_at),
        opened_at: link.opened_at.map(Time),
        finished_at: link.finished_at.map(Time),
        revoked_at: link.revoked_at.map(Time),
        revoked_by: link.revoked_by,
    }
}
