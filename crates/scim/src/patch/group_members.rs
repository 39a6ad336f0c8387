//! Changes of a group's members. They never touch the group's document: each becomes rows that come or go.

use std::collections::HashSet;

use serde_json::Value;

use super::dialect::Change;
use super::request::Verb;
use crate::bound::Bound;
use crate::fault::{Fault, FaultKind};
use crate::filter::{Condition, Filter, Literal, Op, resolve_elements};
use crate::members::read_members;
use crate::repair::Repairs;
use crate::resource::MemberRef;
use crate::schema::{Attribute, Mutability};
use crate::typing::is_blank;

/// One change of a group's members.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberStep {
    /// These become members.
    Add(Vec<MemberRef>),
    /// These are members no longer.
    Remove(Vec<String>),
    /// These, and nobody else, are the members.
    Replace(Vec<MemberRef>),
    /// Nobody is a member.
    RemoveAll,
    /// Whoever meets the condition, which speaks of one member's value, type and display, is a member no longer.
    RemoveWhere(Condition),
}

/// The steps for one change at `members`; `sub` is the sub-attribute of the path.
pub(super) fn steps(
    change: Change,
    members: &Attribute,
    sub: Option<&Attribute>,
    repairs: &mut Repairs,
) -> Result<Vec<MemberStep>, Fault> {
    if let Some(sub) = sub {
        return Err(fixed(members, sub));
    }
    match &change.path.filter {
        Some(filter) => filtered(filter, change.verb, change.value.clone(), members, repairs),
        None => unfiltered(change.verb, change.value, members, repairs),
    }
}

/// The same steps with neighbours of one kind made one: a thousand removals of one member each cost what one of a
/// thousand costs.
pub(super) fn joined(steps: Vec<MemberStep>) -> Vec<MemberStep> {
    let mut joined: Vec<MemberStep> = Vec::new();
    for step in steps {
        match (joined.last_mut(), step) {
            (Some(MemberStep::Add(members)), MemberStep::Add(more)) => members.extend(more),
            (Some(MemberStep::Remove(ids)), MemberStep::Remove(more)) => ids.extend(more),
            (Some(MemberStep::RemoveWhere(condition)), MemberStep::RemoveWhere(more)) => match condition {
                Condition::Any(parts) => parts.push(more),
                one => *one = Condition::Any(vec![one.clone(), more]),
            },
            (_, step) => joined.push(step),
        }
    }
    joined.iter_mut().for_each(distinct);
    joined
}

/// The most comparisons of all conditions on members in one PATCH: each is tried on every member.
const MAX_TERMS: usize = 256;
/// The most times that one PATCH goes through all members.
const MAX_PASSES: usize = 20;

/// Bounds what conditions on members cost.
///
/// # Errors
/// `tooMany`.
pub(super) fn bounded(steps: &[MemberStep]) -> Result<(), Fault> {
    let conditions = steps.iter().filter_map(|step| match step {
        MemberStep::RemoveWhere(condition) => Some(condition.terms()),
        _ => None,
    });
    let (passes, terms) = conditions.fold((0, 0), |(passes, all), terms| (passes + 1, all + terms));
    if passes > MAX_PASSES || terms > MAX_TERMS {
        let detail = format!("a PATCH takes at most {MAX_TERMS} comparisons of members and goes through them {MAX_PASSES} times");
        let (bound, limit) =
            if passes > MAX_PASSES { (Bound::MemberPasses, MAX_PASSES) } else { (Bound::MemberComparisons, MAX_TERMS) };
        return Err(Fault::beyond(bound, limit as u64, detail));
    }
    Ok(())
}

fn distinct(step: &mut MemberStep) {
    let mut known = HashSet::new();
    match step {
        MemberStep::Add(members) => members.retain(|member| known.insert(member.value.clone())),
        MemberStep::Remove(ids) => ids.retain(|id| known.insert(id.clone())),
        MemberStep::Replace(_) | MemberStep::RemoveAll | MemberStep::RemoveWhere(_) => {}
    }
}

fn unfiltered(verb: Verb, value: Value, members: &Attribute, repairs: &mut Repairs) -> Result<Vec<MemberStep>, Fault> {
    // An empty list with remove names nobody; only without any value does remove mean everybody.
    let everybody = value.is_null();
    let list = read(value, members, repairs)?;
    Ok(match verb {
        Verb::Add if list.is_empty() => Vec::new(),
        Verb::Add => vec![MemberStep::Add(list)],
        Verb::Replace if list.is_empty() => vec![MemberStep::RemoveAll],
        Verb::Replace => vec![MemberStep::Replace(list)],
        Verb::Remove if everybody => vec![MemberStep::RemoveAll],
        Verb::Remove if list.is_empty() => Vec::new(),
        Verb::Remove => vec![MemberStep::Remove(list.into_iter().map(|member| member.value).collect())],
    })
}

fn filtered(
    filter: &Filter,
    verb: Verb,
    value: Value,
    members: &Attribute,
    repairs: &mut Repairs,
) -> Result<Vec<MemberStep>, Fault> {
    let condition = resolve_elements(filter, members)?;
    if condition.names("$ref") {
        return Err(Fault::new(FaultKind::InvalidPath, "members are chosen by value, type or display, not by $ref"));
    }
    let ids = ids(filter);
    let leave = match &ids {
        Some(ids) => MemberStep::Remove(ids.clone()),
        None => MemberStep::RemoveWhere(condition),
    };
    match (verb, ids) {
        (Verb::Remove, _) => Ok(vec![leave]),
        (Verb::Replace, _) if is_blank(&value) => Ok(vec![leave]),
        (Verb::Add | Verb::Replace, Some(ids)) => {
            // A member's value is immutable (RFC 7643 §4.2): what the filter names is all that the value may name.
            let others = read(value, members, repairs)?.into_iter().any(|member| !ids.contains(&member.value));
            match members.sub_attribute("value").filter(|_| others) {
                Some(value) => Err(fixed(members, value)),
                None => Ok(vec![MemberStep::Add(ids.into_iter().map(|value| MemberRef { value, kind: None }).collect())]),
            }
        }
        (_, None) => Err(Fault::new(FaultKind::InvalidPath, "members can be added only by value")),
    }
}

fn read(value: Value, members: &Attribute, repairs: &mut Repairs) -> Result<Vec<MemberRef>, Fault> {
    Ok(read_members(value, members, repairs)?.map(|list| MemberRef::list(&list)).unwrap_or_default())
}

/// The ids of a filter that names nothing else: `value eq "a"`, or several joined by `or`.
fn ids(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare { path, op: Op::Eq, value: Literal::Text(id) } if path.name.eq_ignore_ascii_case("value") => {
            Some(vec![id.clone()])
        }
        Filter::Or(parts) => parts.iter().map(ids).collect::<Option<Vec<_>>>().map(|ids| ids.into_iter().flatten().collect()),
        _ => None,
    }
}

fn fixed(members: &Attribute, sub: &Attribute) -> Fault {
    let why = if sub.mutability == Mutability::ReadOnly {
        "is set by the service alone"
    } else {
        "of a member cannot change; remove the member and add it again"
    };
    Fault::new(FaultKind::Mutability, format!("{}.{} {why}", members.name, sub.name))
}
