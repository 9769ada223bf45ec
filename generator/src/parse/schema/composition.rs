//! `allOf`, `anyOf`, `oneOf` and `not`.

use openapiv3::{ReferenceOr, Schema};

use super::super::node::{Node, Value};
use super::super::object::Object;
use super::Draft;

/// Takes the schemas that this one is composed of. A choice of nothing but null makes the schema nullable.
pub(super) fn take(object: &mut Object<'_>, draft: &mut Draft) {
    let all_of = object.list("allOf", super::schema).unwrap_or_default();
    draft.any.all_of.extend(all_of.into_iter().map(ReferenceOr::unbox));
    draft.any.one_of = choice(object, "oneOf", draft);
    draft.any.any_of = choice(object, "anyOf", draft);
    draft.any.not = object.one("not", super::schema).map(|schema| Box::new(schema.unbox()));
}

fn choice(object: &mut Object<'_>, key: &str, draft: &mut Draft) -> Vec<ReferenceOr<Schema>> {
    let mut null = false;
    let members = object.list(key, |reader, node, trail| {
        if is_null(node) {
            null = true;
            return None;
        }
        super::schema(reader, node, trail)
    });
    let members = members.unwrap_or_default();
    draft.data.nullable |= null;
    if null && members.is_empty() {
        draft.any.enumeration = vec![serde_json::Value::Null];
    }
    members.into_iter().map(ReferenceOr::unbox).collect()
}

/// Returns whether a schema allows null and nothing else.
fn is_null(node: &Node) -> bool {
    let is_only = |list: &Node, item: &Value| matches!(&list.value, Value::Array(items) if items.len() == 1 && items[0].value == *item);
    let word = Value::String("null".into());
    let by_type = node.get("type").is_some_and(|typ| typ.value == word || is_only(typ, &word));
    let by_const = node.get("const").is_some_and(|value| value.value == Value::Null);
    let by_enum = node.get("enum").is_some_and(|values| is_only(values, &Value::Null));
    by_type || by_const || by_enum
}
