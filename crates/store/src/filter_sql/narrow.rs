//! Whether an index leads to the resources that a list asks for, or each one has to be looked at.

use domain::ResourceKind;
use scim::{Condition, Op, Operand, Target};

use crate::query::{Listing, Window};

/// Resources passed over that cost no more than a page.
const NEAR: u64 = 10_000;

impl Listing {
    /// Whether answering takes work that grows with the directory: a condition that no index narrows, an order that none
    /// keeps, or a place far from the beginning.
    pub fn scans(&self, kind: ResourceKind) -> bool {
        let far = matches!(self.window, Window::Index { offset, .. } if offset > NEAR);
        match &self.condition {
            Some(condition) => far || !narrows(kind, condition),
            None => far || self.sort.as_ref().is_some_and(|sort| !is_ordered(kind, &sort.target)),
        }
    }
}

/// Whether the rows that meet a condition are found by an index; what [`super::compile`] makes of it uses that index.
fn narrows(kind: ResourceKind, condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(|part| narrows(kind, part)),
        Condition::Any(parts) => parts.iter().all(|part| narrows(kind, part)),
        Condition::Compare { target, op: op @ (Op::Eq | Op::Sw), operand: Operand::Text(_) } => {
            has_index(kind, &target.path, *op)
        }
        Condition::Element { list, condition } => element_narrows(kind, list, condition),
        Condition::Compare { .. } | Condition::Present(_) | Condition::Not(_) => false,
    }
}

fn element_narrows(kind: ResourceKind, list: &Target, condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().any(|part| element_narrows(kind, list, part)),
        Condition::Any(parts) => parts.iter().all(|part| element_narrows(kind, list, part)),
        Condition::Compare { target, op: op @ (Op::Eq | Op::Sw), operand: Operand::Text(_) } => {
            let path: Vec<_> = list.path.iter().chain(&target.path).cloned().collect();
            has_index(kind, &path, *op)
        }
        Condition::Compare { .. } | Condition::Present(_) | Condition::Not(_) | Condition::Element { .. } => false,
    }
}

fn has_index(kind: ResourceKind, path: &[String], op: Op) -> bool {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    match (kind, steps.as_slice()) {
        (ResourceKind::User, ["userName"] | ["name", "familyName"] | ["emails", "value"])
        | (_, ["displayName" | "externalId"]) => true,
        (_, ["id"]) | (ResourceKind::Group, ["members", "value"]) | (ResourceKind::User, ["groups", "value" | "display"]) => {
            op == Op::Eq
        }
        _ => false,
    }
}

/// Whether all resources of a kind stand in this order in an index.
fn is_ordered(kind: ResourceKind, target: &Target) -> bool {
    let steps: Vec<&str> = target.path.iter().map(String::as_str).collect();
    matches!(
        (kind, steps.as_slice()),
        (ResourceKind::User, ["userName"]) | (ResourceKind::Group, ["displayName"]) | (_, ["meta", "lastModified"])
    )
}

#[cfg(test)]
mod tests {
    use scim::{Filter, ResourceSchema};

    use super::*;

    fn scans(kind: ResourceKind, filter: &str) -> bool {
        let schema = match kind {
            ResourceKind::User => ResourceSchema::user(),
            ResourceKind::Group => ResourceSchema::group(),
        };
        let condition = Condition::resolve(&Filter::parse(filter).unwrap(), &schema).unwrap();
        let window = Window::Index { offset: 0, count: 10 };
        Listing { condition: Some(condition), sort: None, window, total: true }.scans(kind)
    }

    #[test]
    fn what_idps_look_for_is_found_by_an_index() {
        for filter in [
            r#"userName eq "ada""#,
            r#"externalId eq "7""#,
            r#"userName sw "a" and active eq true"#,
            r#"emails.value eq "a@b""#,
            r#"emails[type eq "work"].value eq "a@b""#,
            r#"emails[type eq "work" and value eq "a@b"]"#,
            r#"userName eq "a" or externalId eq "7""#,
            r#"id eq "3f0e""#,
            r#"groups.value eq "3f0e""#,
            r#"not (title pr) and name.familyName eq "Lovelace""#,
        ] {
            assert!(!scans(ResourceKind::User, filter), "{filter}");
        }
        assert!(!scans(ResourceKind::Group, r#"displayName eq "All" and members[value eq "x"]"#));
        assert!(!scans(ResourceKind::Group, r#"id eq "x" and members eq "y""#));
    }

    #[test]
    fn what_no_index_leads_to_is_a_scan() {
        for filter in [
            r#"title eq "Boss""#,
            r#"userName co "a""#,
            r#"userName ne "a""#,
            "active eq true",
            "title pr",
            r#"not (userName eq "a")"#,
            r#"userName eq "a" or title eq "b""#,
            r#"emails[type eq "work"]"#,
            r#"emails[value eq "a" or type eq "work"]"#,
            r#"id sw "3f""#,
        ] {
            assert!(scans(ResourceKind::User, filter), "{filter}");
        }
    }

    #[test]
    fn a_list_of_all_is_read_in_order_unless_its_place_is_far_or_its_order_is_in_no_index() {
        let all = Listing { condition: None, sort: None, window: Window::After { last: None, count: 10 }, total: true };
        assert!(!all.scans(ResourceKind::User));
        let far = Listing { window: Window::Index { offset: NEAR + 1, count: 10 }, ..all };
        assert!(far.scans(ResourceKind::User));
    }
}
