//! Attributes that do not stand in the document: `id`, `meta`, `schemas`. A group's `members` and a user's `groups`
//! are handed on.

use chrono::{DateTime, Utc};
use domain::{ResourceKind, Timestamp};
use scim::{Condition, Fault, Op, Operand, Target};

use super::indexed::text_op;
use super::{Scope, relation, unanswerable};
use crate::dialect::Engine;
use crate::sql::Sql;

type Answer = Option<Result<String, Fault>>;

pub(super) fn present(sql: &mut Sql, scope: Scope, target: &Target) -> Answer {
    let always = Ok(sql.engine.constant(true).to_owned());
    Some(match first(target) {
        "id" | "meta" | "schemas" => always,
        "members" if scope.kind == ResourceKind::Group => Ok("(t.members > 0)".to_owned()),
        "groups" if scope.kind == ResourceKind::User => {
            let tenant = sql.bind(scope.tenant.as_uuid());
            Ok(format!("(t.id IN (SELECT m.member_id FROM memberships AS m WHERE m.tenant_id = {tenant}))"))
        }
        _ => return None,
    })
}

pub(super) fn compare(sql: &mut Sql, scope: Scope, target: &Target, op: Op, operand: &Operand) -> Answer {
    let Operand::Text(text) = operand else { return None };
    let second = target.path.get(1).map(String::as_str);
    Some(match (first(target), second) {
        ("id", _) => Ok(relation::id(sql, "t.id", op, text)),
        ("meta", Some("created")) => time(sql, "t.created_at", target, op, text),
        ("meta", Some("lastModified")) => time(sql, "t.updated_at", target, op, text),
        ("meta", Some("resourceType")) => Ok(sql.engine.constant(text_matches(scope.kind.as_str(), op, text)).to_owned()),
        ("meta", Some("version")) => Ok(version(sql, op, text)),
        ("meta", _) => Err(unanswerable(target, "is not supported")),
        ("schemas", _) => Ok(schemas(sql, scope, op, text)),
        ("members", _) if scope.kind == ResourceKind::Group => relation::compare(sql, scope, target, op, operand),
        ("groups", _) if scope.kind == ResourceKind::User => relation::compare(sql, scope, target, op, operand),
        _ => return None,
    })
}

pub(super) fn element(sql: &mut Sql, scope: Scope, list: &Target, condition: &Condition) -> Answer {
    match (scope.kind, first(list)) {
        (ResourceKind::Group, "members") | (ResourceKind::User, "groups") => {}
        _ => return None,
    }
    Some(relation::element(sql, scope, condition))
}

fn first(target: &Target) -> &str {
    target.path.first().map_or("", String::as_str)
}

fn time(sql: &mut Sql, column: &str, target: &Target, op: Op, text: &str) -> Result<String, Fault> {
    let at = text.parse::<DateTime<Utc>>().map_err(|_| unanswerable(target, "needs a date and time"))?;
    let micros = sql.bind(Timestamp::from(at).as_micros());
    let sign = match op {
        Op::Eq => "=",
        Op::Ne => "<>",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Co | Op::Sw | Op::Ew => return Err(unanswerable(target, "cannot use co, sw or ew on a time")),
    };
    Ok(format!("({column} {sign} {micros})"))
}

/// As an entity tag; where equality is asked, its number alone says the same and costs less.
fn version(sql: &mut Sql, op: Op, text: &str) -> String {
    let number = text.trim_start_matches("W/").trim_start_matches("w/").trim_matches('"').parse::<i64>();
    match (op, number) {
        (Op::Eq, Ok(number)) => format!("(t.version = {})", sql.bind(number)),
        (Op::Ne, Ok(number)) => format!("(t.version <> {})", sql.bind(number)),
        _ => text_op(sql, "('W/\"' || CAST(t.version AS text) || '\"')", op, text),
    }
}

/// A resource has its core schema always and any other when it holds an object of it.
fn schemas(sql: &mut Sql, scope: Scope, op: Op, text: &str) -> String {
    let core = scim::comparison::key(match scope.kind {
        ResourceKind::User => scim::USER_URN,
        ResourceKind::Group => scim::GROUP_URN,
    });
    if text_matches(&core, op, text) {
        return sql.engine.constant(true).to_owned();
    }
    if op == Op::Eq && text == scim::comparison::key(scim::ENTERPRISE_URN) {
        let path = sql.engine.json_path(&[scim::ENTERPRISE_URN.to_owned()]);
        let path = sql.bind(path);
        return sql.engine.json_present("t.comparison", &path);
    }
    let (keys, key) = match sql.engine {
        Engine::Sqlite => ("json_each(t.resource) AS held", "lower(held.key)"),
        Engine::Postgres => ("jsonb_object_keys(t.resource) AS held(key)", "lower(held.key) COLLATE \"C\""),
    };
    // Only the key of a schema's object holds a colon.
    let colon = sql.engine.contains("held.key", "':'");
    let condition = text_op(sql, key, op, text);
    format!("(EXISTS (SELECT 1 FROM {keys} WHERE {colon} AND {condition}))")
}

pub(super) fn text_matches(own: &str, op: Op, text: &str) -> bool {
    match op {
        Op::Eq => own == text,
        Op::Ne => own != text,
        Op::Co => own.contains(text),
        Op::Sw => own.starts_with(text),
        Op::Ew => own.ends_with(text),
        Op::Gt => own > text,
        Op::Ge => own >= text,
        Op::Lt => own < text,
        Op::Le => own <= text,
    }
}
