//! A group's `members` and a person's `groups`, which stand in the memberships. Groups of a person are direct ones and
//! those around them.

use domain::ResourceKind;
use scim::{Condition, Fault, Op, Operand, Target};
use uuid::Uuid;

use super::indexed::text_op;
use super::special::text_matches;
use super::{Scope, unanswerable};
use crate::sql::Sql;

/// One comparison outside of brackets: of several values any may match, and no value at all counts as one null.
pub(super) fn compare(sql: &mut Sql, scope: Scope, target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    let within = Target { path: target.path.iter().skip(1).cloned().collect(), list: None, ..target.clone() };
    let condition = Condition::Compare { target: within, op, operand: operand.clone() };
    let any = element(sql, scope, &condition)?;
    if op != Op::Ne {
        return Ok(any);
    }
    let none = none(sql, scope);
    Ok(format!("({any} OR {none})"))
}

/// A condition on one and the same member or group.
pub(super) fn element(sql: &mut Sql, scope: Scope, condition: &Condition) -> Result<String, Fault> {
    match scope.kind {
        ResourceKind::Group => members(sql, scope, condition),
        ResourceKind::User => groups(sql, scope, condition),
    }
}

fn none(sql: &mut Sql, scope: Scope) -> String {
    match scope.kind {
        ResourceKind::Group => "(t.members = 0)".to_owned(),
        ResourceKind::User => {
            let tenant = sql.bind(scope.tenant.as_uuid());
            format!("(t.id NOT IN (SELECT m.member_id FROM memberships AS m WHERE m.tenant_id = {tenant}))")
        }
    }
}

/// Found from the members' side, where the index on members leads to few groups.
fn members(sql: &mut Sql, scope: Scope, condition: &Condition) -> Result<String, Fault> {
    let tenant = sql.bind(scope.tenant.as_uuid());
    let test = Row::Member.test(sql, condition)?;
    Ok(format!("(t.id IN (SELECT m.group_id FROM memberships AS m WHERE m.tenant_id = {tenant} AND {test}))"))
}

/// Direct members of the groups that meet the condition, and those of groups inside them; `UNION` ends at rings.
fn groups(sql: &mut Sql, scope: Scope, condition: &Condition) -> Result<String, Fault> {
    let tenant = sql.bind(scope.tenant.as_uuid());
    let direct = Row::Group { direct: true }.test(sql, condition)?;
    let within = format!("m.tenant_id = {tenant} AND g.tenant_id = {tenant}");
    let direct =
        format!("SELECT m.member_id FROM \"groups\" AS g JOIN memberships AS m ON m.group_id = g.id WHERE {within} AND {direct}");
    let indirect = Row::Group { direct: false }.test(sql, condition)?;
    let start = format!(
        "FROM \"groups\" AS g JOIN memberships AS m ON m.group_id = g.id WHERE {within} AND m.member_kind = 'Group' AND {indirect}"
    );
    let further = format!(
        "FROM inside AS i JOIN memberships AS m ON m.group_id = i.id WHERE m.tenant_id = {tenant} AND m.member_kind = 'Group'"
    );
    let end =
        format!("SELECT m.member_id FROM inside AS i JOIN memberships AS m ON m.group_id = i.id WHERE m.tenant_id = {tenant}");
    // A person who is in a group directly too is not in it indirectly. Only who asks for that needs to know through which
    // group each one was reached, which makes as many rows as there are pairs.
    let indirect = if condition.names("type") {
        format!(
            "WITH RECURSIVE inside(root, id) AS (SELECT g.id, m.member_id {start} UNION SELECT i.root, m.member_id {further}) \
             {end} AND NOT EXISTS (SELECT 1 FROM memberships AS d WHERE d.tenant_id = {tenant} AND d.group_id = i.root \
             AND d.member_id = m.member_id)"
        )
    } else {
        format!("WITH RECURSIVE inside(id) AS (SELECT m.member_id {start} UNION SELECT m.member_id {further}) {end}")
    };
    Ok(format!("(t.id IN ({direct}) OR t.id IN ({indirect}))"))
}

/// What a condition's targets mean.
#[derive(Clone, Copy)]
enum Row {
    /// The member of the row `m`.
    Member,
    /// The group of the row `g`.
    Group { direct: bool },
}

impl Row {
    fn test(self, sql: &mut Sql, condition: &Condition) -> Result<String, Fault> {
        let join = |sql: &mut Sql, parts: &[Condition], word: &str, empty: bool| {
            if parts.is_empty() {
                return Ok(sql.engine.constant(empty).to_owned());
            }
            let parts: Result<Vec<_>, Fault> = parts.iter().map(|part| self.test(sql, part)).collect();
            Ok(format!("({})", parts?.join(word)))
        };
        match condition {
            Condition::All(parts) => join(sql, parts, " AND ", true),
            Condition::Any(parts) => join(sql, parts, " OR ", false),
            Condition::Not(inner) => Ok(format!("NOT {}", self.test(sql, inner)?)),
            Condition::Compare { target, op, operand: Operand::Text(text) } => self.compare(sql, target, *op, text),
            Condition::Present(target) if target.path != ["display"] || matches!(self, Self::Group { .. }) => {
                Ok(sql.engine.constant(true).to_owned())
            }
            Condition::Compare { target, .. } | Condition::Present(target) | Condition::Element { list: target, .. } => {
                Err(unanswerable(target, "is not supported here; use value or type"))
            }
        }
    }

    fn compare(self, sql: &mut Sql, target: &Target, op: Op, text: &str) -> Result<String, Fault> {
        let part = target.path.first().map_or("", String::as_str);
        match (self, part) {
            (Self::Member, "value") => Ok(id(sql, "m.member_id", op, text)),
            (Self::Member, "type") => Ok(text_op(sql, "lower(m.member_kind)", op, text)),
            (Self::Group { .. }, "value") => Ok(id(sql, "g.id", op, text)),
            (Self::Group { .. }, "display") => Ok(text_op(sql, "g.display_name_key", op, text)),
            (Self::Group { direct }, "type") => {
                let own = if direct { "direct" } else { "indirect" };
                Ok(sql.engine.constant(text_matches(own, op, text)).to_owned())
            }
            // A member's name is derived from its own attributes, and no column holds it.
            _ => Err(unanswerable(target, "is not supported here; use value or type")),
        }
    }
}

/// An id in comparison form; equality goes by the column itself.
pub(super) fn id(sql: &mut Sql, column: &str, op: Op, text: &str) -> String {
    match (op, text.parse::<Uuid>()) {
        (Op::Eq, Ok(id)) if id.to_string() == text => format!("({column} = {})", sql.bind(id)),
        (Op::Eq, _) => sql.engine.constant(false).to_owned(),
        _ => {
            let printed = sql.engine.uuid_text(column);
            text_op(sql, &printed, op, text)
        }
    }
}
