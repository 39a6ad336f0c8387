//! Column types that the two engines name differently.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Runs the statements of `script`, separated by `;`, with `{uuid}`, `{bytes}`, `{json}`, `{key}` and `{rowless}`
/// replaced by the engine's words. `{key}` is text that compares by bytes.
pub(crate) async fn run(manager: &SchemaManager<'_>, script: &str) -> Result<(), DbErr> {
    let words: [(&str, &str); 5] = match manager.get_database_backend() {
        DbBackend::Postgres => {
            [("{uuid}", "uuid"), ("{bytes}", "bytea"), ("{json}", "jsonb"), ("{key}", "text COLLATE \"C\""), ("{rowless}", "")]
        }
        _ => [("{uuid}", "blob"), ("{bytes}", "blob"), ("{json}", "text"), ("{key}", "text"), ("{rowless}", "WITHOUT ROWID")],
    };
    let script = words.iter().fold(script.to_owned(), |sql, (name, word)| sql.replace(name, word));
    for statement in script.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
