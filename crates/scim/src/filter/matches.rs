//! A condition answered over a comparison tree in memory.

use serde_json::{Map, Number, Value};

use super::ast::Op;
use super::condition::{Condition, Operand, Target};

impl Condition {
    /// Whether the resource of this comparison tree (see [`crate::comparison::tree`]) meets the condition.
    pub fn matches(&self, tree: &Map<String, Value>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(tree)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(tree)),
            Self::Not(inner) => !inner.matches(tree),
            Self::Compare { target, op, operand } => any_value(tree, target, |value| compare(value, *op, operand)),
            Self::Present(target) => any_value(tree, target, |value| value.is_some()),
            Self::Element { list, condition } => any_value(tree, list, |element| {
                element.and_then(Value::as_object).is_some_and(|element| condition.matches(element))
            }),
        }
    }
}

/// Whether the test holds for a value of the target; without any it is asked about none.
fn any_value(tree: &Map<String, Value>, target: &Target, test: impl Fn(Option<&Value>) -> bool) -> bool {
    let (to_list, rest) = match target.list {
        Some(at) => target.path.split_at_checked(at + 1).unwrap_or((&target.path, &[])),
        None => return test(walk(tree, &target.path)),
    };
    match walk(tree, to_list).and_then(Value::as_array).map(Vec::as_slice) {
        None | Some([]) => test(None),
        Some(list) => list.iter().any(|element| match element.as_object() {
            Some(object) if !rest.is_empty() => test(walk(object, rest)),
            _ => test(rest.is_empty().then_some(element)),
        }),
    }
}

fn walk<'t>(tree: &'t Map<String, Value>, path: &[String]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(tree.get(first)?, |value, step| value.as_object()?.get(step)).filter(|value| !value.is_null())
}

fn compare(value: Option<&Value>, op: Op, operand: &Operand) -> bool {
    if op == Op::Ne {
        return !compare(value, Op::Eq, operand);
    }
    match (value, operand) {
        (Some(Value::String(own)), Operand::Text(text)) => compare_text(own, op, text),
        (Some(Value::Bool(own)), Operand::Boolean(wanted)) => op == Op::Eq && own == wanted,
        (Some(Value::Number(own)), Operand::Integer(wanted)) => ordered(own, &Number::from(*wanted), op),
        (Some(Value::Number(own)), Operand::Decimal(wanted)) => {
            Number::from_f64(*wanted).is_some_and(|wanted| ordered(own, &wanted, op))
        }
        _ => false,
    }
}

fn compare_text(own: &str, op: Op, text: &str) -> bool {
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

fn ordered(own: &Number, wanted: &Number, op: Op) -> bool {
    let order = match (own.as_i64(), wanted.as_i64()) {
        (Some(own), Some(wanted)) => Some(own.cmp(&wanted)),
        _ => own.as_f64().zip(wanted.as_f64()).and_then(|(own, wanted)| own.partial_cmp(&wanted)),
    };
    order.is_some_and(|order| match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Co | Op::Sw | Op::Ew => false,
    })
}
