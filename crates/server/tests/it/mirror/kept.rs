//! What an app keeps, and how a change is applied to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What an app keeps of a tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Mirror {
    pub(super) seq: u64,
    pub(super) users: BTreeMap<String, Value>,
    pub(super) groups: BTreeMap<String, Value>,
    pub(super) members: BTreeMap<String, BTreeSet<String>>,
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

impl Mirror {
    pub(super) fn of_snapshot(lines: &str) -> Self {
        let mut mirror = Self::default();
        let mut whole = false;
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(!whole, "nothing follows the end");
            match line["kind"].as_str().unwrap() {
                "snapshot" => mirror.seq = line["seq"].as_u64().unwrap(),
                "user" => drop(mirror.users.insert(text(&line["id"]), line["resource"].clone())),
                "group" => drop(mirror.groups.insert(text(&line["id"]), line["resource"].clone())),
                "members" => {
                    let ids = line["members"].as_array().unwrap().iter().map(|member| text(&member["id"]));
                    mirror.members.entry(text(&line["groupId"])).or_default().extend(ids);
                }
                "end" => {
                    whole = true;
                    let memberships: usize = mirror.members.values().map(BTreeSet::len).sum();
                    let counted = (mirror.users.len(), mirror.groups.len(), memberships);
                    let number = |name: &str| usize::try_from(line[name].as_u64().unwrap()).unwrap();
                    assert_eq!(counted, (number("users"), number("groups"), number("memberships")));
                }
                other => panic!("a line of kind {other}"),
            }
        }
        assert!(whole, "the snapshot says that it is whole");
        mirror
    }

    pub(super) fn apply(&mut self, change: &Value) {
        assert_eq!(change["seq"].as_u64(), Some(self.seq + 1), "no gap and no repeat");
        self.seq += 1;
        let (id, kind) = (text(&change["resourceId"]), change["type"].as_str().unwrap());
        let kept = if kind.starts_with("user.") { &mut self.users } else { &mut self.groups };
        if kind.ends_with(".deleted") {
            assert!(kept.remove(&id).is_some(), "{kind} of somebody who is here");
            self.members.remove(&id);
            for group in change["groupsLeft"].as_array().into_iter().flatten() {
                let left = self.members.get_mut(group.as_str().unwrap()).is_some_and(|members| members.remove(&id));
                assert!(left, "whoever leaves a group was in it");
            }
        } else if let Some(after) = change.get("after") {
            kept.insert(id.clone(), after.clone());
        }
        let ids = |name: &str| -> Vec<String> {
            change[name].as_array().into_iter().flatten().map(|member| text(&member["id"])).collect()
        };
        let mut touched: Vec<String> = change["groupsLeft"].as_array().into_iter().flatten().map(text).collect();
        touched.push(id.clone());
        let members = self.members.entry(id).or_default();
        for member in ids("membersRemoved") {
            assert!(members.remove(&member), "whoever is removed was a member");
        }
        for member in ids("membersAdded") {
            assert!(members.insert(member), "whoever is added was no member");
        }
        for id in touched {
            if self.members.get(&id).is_some_and(BTreeSet::is_empty) {
                self.members.remove(&id);
            }
        }
    }
}
