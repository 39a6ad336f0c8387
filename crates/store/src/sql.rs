//! A statement under construction: text with numbered placeholders and the values bound to them.

use sea_orm::{Statement, Value};

use crate::dialect::Engine;

/// Text and bound values. Values never enter the text.
pub(crate) struct Sql {
    pub(crate) engine: Engine,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(crate) fn new(engine: Engine, text: &str) -> Self {
        Self { engine, text: text.to_owned(), values: Vec::new() }
    }

    /// Appends text of ours.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Binds a value and gives its placeholder, which may stand in the text more than once.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        match self.engine {
            Engine::Sqlite => format!("?{}", self.values.len()),
            Engine::Postgres => format!("${}", self.values.len()),
        }
    }

    /// Appends a bound value.
    pub(crate) fn arg(&mut self, value: impl Into<Value>) -> &mut Self {
        let placeholder = self.bind(value);
        self.push(&placeholder)
    }

    /// Appends `(a, b, …)` of bound values.
    pub(crate) fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let placeholders: Vec<_> = values.into_iter().map(|value| self.bind(value)).collect();
        let list = format!("({})", placeholders.join(", "));
        self.push(&list)
    }

    pub(crate) fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.engine.backend(), self.text, self.values)
    }
}
