//! The order of a sorted list as SQL, and the rows that come after a place in it. Rows of equal value keep the order of
//! their ids. [`scim::Sort::compare`] says the same in memory.

use domain::ResourceKind;
use scim::{Fault, FaultKind, Sort, SortValue, Target};

use super::{Scope, json};
use crate::dialect::Engine;
use crate::query::Mark;
use crate::sql::Sql;

/// What rows are sorted by.
pub(crate) struct Order {
    /// The value, as text or as a number.
    pub(crate) expression: String,
    /// Whether it is a number.
    pub(crate) number: bool,
    /// Whether a row may lack it.
    nullable: bool,
    descending: bool,
}

/// The order a list is asked for.
///
/// # Errors
/// `invalidValue` for what has no order of its own.
pub(crate) fn compile(sql: &mut Sql, scope: Scope, sort: &Sort) -> Result<Order, Fault> {
    let steps: Vec<&str> = sort.target.path.iter().map(String::as_str).collect();
    let column = |expression: &str, number, nullable| Ok((expression.to_owned(), number, nullable));
    let (expression, number, nullable) = match (scope.kind, steps.as_slice()) {
        (_, ["id"] | ["meta", "location"]) => (sql.engine.uuid_text("t.id"), false, false),
        (_, ["meta", "created"]) => column("t.created_at", true, false)?,
        (_, ["meta", "lastModified"]) => column("t.updated_at", true, false)?,
        (_, ["meta", "version"]) => column("t.version", true, false)?,
        (_, ["meta", ..] | ["schemas"]) => (format!("CAST({} AS text)", sql.bind(scope.kind.as_str())), false, false),
        (ResourceKind::User, ["userName"]) => column("t.user_name_key", false, false)?,
        (ResourceKind::Group, ["displayName"]) => column("t.display_name_key", false, false)?,
        (ResourceKind::User, ["displayName"]) => column("t.display_name_key", false, true)?,
        (ResourceKind::User, ["name", "familyName"]) => column("t.family_name_key", false, true)?,
        (_, ["externalId"]) => column("t.external_id", false, true)?,
        (ResourceKind::User, ["active"]) => column("(CASE WHEN t.active THEN 1 ELSE 0 END)", true, false)?,
        (ResourceKind::User, ["groups", ..]) | (ResourceKind::Group, ["members", ..]) => return Err(refused(&sort.target)),
        _ => (value(sql, sort), sort.is_number(), true),
    };
    Ok(Order { expression, number, nullable, descending: sort.descending })
}

impl Order {
    /// What stands after `ORDER BY`.
    pub(crate) fn clause(&self) -> String {
        // A clause on nulls keeps an index from being used, so it stands only where it is needed.
        let nulls = match (self.nullable, self.descending) {
            (false, _) => "",
            (true, false) => " NULLS LAST",
            (true, true) => " NULLS FIRST",
        };
        format!("{} {}{nulls}, t.id", self.expression, if self.descending { "DESC" } else { "ASC" })
    }

    /// The rows that come after a place.
    ///
    /// # Errors
    /// `invalidCursor` for a place whose value is of another type than the values are now.
    pub(crate) fn after(&self, sql: &mut Sql, mark: &Mark) -> Result<String, Fault> {
        let (value, id) = (&self.expression, sql.bind(mark.id));
        let bound = match &mark.value {
            Some(SortValue::Text(text)) if !self.number => Some(sql.bind(text.as_str())),
            Some(SortValue::Number(number)) if self.number => Some(sql.bind(*number)),
            Some(_) => {
                let detail = "the attribute that the list is sorted by has another type now; begin again without a cursor";
                return Err(Fault::new(FaultKind::InvalidCursor, detail));
            }
            None => None,
        };
        let same_end = |test: String| format!("({test} AND t.id > {id})");
        Ok(match (bound, self.descending) {
            (Some(bound), descending) => {
                let (beyond, equal) = (if descending { "<" } else { ">" }, same_end(format!("{value} = {bound}")));
                let nulls = if self.nullable && !descending { format!(" OR {value} IS NULL") } else { String::new() };
                format!("({value} {beyond} {bound} OR {equal}{nulls})")
            }
            (None, false) => same_end(format!("{value} IS NULL")),
            (None, true) => format!("({} OR {value} IS NOT NULL)", same_end(format!("{value} IS NULL"))),
        })
    }
}

/// An attribute that stands only in the comparison tree. Of a list's elements the primary one counts, or else the first.
fn value(sql: &mut Sql, sort: &Sort) -> String {
    let Some((list, rest)) = json::split(&sort.target) else {
        let path = json::path(sql, &sort.target.path);
        let text = sql.engine.json_text("t.comparison", &path);
        return typed(sql.engine, sort, &text);
    };
    let (list, primary) = (json::path(sql, list), json::path(sql, &["primary".to_owned()]));
    let (rows, place, text) = match sql.engine {
        Engine::Sqlite => (format!("json_each(t.comparison, {list}) AS element"), "element.key", "element.value"),
        Engine::Postgres => (
            format!(
                "jsonb_array_elements(COALESCE(t.comparison #> {list}::text[], '[]'::jsonb)) WITH ORDINALITY AS element(value, place)"
            ),
            "element.place",
            "(element.value #>> '{}') COLLATE \"C\"",
        ),
    };
    let text = if rest.is_empty() {
        text.to_owned()
    } else {
        let path = json::path(sql, rest);
        sql.engine.json_text("element.value", &path)
    };
    let first = match (sql.engine, rest.is_empty()) {
        // Plain elements have no parts; asking SQLite for one of text would be an error.
        (_, true) => "0".to_owned(),
        (Engine::Sqlite, false) => format!("(CASE WHEN json_extract(element.value, {primary}) = 1 THEN 0 ELSE 1 END)"),
        (Engine::Postgres, false) => {
            format!("(CASE WHEN element.value #>> {primary}::text[] = 'true' THEN 0 ELSE 1 END)")
        }
    };
    let text = typed(sql.engine, sort, &text);
    format!("(SELECT {text} FROM {rows} ORDER BY {first}, {place} LIMIT 1)")
}

fn typed(engine: Engine, sort: &Sort, text: &str) -> String {
    match engine {
        Engine::Postgres if sort.target.kind == scim::Kind::Boolean => {
            format!("(CASE {text} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)")
        }
        // A place in a list holds a double, and whole numbers of many digits differ from theirs.
        Engine::Postgres if sort.is_number() => format!("(({text})::double precision)"),
        Engine::Sqlite if sort.is_number() => format!("CAST({text} AS REAL)"),
        _ => text.to_owned(),
    }
}

fn refused(target: &Target) -> Fault {
    Fault::new(FaultKind::InvalidValue, format!("sortBy {} has no order", target.path.join(".")))
}
