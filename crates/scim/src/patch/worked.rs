//! A list while the steps of a plan work on it: each element beside the form in which it compares, so that a step pays
//! for what it changes and not for all that is there.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::effort::Effort;
use super::elements::{Elements, Write};
use crate::comparison;
use crate::fault::{Fault, FaultKind};
use crate::filter::Condition;
use crate::schema::Attribute;
use crate::typing::{complete, identity, identity_of, only_marks};

pub(super) struct Worked<'p> {
    attribute: &'p Attribute,
    /// The elements in their order, with gaps where some are gone.
    slots: Vec<Option<Slot>>,
    /// Where the element of an identity stands.
    known: HashMap<String, usize>,
}

struct Slot {
    value: Value,
    tree: Map<String, Value>,
    identity: String,
}

impl Slot {
    fn of(attribute: &Attribute, value: Value) -> Self {
        let tree = value.as_object().map(|object| comparison::element_tree(attribute, object)).unwrap_or_default();
        let identity = if value.is_object() { identity_of(&tree) } else { identity(attribute, &value) };
        Self { value, tree, identity }
    }

    fn is_primary(&self) -> bool {
        self.value.get("primary") == Some(&Value::Bool(true))
    }
}

impl<'p> Worked<'p> {
    pub(super) fn of(attribute: &'p Attribute, list: Vec<Value>) -> Self {
        let slots: Vec<_> = list.into_iter().map(|value| Some(Slot::of(attribute, value))).collect();
        let known = slots.iter().enumerate().filter_map(|(at, slot)| Some((slot.as_ref()?.identity.clone(), at))).collect();
        Self { attribute, slots, known }
    }

    pub(super) fn into_list(self) -> Vec<Value> {
        self.slots.into_iter().flatten().map(|slot| slot.value).collect()
    }

    /// Adds what the list does not have; what it has takes on the new parts.
    pub(super) fn append(&mut self, values: &[Value], effort: &mut Effort) -> Result<(), Fault> {
        let (mut touched, mut preferred) = (Vec::new(), None);
        for value in values {
            let slot = Slot::of(self.attribute, value.clone());
            let at = *self.known.entry(slot.identity.clone()).or_insert(self.slots.len());
            if slot.is_primary() {
                preferred = Some(at);
            }
            match (self.slots.get_mut(at), value) {
                (Some(Some(Slot { value: Value::Object(element), .. })), Value::Object(more)) => {
                    element.extend(more.clone());
                    touched.push(at);
                }
                (Some(_), _) => {}
                (None, _) => self.slots.push(Some(slot)),
            }
        }
        if let Some(preferred) = preferred {
            effort.look(self.slots.len())?;
            self.keep_primary(preferred, &mut touched);
        }
        self.settle(touched);
        Ok(())
    }

    /// An element as it is named: what it does not say of being primary it does not ask for.
    fn named(&self, value: &Value) -> Slot {
        let mut slot = Slot::of(self.attribute, value.clone());
        if value.get("primary").is_none() {
            slot.tree.remove("primary");
        }
        slot
    }

    /// Removes the elements that have all the parts of a named one.
    pub(super) fn subtract(&mut self, values: &[Value], effort: &mut Effort) -> Result<(), Fault> {
        let named: Vec<Slot> = values.iter().map(|value| self.named(value)).collect();
        let plain = |slot: &&Slot| !slot.value.is_object();
        let identities: HashSet<&str> = named.iter().filter(plain).map(|slot| slot.identity.as_str()).collect();
        // Those that name the same parts are looked for at once.
        let mut by_parts: HashMap<Vec<&String>, HashSet<Vec<&Value>>> = HashMap::new();
        for Slot { tree, .. } in named.iter().filter(|slot| slot.value.is_object()) {
            by_parts.entry(tree.keys().collect()).or_default().insert(tree.values().collect());
        }
        effort.look(self.slots.len().saturating_mul(by_parts.len().max(1)))?;
        let goes = |slot: &Slot| {
            let parts = |names: &[&String]| names.iter().map(|name| slot.tree.get(*name)).collect::<Option<Vec<&Value>>>();
            let covered = by_parts.iter().any(|(names, named)| parts(names).is_some_and(|parts| named.contains(&parts)));
            if slot.value.is_object() { covered } else { identities.contains(slot.identity.as_str()) }
        };
        let gone: Vec<usize> = self.places(goes);
        self.remove(&gone);
        Ok(())
    }

    /// Removes or changes some elements.
    ///
    /// # Errors
    /// `noTarget` when nothing matches a filter that does not describe what to make, `tooMany` when it takes too long.
    pub(super) fn elements(&mut self, step: &Elements, effort: &mut Effort) -> Result<(), Fault> {
        effort.look(self.slots.len().saturating_mul(step.condition.as_ref().map_or(1, Condition::terms)))?;
        let mut chosen = self.places(|slot| step.condition.as_ref().is_none_or(|condition| slot.is(condition)));
        let fields = match &step.write {
            Write::Remove => {
                self.remove(&chosen);
                return Ok(());
            }
            Write::Fields(fields) => fields,
        };
        if chosen.is_empty() {
            // Clearing what is not there succeeds.
            if fields.iter().all(|(_, value)| value.is_none()) {
                return Ok(());
            }
            let Some(seed) = &step.seed else {
                return Err(Fault::new(
                    FaultKind::NoTarget,
                    format!("no value of {} matches the path's filter", self.attribute.name),
                ));
            };
            chosen.push(self.slots.len());
            self.slots.push(Some(Slot::of(self.attribute, Value::Object(seed.clone()))));
        }
        effort.write(chosen.len())?;
        for at in &chosen {
            if let Some(Some(Slot { value: Value::Object(element), .. })) = self.slots.get_mut(*at) {
                write(element, fields);
            }
        }
        let mut touched = chosen.clone();
        let preferred = chosen.iter().copied().find(|at| self.slot(*at).is_some_and(Slot::is_primary));
        if let Some(preferred) = preferred {
            self.keep_primary(preferred, &mut touched);
        }
        // What is left without anything but its marks says nothing, whether it was emptied or made so.
        chosen.retain(|at| self.slot(*at).is_some_and(|slot| only_marks(self.attribute, &slot.value)));
        self.remove(&chosen);
        self.settle(touched);
        Ok(())
    }

    fn slot(&self, at: usize) -> Option<&Slot> {
        self.slots.get(at)?.as_ref()
    }

    fn places(&self, wanted: impl Fn(&Slot) -> bool) -> Vec<usize> {
        let place = |(at, slot): (usize, &Option<Slot>)| slot.as_ref().filter(|slot| wanted(slot)).map(|_| at);
        self.slots.iter().enumerate().filter_map(place).collect()
    }

    fn remove(&mut self, gone: &[usize]) {
        for at in gone {
            if let Some(slot) = self.slots.get_mut(*at).and_then(Option::take) {
                self.forget(&slot.identity, *at);
            }
        }
    }

    fn forget(&mut self, identity: &str, at: usize) {
        if self.known.get(identity) == Some(&at) {
            self.known.remove(identity);
        }
    }

    /// Leaves `primary` true on one element only.
    fn keep_primary(&mut self, preferred: usize, touched: &mut Vec<usize>) {
        for (at, slot) in self.slots.iter_mut().enumerate() {
            let Some(slot) = slot.as_mut().filter(|slot| at != preferred && slot.is_primary()) else { continue };
            if let Some(primary) = slot.value.get_mut("primary") {
                *primary = Value::Bool(false);
                touched.push(at);
            }
        }
    }

    /// Brings what was touched into its new form; of elements that became the same, the first takes on the others.
    fn settle(&mut self, mut touched: Vec<usize>) {
        touched.sort_unstable();
        touched.dedup();
        for at in &touched {
            let Some(slot) = self.slots.get_mut(*at).and_then(Option::take) else { continue };
            self.forget(&slot.identity, *at);
            if let Some(place) = self.slots.get_mut(*at) {
                *place = Some(Slot::of(self.attribute, slot.value));
            }
        }
        let mut same: HashMap<String, Vec<usize>> = HashMap::with_capacity(touched.len());
        for at in touched {
            let Some(identity) = self.slot(at).map(|slot| slot.identity.clone()) else { continue };
            let there = self.known.get(&identity).copied();
            same.entry(identity).or_insert_with(|| there.into_iter().collect()).push(at);
        }
        for (identity, mut places) in same {
            places.sort_unstable();
            let Some((first, others)) = places.split_first() else { continue };
            for at in others {
                let again = self.slots.get_mut(*at).and_then(Option::take).map(|slot| slot.value);
                if let (Some(Some(slot)), Some(Value::Object(again))) = (self.slots.get_mut(*first), again)
                    && let Value::Object(element) = &mut slot.value
                {
                    complete(element, again);
                    slot.tree = comparison::element_tree(self.attribute, element);
                }
            }
            self.known.insert(identity, *first);
        }
    }
}

impl Slot {
    fn is(&self, condition: &Condition) -> bool {
        self.value.is_object() && condition.matches(&self.tree)
    }
}

fn write(element: &mut Map<String, Value>, fields: &[(String, Option<Value>)]) {
    for (name, value) in fields {
        match value {
            Some(value) => element.insert(name.clone(), value.clone()),
            None => element.remove(name),
        };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Fault, FaultKind, PatchRequest, Plan, Repairs, Resource, ResourceSchema, canonicalize};

    fn patched(before: Value, operations: &[Value]) -> Result<Value, Fault> {
        let schema = ResourceSchema::user();
        let mut user = Resource::from_value(before).unwrap();
        let request = PatchRequest::parse(json!({ "Operations": operations })).unwrap();
        let plan = Plan::resolve(&request, &schema, &mut Repairs::lenient()).unwrap();
        plan.apply(&mut user).map(|_| user.into_value())
    }

    fn numbered(most: usize) -> Vec<Value> {
        (0..most).map(|at| json!({ "value": at.to_string() })).collect()
    }

    #[test]
    fn a_thousand_removals_from_a_thousand_values_are_not_too_many() {
        let before = json!({"userName": "a", "roles": numbered(1_000)});
        let removals: Vec<Value> =
            (0..999).map(|at| json!({"op": "remove", "path": format!("roles[value eq \"{at}\"]")})).collect();
        assert_eq!(patched(before, &removals), Ok(json!({"userName": "a", "roles": [{"value": "999"}]})));
    }

    #[test]
    fn changing_every_value_of_a_long_list_again_and_again_is_too_many() {
        let change = |at: usize| json!({"op": "replace", "path": "ims.type", "value": at.to_string()});
        let before = json!({"userName": "a", "ims": numbered(1_000)});
        assert!(patched(before.clone(), &[change(1), change(2)]).is_ok());
        let changes: Vec<Value> = (0..300).map(change).collect();
        let fault = patched(before, &changes).unwrap_err();
        assert_eq!((fault.kind(), fault.bound().is_some()), (FaultKind::TooMany, true), "{fault}");
    }

    #[test]
    fn values_that_become_the_same_become_one_at_the_place_of_the_first() {
        let before = json!({"userName": "a", "emails": [{"value": "x", "type": "a"}, {"value": "y"}, {"value": "X", "type": "b", "display": "d"}]});
        let same = json!({"op": "replace", "path": "emails[value eq \"x\"].type", "value": "work"});
        let added = json!({"op": "add", "path": "emails", "value": [{"value": "z"}, {"value": "y", "display": "e"}]});
        let emails = json!([{"value": "x", "type": "work", "display": "d"}, {"value": "y", "display": "e"}, {"value": "z"}]);
        assert_eq!(patched(before, &[same, added]), Ok(json!({"userName": "a", "emails": emails})));
    }

    #[test]
    fn a_new_primary_leaves_no_two_alike() {
        let schema = ResourceSchema::user();
        let emails = json!([{"display": "d", "primary": true}, {"display": "d", "primary": false}]);
        let before = canonicalize(json!({"userName": "a", "emails": emails}), &schema, &mut Repairs::lenient()).unwrap();
        let added = json!({"op": "add", "path": "emails", "value": {"value": "x", "primary": true}});
        let emails = json!([{"display": "d", "primary": false}, {"value": "x", "primary": true}]);
        assert_eq!(patched(before.into_value(), &[added]), Ok(json!({"userName": "a", "emails": emails})));
    }

    #[test]
    fn a_list_replaced_between_two_changes_of_it_is_the_new_one() {
        let steps = [
            json!({"op": "add", "path": "roles", "value": [{"value": "b"}]}),
            json!({"op": "replace", "path": "roles", "value": [{"value": "c"}]}),
            json!({"op": "remove", "path": "roles[value eq \"a\"]"}),
            json!({"op": "remove", "path": "roles", "value": [{"value": "C"}]}),
            json!({"op": "remove", "path": "roles[value eq \"b\"]"}),
        ];
        assert_eq!(patched(json!({"userName": "a", "roles": [{"value": "a"}]}), &steps), Ok(json!({"userName": "a"})));
    }
}
