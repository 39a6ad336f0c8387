//! The enterprise extension of users, RFC 7643 §4.3.

use super::define::{complex, reference, text};
use super::{ENTERPRISE_URN, Schema};

pub(super) fn schema() -> Schema {
    // The service derives the manager's reference and name, so they are never taken from a client.
    let manager = vec![
        text("value", "The id of the manager."),
        reference("$ref", &["User"], "Where the manager is.").read_only(),
        text("displayName", "The manager's name.").read_only(),
    ];
    Schema {
        id: ENTERPRISE_URN.to_owned(),
        name: "EnterpriseUser".to_owned(),
        description: "Enterprise User".to_owned(),
        attributes: vec![
            text("employeeNumber", "The number or code of the person within the organization."),
            text("costCenter", "The cost center's name."),
            text("organization", "The organization's name."),
            text("division", "The division's name."),
            text("department", "The department's name."),
            complex("manager", "The person's manager.", manager),
        ],
    }
}
