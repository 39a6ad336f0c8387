//! Attributes that have an indexed column, and e-mail values, which have a table.

use domain::ResourceKind;
use scim::{Condition, Op, Operand, Target};

use super::Scope;
use crate::sql::Sql;

/// The comparison over a column or table, when the attribute has one.
pub(super) fn compare(sql: &mut Sql, scope: Scope, target: &Target, op: Op, operand: &Operand) -> Option<String> {
    let steps: Vec<&str> = target.path.iter().map(String::as_str).collect();
    if let (ResourceKind::User, ["active"], Operand::Boolean(wanted)) = (scope.kind, steps.as_slice(), operand) {
        let is = sql.bind(*wanted);
        return match op {
            Op::Eq => Some(format!("(t.active = {is})")),
            Op::Ne => Some(format!("(t.active <> {is})")),
            _ => None,
        };
    }
    let Operand::Text(text) = operand else { return None };
    if is_email_value(scope, &steps) {
        return email(sql, scope, op, text);
    }
    let column = match (scope.kind, steps.as_slice()) {
        (ResourceKind::User, ["userName"]) => "t.user_name_key",
        (_, ["displayName"]) => "t.display_name_key",
        (ResourceKind::User, ["name", "familyName"]) => "t.family_name_key",
        (_, ["externalId"]) => "t.external_id",
        _ => return None,
    };
    Some(text_op(sql, column, op, text))
}

/// A condition on an index that every row matching the element condition meets, when there is one.
pub(super) fn narrow(sql: &mut Sql, scope: Scope, list: &Target, condition: &Condition) -> Option<String> {
    if scope.kind != ResourceKind::User || list.path != ["emails"] {
        return None;
    }
    match condition {
        Condition::Compare { target, op: op @ (Op::Eq | Op::Sw), operand: Operand::Text(text) } if target.path == ["value"] => {
            email(sql, scope, *op, text)
        }
        Condition::All(parts) => parts.iter().find_map(|part| narrow(sql, scope, list, part)),
        _ => None,
    }
}

fn is_email_value(scope: Scope, steps: &[&str]) -> bool {
    scope.kind == ResourceKind::User && matches!(steps, ["emails", "value"])
}

/// `ne` is left to the document: it also holds for people without an address.
fn email(sql: &mut Sql, scope: Scope, op: Op, text: &str) -> Option<String> {
    if op == Op::Ne {
        return None;
    }
    let tenant = sql.bind(scope.tenant.as_uuid());
    let condition = text_op(sql, "m.value_key", op, text);
    Some(format!("(t.id IN (SELECT m.user_id FROM user_emails AS m WHERE m.tenant_id = {tenant} AND {condition}))"))
}

/// One text operator over a column in comparison form; never null.
pub(super) fn text_op(sql: &mut Sql, column: &str, op: Op, text: &str) -> String {
    let engine = sql.engine;
    if text.is_empty() && matches!(op, Op::Co | Op::Sw | Op::Ew) {
        return format!("({column} IS NOT NULL)");
    }
    let condition = match op {
        Op::Sw => return prefix(sql, column, text),
        Op::Eq | Op::Ne => format!("{column} = {}", sql.bind(text)),
        Op::Gt => format!("{column} > {}", sql.bind(text)),
        Op::Ge => format!("{column} >= {}", sql.bind(text)),
        Op::Lt => format!("{column} < {}", sql.bind(text)),
        Op::Le => format!("{column} <= {}", sql.bind(text)),
        Op::Co => engine.contains(column, &sql.bind(text)),
        Op::Ew => engine.ends_with(column, &sql.bind(text)),
    };
    match op {
        Op::Ne => format!("(NOT {})", engine.decided(&condition)),
        // As a bare equality it stays visible to the planner; rows without a value are not equal either way.
        Op::Eq => format!("({column} IS NOT NULL AND {condition})"),
        _ => engine.decided(&condition),
    }
}

/// A prefix match as a range of keys, which an index answers.
fn prefix(sql: &mut Sql, column: &str, text: &str) -> String {
    let from = sql.bind(text);
    match successor(text) {
        Some(next) => {
            let to = sql.bind(next);
            format!("({column} IS NOT NULL AND {column} >= {from} AND {column} < {to})")
        }
        None => format!("({column} IS NOT NULL AND {column} >= {from})"),
    }
}

/// The smallest text above all texts that start with `prefix`, in the order of code points.
pub(crate) fn successor(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_successor_is_above_every_text_with_the_prefix() {
        for prefix in ["a", "az", "ü", "a\u{D7FF}", "a\u{10FFFF}"] {
            let next = successor(prefix).unwrap();
            assert!(next.as_str() > prefix);
            assert!(next > format!("{prefix}\u{10FFFF}\u{10FFFF}"));
        }
        assert_eq!(successor("\u{10FFFF}"), None);
    }
}
