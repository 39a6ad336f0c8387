//! Attributes that do not stand in the document: `id`, `meta`, `schemas`, a group's `members`, a user's `groups`.

use chrono::{DateTime, Utc};
use domain::{ResourceKind, Timestamp};
use scim::{Condition, Fault, Op, Operand, Target};
use uuid::Uuid;

use super::indexed::text_op;
use super::{Scope, unanswerable};
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
        ("id", _) => Ok(id(sql, op, text)),
        ("meta", Some("created")) => time(sql, "t.created_at", target, op, text),
        ("meta", Some("lastModified")) => time(sql, "t.updated_at", target, op, text),
        ("meta", Some("resourceType")) => {
            let own = scim::comparison::key(scope.kind.as_str());
            Ok(sql.engine.constant(text_matches(&own, op, text)).to_owned())
        }
        ("meta", Some("version")) => version(sql, target, op, text),
        ("meta", _) => Err(unanswerable(target, "is not supported")),
        ("schemas", _) => schemas(sql, scope, target, op, text),
        ("members", Some("value")) if scope.kind == ResourceKind::Group && op == Op::Eq => Ok(groups_with(sql, scope, text)),
        ("members", _) if scope.kind == ResourceKind::Group => Err(unanswerable(target, "supports only eq on value")),
        ("groups", Some("value")) if scope.kind == ResourceKind::User && op == Op::Eq => Ok(people_in(sql, scope, text)),
        ("groups", _) if scope.kind == ResourceKind::User => Err(unanswerable(target, "supports only eq on value")),
        _ => return None,
    })
}

pub(super) fn element(sql: &mut Sql, scope: Scope, list: &Target, condition: &Condition) -> Answer {
    match (scope.kind, first(list)) {
        (ResourceKind::Group, "members") | (ResourceKind::User, "groups") => {}
        _ => return None,
    }
    Some(match condition {
        Condition::Compare { target, op: Op::Eq, operand: Operand::Text(text) } if target.path == ["value"] => {
            Ok(match scope.kind {
                ResourceKind::Group => groups_with(sql, scope, text),
                ResourceKind::User => people_in(sql, scope, text),
            })
        }
        Condition::Any(parts) => any(sql, scope, list, parts),
        _ => Err(unanswerable(list, "supports only eq on value")),
    })
}

fn any(sql: &mut Sql, scope: Scope, list: &Target, parts: &[Condition]) -> Result<String, Fault> {
    let parts: Result<Vec<_>, _> = parts.iter().filter_map(|part| element(sql, scope, list, part)).collect();
    Ok(format!("({})", parts?.join(" OR ")))
}

fn first(target: &Target) -> &str {
    target.path.first().map_or("", String::as_str)
}

fn id(sql: &mut Sql, op: Op, text: &str) -> String {
    match (op, text.parse::<Uuid>()) {
        (Op::Eq, Ok(id)) if id.to_string() == text => format!("(t.id = {})", sql.bind(id)),
        (Op::Eq, _) => sql.engine.constant(false).to_owned(),
        _ => {
            let column = sql.engine.uuid_text("t.id");
            text_op(sql, &column, op, text)
        }
    }
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

fn version(sql: &mut Sql, target: &Target, op: Op, text: &str) -> Result<String, Fault> {
    let number = text.trim_start_matches("W/").trim_start_matches("w/").trim_matches('"').parse::<i64>();
    match (op, number) {
        (Op::Eq, Ok(number)) => Ok(format!("(t.version = {})", sql.bind(number))),
        (Op::Ne, Ok(number)) => Ok(format!("(t.version <> {})", sql.bind(number))),
        (Op::Eq, Err(_)) => Ok(sql.engine.constant(false).to_owned()),
        (Op::Ne, Err(_)) => Ok(sql.engine.constant(true).to_owned()),
        _ => Err(unanswerable(target, "supports only eq and ne")),
    }
}

/// A resource has its core schema always and an extension when it has a value of it.
fn schemas(sql: &mut Sql, scope: Scope, target: &Target, op: Op, text: &str) -> Result<String, Fault> {
    if op != Op::Eq {
        return Err(unanswerable(target, "supports only eq"));
    }
    let core = match scope.kind {
        ResourceKind::User => scim::USER_URN,
        ResourceKind::Group => scim::GROUP_URN,
    };
    let same = |urn: &str| urn.eq_ignore_ascii_case(text);
    if same(core) {
        return Ok(sql.engine.constant(true).to_owned());
    }
    if scope.kind == ResourceKind::User && same(scim::ENTERPRISE_URN) {
        let path = sql.engine.json_path(&[scim::ENTERPRISE_URN.to_owned()]);
        let path = sql.bind(path);
        return Ok(sql.engine.json_present("t.comparison", &path));
    }
    Ok(sql.engine.constant(false).to_owned())
}

fn groups_with(sql: &mut Sql, scope: Scope, member: &str) -> String {
    let Ok(member) = member.parse::<Uuid>() else { return sql.engine.constant(false).to_owned() };
    let (tenant, member) = (sql.bind(scope.tenant.as_uuid()), sql.bind(member));
    format!("(t.id IN (SELECT m.group_id FROM memberships AS m WHERE m.tenant_id = {tenant} AND m.member_id = {member}))")
}

/// Direct and indirect members; `UNION` ends at rings of groups.
fn people_in(sql: &mut Sql, scope: Scope, group: &str) -> String {
    let Ok(group) = group.parse::<Uuid>() else { return sql.engine.constant(false).to_owned() };
    let (tenant, group) = (sql.bind(scope.tenant.as_uuid()), sql.bind(group));
    format!(
        "(t.id IN (WITH RECURSIVE inside(id) AS (SELECT {group} UNION \
         SELECT m.member_id FROM memberships AS m JOIN inside AS i ON m.group_id = i.id \
         WHERE m.tenant_id = {tenant} AND m.member_kind = 'Group') \
         SELECT m.member_id FROM memberships AS m JOIN inside AS i ON m.group_id = i.id WHERE m.tenant_id = {tenant}))"
    )
}

fn text_matches(own: &str, op: Op, text: &str) -> bool {
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
