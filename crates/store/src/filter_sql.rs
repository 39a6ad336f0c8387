//! A resolved filter as a SQL condition over the rows of one resource type, aliased `t`.
//!
//! Attributes with a column or table of their own use it; all others are looked up in the comparison tree that stands
//! beside each document. That tree is what [`scim::Condition::matches`] reads too, so memory and SQL cannot differ.

mod indexed;
mod json;
mod narrow;
pub(crate) mod order;
mod relation;
mod special;

use domain::{ResourceKind, TenantId};
pub(crate) use indexed::successor;
use scim::{Condition, Fault, FaultKind, Op, Operand, Target};

use crate::sql::Sql;

/// What a condition is compiled for.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    pub(crate) tenant: TenantId,
    pub(crate) kind: ResourceKind,
}

/// The condition's SQL text; its values are bound into `sql` on the way.
///
/// # Errors
/// `invalidFilter` for what cannot be answered exactly: it is refused, never approximated.
pub(crate) fn compile(sql: &mut Sql, scope: Scope, condition: &Condition) -> Result<String, Fault> {
    match condition {
        Condition::All(parts) => join(sql, scope, parts, " AND ", true),
        Condition::Any(parts) => join(sql, scope, parts, " OR ", false),
        Condition::Not(inner) => Ok(format!("NOT {}", compile(sql, scope, inner)?)),
        Condition::Present(target) => present(sql, scope, target),
        Condition::Compare { target, op, operand } => compare(sql, scope, target, *op, operand),
        Condition::Element { list, condition } => element(sql, scope, list, condition),
    }
}

fn join(sql: &mut Sql, scope: Scope, parts: &[Condition], word: &str, empty: bool) -> Result<String, Fault> {
    if parts.is_empty() {
        return Ok(sql.engine.constant(empty).to_owned());
    }
    let parts: Result<Vec<_>, _> = parts.iter().map(|part| compile(sql, scope, part)).collect();
    Ok(format!("({})", parts?.join(word)))
}

fn present(sql: &mut Sql, scope: Scope, target: &Target) -> Result<String, Fault> {
    match special::present(sql, scope, target) {
        Some(answer) => answer,
        None => Ok(json::present(sql, "t.comparison", target)),
    }
}

fn compare(sql: &mut Sql, scope: Scope, target: &Target, op: Op, operand: &Operand) -> Result<String, Fault> {
    if let Some(answer) = special::compare(sql, scope, target, op, operand) {
        return answer;
    }
    if let Some(text) = indexed::compare(sql, scope, target, op, operand) {
        return Ok(text);
    }
    json::compare(sql, "t.comparison", target, op, operand)
}

fn element(sql: &mut Sql, scope: Scope, list: &Target, condition: &Condition) -> Result<String, Fault> {
    if let Some(answer) = special::element(sql, scope, list, condition) {
        return answer;
    }
    let exact = json::element(sql, "t.comparison", list, condition)?;
    // An index narrows the rows first where one term of the element is an e-mail look-up.
    Ok(match indexed::narrow(sql, scope, list, condition) {
        Some(narrowed) => format!("({narrowed} AND {exact})"),
        None => exact,
    })
}

pub(crate) fn unanswerable(target: &Target, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidFilter, format!("a filter on {} {why}", target.path.join(".")))
}
