//! The real binary on both engines. PostgreSQL comes from `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod abuse;
mod audit;
mod away;
mod backup;
mod bad_input;
mod bulk;
mod console;
mod conversations;
mod crash;
mod drift;
mod fair;
mod guides;
mod hostile_door;
mod late_readers;
mod lists;
mod live_health;
mod mirror;
mod news;
mod nodes;
mod oauth;
mod otlp;
mod pace;
mod proxy;
mod quiet;
mod races;
mod recognition;
mod retention;
mod roles;
mod rotation;
mod running;
mod secrets;
mod server;
mod silence;
mod slow;
mod smuggling;
mod soak;
mod stops;
mod streams;
mod suspended;
mod tenants_life;
mod timeline;
mod tls;
mod unknown_tenants;
mod webhooks;

pub(crate) use store::on_both;
