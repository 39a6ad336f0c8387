//! From syntax tree to condition: names to attributes, literals to operands, refusals for what does not fit.

use super::ast::{Filter, Literal, Op};
use super::condition::{Condition, Operand, Target};
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::path::AttributePath;
use crate::repair::short_text;
use crate::schema::{Attribute, ENTERPRISE_URN, Kind, Located, Mutability, ResourceSchema, Returned};

impl Condition {
    /// Resolves a filter on resources of this type.
    ///
    /// # Errors
    /// `invalidFilter` for attributes that the schema does not know, operators and values that do not fit the
    /// attribute's type, and attributes that are never shown.
    pub fn resolve(filter: &Filter, schema: &ResourceSchema) -> Result<Self, Fault> {
        Scope::Resource(schema).resolve(filter)
    }

    /// Resolves a filter over resources of several types for one of them: an attribute that only another of the types
    /// has counts as one without a value (RFC 7644 §3.4.2.1).
    ///
    /// # Errors
    /// As for [`Self::resolve`].
    pub fn resolve_across(filter: &Filter, schema: &ResourceSchema, others: &[&ResourceSchema]) -> Result<Self, Fault> {
        let elsewhere = |path: &AttributePath| {
            let known = |schema: &&ResourceSchema| Scope::Resource(schema).find(path).is_ok();
            Scope::Resource(schema).find(path).is_err() && others.iter().any(known)
        };
        let across = |part: &Filter| Self::resolve_across(part, schema, others);
        match filter {
            Filter::And(parts) => parts.iter().map(across).collect::<Result<_, _>>().map(Self::All),
            Filter::Or(parts) => parts.iter().map(across).collect::<Result<_, _>>().map(Self::Any),
            Filter::Not(inner) => Ok(not(across(inner)?)),
            Filter::Present(path) | Filter::Element { path, .. } if elsewhere(path) => Ok(Self::Any(Vec::new())),
            Filter::Compare { path, op, value } if elsewhere(path) => {
                let holds_for_null = match value {
                    Literal::Null => *op == Op::Eq,
                    _ => *op == Op::Ne,
                };
                Ok(if holds_for_null { Self::All(Vec::new()) } else { Self::Any(Vec::new()) })
            }
            known => Self::resolve(known, schema),
        }
    }
}

impl Target {
    /// The value to sort resources by; that of a list is chosen among its elements.
    ///
    /// # Errors
    /// `invalidValue` when the attribute is unknown, never shown, or has parts and none of them stands for it.
    pub fn sortable(name: &str, schema: &ResourceSchema) -> Result<Self, Fault> {
        let refused = |why: &str| Fault::new(FaultKind::InvalidValue, format!("sortBy {} {why}", short_text(name)));
        let path = AttributePath::parse(name).map_err(|_| refused("is no attribute's name"))?;
        let place = Scope::Resource(schema).find(&path).map_err(|_| refused("is not an attribute to sort by"))?;
        let mut target = place.target();
        if target.kind == Kind::Complex {
            let Leaf::Attribute(leaf) = place.leaf else { return Err(refused("is a whole extension")) };
            let sub = leaf.default_sub().ok_or_else(|| refused("has parts; name one of them"))?;
            target.path.push(sub.name.clone());
            target = Self { kind: sub.kind, case_exact: sub.case_exact, ..target };
        }
        Ok(target)
    }
}

/// Resolves the value filter of a PATCH path on the elements of one complex list.
pub(crate) fn resolve_elements(filter: &Filter, list: &Attribute) -> Result<Condition, Fault> {
    Scope::Element(list).resolve(filter)
}

/// What attribute names are looked up in.
#[derive(Clone, Copy)]
enum Scope<'s> {
    Resource(&'s ResourceSchema),
    Element(&'s Attribute),
}

impl<'s> Scope<'s> {
    fn resolve(self, filter: &Filter) -> Result<Condition, Fault> {
        match filter {
            Filter::And(parts) => parts.iter().map(|part| self.resolve(part)).collect::<Result<_, _>>().map(Condition::All),
            Filter::Or(parts) => parts.iter().map(|part| self.resolve(part)).collect::<Result<_, _>>().map(Condition::Any),
            Filter::Not(inner) => Ok(not(self.resolve(inner)?)),
            Filter::Present(path) => Ok(Condition::Present(self.find(path)?.target())),
            Filter::Compare { path, op, value } => self.find(path)?.compared(path, *op, value),
            Filter::Element { path, filter } => self.element(path, filter),
        }
    }

    fn find(self, path: &AttributePath) -> Result<Place<'s>, Fault> {
        let unknown = || invalid(path, "is not known in this schema");
        let place = match self {
            Self::Resource(schema) => {
                let place = Place::new(schema.locate(path).ok_or_else(unknown)?).ok_or_else(unknown)?;
                if place.path.first().is_some_and(|first| !schema.is_ready(first)) {
                    return Err(invalid(path, "is of a schema that is just being made ready; ask again in a while"));
                }
                place
            }
            Self::Element(list) => {
                if path.urn.is_some() || path.sub.is_some() {
                    return Err(unknown());
                }
                let sub = list.sub_attribute(&path.name).ok_or_else(unknown)?;
                Place { path: vec![sub.name.clone()], list: None, leaf: Leaf::Attribute(sub) }
            }
        };
        match place.leaf {
            Leaf::Attribute(leaf) if leaf.returned == Returned::Never => Err(invalid(path, "cannot be filtered")),
            // Derived from the manager whenever a person is shown, and kept nowhere.
            Leaf::Attribute(leaf)
                if leaf.mutability == Mutability::ReadOnly && place.path.first().is_some_and(|urn| urn == ENTERPRISE_URN) =>
            {
                Err(invalid(path, "is derived; filter on manager.value"))
            }
            _ => Ok(place),
        }
    }

    fn element(self, path: &AttributePath, filter: &Filter) -> Result<Condition, Fault> {
        let place = self.find(path)?;
        let Leaf::Attribute(attribute) = place.leaf else {
            return Err(invalid(path, "takes no value filter"));
        };
        if attribute.kind != Kind::Complex {
            return plain_element(&place, path, filter);
        }
        if place.list.is_some() {
            let condition = Box::new(resolve_elements(filter, attribute)?);
            return Ok(Condition::Element { list: place.target(), condition });
        }
        // A single complex value is its own only element.
        let mut condition = resolve_elements(filter, attribute)?;
        rebase(&mut condition, &place.path);
        Ok(Condition::All(vec![Condition::Present(place.target()), condition]))
    }
}

/// `tags[value eq "x"]` on a list of plain values; more than one term has no answer both engines share.
fn plain_element(place: &Place<'_>, path: &AttributePath, filter: &Filter) -> Result<Condition, Fault> {
    let value =
        |inner: &AttributePath| inner.urn.is_none() && inner.sub.is_none() && crate::attribute::same(&inner.name, "value");
    match filter {
        Filter::Present(inner) if place.list.is_some() && value(inner) => Ok(Condition::Present(place.target())),
        Filter::Compare { path: inner, op, value: literal }
            if place.list.is_some() && value(inner) && *literal != Literal::Null =>
        {
            let compared = place.compared(path, *op, literal)?;
            // Inside the brackets there is an element, so a missing list does not match.
            Ok(if *op == Op::Ne { Condition::All(vec![Condition::Present(place.target()), compared]) } else { compared })
        }
        _ => Err(invalid(path, "takes only one comparison of its value in brackets")),
    }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn rebase(condition: &mut Condition, base: &[String]) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|part| rebase(part, base)),
        Condition::Not(inner) => rebase(inner, base),
        Condition::Compare { target, .. } | Condition::Present(target) | Condition::Element { list: target, .. } => {
            target.path.splice(0..0, base.iter().cloned());
            target.list = target.list.map(|at| at + base.len());
        }
    }
}

#[derive(Clone, Copy)]
enum Leaf<'s> {
    Attribute(&'s Attribute),
    Extension,
}

/// An attribute with the way to it.
struct Place<'s> {
    path: Vec<String>,
    list: Option<usize>,
    leaf: Leaf<'s>,
}

impl<'s> Place<'s> {
    fn new(located: Located<'s>) -> Option<Self> {
        let (urn, attribute, sub) = match located {
            Located::Core => return None,
            Located::Extension(schema) => return Some(Self { path: vec![schema.id.clone()], list: None, leaf: Leaf::Extension }),
            Located::Attribute { urn, attribute, sub } => (urn, attribute, sub),
        };
        let mut path: Vec<String> = urn.into_iter().map(str::to_owned).collect();
        path.push(attribute.name.clone());
        let list = attribute.multi_valued.then(|| path.len() - 1);
        path.extend(sub.map(|sub| sub.name.clone()));
        Some(Self { path, list, leaf: Leaf::Attribute(sub.unwrap_or(attribute)) })
    }

    fn target(&self) -> Target {
        let (kind, case_exact) = match self.leaf {
            Leaf::Attribute(leaf) => (leaf.kind, leaf.case_exact),
            Leaf::Extension => (Kind::Complex, false),
        };
        Target { path: self.path.clone(), list: self.list, kind, case_exact }
    }

    fn compared(&self, path: &AttributePath, op: Op, value: &Literal) -> Result<Condition, Fault> {
        let Leaf::Attribute(mut leaf) = self.leaf else {
            return Err(invalid(path, "is a whole extension; name one of its attributes"));
        };
        let mut target = self.target();
        if leaf.kind == Kind::Complex && *value != Literal::Null {
            leaf = leaf.default_sub().ok_or_else(|| invalid(path, "has parts; name one of them"))?;
            target = Target { kind: leaf.kind, case_exact: leaf.case_exact, ..target };
            target.path.push(leaf.name.clone());
        }
        match (op, value) {
            (Op::Eq, Literal::Null) => return Ok(not(Condition::Present(target))),
            (Op::Ne, Literal::Null) => return Ok(Condition::Present(target)),
            (_, Literal::Null) => return Err(invalid(path, "can be compared with null only by eq and ne")),
            _ => {}
        }
        let operand = operand(leaf, op, value).map_err(|why| invalid(path, why))?;
        Ok(Condition::Compare { target, op, operand })
    }
}

fn operand(leaf: &Attribute, op: Op, value: &Literal) -> Result<Operand, &'static str> {
    let equality = matches!(op, Op::Eq | Op::Ne);
    let part = matches!(op, Op::Co | Op::Sw | Op::Ew);
    match leaf.kind {
        Kind::Boolean if !equality => Err("is a boolean, which takes only eq, ne and pr"),
        Kind::Boolean => boolean(value).map(Operand::Boolean).ok_or("is a boolean; compare it with true or false"),
        Kind::Integer | Kind::Decimal if part => Err("is a number, which takes no co, sw or ew"),
        Kind::Integer | Kind::Decimal => match value {
            Literal::Integer(number) => Ok(Operand::Integer(*number)),
            Literal::Decimal(number) => Ok(Operand::Decimal(*number)),
            _ => Err("is a number; compare it with a number without quotes"),
        },
        Kind::Binary if !equality && !part => Err("is binary, which takes no gt, ge, lt or le"),
        Kind::DateTime if part => Err("is a date and time, which takes no co, sw or ew"),
        Kind::DateTime => match value {
            Literal::Text(text) => {
                comparison::moment(text).map(Operand::Text).ok_or("needs a date and time such as \"2026-01-31T09:30:00Z\"")
            }
            _ => Err("needs a date and time in double quotes"),
        },
        Kind::String | Kind::Reference | Kind::Binary => match value {
            Literal::Text(text) => Ok(Operand::Text(text_operand(leaf, op, text))),
            _ => Err("is text; compare it with text in double quotes"),
        },
        Kind::Complex => Err("has parts; name one of them"),
    }
}

fn boolean(value: &Literal) -> Option<bool> {
    match value {
        Literal::Boolean(value) => Some(*value),
        Literal::Text(text) => crate::typing::boolean_from_text(text),
        _ => None,
    }
}

/// Keys are trimmed, so only the end of a part that meets the end of the value loses its blanks.
fn text_operand(leaf: &Attribute, op: Op, text: &str) -> String {
    if leaf.case_exact {
        return comparison::exact(text).to_owned();
    }
    match op {
        Op::Co => comparison::fold(text),
        Op::Sw => comparison::fold(text).trim_start().to_owned(),
        Op::Ew => comparison::fold(text).trim_end().to_owned(),
        _ => comparison::key(text),
    }
}

fn invalid(path: &AttributePath, why: &str) -> Fault {
    Fault::new(FaultKind::InvalidFilter, format!("{path} {why}")).about(path.to_string())
}
