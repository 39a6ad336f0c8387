//! The error body, RFC 7644 §3.12.

use serde_json::{Map, Value};

use crate::fault::Fault;
use crate::schema::ERROR_URN;

/// An error body; the status stands in it as text.
pub fn body(status: u16, scim_type: Option<&str>, detail: &str) -> Value {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), Value::from(vec![ERROR_URN]));
    body.insert("status".to_owned(), Value::String(status.to_string()));
    if let Some(scim_type) = scim_type {
        body.insert("scimType".to_owned(), Value::from(scim_type));
    }
    body.insert("detail".to_owned(), Value::from(detail));
    Value::Object(body)
}

impl Fault {
    /// The error body that tells a client of it.
    pub fn body(&self) -> Value {
        body(self.status(), self.scim_type(), self.detail())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fault::FaultKind;

    #[test]
    fn the_status_is_text() {
        let body = Fault::new(FaultKind::Uniqueness, "userName is taken").body();
        assert_eq!(
            body,
            json!({"schemas": [ERROR_URN], "status": "409", "scimType": "uniqueness", "detail": "userName is taken"})
        );
        assert_eq!(super::body(404, None, "x").get("scimType"), None);
    }
}
