//! Filters on addresses (`meta.location`, `$ref`) as filters on the ids at their ends: an address is a prefix that all
//! resources of a type share, and the id.

use super::ast::Op;
use super::condition::{Condition, Operand, Target};
use crate::comparison;
use crate::resource::MemberKind;

impl Condition {
    /// The same condition without any addresses in it. `base` is the SCIM URL without a slash at its end, `kind` the type
    /// of the resources that are filtered.
    #[must_use]
    pub fn without_addresses(self, base: &str, kind: MemberKind) -> Self {
        Addresses { base, kind }.replaced(self, None)
    }
}

struct Addresses<'b> {
    base: &'b str,
    kind: MemberKind,
}

impl Addresses<'_> {
    fn replaced(&self, condition: Condition, list: Option<&Target>) -> Condition {
        match condition {
            Condition::All(parts) => Condition::All(parts.into_iter().map(|part| self.replaced(part, list)).collect()),
            Condition::Any(parts) => Condition::Any(parts.into_iter().map(|part| self.replaced(part, list)).collect()),
            Condition::Not(inner) => Condition::Not(Box::new(self.replaced(*inner, list))),
            Condition::Element { list, condition } => {
                let condition = Box::new(self.replaced(*condition, Some(&list)));
                Condition::Element { list, condition }
            }
            Condition::Compare { target, op, operand: Operand::Text(text) } => self.compared(target, op, text, list),
            other => other,
        }
    }

    fn compared(&self, target: Target, op: Op, text: String, list: Option<&Target>) -> Condition {
        let steps: Vec<&str> = list.into_iter().chain([&target]).flat_map(|target| &target.path).map(String::as_str).collect();
        match steps.as_slice() {
            ["meta", "location"] => on_id(&self.prefix(self.kind, &target), op, &text, &Target::id()),
            ["members" | "groups", "$ref"] if list.is_some() => self.reference(steps.contains(&"groups"), &target, op, &text),
            // Outside of brackets: of several values any may match, and no value at all counts as one null.
            ["members" | "groups", "$ref"] => {
                let whole = Target { path: target.path.iter().take(1).cloned().collect(), ..target.clone() };
                let condition = Box::new(self.reference(steps.contains(&"groups"), &target, op, &text));
                let any = Condition::Element { list: whole.clone(), condition };
                match op {
                    Op::Ne => Condition::Any(vec![any, Condition::Not(Box::new(Condition::Present(whole)))]),
                    _ => any,
                }
            }
            _ => Condition::Compare { target, op, operand: Operand::Text(text) },
        }
    }

    /// The condition on one member, or on one group of a person.
    fn reference(&self, groups: bool, target: &Target, op: Op, text: &str) -> Condition {
        let value = Target { path: vec!["value".to_owned()], list: None, ..target.clone() };
        if groups {
            return on_id(&self.prefix(MemberKind::Group, target), op, text, &value);
        }
        let each = [MemberKind::User, MemberKind::Group].map(|kind| {
            let path = vec!["type".to_owned()];
            let (target, own) = (Target { path, list: None, ..value.clone() }, comparison::key(kind.as_str()));
            let of_kind = Condition::Compare { target, op: Op::Eq, operand: Operand::Text(own) };
            Condition::All(vec![of_kind, on_id(&self.prefix(kind, &value), op, text, &value)])
        });
        Condition::Any(each.to_vec())
    }

    fn prefix(&self, kind: MemberKind, target: &Target) -> String {
        let prefix = format!("{}/{}s/", self.base, kind.as_str());
        if target.case_exact { prefix } else { comparison::key(&prefix) }
    }
}

impl Target {
    fn id() -> Self {
        Self { path: vec!["id".to_owned()], list: None, kind: crate::Kind::String, case_exact: true }
    }
}

/// What `prefix + id` compared with `text` says of the id. Ids hold no character that the prefix ends with.
fn on_id(prefix: &str, op: Op, text: &str, id: &Target) -> Condition {
    let compare = |op, text: &str| Condition::Compare { target: id.clone(), op, operand: Operand::Text(text.to_owned()) };
    let always = |holds: bool| if holds { Condition::All(Vec::new()) } else { Condition::Any(Vec::new()) };
    // Where the end of the prefix is a beginning of the text, the id takes what is left of it.
    let overlaps = |op| {
        let ends = text.char_indices().map(|(at, _)| text.split_at(at)).skip(1).chain([(text, "")]);
        ends.filter(|(start, _)| prefix.ends_with(start)).map(|(_, rest)| compare(op, rest)).collect::<Vec<_>>()
    };
    match op {
        Op::Eq => text.strip_prefix(prefix).map_or_else(|| always(false), |rest| compare(Op::Eq, rest)),
        Op::Ne => text.strip_prefix(prefix).map_or_else(|| always(true), |rest| compare(Op::Ne, rest)),
        Op::Sw if prefix.starts_with(text) => always(true),
        Op::Sw => text.strip_prefix(prefix).map_or_else(|| always(false), |rest| compare(Op::Sw, rest)),
        Op::Co if prefix.contains(text) => always(true),
        Op::Co => Condition::Any([vec![compare(Op::Co, text)], overlaps(Op::Sw)].concat()),
        Op::Ew if text.is_empty() => always(true),
        Op::Ew => Condition::Any([vec![compare(Op::Ew, text)], overlaps(Op::Eq)].concat()),
        Op::Gt | Op::Ge | Op::Lt | Op::Le => match text.strip_prefix(prefix) {
            Some(rest) => compare(op, rest),
            None => always(matches!(op, Op::Gt | Op::Ge) == (prefix > text)),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_compares_as_its_prefix_and_id_do() {
        let (prefix, ids) = ("https://x/Users/", ["019a-0", "019a-1", "a-9"]);
        let texts = [
            "",
            "h",
            "https://x/",
            "https://x/Users/",
            "https://x/Users/019a",
            "https://x/Users/019a-1",
            "Users/019a-1",
            "/a-9",
            "/",
            "9",
            "-1",
            "019a-1",
            "s/019",
            "zzz",
            "a",
            "https://x/Users/019a-1x",
            "https://y/Users/019a-1",
            "rs/019a-0",
            "https://x/Userz",
        ];
        let ops = Op::ALL.map(|(op, _)| op);
        for (text, op) in texts.iter().flat_map(|text| ops.iter().map(move |op| (*text, *op))) {
            let condition = on_id(prefix, op, text, &Target::id());
            for id in ids {
                let whole = format!("{prefix}{id}");
                let expected = match op {
                    Op::Eq => whole == text,
                    Op::Ne => whole != text,
                    Op::Co => whole.contains(text),
                    Op::Sw => whole.starts_with(text),
                    Op::Ew => whole.ends_with(text),
                    Op::Gt => whole.as_str() > text,
                    Op::Ge => whole.as_str() >= text,
                    Op::Lt => whole.as_str() < text,
                    Op::Le => whole.as_str() <= text,
                };
                let tree = json!({ "id": id });
                assert_eq!(condition.matches(tree.as_object().unwrap()), expected, "{whole} {op:?} {text}");
            }
        }
    }
}
