//! One canonical JSON tree for every resource type, with typed access to the few fields the product needs.

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::schema::ENTERPRISE_URN;

/// A resource in canonical form: the schema's spelling and types, no null and nothing empty, without `id`, `meta`,
/// `schemas`, `groups` and `password`. Extensions stand under their URN; URN objects of unknown schemas are kept as sent.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Resource(Map<String, Value>);

impl Resource {
    /// A canonical tree, as it was stored; nothing when it is no object.
    pub fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    /// The tree.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The tree, to be kept canonical by the caller.
    pub fn as_map_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    /// The tree as a JSON value.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    /// The text of a top-level attribute, by its schema spelling.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// `userName`.
    pub fn user_name(&self) -> Option<&str> {
        self.text("userName")
    }

    /// `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// `displayName`.
    pub fn display_name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// `name.familyName`.
    pub fn family_name(&self) -> Option<&str> {
        self.name_part("familyName")
    }

    /// A human name for lists and logs: `displayName`, `name.formatted`, given and family name, or `userName`.
    pub fn best_name(&self) -> Option<String> {
        if let Some(name) = self.display_name().or_else(|| self.name_part("formatted")) {
            return Some(name.to_owned());
        }
        let parts: Vec<&str> = ["givenName", "familyName"].iter().filter_map(|part| self.name_part(part)).collect();
        if parts.is_empty() { self.user_name().map(str::to_owned) } else { Some(parts.join(" ")) }
    }

    /// `active`, when it was set.
    pub fn active(&self) -> Option<bool> {
        self.0.get("active")?.as_bool()
    }

    /// Sets `active`.
    pub fn set_active(&mut self, active: bool) {
        self.0.insert("active".to_owned(), Value::Bool(active));
    }

    /// The values of `emails`, in order.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        let list = self.0.get("emails").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(|email| email.get("value")?.as_str())
    }

    /// The value of the enterprise extension's `manager`.
    pub fn manager(&self) -> Option<&str> {
        self.0.get(ENTERPRISE_URN)?.get("manager")?.get("value")?.as_str()
    }

    /// Takes the members out of a group; nothing when the body named none.
    pub fn take_members(&mut self) -> Option<Vec<MemberRef>> {
        Some(MemberRef::list(&self.0.remove("members")?))
    }

    fn name_part(&self, part: &str) -> Option<&str> {
        self.0.get("name")?.get(part)?.as_str()
    }
}

/// What a member of a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// A person.
    User,
    /// A group.
    Group,
}

/// A member as a client names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberRef {
    /// The id, as sent.
    pub value: String,
    /// What the client says it is.
    pub kind: Option<MemberKind>,
}

impl MemberRef {
    /// The members of a canonical list.
    pub(crate) fn list(value: &Value) -> Vec<Self> {
        let list = value.as_array().map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(Self::of).collect()
    }

    fn of(element: &Value) -> Option<Self> {
        let value = element.get("value")?.as_str()?.to_owned();
        let kind = element.get("type").and_then(Value::as_str).and_then(MemberKind::of);
        Some(Self { value, kind })
    }
}

impl MemberKind {
    /// The kind of this name, in any case.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            _ if same(name, "User") => Some(Self::User),
            _ if same(name, "Group") => Some(Self::Group),
            _ => None,
        }
    }

    /// Its name, `User` or `Group`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource(value: Value) -> Resource {
        Resource::from_value(value).unwrap()
    }

    #[test]
    fn the_best_name_is_the_most_human_one() {
        let user = resource(json!({"userName": "ada", "name": {"givenName": "Ada", "familyName": "Lovelace"}}));
        assert_eq!(user.best_name().unwrap(), "Ada Lovelace");
        assert_eq!(resource(json!({"userName": "ada"})).best_name().unwrap(), "ada");
        assert_eq!(resource(json!({"userName": "ada", "displayName": "A."})).best_name().unwrap(), "A.");
        assert_eq!(Resource::default().best_name(), None);
    }

    #[test]
    fn members_are_taken_out() {
        let mut group = resource(json!({"displayName": "G", "members": [{"value": "1", "type": "group"}, {"value": "2"}]}));
        let members = group.take_members().unwrap();
        assert_eq!(members.first().unwrap().kind, Some(MemberKind::Group));
        assert_eq!(members.get(1).unwrap().kind, None);
        assert_eq!(group.take_members(), None);
    }
}
