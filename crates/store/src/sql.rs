//! A statement under construction: text with numbered placeholders and the values bound to them.

use sea_orm::{Statement, Value};
use uuid::Uuid;

use crate::dialect::Engine;

/// Most ids that are bound as values; more of them stand in the text.
const BOUND: usize = 200;

/// Text and bound values. Values never enter the text, but for long lists of ids that we made.
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

    /// Appends the condition that `column` holds one of these ids.
    pub(crate) fn ids_among(&mut self, column: &str, ids: &[Uuid]) -> &mut Self {
        match self.engine {
            Engine::Sqlite => self.push(column).push(" IN ").list(ids.iter().copied()),
            // Of a constant PostgreSQL makes a table to look up in, whatever it knows of the rows; ids are no text of anybody's.
            Engine::Postgres if ids.len() > BOUND => {
                let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
                self.push(&format!("{column} = ANY ('{{{}}}'::uuid[])", ids.join(",")))
            }
            Engine::Postgres => self.one_of(column, "uuid", ids.iter().map(Uuid::to_string).collect()),
        }
    }

    /// Appends the condition that `column` holds one of these texts.
    pub(crate) fn texts_among(&mut self, column: &str, texts: Vec<String>) -> &mut Self {
        match self.engine {
            Engine::Sqlite => self.push(column).push(" IN ").list(texts),
            Engine::Postgres => self.one_of(column, "text", texts),
        }
    }

    /// All of them as one value. Of a list of placeholders PostgreSQL makes, once a statement is used again and again, a
    /// plan that compares each row of the group or tenant with each of them; of one value it looks each up by the index.
    fn one_of(&mut self, column: &str, kind: &str, values: Vec<String>) -> &mut Self {
        let values = self.bind(serde_json::Value::from(values));
        self.push(&format!("{column} = ANY (ARRAY(SELECT jsonb_array_elements_text({values}))::{kind}[])"))
    }

    /// Several statements in one message, answered one after the other until one fails; for SQLite, whose driver takes a
    /// trip to another thread for each message. Rows come in the statements' order.
    ///
    /// The driver tells apart the values of several statements only when placeholders have no numbers, so each value
    /// stands as often as it is used.
    pub(crate) fn together(parts: Vec<Self>) -> Statement {
        let (mut text, mut values) = (String::new(), Vec::new());
        for part in parts {
            let mut pieces = part.text.split('?');
            text.push_str(pieces.next().unwrap_or_default());
            for piece in pieces {
                let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
                let (number, rest) = piece.split_at(digits);
                let place = number.parse::<usize>().unwrap_or_default();
                values.extend(place.checked_sub(1).and_then(|place| part.values.get(place)).cloned());
                text.push('?');
                text.push_str(rest);
            }
            text.push(';');
        }
        Statement::from_sql_and_values(Engine::Sqlite.backend(), text, values)
    }

    pub(crate) fn statement(self) -> Statement {
        Statement::from_sql_and_values(self.engine.backend(), self.text, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_together_bind_each_value_where_it_is_used() {
        let mut first = Sql::new(Engine::Sqlite, "INSERT INTO a VALUES (");
        let name = first.bind("x");
        first.arg(7_i64).push(", ").push(&name).push(", ").push(&name).push(")");
        let mut second = Sql::new(Engine::Sqlite, "DELETE FROM b WHERE c = ");
        second.arg("y");
        let together = Sql::together(vec![first, second]);
        assert_eq!(together.sql, "INSERT INTO a VALUES (?, ?, ?);DELETE FROM b WHERE c = ?;");
        let values: Vec<Value> = vec![7_i64.into(), "x".into(), "x".into(), "y".into()];
        assert_eq!(together.values.map(|values| values.0), Some(values));
    }
}
