//! Rules about webhooks.

use super::{Level, Rule, View};
use generator::diagnostic::Diagnostic;
use generator::model::{Shape, Type};

pub const EVENT_WITHOUT_DUPLICATE_KEY: Rule = Rule {
    code: "event-without-duplicate-key",
    level: Level::Deny,
    is_fixed: false,
    summary: "nothing tells one delivery of an event from the next event",
    explanation: "Webhooks arrive more than once. A receiver drops a delivery that it has seen, by the event's name and \
        the properties of its `duplicate-key`. Without a key every event of that name looks like the first one, or \
        none does.",
    wrong: WITHOUT_KEY,
    right: WITH_KEY,
    check: Some(event_without_duplicate_key),
};

const WITHOUT_KEY: &str = "\
openapi: 3.1.0
x-client-webhooks: {name: event, payload: data}
webhooks:
  born:
    post:
      operationId: onBorn
      summary: A pet was born
      x-client-event: {name: born}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                event: {type: string, description: Its name, x-client-privacy: safe}
                data:
                  type: object
                  description: The pet
                  properties: {id: {type: string, description: Its id, x-client-privacy: safe}}
      responses: {'200': {description: Taken}}
";

const WITH_KEY: &str = "\
openapi: 3.1.0
x-client-webhooks: {name: event, payload: data}
webhooks:
  born:
    post:
      operationId: onBorn
      summary: A pet was born
      x-client-event: {name: born, duplicate-key: [id]}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                event: {type: string, description: Its name, x-client-privacy: safe}
                data:
                  type: object
                  description: The pet
                  properties: {id: {type: string, description: Its id, x-client-privacy: safe}}
      responses: {'200': {description: Taken}}
";

fn event_without_duplicate_key(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let api = &view.lowered.api;
    for event in api.events.iter().flat_map(|events| &events.events).filter(|event| event.duplicate_key.is_empty()) {
        let message = format!("nothing tells one delivery of `{}` from the next event", event.wire);
        let help = match id(&event.ty, view) {
            Some(id) => format!("add `duplicate-key: [{id}]` beside the event's name"),
            None => "add `duplicate-key: […]` beside the event's name: properties of the payload".to_owned(),
        };
        found.push(
            Diagnostic::warning(EVENT_WITHOUT_DUPLICATE_KEY.code, &event.pointer.key("x-client-event"), message)
                .at_key()
                .help(help),
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
