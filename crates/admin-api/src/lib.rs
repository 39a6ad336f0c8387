//! The admins' and API clients' door: `/api/v1`, described by an OpenAPI document.
//!
//! [`AdminDoor`] answers whatever is asked below `/api`; [`document`] is what it serves at `/api/openapi.json`. A person
//! proves who they are by a session cookie, an OpenAPI client by an API key. Refusals are problem documents (RFC 9457) with a stable `code`.

mod acknowledgements;
mod answer;
mod api_keys;
mod attempts;
mod audit;
mod auth;
mod ceiling;
mod ceremonies;
mod change_feed;
mod changes;
mod checks;
mod checks_stream;
mod connection_health;
mod connections;
mod credentials;
mod device;
mod door;
mod ends;
mod exchanges;
mod failure;
mod figures;
mod form;
mod groups;
mod health_stream;
mod invitations;
mod leaks;
mod live;
mod me;
mod oauth_clients;
mod old_slugs;
mod paging;
mod passkeys;
mod password_resets;
mod passwords;
mod people;
mod provider;
mod rotation;
mod schemas;
mod second_factor;
mod self_check;
mod service;
mod service_people;
mod sessions;
mod setup;
mod setup_checks;
mod setup_holder;
mod setup_links;
mod snapshot;
mod sync_event_export;
mod sync_event_filter;
mod sync_event_stream;
mod sync_events;
mod system;
mod tenant_order;
mod tenants;
mod timeline;
mod unknown_tenants;
mod users;
mod value;
mod welcome;

pub use door::{About, AdminDoor, Setting, Settings};
pub use provider::{Provider, ProviderSettings};
pub use service::document;
