//! Attributes that keep their first value (RFC 7643 §7, RFC 7644 §3.5.1).

use serde_json::{Map, Value};

use crate::fault::{Fault, FaultKind};
use crate::resource::Resource;
use crate::schema::ResourceSchema;

/// Holds a replacement to what is immutable: a value it leaves out stays, any other value than the first is refused.
///
/// # Errors
/// `mutability`, naming the attribute.
pub fn keep_immutable(before: &Resource, after: &mut Resource, schema: &ResourceSchema) -> Result<(), Fault> {
    for way in schema.immutable() {
        let Some(was) = find(before.as_map(), &way) else { continue };
        match find(after.as_map(), &way) {
            Some(is) if is == was => {}
            Some(_) => return Err(changed(&way)),
            None => put(after.as_map_mut(), &way, was.clone()),
        }
    }
    Ok(())
}

/// The refusal to change what is immutable.
pub(crate) fn changed(way: &[String]) -> Fault {
    let name = way.last().map_or("", String::as_str);
    Fault::new(FaultKind::Mutability, format!("{name} cannot change once it is set")).about(name)
}

/// The value at the end of a way from the root.
pub(crate) fn find<'m>(map: &'m Map<String, Value>, way: &[String]) -> Option<&'m Value> {
    let (last, parents) = way.split_last()?;
    parents.iter().try_fold(map, |map, step| map.get(step)?.as_object())?.get(last)
}

fn put(map: &mut Map<String, Value>, way: &[String], value: Value) {
    match way {
        [name] => {
            map.insert(name.clone(), value);
        }
        [step, rest @ ..] => {
            if let Value::Object(inner) = map.entry(step.as_str()).or_insert_with(|| Value::Object(Map::new())) {
                put(inner, rest, value);
            }
        }
        [] => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::schema::Schema;

    #[test]
    fn a_replacement_keeps_what_is_immutable_and_refuses_another_value() {
        let extension: Schema = serde_json::from_value(
            json!({"id": "urn:a:1.0", "name": "A", "attributes": [{"name": "badge", "mutability": "immutable"}, {"name": "desk"}]}),
        )
        .unwrap();
        let schema = ResourceSchema::user().with_extension(extension);
        let of = |value: Value| Resource::from_value(value).unwrap();
        let before = of(json!({"userName": "a", "urn:a:1.0": {"badge": "1", "desk": "2"}}));
        let mut left_out = of(json!({"userName": "b"}));
        keep_immutable(&before, &mut left_out, &schema).unwrap();
        assert_eq!(left_out, of(json!({"userName": "b", "urn:a:1.0": {"badge": "1"}})));
        let mut other = of(json!({"userName": "b", "urn:a:1.0": {"badge": "9"}}));
        assert_eq!(keep_immutable(&before, &mut other, &schema).unwrap_err().kind(), FaultKind::Mutability);
        let mut first = of(json!({"userName": "b", "urn:a:1.0": {"badge": "9"}}));
        assert_eq!(keep_immutable(&of(json!({"userName": "b"})), &mut first, &schema), Ok(()));
    }
}
