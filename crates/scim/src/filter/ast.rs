//! A filter as written, and its text.

use std::fmt;

use super::parse::Parser;
use crate::fault::Fault;
use crate::path::AttributePath;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal to.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal to.
    Le,
}

impl Op {
    /// Every operator with its name.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Eq, "eq"),
        (Self::Ne, "ne"),
        (Self::Co, "co"),
        (Self::Sw, "sw"),
        (Self::Ew, "ew"),
        (Self::Gt, "gt"),
        (Self::Ge, "ge"),
        (Self::Lt, "lt"),
        (Self::Le, "le"),
    ];

    /// Its name in a filter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// What an attribute is compared with, as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text in double quotes.
    Text(String),
    /// true or false.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// Any other finite number.
    Decimal(f64),
    /// null.
    Null,
}

/// A filter as written. [`Filter::and`] and [`Filter::or`] keep it flat, so that what prints alike is alike.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them hold.
    And(Vec<Filter>),
    /// One of them holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// An attribute compared with a value.
    Compare {
        /// The attribute.
        path: AttributePath,
        /// The operator.
        op: Op,
        /// The value.
        value: Literal,
    },
    /// An attribute has a value.
    Present(AttributePath),
    /// One element of a list meets a filter of its own.
    Element {
        /// The list.
        path: AttributePath,
        /// The filter on the element.
        filter: Box<Filter>,
    },
}

impl Filter {
    /// The most bytes of a filter.
    pub const MAX_BYTES: usize = 8 * 1024;
    /// The most comparisons in a filter.
    pub const MAX_TERMS: usize = 256;
    /// The deepest nesting of a filter.
    pub const MAX_DEPTH: usize = 32;

    /// Reads a filter within the limits above.
    ///
    /// # Errors
    /// `invalidFilter`, with a detail that says where and why.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Parser::whole(text)
    }

    /// The conjunction.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut parts) => {
                match other {
                    Self::And(more) => parts.extend(more),
                    one => parts.push(one),
                }
                Self::And(parts)
            }
            first => match other {
                Self::And(mut parts) => {
                    parts.insert(0, first);
                    Self::And(parts)
                }
                second => Self::And(vec![first, second]),
            },
        }
    }

    /// The disjunction.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut parts) => {
                match other {
                    Self::Or(more) => parts.extend(more),
                    one => parts.push(one),
                }
                Self::Or(parts)
            }
            first => match other {
                Self::Or(mut parts) => {
                    parts.insert(0, first);
                    Self::Or(parts)
                }
                second => Self::Or(vec![first, second]),
            },
        }
    }

    /// The negation.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Decimal(value) => write!(f, "{value:?}"),
            Self::Null => f.write_str("null"),
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => join(f, parts, " and "),
            Self::Or(parts) => join(f, parts, " or "),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Compare { path, op, value } => write!(f, "{path} {} {value}", op.as_str()),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Element { path, filter } => write!(f, "{path}[{filter}]"),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Filter], word: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        // `or` binds loosest, so only inside `and` does it need parentheses.
        match part {
            Filter::Or(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}
