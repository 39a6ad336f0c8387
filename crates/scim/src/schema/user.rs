//! The core schema of users, RFC 7643 §4.1.

use super::define::{attribute, boolean, complex, external_id, id, list, plural, reference, text};
use super::{Attribute, Kind, Mutability, Returned, Schema, USER_URN};

pub(super) fn schema() -> Schema {
    let mut attributes = plain();
    attributes.extend(lists());
    Schema { id: USER_URN.to_owned(), name: "User".to_owned(), description: "User account".to_owned(), attributes }
}

fn plain() -> Vec<Attribute> {
    let mut password = text("password", "A password; accepted, never kept and never returned.").exact();
    password.mutability = Mutability::WriteOnly;
    password.returned = Returned::Never;
    vec![
        id(),
        external_id(),
        text("userName", "The name the person signs in with, unique in the directory.").required().unique(),
        complex("name", "The parts of the person's name.", name()),
        text("displayName", "The name to show for the person."),
        text("nickName", "What the person is called."),
        reference("profileUrl", &["external"], "Where the person's profile is."),
        text("title", "The person's title."),
        text("userType", "How the person and the organization are related."),
        text("preferredLanguage", "The languages the person prefers."),
        text("locale", "How to show numbers and dates to the person."),
        text("timezone", "The person's time zone."),
        boolean("active", "Whether the person may use the app; true where nothing was ever said."),
        password,
    ]
}

fn name() -> Vec<Attribute> {
    vec![
        text("formatted", "The whole name."),
        text("familyName", "The family name."),
        text("givenName", "The given name."),
        text("middleName", "The middle names."),
        text("honorificPrefix", "What stands before the name."),
        text("honorificSuffix", "What stands after the name."),
    ]
}

fn lists() -> Vec<Attribute> {
    let phones = ["work", "home", "mobile", "fax", "pager", "other"];
    let messengers = ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"];
    let photo = reference("value", &["external"], "Where the picture is.");
    let certificate = attribute("value", Kind::Binary, "The certificate, DER in Base64.").exact();
    vec![
        plural("emails", "E-mail addresses.", text("value", "The address."), &["work", "home", "other"]),
        plural("phoneNumbers", "Telephone numbers.", text("value", "The number."), &phones),
        plural("ims", "Instant messaging addresses.", text("value", "The address."), &messengers),
        plural("photos", "Pictures.", photo, &["photo", "thumbnail"]),
        list("addresses", "Postal addresses.", address()),
        list("groups", "The groups the person is in, directly or through other groups.", groups()).read_only(),
        plural("entitlements", "What the person is entitled to.", text("value", "The entitlement."), &[]),
        plural("roles", "The person's roles.", text("value", "The role."), &[]),
        plural("x509Certificates", "Certificates.", certificate, &[]),
    ]
}

fn address() -> Vec<Attribute> {
    vec![
        text("formatted", "The whole address."),
        text("streetAddress", "Street, number, apartment."),
        text("locality", "The city or place."),
        text("region", "The state or region."),
        text("postalCode", "The postal code."),
        text("country", "The country."),
        text("type", "What the address is used for.").suggesting(&["work", "home", "other"]),
        boolean("primary", "Whether this is the preferred address."),
    ]
}

fn groups() -> Vec<Attribute> {
    vec![
        text("value", "The id of the group.").read_only(),
        reference("$ref", &["User", "Group"], "Where the group is.").read_only(),
        text("display", "The group's name.").read_only(),
        text("type", "Whether the person is a member itself.").read_only().suggesting(&["direct", "indirect"]),
    ]
}
