//! Cursors of RFC 9865: a place in one list, sealed so that it serves only the tenant, list, filter and order it was made
//! for, and only for its time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::{ResourceKind, ServerKey, TenantId, Timestamp};
use scim::{Fault, FaultKind, ListQuery, SortOrder, SortValue};
use serde_json::{Value, json};
use store::Mark;
use subtle::ConstantTimeEq;

/// For how long a cursor is good, in seconds; published as `cursorTimeout`.
pub(crate) const LIFE: i64 = 3_600;
const PURPOSE: &str = "cursor";
const QUERY: &str = "cursor-query";
/// Bytes kept of each digest.
const SEAL: usize = 16;

/// The list that a cursor is for.
pub(crate) struct CursorList<'l> {
    pub(crate) key: &'l ServerKey,
    pub(crate) tenant: TenantId,
    pub(crate) kind: ResourceKind,
    pub(crate) query: &'l ListQuery,
}

impl CursorList<'_> {
    /// The cursor of what comes after a place.
    pub(crate) fn seal(&self, mark: &Mark, now: Timestamp) -> String {
        let value = match &mark.value {
            Some(SortValue::Text(text)) => Value::from(text.as_str()),
            Some(SortValue::Number(number)) => Value::from(*number),
            None => Value::Null,
        };
        let place = json!([mark.id, value, now.plus_seconds(LIFE).as_micros()]);
        let place = BASE64.encode(place.to_string());
        let seal = self.seal_of(&place);
        format!("{place}.{seal}")
    }

    /// The place that a cursor means.
    ///
    /// # Errors
    /// `invalidCursor` for what was not made for this list, `expiredCursor` after its time.
    pub(crate) fn open(&self, cursor: &str, now: Timestamp) -> Result<Mark, Fault> {
        let invalid =
            || Fault::new(FaultKind::InvalidCursor, "the cursor was not issued for this query; begin again without one");
        let (place, seal) = cursor.split_once('.').ok_or_else(invalid)?;
        if !bool::from(seal.as_bytes().ct_eq(self.seal_of(place).as_bytes())) {
            return Err(invalid());
        }
        let place: Value = BASE64.decode(place).ok().and_then(|text| serde_json::from_slice(&text).ok()).ok_or_else(invalid)?;
        let part = |n: usize| place.get(n).unwrap_or(&Value::Null);
        let expires = part(2).as_i64().ok_or_else(invalid)?;
        if expires <= now.as_micros() {
            return Err(Fault::new(FaultKind::ExpiredCursor, "the cursor is no longer good; begin again without one"));
        }
        let value = match part(1) {
            Value::String(text) => Some(SortValue::Text(text.clone())),
            Value::Number(number) => number.as_f64().map(SortValue::Number),
            _ => None,
        };
        let id = part(0).as_str().and_then(|id| id.parse().ok()).ok_or_else(invalid)?;
        Ok(Mark { value, id })
    }

    fn seal_of(&self, place: &str) -> String {
        let order = if self.query.sort_order == SortOrder::Descending { "descending" } else { "ascending" };
        let asked = json!([self.tenant.to_string(), self.kind.as_str(), self.query.filter, self.query.sort_by, order]);
        let asked = BASE64.encode(self.key.digest(QUERY, &asked.to_string()));
        let seal = self.key.digest(PURPOSE, &format!("{place}.{asked}"));
        BASE64.encode(seal.get(..SEAL).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use domain::secret::random_bytes;
    use proptest::prelude::*;

    use super::*;

    /// A part of a place: of any type and often the right one.
    fn part() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            any::<u128>().prop_map(|id| Value::from(uuid::Uuid::from_u128(id).to_string())),
            Just(json!([[{}]])),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_cursor_panics_even_with_a_good_seal(
            parts in proptest::collection::vec(part(), 0..5), bytes in proptest::collection::vec(any::<u8>(), 0..64),
            text in prop_oneof!["(?s).{0,2000}", "[A-Za-z0-9_.=-]{0,8192}"], at in 0..80_usize,
        ) {
            let (key, query) = (ServerKey::from_bytes([3; 32]), ListQuery::default());
            let list = CursorList { key: &key, tenant: TenantId::generate(), kind: ResourceKind::User, query: &query };
            let now = Timestamp::from_micros(1_000_000);
            prop_assert_eq!(list.open(&text, now).unwrap_err().kind(), FaultKind::InvalidCursor);
            for place in [BASE64.encode(Value::from(parts).to_string()), BASE64.encode(bytes), text] {
                let cursor = format!("{place}.{}", list.seal_of(&place));
                match list.open(&cursor, now) {
                    Ok(mark) => prop_assert_eq!(list.open(&list.seal(&mark, now), now), Ok(mark)),
                    Err(fault) => prop_assert!(matches!(fault.kind(), FaultKind::InvalidCursor | FaultKind::ExpiredCursor)),
                }
                let mut changed = cursor.clone().into_bytes();
                let at = at % changed.len();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                if let Ok(changed) = std::str::from_utf8(&changed) {
                    prop_assert_eq!(list.open(changed, now).unwrap_err().kind(), FaultKind::InvalidCursor);
                }
            }
        }
    }

    #[test]
    fn a_cursor_serves_its_own_list_and_time_only() {
        let key = ServerKey::from_bytes(random_bytes().unwrap());
        let (tenant, other) = (TenantId::generate(), TenantId::generate());
        let query = ListQuery { filter: Some("active eq true".into()), ..ListQuery::default() };
        let elsewhere = ListQuery { filter: Some("active eq false".into()), ..ListQuery::default() };
        let list = |tenant, kind, query| CursorList { key: &key, tenant, kind, query };
        let own = list(tenant, ResourceKind::User, &query);
        let now = Timestamp::from_micros(1_000_000);
        for value in [None, Some(SortValue::Text("ä\"".into())), Some(SortValue::Number(1_700_000_000_000_001.0))] {
            let mark = Mark { value, id: uuid::Uuid::now_v7() };
            let cursor = own.seal(&mark, now);
            assert_eq!(own.open(&cursor, now).unwrap(), mark);
            assert_eq!(own.open(&cursor, now.plus_seconds(LIFE)).unwrap_err().kind(), FaultKind::ExpiredCursor);
            for foreign in [
                list(other, ResourceKind::User, &query),
                list(tenant, ResourceKind::Group, &query),
                list(tenant, ResourceKind::User, &elsewhere),
            ] {
                assert_eq!(foreign.open(&cursor, now).unwrap_err().kind(), FaultKind::InvalidCursor);
            }
            for at in 0..cursor.len() {
                let mut bytes = cursor.clone().into_bytes();
                bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
                assert!(own.open(std::str::from_utf8(&bytes).unwrap(), now).is_err(), "changed at {at}");
            }
        }
        for text in ["", ".", "a.b", "ä"] {
            assert_eq!(own.open(text, now).unwrap_err().kind(), FaultKind::InvalidCursor);
        }
    }
}
