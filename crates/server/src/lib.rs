//! The server: configuration, wiring, background work. `main.rs` is its command line.

mod allocator;
pub mod app;
pub mod background;
pub mod command;
pub mod config;
mod console;
pub mod conversation;
mod key;
pub mod listener;
pub mod measures;
pub mod otlp;
pub mod proxies;
pub mod shutdown;
pub mod telemetry;
pub mod tls;
