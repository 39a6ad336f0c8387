//! What a directory is, in a page: names are unique without regard to case, who goes leaves all groups, what changes
//! nothing has no new version.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    /// Empty when there is none.
    pub(super) title: String,
    pub(super) active: bool,
    pub(super) version: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) members: BTreeSet<String>,
    pub(super) version: u64,
}

#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) people: BTreeMap<String, Person>,
    pub(super) groups: BTreeMap<String, Group>,
}

impl Directory {
    /// Who has the name, but for one.
    pub(super) fn holder_of(&self, name: &str, but: Option<&str>) -> Option<&String> {
        let same = |(id, person): &(&String, &Person)| Some(id.as_str()) != but && person.name.eq_ignore_ascii_case(name);
        self.people.iter().find(same).map(|(id, _)| id)
    }

    pub(super) fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups.values().find(|group| group.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn remove_person(&mut self, id: &str) {
        self.people.remove(id);
        for group in self.groups.values_mut() {
            group.version += u64::from(group.members.remove(id));
        }
    }

    pub(super) fn shown_people(&self) -> Vec<(String, Person)> {
        self.people.iter().map(|(id, person)| (id.clone(), person.clone())).collect()
    }

    pub(super) fn shown_groups(&self) -> Vec<(String, Group)> {
        self.groups.iter().map(|(id, group)| (id.clone(), group.clone())).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn version(resource: &Value) -> u64 {
    text(&resource["meta"]["version"]).trim_start_matches("W/").trim_matches('"').parse().unwrap()
}

/// A person as the door shows them.
pub(super) fn person(resource: &Value) -> (String, Person) {
    let (name, title) = (text(&resource["userName"]), text(&resource["title"]));
    let active = resource["active"].as_bool().unwrap();
    (text(&resource["id"]), Person { name, title, active, version: version(resource) })
}

/// A group as the door shows it.
pub(super) fn group(resource: &Value) -> (String, Group) {
    let members = resource["members"].as_array().into_iter().flatten().map(|member| text(&member["value"])).collect();
    (text(&resource["id"]), Group { name: text(&resource["displayName"]), members, version: version(resource) })
}
