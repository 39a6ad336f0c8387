//! A filter that fits a schema: what memory and SQL both answer.

use super::ast::Op;
use crate::schema::Kind;

/// A filter resolved against a schema.
///
/// Of several values any may match. An attribute without a value counts as one null, for which only `ne` holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All hold; holds when there are none.
    All(Vec<Condition>),
    /// One holds; does not hold when there are none.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A value compared.
    Compare {
        /// What is compared.
        target: Target,
        /// The operator.
        op: Op,
        /// With what.
        operand: Operand,
    },
    /// There is a value.
    Present(Target),
    /// One element of a list meets the condition, whose targets are relative to it.
    Element {
        /// The list.
        list: Target,
        /// The condition on the element.
        condition: Box<Condition>,
    },
}

impl Condition {
    /// Whether any of its targets begins with this step.
    pub fn names(&self, step: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.names(step)),
            Self::Not(inner) => inner.names(step),
            Self::Compare { target, .. } | Self::Present(target) | Self::Element { list: target, .. } => {
                target.path.first().is_some_and(|first| first == step)
            }
        }
    }

    /// How many comparisons it is made of; at least one.
    pub(crate) fn terms(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::terms).sum::<usize>().max(1),
            Self::Not(inner) | Self::Element { condition: inner, .. } => inner.terms(),
            Self::Compare { .. } | Self::Present(_) => 1,
        }
    }
}

/// What an attribute is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Text in the attribute's comparison form.
    Text(String),
    /// true or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
}

/// Where in the comparison tree a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The steps from the root, or from the element inside [`Condition::Element`], in the schema's spelling.
    pub path: Vec<String>,
    /// Which of the steps leads to a list, if one does.
    pub list: Option<usize>,
    /// The type of the value.
    pub kind: Kind,
    /// Whether text compares exactly.
    pub case_exact: bool,
}
