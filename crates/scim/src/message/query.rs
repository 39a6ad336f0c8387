//! What a client asks of a list, by query parameters or as the body of a search (RFC 7644 §3.4.2, §3.4.3, RFC 9865).

use serde_json::{Map, Value};

use crate::attribute::same;
use crate::fault::{Fault, FaultKind};
use crate::filter::{Condition, Filter};
use crate::projection::Projection;
use crate::repair::{Repair, RepairRule, Repairs, short_text};
use crate::schema::{ResourceSchema, SEARCH_URN};
use crate::sort::Sort;

/// The order of a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SortOrder {
    /// From small to large.
    #[default]
    Ascending,
    /// From large to small.
    Descending,
}

/// A query, its parts not yet resolved against a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// The filter's text.
    pub filter: Option<String>,
    /// The number of the first resource wanted, at least 1.
    pub start_index: Option<u64>,
    /// How many resources are wanted, at most; 0 asks for their number only.
    pub count: Option<u64>,
    /// The cursor to go on from; blank for the first page by cursor.
    pub cursor: Option<String>,
    /// The attribute to sort by.
    pub sort_by: Option<String>,
    /// In which order.
    pub sort_order: SortOrder,
    /// The attributes to show, joined by commas.
    pub attributes: Option<String>,
    /// The attributes not to show, joined by commas.
    pub excluded_attributes: Option<String>,
}

impl ListQuery {
    /// Reads decoded query parameters; unknown ones are ignored.
    ///
    /// # Errors
    /// `invalidValue` for numbers that are none and unknown orders, `invalidSyntax` for a parameter given twice.
    pub fn parse<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, Fault> {
        let mut query = Self::default();
        let mut bad_count = None;
        let mut seen: Vec<&'static str> = Vec::new();
        for (name, value) in pairs {
            let Some(name) = NAMES.into_iter().find(|known| same(known, name.as_ref())) else { continue };
            if seen.contains(&name) {
                return Err(Fault::new(FaultKind::InvalidSyntax, format!("the parameter {name} is given twice")).about(name));
            }
            seen.push(name);
            match query.set(name, value.as_ref()) {
                // Which refusal it gets is known when a cursor has, or has not, come by.
                Err(fault) if name == "count" => bad_count = Some(fault),
                set => set?,
            }
        }
        query.checked(bad_count)
    }

    /// Pages by cursor are of one resource at least (RFC 9865 §2.1).
    fn checked(self, bad_count: Option<Fault>) -> Result<Self, Fault> {
        if self.cursor.is_some() && (bad_count.is_some() || self.count == Some(0)) {
            return Err(Fault::new(FaultKind::InvalidCount, "a page by cursor has a count of 1 or more").about("count"));
        }
        bad_count.map_or(Ok(self), Err)
    }

    /// Reads the body of a search by POST.
    ///
    /// # Errors
    /// As for [`ListQuery::parse`], and `invalidSyntax` when the body is no object or a part of it of the wrong type. On a
    /// strict connection also when it does not name its schema.
    pub fn from_search(body: Value, repairs: &mut Repairs) -> Result<Self, Fault> {
        let Value::Object(body) = body else {
            return Err(Fault::new(FaultKind::InvalidSyntax, "the body of a search must be a JSON object"));
        };
        note_schema(&body, SEARCH_URN, repairs)?;
        let mut pairs = Vec::new();
        for (name, value) in present(body) {
            let Some(name) = NAMES.into_iter().find(|known| same(known, &name)) else { continue };
            pairs.push((name, text(name, value)?));
        }
        Self::parse(pairs)
    }

    /// The number of the first resource wanted, from 1.
    pub fn start(&self) -> u64 {
        self.start_index.unwrap_or(1)
    }

    /// The filter resolved against a schema.
    ///
    /// # Errors
    /// `invalidFilter`; on a strict connection also for every repair.
    pub fn condition(&self, schema: &ResourceSchema, repairs: &mut Repairs) -> Result<Option<Condition>, Fault> {
        let Some(filter) = self.filter.as_deref().map(Filter::parse).transpose()? else { return Ok(None) };
        let condition = Condition::resolve(&filter, schema)?;
        filter.note_repairs(schema, repairs)?;
        Ok(Some(condition))
    }

    /// The order that is asked for; none means that of creation.
    ///
    /// # Errors
    /// As for [`Sort::resolve`].
    pub fn sort(&self, schema: &ResourceSchema) -> Result<Option<Sort>, Fault> {
        self.sort_by.as_deref().map(|by| Sort::resolve(by.trim(), self.sort_order, schema)).transpose()
    }

    /// What the answer shows.
    ///
    /// # Errors
    /// As for [`Projection::parse`].
    pub fn projection(&self, schema: &ResourceSchema) -> Result<Projection, Fault> {
        Projection::parse(self.attributes.as_deref(), self.excluded_attributes.as_deref(), schema)
    }

    fn set(&mut self, name: &'static str, value: &str) -> Result<(), Fault> {
        let kept = || Some(value.to_owned());
        match name {
            "filter" => self.filter = kept(),
            "startIndex" => self.start_index = Some(number(name, value)?.max(1)),
            "count" => self.count = Some(number(name, value)?),
            "cursor" => self.cursor = kept(),
            "sortBy" => self.sort_by = kept().filter(|by| !by.trim().is_empty()),
            "sortOrder" => self.sort_order = order(value)?,
            "attributes" => self.attributes = kept(),
            _ => self.excluded_attributes = kept(),
        }
        Ok(())
    }
}

/// Notes that a message does not name its schema (RFC 7644 §3.1).
pub(super) fn note_schema(body: &Map<String, Value>, urn: &str, repairs: &mut Repairs) -> Result<(), Fault> {
    let is = |value: &Value| value.as_str().is_some_and(|named| same(named, urn));
    let named = body
        .iter()
        .filter(|(name, _)| same(name, "schemas"))
        .any(|(_, named)| is(named) || named.as_array().is_some_and(|list| list.iter().any(is)));
    if named { Ok(()) } else { repairs.note(Repair::new(RepairRule::MissingSchemas, "schemas", "", urn)) }
}

const NAMES: [&str; 8] = ["filter", "startIndex", "count", "cursor", "sortBy", "sortOrder", "attributes", "excludedAttributes"];

/// A whole number; negative ones are 0 and those beyond 64 bits the largest (RFC 7644 §3.4.2.4).
fn number(name: &str, text: &str) -> Result<u64, Fault> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::new(FaultKind::InvalidValue, format!("{name} expects a whole number, not {}", short_text(text))));
    }
    Ok(if text.starts_with('-') { 0 } else { digits.parse().unwrap_or(u64::MAX) })
}

fn order(text: &str) -> Result<SortOrder, Fault> {
    match text.trim() {
        word if same(word, "ascending") || word.is_empty() => Ok(SortOrder::Ascending),
        word if same(word, "descending") => Ok(SortOrder::Descending),
        word => {
            Err(Fault::new(FaultKind::InvalidValue, format!("sortOrder is ascending or descending, not {}", short_text(word))))
        }
    }
}

fn present(body: Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    body.into_iter().filter(|(_, value)| !value.is_null())
}

fn text(name: &str, value: Value) -> Result<String, Fault> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Array(list) if name.ends_with("ttributes") && list.iter().all(Value::is_string) => {
            Ok(list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))
        }
        _ => Err(Fault::new(FaultKind::InvalidSyntax, format!("{name} is of the wrong type"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_brought_into_their_range() {
        let query = ListQuery::parse([("startIndex", "0"), ("COUNT", "-5"), ("aadOptscim062020", "")]).unwrap();
        assert_eq!((query.start(), query.count), (1, Some(0)));
        assert_eq!(ListQuery::parse([("count", "99999999999999999999")]).unwrap().count, Some(u64::MAX));
        assert_eq!(ListQuery::default().start(), 1);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (pairs, kind) in [
            (vec![("count", "x")], FaultKind::InvalidValue),
            (vec![("startIndex", "")], FaultKind::InvalidValue),
            (vec![("startIndex", "1.5")], FaultKind::InvalidValue),
            (vec![("sortOrder", "up")], FaultKind::InvalidValue),
            (vec![("filter", "a pr"), ("Filter", "b pr")], FaultKind::InvalidSyntax),
        ] {
            assert_eq!(ListQuery::parse(pairs).unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn a_page_by_cursor_has_a_count_of_its_own() {
        for count in ["0", "-1", "x", ""] {
            let fault = ListQuery::parse([("count", count), ("cursor", "")]).unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidCount, "{count}");
        }
        assert!(ListQuery::parse([("cursor", ""), ("count", "1")]).is_ok());
        let nameless = ListQuery::from_search(json!({"count": 1}), &mut Repairs::strict()).unwrap_err();
        assert_eq!(nameless.refused_repair(), Some(RepairRule::MissingSchemas));
    }

    #[test]
    fn an_empty_filter_is_not_answered_unfiltered() {
        let query = ListQuery::parse([("filter", "")]).unwrap();
        assert_eq!(
            query.condition(&ResourceSchema::user(), &mut Repairs::lenient()).unwrap_err().kind(),
            FaultKind::InvalidFilter
        );
    }

    #[test]
    fn a_search_body_says_the_same_as_a_query() {
        let body = json!({"schemas": [crate::SEARCH_URN], "attributes": ["displayName", "userName"], "filter": "userName pr", "startIndex": 1, "count": 10, "sortBy": null});
        let pairs = [("attributes", "displayName,userName"), ("filter", "userName pr"), ("startIndex", "1"), ("count", "10")];
        assert_eq!(ListQuery::from_search(body, &mut Repairs::strict()).unwrap(), ListQuery::parse(pairs).unwrap());
        assert_eq!(
            ListQuery::from_search(json!({"filter": 1, "count": {}}), &mut Repairs::lenient()).unwrap_err().kind(),
            FaultKind::InvalidSyntax
        );
    }
}
