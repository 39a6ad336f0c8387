//! The service that poem-openapi makes of our operations, and its document, finished once at start.

use poem::Endpoint;
use poem_openapi::{LicenseObject, OpenApi, OpenApiService, ServerObject, Tags};
use serde_json::{Map, Value};

use crate::{
    access, acknowledgements, api_keys, app_roles, audit, change_feed, changes, connection_health, connections, credentials,
    drift, figures, finishing, groups, health_stream, invitations, leaks, me, oauth_clients, old_slugs, passkeys,
    password_resets, people, provider, role_mappings, rotation, schemas, second_factor, self_check, service_people, sessions,
    setup, setup_checks, setup_links, snapshot, sync_event_export, sync_event_stream, sync_events, system, tenants, timeline,
    unknown_tenants, users, webhooks, welcome,
};

const TITLE: &str = "Directory Sync";
const DESCRIPTION: &str = "Tenants, their connections and credentials, the people and groups their identity providers \
sent, every change to them and every request at their SCIM door.\n\nA person signs in with `POST /session`, which sets a \
cookie; their calls that change something carry the header `X-Directory-Sync` with any value. Programs call with an \
API key as `Authorization: Bearer`. Lists are cut into \
pages: send `next` of one page as `after` for the one that follows. Refusals are problem documents (RFC 9457) with a \
stable `code`.\n\nA session, a key and, where nothing is proved, an address have so many calls a second; answers tell the \
limit by `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, and a call beyond it is refused with `Retry-After` \
(`too_fast`).";

/// What operations are about.
#[derive(Tags)]
pub(crate) enum Tag {
    /// Signing in and out, one's own account, and becoming a person of the console.
    Session,
    /// Who is in the console, and as what.
    People,
    /// What OpenAPI clients prove themselves with.
    ApiKeys,
    /// Customer companies.
    Tenants,
    /// The IdP applications that sync into a tenant, and what they prove themselves with.
    Credentials,
    /// Links by which somebody without an account sets a connection up, and what whoever holds one can do.
    Setup,
    /// Receivers to which a tenant's changes are sent, and what was sent to them.
    Webhooks,
    /// Schemas of a tenant's own, which extend its people and groups.
    Schemas,
    /// People and groups as the IdP sent them. Read only.
    Directory,
    /// From a tenant's groups to the roles of the app.
    Access,
    /// What happened: accepted changes in order, every request, and who changed what in the console.
    Activity,
    /// The service itself.
    System,
}

fn service() -> OpenApiService<impl OpenApi, ()> {
    // A tuple has sixteen places at most; what belongs together shares one.
    let operations = (
        (sessions::Sessions, welcome::Welcome, me::Me, password_resets::PasswordResets, invitations::Acceptances),
        (second_factor::SecondFactors, passkeys::Passkeys, provider::SignInByProvider),
        (people::People, service_people::ServicePeople, invitations::Invitations, api_keys::ApiKeys),
        (tenants::Tenants, old_slugs::OldSlugs, connections::Connections),
        (credentials::Credentials, oauth_clients::OAuthClients, rotation::Rotations, leaks::Leaks),
        (setup_checks::SetupChecksOfConnection, setup_links::SetupLinks, setup::Setup, self_check::SelfChecks),
        schemas::Schemas,
        (app_roles::AppRoles, role_mappings::RoleMappings),
        (users::Users, groups::Groups, access::AccessOfUsers, snapshot::Snapshots, drift::DriftChecks),
        (changes::Changes, change_feed::ChangeFeed, acknowledgements::Acknowledgements),
        (webhooks::Webhooks, webhooks::Deliveries),
        (sync_events::SyncEvents, sync_event_stream::SyncEventStream, sync_event_export::SyncEventExport),
        (figures::FiguresOfRequests, connection_health::HealthOfConnections, health_stream::HealthStream, timeline::Timeline),
        (audit::Audit, system::System, unknown_tenants::UnknownTenants),
    );
    OpenApiService::new(operations, TITLE, env!("CARGO_PKG_VERSION"))
        .description(DESCRIPTION)
        .license(LicenseObject::new("MIT OR Apache-2.0").identifier("MIT OR Apache-2.0"))
        .server(ServerObject::new("/api/v1"))
}

/// All operations, below `/api/v1`.
pub(crate) fn endpoint() -> impl Endpoint<Output = poem::Response> {
    poem::IntoEndpoint::into_endpoint(service())
}

/// The OpenAPI document (version 3.0) as it is served and checked in: indented, with a newline at its end.
pub fn document() -> String {
    let mut document: Value = serde_json::from_str(&service().spec()).unwrap_or_default();
    finishing::finish(&mut document);
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// One address of the document with what it takes.
#[derive(Debug)]
pub(crate) struct Address {
    segments: Vec<String>,
    methods: String,
}

/// Every address of the document.
pub(crate) fn addresses() -> Vec<Address> {
    let document: Value = serde_json::from_str(&service().spec()).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let address = |(path, operations): (&String, &Value)| {
        let mut methods: Vec<String> = operations.as_object().into_iter().flat_map(Map::keys).map(|m| m.to_uppercase()).collect();
        if methods.iter().any(|method| method == "GET") {
            methods.push("HEAD".to_owned());
        }
        Address { segments: path.split('/').map(str::to_owned).collect(), methods: methods.join(", ") }
    };
    paths.map(address).collect()
}

/// The methods that the address of `path` takes.
pub(crate) fn methods_at(addresses: &[Address], path: &str) -> String {
    let asked: Vec<&str> = path.split('/').collect();
    let fits = |address: &&Address| {
        let same = |(own, asked): (&String, &&str)| own.starts_with('{') || own == asked;
        address.segments.len() == asked.len() && address.segments.iter().zip(&asked).all(same)
    };
    addresses.iter().find(fits).map(|address| address.methods.clone()).unwrap_or_default()
}
