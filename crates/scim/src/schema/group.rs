//! The core schema of groups, RFC 7643 §4.2.

use super::define::{external_id, id, list, reference, text};
use super::{GROUP_URN, Returned, Schema};

pub(super) fn schema() -> Schema {
    let members = vec![
        text("value", "The id of the member.").immutable(),
        reference("$ref", &["User", "Group"], "Where the member is.").immutable(),
        text("type", "Whether the member is a person or a group.").immutable().suggesting(&["User", "Group"]),
        // Clients that compare what they sent with what they get (authentik) must not find more than that.
        text("display", "The member's name.").read_only().returned(Returned::Request),
    ];
    Schema {
        id: GROUP_URN.to_owned(),
        name: "Group".to_owned(),
        description: "Group".to_owned(),
        attributes: vec![
            id(),
            external_id(),
            text("displayName", "The group's name.").required().unique(),
            list("members", "The people and groups in the group.", members),
        ],
    }
}
