//! Every difference between the two engines that SQL text must know.

use sea_orm::DbBackend;

/// Which engine a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn of(backend: DbBackend) -> Self {
        match backend {
            DbBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// Row lock of a read that will be followed by a write; SQLite has one writer and needs none.
    pub(crate) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// Lock against deletion of the rows read.
    pub(crate) fn for_key_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR KEY SHARE",
        }
    }

    /// Text form of a UUID column, as we print ids.
    pub(crate) fn uuid_text(self, column: &str) -> String {
        match self {
            Self::Postgres => format!("({column}::text COLLATE \"C\")"),
            Self::Sqlite => {
                let part = |from: u8, length: u8| format!("substr(hex({column}),{from},{length})");
                format!(
                    "lower({}||'-'||{}||'-'||{}||'-'||{}||'-'||{})",
                    part(1, 8),
                    part(9, 4),
                    part(13, 4),
                    part(17, 4),
                    part(21, 12)
                )
            }
        }
    }

    /// The address of a value inside a JSON document, as the engine's JSON functions take it.
    pub(crate) fn json_path(self, steps: &[String]) -> String {
        let quoted = |step: &String| format!("\"{}\"", step.replace('\\', "\\\\").replace('"', "\\\""));
        match self {
            Self::Sqlite => steps.iter().fold("$".to_owned(), |path, step| path + "." + &quoted(step)),
            Self::Postgres => format!("{{{}}}", steps.iter().map(quoted).collect::<Vec<_>>().join(",")),
        }
    }

    /// A scalar inside the document `document`, as text or number; `path` is a placeholder.
    pub(crate) fn json_text(self, document: &str, path: &str) -> String {
        match self {
            Self::Sqlite => format!("json_extract({document}, {path})"),
            Self::Postgres => format!("({document} #>> {path}::text[]) COLLATE \"C\""),
        }
    }

    /// Whether there is a value at `path` (a placeholder) of `document`.
    pub(crate) fn json_present(self, document: &str, path: &str) -> String {
        match self {
            Self::Sqlite => format!("(json_type({document}, {path}) IS NOT NULL)"),
            Self::Postgres => format!("(({document} #> {path}::text[]) IS NOT NULL)"),
        }
    }

    /// The rows of a JSON list, each as `element.value`.
    pub(crate) fn json_each(self, document: &str, path: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({document}, {path}) AS element"),
            Self::Postgres => {
                format!("jsonb_array_elements(COALESCE({document} #> {path}::text[], '[]'::jsonb)) AS element(value)")
            }
        }
    }

    /// Whether `text` contains, starts with, or ends with `operand` (a placeholder, used once or twice by number).
    pub(crate) fn contains(self, text: &str, operand: &str) -> String {
        match self {
            Self::Sqlite => format!("instr({text}, {operand}) > 0"),
            Self::Postgres => format!("strpos({text}, {operand}) > 0"),
        }
    }

    pub(crate) fn starts_with(self, text: &str, operand: &str) -> String {
        match self {
            Self::Sqlite => format!("substr({text}, 1, length({operand})) = {operand}"),
            Self::Postgres => format!("starts_with({text}, {operand})"),
        }
    }

    pub(crate) fn ends_with(self, text: &str, operand: &str) -> String {
        match self {
            Self::Sqlite => format!("substr({text}, -length({operand})) = {operand}"),
            Self::Postgres => format!("right({text}, length({operand})) = {operand}"),
        }
    }

    /// `condition` as a plain true or false.
    pub(crate) fn decided(self, condition: &str) -> String {
        match self {
            Self::Sqlite => format!("COALESCE({condition}, 0)"),
            Self::Postgres => format!("COALESCE({condition}, false)"),
        }
    }

    pub(crate) fn constant(self, truth: bool) -> &'static str {
        match (self, truth) {
            (Self::Sqlite, true) => "1",
            (Self::Sqlite, false) => "0",
            (Self::Postgres, true) => "true",
            (Self::Postgres, false) => "false",
        }
    }
}
