//! What of a filter is read otherwise than it was sent.

use super::ast::{Filter, Literal};
use crate::fault::Fault;
use crate::path::AttributePath;
use crate::repair::{Repair, RepairRule, Repairs, short_text};
use crate::schema::{Attribute, Kind, Located, ResourceSchema};

impl Filter {
    /// Notes the repairs that resolving this filter makes: text that a boolean is compared with (Entra).
    ///
    /// # Errors
    /// On a strict connection: the refusal that takes a repair's place.
    pub fn note_repairs(&self, schema: &ResourceSchema, repairs: &mut Repairs) -> Result<(), Fault> {
        let find = |path: &AttributePath| match schema.locate(path)? {
            Located::Attribute { attribute, sub, .. } => Some(sub.unwrap_or(attribute)),
            Located::Core | Located::Extension(_) => None,
        };
        note(self, "", &find, repairs)
    }
}

/// The same for the value filter of a PATCH path on the elements of a list.
pub(crate) fn note_repairs_of_elements(filter: &Filter, list: &Attribute, repairs: &mut Repairs) -> Result<(), Fault> {
    note(filter, &format!("{}.", list.name), &|path| list.sub_attribute(&path.name), repairs)
}

fn note<'s>(
    filter: &Filter,
    prefix: &str,
    find: &dyn Fn(&AttributePath) -> Option<&'s Attribute>,
    repairs: &mut Repairs,
) -> Result<(), Fault> {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().try_for_each(|part| note(part, prefix, find, repairs)),
        Filter::Not(inner) => note(inner, prefix, find, repairs),
        Filter::Element { path, filter } => match find(path) {
            Some(list) => note_repairs_of_elements(filter, list, repairs),
            None => Ok(()),
        },
        Filter::Compare { path, value: Literal::Text(text), .. } if find(path).is_some_and(|leaf| leaf.kind == Kind::Boolean) => {
            let (name, sent) = (format!("{prefix}{path}"), format!("\"{}\"", short_text(text)));
            repairs.note(Repair::new(RepairRule::BooleanFromText, name, sent, text.trim().to_ascii_lowercase()))
        }
        Filter::Compare { .. } | Filter::Present(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_compared_with_text_is_noted_and_refused_where_strict() {
        let schema = ResourceSchema::user();
        for (text, name) in [
            ("active eq \"True\"", Some("active")),
            ("not (userName eq \"a\" and active eq \"false\")", Some("active")),
            ("emails[primary eq \"True\"]", Some("emails.primary")),
            ("emails.primary eq \"true\"", Some("emails.primary")),
            ("active eq true", None),
            ("userName eq \"true\"", None),
        ] {
            let filter = Filter::parse(text).unwrap();
            let mut repairs = Repairs::lenient();
            filter.note_repairs(&schema, &mut repairs).unwrap();
            assert_eq!(repairs.list().first().map(|repair| repair.attribute.as_str()), name, "{text}");
            assert_eq!(filter.note_repairs(&schema, &mut Repairs::strict()).is_err(), name.is_some(), "{text}");
        }
    }
}
