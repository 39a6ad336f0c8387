//! The admin API on both engines, called as a client does. PostgreSQL comes from `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod acknowledgements;
mod api_keys;
mod audit;
mod audit_readers;
mod authorisation;
mod credentials;
mod desk;
mod directory;
mod directory_api;
mod document;
mod drift;
mod export;
mod factors;
mod feed;
mod log;
mod log_scale;
mod message_schema;
mod oauth_clients;
mod passwords;
mod people;
mod recent_sign_in;
mod requests;
mod roles;
mod rotation;
mod schemas;
mod sessions;
mod setup;
mod streams;
mod system;
mod tenants;
mod tenants_life;
mod timeline;
mod unknown_tenants;
mod webhook_deliveries;
mod webhooks;

pub(crate) use store::on_both;
