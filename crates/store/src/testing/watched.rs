//! What a request asks of the database, statement by statement, and how the engine means to answer each.

use std::sync::{Arc, Mutex, PoisonError};

use domain::SystemClock;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{On, Scratch, open};
use crate::StoreError;
use crate::dialect::Engine;
use crate::wall::Door;

/// The statements that reached the directory's database since the last look, in order; without BEGIN and COMMIT.
#[derive(Clone, Default)]
pub struct Statements {
    kept: Arc<Mutex<Vec<Statement>>>,
    panics_at: Arc<Mutex<Option<String>>>,
}

/// A fresh database whose statements are kept.
///
/// # Panics
/// As [`super::scratch`].
pub async fn scratch_watched(on: On) -> (Scratch, Statements) {
    let statements = Statements::default();
    let seeing = statements.clone();
    let watch = Arc::new(move |statement: &Statement| seeing.see(statement));
    (open(on, Arc::new(SystemClock), Some(watch), false).await, statements)
}

impl Statements {
    /// Takes what was kept.
    pub fn take(&self) -> Vec<Statement> {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on whoever has a statement run that holds this text panics, as one does whose driver cannot read a row;
    /// nobody any more with nothing.
    pub fn panic_at(&self, text: Option<&str>) {
        *self.panics_at.lock().unwrap_or_else(PoisonError::into_inner) = text.map(str::to_owned);
    }

    fn see(&self, statement: &Statement) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(statement.clone());
        let panics_at = self.panics_at.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let panics = panics_at.is_some_and(|text| statement.sql.contains(&text));
        assert!(!panics, "the test has this statement panic");
    }
}

/// Counts the rows of the tables that the test has made.
const EACH_TABLE: &str = "DO $$ DECLARE own text; BEGIN FOR own IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
    WHERE schemaname = current_schema() LOOP EXECUTE 'ANALYZE ' || own; END LOOP; END $$";

impl Scratch {
    /// Lets the engine count its rows, so that its plans are those of a database that has run for a while.
    ///
    /// # Panics
    /// When it cannot.
    #[expect(clippy::panic, reason = "a test without its plans must say so and end")]
    pub async fn analyze(&self) {
        // Only its own tables: other tests make and drop theirs in the same database meanwhile.
        let counted = match self.store.inner().engine {
            Engine::Sqlite => self.as_owner("ANALYZE").await,
            Engine::Postgres => self.as_owner(EACH_TABLE).await,
        };
        counted.unwrap_or_else(|error| panic!("the rows were not counted: {error}"));
    }

    /// How the engine means to answer a statement. On PostgreSQL with whole-table reads forbidden where there is an index,
    /// so that one in the plan says that there is none, however small the table.
    ///
    /// # Panics
    /// When the engine does not say.
    #[expect(clippy::panic, reason = "a test without its plan must say so and end")]
    pub async fn plan_of(&self, statement: &Statement) -> String {
        let planned = async {
            let txn = self.store.write_gate().enter(Door::System).await?;
            let (asked, column) = match self.store.inner().engine {
                // SQLite plans without values, and one statement at a time.
                Engine::Sqlite => {
                    let parts = statement.sql.split_terminator(';');
                    let plain = |part: &str| Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {part}"));
                    (parts.map(plain).collect(), "detail")
                }
                Engine::Postgres => {
                    txn.execute_unprepared("SET LOCAL enable_seqscan = off").await?;
                    let mut explain = statement.clone();
                    explain.sql.insert_str(0, "EXPLAIN ");
                    (vec![explain], "QUERY PLAN")
                }
            };
            let mut lines: Vec<String> = Vec::new();
            for explain in asked {
                for row in txn.query_all_raw(explain).await? {
                    lines.push(row.try_get("", column)?);
                }
            }
            txn.rollback().await?;
            Ok::<_, StoreError>(lines.join("\n"))
        };
        planned.await.unwrap_or_else(|error| panic!("no plan for {}: {error}", statement.sql))
    }
}
