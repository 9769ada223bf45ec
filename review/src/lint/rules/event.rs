//! Rules about webhooks.

use super::View;
use crate::lint::codes;
use generator::diagnostic::Diagnostic;
use generator::model::{Shape, Type};

pub fn event_without_duplicate_key(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let api = &view.lowered.api;
    for event in api.events.iter().flat_map(|events| &events.events).filter(|event| event.duplicate_key.is_empty()) {
        let message = format!("nothing tells one delivery of `{}` from the next event", event.wire);
        let help = match id(&event.ty, view) {
            Some(id) => format!("add `duplicate-key: [{id}]` beside the event's name"),
            None => "add `duplicate-key: […]` beside the event's name: properties of the payload".to_owned(),
        };
        found.push(
            codes::EVENT_WITHOUT_DUPLICATE_KEY.at(&event.pointer.key("x-client-event"), message).at_key().help(help),
        );
    }
}

/// Returns a property of the payload that looks like an id.
fn id<'a>(mut ty: &'a Type, view: &'a View<'_>) -> Option<&'a str> {
    for _ in 0..8 {
        let Type::Named(id) = ty else { return None };
        match &view.lowered.api.types[id.0].shape {
            Shape::Alias(target) => ty = target,
            Shape::Struct(object) => {
                let names = || object.fields.iter().map(|field| field.wire.as_str());
                return names().find(|name| *name == "id").or_else(|| names().find(|name| name.ends_with("_id")));
            }
            _ => return None,
        }
    }
    None
}
