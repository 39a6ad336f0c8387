//! "Check our side": the service calls a tenant's SCIM address as the world reaches it, with a credential of a minute, and
//! says what came through.

use std::num::NonZeroU32;

use domain::credential::{Order, SELF_CHECK_AGENT};
use domain::{Credential, Right, Rights, TenantId};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use outgoing::{AllowedHosts, Looked, Outgoing, OutgoingError};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::auth::{Signed, Visit};
use crate::credentials::open_connection;
use crate::failure::Failure;
use crate::service::Tag;

/// For how long the credential is good, in seconds; it is revoked when the answer is there.
const LIFE: i64 = 60;
const NAME: &str = "Check of our side";
/// Checks of one tenant within a minute: each issues a credential, leaves two entries in the audit and calls out.
const A_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(5);

pub(crate) struct SelfChecks;

/// How often each tenant's side was checked of late, on this node.
pub(crate) struct SelfCheckPace {
    tenants: DefaultKeyedRateLimiter<TenantId>,
}

impl Default for SelfCheckPace {
    fn default() -> Self {
        Self { tenants: RateLimiter::keyed(Quota::per_minute(A_MINUTE)) }
    }
}

impl SelfCheckPace {
    /// Counts one more.
    ///
    /// # Errors
    /// [`Failure::TooManyChecks`].
    fn count(&self, tenant: TenantId) -> Result<(), Failure> {
        self.tenants.retain_recent();
        self.tenants.check_key(&tenant).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Failure::TooManyChecks { most: A_MINUTE.get(), wait: wait.as_secs() + 1 }
        })
    }
}

/// How the service is reached at its public address.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct SelfCheck {
    /// The address that was called.
    url: String,
    /// Whether it is reached by TLS.
    secure: bool,
    /// Whether anything answered.
    reached: bool,
    /// Why nothing did.
    problem: Option<String>,
    /// The status of the answer; 200 is right.
    status: Option<u16>,
    /// Whether the Authorization header reached the service; absent when that cannot be said.
    authorization: Option<bool>,
    /// What the answer said its content is; `application/scim+json` is right.
    content_type: Option<String>,
}

#[OpenApi(tag = "Tag::Setup")]
impl SelfChecks {
    /// Check our side
    ///
    /// Calls the tenant's SCIM address as the world reaches it, with a credential of the connection that only reads and is
    /// revoked at once, and says what came through. The call ticks no check of a guide. A tenant has 6 a minute on a node;
    /// beyond that it is refused (`too_many_checks`).
    #[oai(path = "/tenants/:tenant/connections/:connection/self-check", method = "post", operation_id = "checkOurSide")]
    async fn check(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        /// The connection's id.
        connection: Path<String>,
    ) -> Result<Json<SelfCheck>, Failure> {
        let visit = caller.0.enter_to(Right::CredentialsWrite, &tenant.0).await?;
        let id = connection.0.parse().map_err(|_| Failure::NotFound)?;
        visit.store.connections().find(id).await?.ok_or(Failure::NotFound)?;
        let connection = open_connection(&visit, &connection.0).await?;
        visit.shared.self_checks.count(visit.tenant.id)?;
        let now = visit.shared.clock.now();
        let order = Order {
            name: NAME.to_owned(),
            rights: Rights::Read,
            created_by: Some(visit.author.actor.name().to_owned()),
            at: now,
            days: None,
        };
        let issued = Credential::issue(&visit.shared.key, &connection, order);
        let (token, credential) = issued.map_err(|_| Failure::Internal("no randomness"))?;
        let credential = Credential { ends_at: Some(now.plus_seconds(LIFE)), ..credential };
        visit.store.credentials().insert(&credential, &visit.author).await?;
        let url = format!("{}/scim/{}/v2/ServiceProviderConfig", visit.shared.settings.public_url, visit.tenant.slug);
        let looked = look(&visit, &url, token.expose()).await;
        visit.store.credentials().revoke(credential.id, visit.shared.clock.now(), &visit.author).await?;
        Ok(Json(told(url, looked)))
    }
}

/// The public address is the operator's word, so it may be private; nothing else is called.
async fn look(visit: &Visit, url: &str, token: &str) -> Result<Looked, OutgoingError> {
    let host = visit.shared.settings.public_url.split("://").nth(1).unwrap_or_default();
    let host = host.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host).trim_matches(['[', ']']);
    let agent = format!("{SELF_CHECK_AGENT}{}", visit.shared.settings.version);
    Outgoing::new(AllowedHosts::new([host]), &agent)?.look(url, token).await
}

fn told(url: String, looked: Result<Looked, OutgoingError>) -> SelfCheck {
    let secure = url.starts_with("https://");
    match looked {
        Ok(Looked { status, content_type }) => SelfCheck {
            authorization: match status {
                200 => Some(true),
                401 => Some(false),
                _ => None,
            },
            url,
            secure,
            reached: true,
            problem: None,
            status: Some(status),
            content_type,
        },
        Err(error) => SelfCheck {
            url,
            secure,
            reached: false,
            problem: Some(error.to_string()),
            status: None,
            authorization: None,
            content_type: None,
        },
    }
}
