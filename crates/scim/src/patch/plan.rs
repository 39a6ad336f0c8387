//! Changes resolved against the schema into typed steps. A plan cannot be a bad request any more but for what only the
//! resource itself can tell.

use serde_json::{Map, Value};

use super::dialect::{Change, normalize};
use super::elements::{Elements, Write, seed, terms};
use super::group_members::{self, MemberStep};
use super::request::{PatchRequest, Verb};
use crate::bound::Bound;
use crate::fault::{Fault, FaultKind};
use crate::filter::{Filter, note_repairs_of_elements, resolve_elements};
use crate::members::is_members;
use crate::path::PatchPath;
use crate::repair::{Repair, RepairRule, Repairs, short_text};
use crate::schema::{Attribute, Kind, Located, Mutability, ResourceSchema, Returned};
use crate::typing::{Typing, is_blank, wrong};

/// The most steps that look through the elements of a list, in one PATCH.
const MAX_ELEMENT_STEPS: usize = 1_000;

/// One step on the resource's document. Paths are the schema's spelling from the root.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Sets a value, or a whole list.
    Set { path: Vec<String>, value: Value },
    /// Removes a value, and parents that are empty then.
    Clear { path: Vec<String> },
    /// Adds to a list what it does not have.
    Append { path: Vec<String>, attribute: Attribute, values: Vec<Value> },
    /// Removes from a list what is named.
    Subtract { path: Vec<String>, attribute: Attribute, values: Vec<Value> },
    /// Changes some of a list's elements.
    Elements(Box<Elements>),
    /// Keeps the object of a schema that is not registered.
    Keep { urn: String, object: Map<String, Value> },
    /// Drops the object of a schema that is not registered.
    Drop { urn: String },
}

impl Step {
    /// Whether it looks through the elements of a list.
    fn searches(&self) -> bool {
        matches!(self, Self::Append { .. } | Self::Subtract { .. } | Self::Elements(_))
    }
}

/// A PATCH ready to be applied, whole or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) members: Vec<MemberStep>,
    pub(super) required: Vec<Vec<String>>,
    pub(super) immutable: Vec<Vec<String>>,
}

impl Plan {
    /// Resolves a request, repairing what clients send otherwise than the standard says.
    ///
    /// # Errors
    /// `invalidPath`, `invalidFilter`, `invalidValue`, `mutability`, `noTarget`; on a strict connection also for every
    /// repair.
    pub fn resolve(request: &PatchRequest, schema: &ResourceSchema, repairs: &mut Repairs) -> Result<Self, Fault> {
        let changes = normalize(request, schema, repairs)?;
        let mut planner = Planner { schema, repairs, steps: Vec::new(), members: Vec::new() };
        let mut searching = 0;
        for change in changes {
            let known = planner.steps.len();
            planner.change(change)?;
            searching += planner.steps.iter().skip(known).filter(|step| step.searches()).count();
            if searching > MAX_ELEMENT_STEPS {
                let detail = format!("a PATCH takes at most {MAX_ELEMENT_STEPS} changes of lists");
                return Err(Fault::beyond(Bound::ListChanges, MAX_ELEMENT_STEPS as u64, detail));
            }
        }
        let Planner { steps, members, .. } = planner;
        let members = group_members::joined(members);
        group_members::bounded(&members)?;
        Ok(Self { steps, members, required: schema.required(), immutable: schema.immutable() })
    }

    /// The changes of a group's members, in order.
    pub fn members(&self) -> &[MemberStep] {
        &self.members
    }

    /// Whether the resource's document stays as it is whatever it is.
    pub fn touches_only_members(&self) -> bool {
        self.steps.is_empty() && !self.members.is_empty()
    }
}

struct Planner<'s, 'r> {
    schema: &'s ResourceSchema,
    repairs: &'r mut Repairs,
    steps: Vec<Step>,
    members: Vec<MemberStep>,
}

/// Where a change goes.
struct Place<'s> {
    urn: Option<&'s str>,
    attribute: &'s Attribute,
    sub: Option<&'s Attribute>,
}

impl Place<'_> {
    fn list_path(&self) -> Vec<String> {
        self.urn.iter().copied().chain([self.attribute.name.as_str()]).map(str::to_owned).collect()
    }

    fn leaf(&self) -> &Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    fn leaf_path(&self) -> Vec<String> {
        let mut path = self.list_path();
        path.extend(self.sub.map(|sub| sub.name.clone()));
        path
    }

    fn name(&self) -> String {
        self.sub.map_or_else(|| self.attribute.name.clone(), |sub| format!("{}.{}", self.attribute.name, sub.name))
    }
}

impl<'s> Planner<'s, '_> {
    fn change(&mut self, change: Change) -> Result<(), Fault> {
        let (urn, attribute, sub) = match self.schema.locate(&change.path.attribute) {
            None => return self.unknown(change),
            Some(Located::Core) => return Err(wrong("the path of a whole schema", "an object as its value", "anything else")),
            Some(Located::Extension(extension)) => return self.extension(&extension.id, &change),
            Some(Located::Attribute { urn, attribute, sub }) => (urn, attribute, sub),
        };
        let sub = match change.path.sub.as_deref() {
            None => sub,
            Some(name) => match attribute.sub_attribute(name) {
                None => return self.unknown(change),
                found => found,
            },
        };
        if let Some(urn) = urn.filter(|_| change.path.attribute.urn.is_none()) {
            self.note(
                RepairRule::ExtensionWithoutUrn,
                &attribute.name,
                &change.path.to_string(),
                &format!("{urn}:{}", attribute.name),
            )?;
        }
        self.located(change, &Place { urn, attribute, sub })
    }

    fn located(&mut self, change: Change, place: &Place<'s>) -> Result<(), Fault> {
        let ours = |attribute: &Attribute| attribute.mutability == Mutability::ReadOnly;
        if ours(place.attribute) || place.sub.is_some_and(ours) {
            if !change.explicit {
                let silent = is_blank(&change.value);
                return if silent { Ok(()) } else { self.note(RepairRule::ReadOnlyIgnored, &place.name(), "", "ignored") };
            }
            return Err(
                Fault::new(FaultKind::Mutability, format!("{} is set by the service alone", place.name())).about(place.name())
            );
        }
        if place.attribute.returned == Returned::Never {
            return Ok(()); // a password is accepted and never kept
        }
        if is_members(place.urn, place.attribute) {
            let steps = group_members::steps(change, place.attribute, place.sub, self.repairs)?;
            self.members.extend(steps);
            return Ok(());
        }
        if place.attribute.multi_valued {
            return self.list(change, place);
        }
        if change.path.filter.is_some() {
            return Err(Fault::new(FaultKind::InvalidPath, format!("{} is no list and takes no value filter", place.name()))
                .about(place.name()));
        }
        self.single(change, place)
    }

    fn single(&mut self, change: Change, place: &Place<'s>) -> Result<(), Fault> {
        let (leaf, path, name) = (place.leaf(), place.leaf_path(), place.name());
        let parts = leaf.kind == Kind::Complex && change.value.is_object();
        if change.verb == Verb::Remove || (is_blank(&change.value) && !parts) {
            // House rule: a value that says nothing leaves `active` as it was. Only to remove it is to unassign it, which
            // wakes no suspended person either.
            if change.verb != Verb::Remove && name == "active" && place.urn.is_none() {
                return self.note(RepairRule::ActiveKept, &name, "no value", "unchanged");
            }
            self.steps.push(Step::Clear { path });
            return Ok(());
        }
        let mut typing = Typing { repairs: self.repairs };
        if leaf.kind != Kind::Complex {
            self.steps.extend(typing.read(leaf, change.value, &name)?.map(|value| Step::Set { path, value }));
            return Ok(());
        }
        // RFC 7644 §3.5.2.3: sub-attributes that the value does not name stay as they are.
        for (sub, value) in typing.parts(leaf, change.value, &name)? {
            let path = path.iter().cloned().chain([sub]).collect();
            self.steps.push(match value {
                Some(value) => Step::Set { path, value },
                None => Step::Clear { path },
            });
        }
        Ok(())
    }

    fn list(&mut self, change: Change, place: &Place<'s>) -> Result<(), Fault> {
        if place.attribute.kind == Kind::Complex && (change.path.filter.is_some() || place.sub.is_some()) {
            return self.elements(change, place);
        }
        let (attribute, path) = (place.attribute.clone(), place.list_path());
        let value = match change.path.filter {
            // `tags[value eq "x"]` on a list of plain values.
            Some(filter) => match (change.verb, seed(&filter, "value")) {
                (Verb::Remove, Some(value)) => value,
                _ => {
                    return Err(Fault::new(
                        FaultKind::InvalidPath,
                        format!("{} takes a value filter only to remove one value", attribute.name),
                    ));
                }
            },
            None => change.value,
        };
        let blank = is_blank(&value);
        let read = Typing { repairs: self.repairs }.read(&attribute, value, &attribute.name)?;
        let values = match read {
            Some(Value::Array(values)) => Some(values),
            _ => None,
        };
        self.steps.extend(match (change.verb, values) {
            (Verb::Add, None) => None,
            (Verb::Add, Some(values)) => Some(Step::Append { path, attribute, values }),
            (Verb::Replace, Some(values)) => Some(Step::Set { path, value: Value::Array(values) }),
            (Verb::Replace, None) => Some(Step::Clear { path }),
            (Verb::Remove, Some(values)) => Some(Step::Subtract { path, attribute, values }),
            (Verb::Remove, None) => blank.then_some(Step::Clear { path }),
        });
        Ok(())
    }

    fn elements(&mut self, change: Change, place: &Place<'s>) -> Result<(), Fault> {
        let PatchPath { filter, .. } = &change.path;
        let attribute = place.attribute;
        let condition = filter.as_ref().map(|filter| resolve_elements(filter, attribute)).transpose()?;
        filter.iter().try_for_each(|filter| note_repairs_of_elements(filter, attribute, self.repairs))?;
        let seed = match filter {
            Some(filter) => described(filter, attribute),
            None => Some(Map::new()),
        };
        let blank = is_blank(&change.value);
        let mut typing = Typing { repairs: self.repairs };
        let write = match place.sub {
            Some(sub) if change.verb == Verb::Remove || blank => Write::Fields(vec![(sub.name.clone(), None)]),
            Some(sub) => Write::Fields(vec![(sub.name.clone(), typing.read(sub, change.value, &place.name())?)]),
            None if change.verb == Verb::Remove || (blank && change.verb == Verb::Replace) => Write::Remove,
            None if blank => return Ok(()),
            None => Write::Fields(typing.parts(attribute, change.value, &attribute.name)?),
        };
        let elements = Elements { path: place.list_path(), attribute: attribute.clone(), condition, seed, write };
        self.steps.push(Step::Elements(Box::new(elements)));
        Ok(())
    }

    fn extension(&mut self, urn: &str, change: &Change) -> Result<(), Fault> {
        if change.verb == Verb::Remove || is_blank(&change.value) {
            if change.verb != Verb::Add {
                self.steps.push(Step::Clear { path: vec![urn.to_owned()] });
            }
            return Ok(());
        }
        Err(wrong(urn, "an object", "a plain value or list"))
    }

    /// Objects of unregistered schemas are kept; any other unknown path is skipped.
    fn unknown(&mut self, change: Change) -> Result<(), Fault> {
        let Change { verb, path, value, explicit } = change;
        let registered =
            path.attribute.urn.as_deref().is_some_and(|urn| self.schema.is_core(urn) || self.schema.extension(urn).is_some());
        let urn = path.attribute.as_urn().filter(|_| !registered && path.filter.is_none() && path.attribute.sub.is_none());
        match (urn, value) {
            (Some(urn), Value::Object(object)) if verb != Verb::Remove && !object.is_empty() => {
                self.steps.push(Step::Keep { urn, object });
                Ok(())
            }
            (Some(urn), value) if verb == Verb::Remove || (verb == Verb::Replace && is_blank(&value)) => {
                self.steps.push(Step::Drop { urn });
                Ok(())
            }
            (_, value) if !explicit && is_blank(&value) => Ok(()),
            _ if explicit => self.note(RepairRule::UnknownPath, &short_text(&path.to_string()), "", "skipped"),
            _ => self.note(RepairRule::UnknownAttribute, &short_text(&path.to_string()), "", "ignored"),
        }
    }

    fn note(&mut self, rule: RepairRule, name: &str, sent: &str, read: &str) -> Result<(), Fault> {
        self.repairs.note(Repair::new(rule, name, sent, read))
    }
}

/// The element that the filter's `eq` terms describe, when it describes one.
fn described(filter: &Filter, attribute: &Attribute) -> Option<Map<String, Value>> {
    let terms = terms(filter)?;
    let mut silent = Repairs::lenient();
    let mut typing = Typing { repairs: &mut silent };
    let mut element = Map::new();
    for (name, value) in terms {
        let sub = attribute.sub_attribute(&name)?;
        if sub.mutability != Mutability::ReadOnly {
            element.insert(sub.name.clone(), typing.read(sub, value, &name).ok()??);
        }
    }
    Some(element)
}
