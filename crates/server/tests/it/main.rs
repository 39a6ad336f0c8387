//! The real binary on both engines. PostgreSQL comes from `TEST_DATABASE_URL`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod bad_input;
mod bulk;
mod console;
mod conversations;
mod crash;
mod lists;
mod races;
mod running;
mod server;

/// Runs one body as a test on each engine.
macro_rules! on_both {
    ($(async fn $name:ident($on:ident) $body:block)+) => {
        $(mod $name {
            use super::*;

            async fn body($on: store::testing::On) $body

            #[tokio::test]
            async fn sqlite() {
                body(store::testing::On::Sqlite).await;
            }

            #[tokio::test]
            async fn postgresql() {
                body(store::testing::On::Postgres).await;
            }
        })+
    };
}
pub(crate) use on_both;
