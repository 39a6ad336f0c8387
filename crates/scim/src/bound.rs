//! What a request can have too much of.

macro_rules! bounds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// What a request, or what it makes, can have too much of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Bound {
            $($(#[$doc])* $name),+
        }

        impl Bound {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

bounds! {
    /// Operations of a bulk request.
    BulkOperations = "bulk_operations",
    /// Members that one request names.
    RequestMembers = "request_members",
    /// Members of a group, with those that it waits for.
    GroupMembers = "group_members",
    /// Operations of a PATCH.
    PatchOperations = "patch_operations",
    /// Changes of lists in a PATCH.
    ListChanges = "list_changes",
    /// Values of lists that a PATCH compares.
    ListComparisons = "list_comparisons",
    /// Values of lists that a PATCH changes.
    ListValues = "list_values",
    /// Comparisons of members in a PATCH.
    MemberComparisons = "member_comparisons",
    /// Times that a PATCH goes through all members.
    MemberPasses = "member_passes",
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_has_a_code_of_its_own() {
        let codes: HashSet<_> = Bound::ALL.iter().map(|bound| bound.code()).collect();
        assert_eq!(codes.len(), Bound::ALL.len());
    }
}
