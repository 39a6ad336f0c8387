//! The answer to a query, RFC 7644 §3.4.2 and RFC 9865 §2.

use serde_json::{Map, Value};

use crate::schema::LIST_URN;

/// A page of resources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListResponse {
    /// How many there are on all pages.
    pub total_results: u64,
    /// The number of the first one on this page, from 1; none with cursors.
    pub start_index: Option<u64>,
    /// The cursor of the page after, when there is one.
    pub next_cursor: Option<String>,
    /// The cursor of the page before, when there is one.
    pub previous_cursor: Option<String>,
    /// The resources of this page.
    pub resources: Vec<Value>,
}

impl ListResponse {
    /// All of a list on one page.
    pub fn whole(resources: Vec<Value>) -> Self {
        Self { total_results: resources.len() as u64, start_index: Some(1), resources, ..Self::default() }
    }

    /// The message. `Resources` is there even when it is empty, as some clients need it.
    pub fn into_value(self) -> Value {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), Value::from(vec![LIST_URN]));
        body.insert("totalResults".to_owned(), Value::from(self.total_results));
        body.insert("itemsPerPage".to_owned(), Value::from(self.resources.len()));
        body.extend(self.start_index.map(|index| ("startIndex".to_owned(), Value::from(index))));
        body.extend(self.next_cursor.map(|cursor| ("nextCursor".to_owned(), Value::String(cursor))));
        body.extend(self.previous_cursor.map(|cursor| ("previousCursor".to_owned(), Value::String(cursor))));
        body.insert("Resources".to_owned(), Value::Array(self.resources));
        Value::Object(body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_page_has_an_empty_list() {
        let body = ListResponse { start_index: Some(1), ..ListResponse::default() }.into_value();
        assert_eq!(body, json!({"schemas": [LIST_URN], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []}));
    }

    #[test]
    fn a_page_by_cursor_has_no_start_index() {
        let page = ListResponse {
            total_results: 9,
            next_cursor: Some("n".to_owned()),
            resources: vec![json!({"id": "1"})],
            ..ListResponse::default()
        };
        let body = page.into_value();
        assert_eq!(
            (body.get("startIndex"), body.get("nextCursor"), body.get("itemsPerPage")),
            (None, Some(&json!("n")), Some(&json!(1)))
        );
    }
}
