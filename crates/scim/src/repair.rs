//! What was rewritten of what a client sent, so that an admin can see it, or refused where the connection is strict.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::{Fault, FaultKind};

/// The most repairs kept of one request; more of them say nothing new.
const MOST: usize = 64;
/// The most characters shown of a value.
const SHORT: usize = 60;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Why a part of a request was rewritten.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum RepairRule {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl RepairRule {
            /// Every rule there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable code of the rule.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

rules! {
    /// `"True"` or `"False"` where a boolean is meant, also in the value filter of a path (Entra).
    BooleanFromText = "boolean_from_text",
    /// A number where text is meant.
    TextFromNumber = "text_from_number",
    /// Text where a number is meant.
    NumberFromText = "number_from_text",
    /// A single value where a list is meant (OneLogin).
    WrappedInList = "wrapped_in_list",
    /// A list of one where a single value is meant (Entra).
    UnwrappedFromList = "unwrapped_from_list",
    /// A manager given as bare text (Entra).
    ManagerFromText = "manager_from_text",
    /// A manager given as `managerId`, the SCIM 1.1 name (OneLogin).
    ManagerIdRenamed = "manager_id_renamed",
    /// Bare text where an object with `value` is meant.
    ObjectFromText = "object_from_text",
    /// An object with `value` where a plain value is meant (Entra).
    ValueFromObject = "value_from_object",
    /// An attribute that no schema of the resource knows; ignored.
    UnknownAttribute = "unknown_attribute",
    /// A PATCH path to an attribute that no schema knows; skipped.
    UnknownPath = "unknown_path",
    /// An operation name that is not in lower case (Entra).
    OperationNameCase = "operation_name_case",
    /// `name.familyName` or a URN path as a key (Entra).
    DottedKey = "dotted_key",
    /// An extension's attribute without its URN (Entra).
    ExtensionWithoutUrn = "extension_without_urn",
    /// A body that does not say its schema, or that of an extension it has values of (Entra).
    MissingSchemas = "missing_schemas",
    /// A schema this service does not know (Entra's group URI).
    UnknownSchema = "unknown_schema",
    /// SCIM 1.1 URNs (OneLogin's older connectors).
    Scim11Schema = "scim11_schema",
    /// Changes of members in the form of SCIM 1.1 (OneLogin).
    Scim11Members = "scim11_members",
    /// More than one primary value in a list; the first stays.
    SeveralPrimary = "several_primary",
    /// `active` was to be cleared; it keeps what it was.
    ActiveKept = "active_kept",
    /// A member named by `$ref` alone.
    MemberFromReference = "member_from_reference",
    /// A member without an id; ignored.
    MemberWithoutValue = "member_without_value",
    /// One PATCH operation that does not stand in a list.
    SingleOperation = "single_operation",
    /// A remove that lists what is to go in its value (Entra, JumpCloud).
    RemoveWithValue = "remove_with_value",
    /// What the service alone sets, inside the value of a PATCH without path (Okta); ignored.
    ReadOnlyIgnored = "read_only_ignored",
}

impl RepairRule {
    /// The category of the refusal that a strict connection gives instead.
    pub(crate) fn refusal(self) -> FaultKind {
        match self {
            Self::UnknownPath | Self::DottedKey | Self::ExtensionWithoutUrn => FaultKind::InvalidPath,
            Self::OperationNameCase
            | Self::MissingSchemas
            | Self::UnknownSchema
            | Self::Scim11Schema
            | Self::Scim11Members
            | Self::SingleOperation => FaultKind::InvalidSyntax,
            Self::ReadOnlyIgnored => FaultKind::Mutability,
            _ => FaultKind::InvalidValue,
        }
    }
}

/// One thing that was read otherwise than it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// Which rule was applied.
    pub rule: RepairRule,
    /// The attribute or path, as far as known.
    pub attribute: String,
    /// What was sent, shortened; never a password.
    pub sent: String,
    /// What it was read as.
    pub read: String,
}

impl Repair {
    /// A note of one repair.
    pub fn new(rule: RepairRule, attribute: impl Into<String>, sent: impl Into<String>, read: impl Into<String>) -> Self {
        Self { rule, attribute: attribute.into(), sent: sent.into(), read: read.into() }
    }
}

/// The repairs of one request, and whether they are made at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repairs {
    strict: bool,
    list: Vec<Repair>,
}

impl Repairs {
    /// Repairs are made and noted.
    pub fn lenient() -> Self {
        Self::default()
    }

    /// Repairs are refused.
    pub fn strict() -> Self {
        Self { strict: true, list: Vec::new() }
    }

    /// Whether repairs are refused.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// Notes a repair; the same one is kept once.
    ///
    /// # Errors
    /// On a strict connection: the refusal that takes the repair's place.
    pub fn note(&mut self, repair: Repair) -> Result<(), Fault> {
        if self.strict {
            let Repair { rule, attribute, sent, read } = repair;
            let mut detail = format!("this connection is strict ({}): {attribute}", rule.code());
            if !sent.is_empty() {
                detail = format!("{detail} was sent as {sent}");
            }
            return Err(Fault::refused(rule, format!("{detail}, which is not read as {read}")));
        }
        if self.list.len() < MOST && !self.list.contains(&repair) {
            self.list.push(repair);
        }
        Ok(())
    }

    /// The repairs so far.
    pub fn list(&self) -> &[Repair] {
        &self.list
    }

    /// The repairs.
    pub fn into_list(self) -> Vec<Repair> {
        self.list
    }
}

/// A value as JSON, cut to a length fit for a note.
pub(crate) fn short(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(_) => "an object".to_owned(),
        other => short_text(&other.to_string()),
    }
}

/// Text cut to a length fit for a note.
pub(crate) fn short_text(text: &str) -> String {
    let mut short: String = text.chars().take(SHORT).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serialized_rule_is_its_code() {
        for rule in RepairRule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), Value::from(rule.code()));
        }
    }

    #[test]
    fn a_strict_connection_refuses_and_a_lenient_one_notes_once() {
        let repair = Repair::new(RepairRule::UnknownPath, "fooBar", "", "skipped");
        let fault = Repairs::strict().note(repair.clone()).unwrap_err();
        assert_eq!((fault.kind(), fault.refused_repair()), (FaultKind::InvalidPath, Some(RepairRule::UnknownPath)));
        let mut repairs = Repairs::lenient();
        repairs.note(repair.clone()).unwrap();
        repairs.note(repair.clone()).unwrap();
        assert_eq!(repairs.into_list(), vec![repair]);
    }
}
