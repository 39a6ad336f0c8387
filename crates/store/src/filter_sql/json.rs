//! Attributes that stand only in the comparison tree.

use scim::{Condition, Fault, Kind, Op, Operand, Target};

use super::indexed::text_op;
use super::unanswerable;
use crate::sql::Sql;

/// Whether the attribute has a value.
pub(super) fn present(sql: &mut Sql, document: &str, target: &Target) -> String {
    let Some((list, rest)) = split(target) else {
        let path = path(sql, &target.path);
        return sql.engine.json_present(document, &path);
    };
    let each = each(sql, document, list);
    if rest.is_empty() {
        return format!("(EXISTS (SELECT 1 FROM {each}))");
    }
    let path = path(sql, rest);
    format!("(EXISTS (SELECT 1 FROM {each} WHERE {}))", sql.engine.json_present("element.value", &path))
}

/// One comparison; of several values any may match, and no value at all counts as one null.
pub(super) fn compare(sql: &mut Sql, document: &str, target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    let Some((list, rest)) = split(target) else {
        return single(sql, document, &target.path, target, op, operand);
    };
    let list = list.to_vec();
    let rows = each(sql, document, &list);
    let test = if rest.is_empty() {
        scalar_element(sql, target, op, operand)?
    } else {
        single(sql, "element.value", rest, target, op, operand)?
    };
    let any = format!("EXISTS (SELECT 1 FROM {rows} WHERE {test})");
    if op == Op::Ne {
        let rows = each(sql, document, &list);
        return Ok(format!("({any} OR NOT EXISTS (SELECT 1 FROM {rows}))"));
    }
    Ok(format!("({any})"))
}

/// A condition on one and the same element of a list.
pub(super) fn element(sql: &mut Sql, document: &str, list: &Target, condition: &Condition) -> Result<String, Fault> {
    let rows = each(sql, document, &list.path);
    let test = inner(sql, condition)?;
    Ok(format!("(EXISTS (SELECT 1 FROM {rows} WHERE {test}))"))
}

fn inner(sql: &mut Sql, condition: &Condition) -> Result<String, Fault> {
    let join = |sql: &mut Sql, parts: &[Condition], word: &str| -> Result<String, Fault> {
        let parts: Result<Vec<_>, _> = parts.iter().map(|part| inner(sql, part)).collect();
        Ok(format!("({})", parts?.join(word)))
    };
    match condition {
        Condition::All(parts) if parts.is_empty() => Ok(sql.engine.constant(true).to_owned()),
        Condition::Any(parts) if parts.is_empty() => Ok(sql.engine.constant(false).to_owned()),
        Condition::All(parts) => join(sql, parts, " AND "),
        Condition::Any(parts) => join(sql, parts, " OR "),
        Condition::Not(part) => Ok(format!("NOT {}", inner(sql, part)?)),
        Condition::Present(target) => Ok(present(sql, "element.value", target)),
        Condition::Compare { target, op, operand } => compare(sql, "element.value", target, *op, operand),
        Condition::Element { list, .. } => Err(unanswerable(list, "cannot stand inside another value filter")),
    }
}

fn single(sql: &mut Sql, document: &str, steps: &[String], target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    let path = path(sql, steps);
    let value = sql.engine.json_text(document, &path);
    scalar(sql, &value, target, op, operand)
}

/// The element of a list of plain values.
fn scalar_element(sql: &mut Sql, target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    let value = match sql.engine {
        crate::dialect::Engine::Sqlite => "element.value".to_owned(),
        crate::dialect::Engine::Postgres => "(element.value #>> '{}') COLLATE \"C\"".to_owned(),
    };
    scalar(sql, &value, target, op, operand)
}

fn scalar(sql: &mut Sql, value: &str, target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    use crate::dialect::Engine::{Postgres, Sqlite};
    let number = |sql: &Sql| match sql.engine {
        Sqlite => value.to_owned(),
        Postgres => format!("({value})::double precision"),
    };
    let (left, right) = match operand {
        Operand::Text(text) => return Ok(text_op(sql, value, op, text)),
        Operand::Boolean(wanted) => match sql.engine {
            Sqlite => (value.to_owned(), sql.bind(i64::from(*wanted))),
            Postgres => (value.to_owned(), sql.bind(wanted.to_string())),
        },
        // As a double it would lose its last digits.
        Operand::Integer(wanted) => {
            let whole = match sql.engine {
                Sqlite => value.to_owned(),
                Postgres => format!("({value})::numeric"),
            };
            (whole, sql.bind(*wanted))
        }
        Operand::Decimal(wanted) => (number(sql), sql.bind(*wanted)),
    };
    let sign = match op {
        Op::Eq | Op::Ne => "=",
        Op::Gt if target.kind != Kind::Boolean => ">",
        Op::Ge if target.kind != Kind::Boolean => ">=",
        Op::Lt if target.kind != Kind::Boolean => "<",
        Op::Le if target.kind != Kind::Boolean => "<=",
        _ => return Err(unanswerable(target, "cannot use this operator")),
    };
    let test = sql.engine.decided(&format!("{left} {sign} {right}"));
    Ok(if op == Op::Ne { format!("(NOT {test})") } else { test })
}

/// The list inside the target's path and what follows it in each element.
pub(super) fn split(target: &Target) -> Option<(&[String], &[String])> {
    let at = target.list?;
    target.path.split_at_checked(at + 1)
}

pub(super) fn path(sql: &mut Sql, steps: &[String]) -> String {
    let path = sql.engine.json_path(steps);
    sql.bind(path)
}

fn each(sql: &mut Sql, document: &str, list: &[String]) -> String {
    let path = path(sql, list);
    sql.engine.json_each(document, &path)
}
