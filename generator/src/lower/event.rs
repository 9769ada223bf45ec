//! Webhook events: operations of callbacks and webhooks with `x-client-event`.

use super::draft::DraftEvent;
use super::extension::{self, EventFacts, Webhooks};
use super::lowering::Lowering;
use super::reports::Reports;
use super::schema;
use crate::diagnostic::{Pointer, codes};
use crate::model::{Docs, Event, EventGroup, Events, Field, KeyField, Shape, Show, Type, TypeDef};
use crate::names::Scope;
use crate::parse::{OperationAt, Placed, SchemaUse};

/// Lowers the events of every callback and webhook.
pub fn lower(cx: &mut Lowering<'_>) -> Vec<DraftEvent> {
    let mut names = Scope::variants();
    let mut events = Vec::new();
    for delivery in cx.document.deliveries() {
        let facts = extension::event(&mut cx.reports, &delivery.object.extensions, &delivery.pointer);
        let (Some(facts), Some(webhooks)) = (facts, cx.webhooks.clone()) else {
            let message = "no type is generated for this callback's deliveries";
            let help = "name the event with `x-client-event`, and the shape of deliveries with `x-client-webhooks` at the document's root";
            cx.report(codes::CALLBACK_WITHOUT_EVENT.at(&delivery.pointer, message).at_key().help(help));
            continue;
        };
        events.extend(event(cx, &delivery, facts, &webhooks, &mut names));
    }
    events
}

fn event<'a>(
    cx: &mut Lowering<'a>,
    delivery: &OperationAt<'a>,
    facts: EventFacts,
    webhooks: &Webhooks,
    names: &mut Scope,
) -> Option<DraftEvent> {
    let Some(payload) = payload(cx, delivery, webhooks) else {
        let message =
            format!("the event `{}` has no payload: its body lacks the property `{}`", facts.name, webhooks.payload);
        cx.report(
            codes::EVENT_WITHOUT_PAYLOAD
                .at(&delivery.pointer, message)
                .at_key()
                .help("describe the delivery as a JSON request body"),
        );
        return None;
    };
    let given = names.name(&facts.name, &facts.pointer);
    cx.reports.collision(&given, &facts.name, &facts.pointer);
    let ty = schema::value(cx, &payload, &format!("{} event", facts.name)).ty;
    Some(DraftEvent {
        rust: given.name,
        docs: Docs {
            summary: delivery.object.summary.clone().unwrap_or_default(),
            description: delivery.object.description.clone().unwrap_or_default(),
        },
        ty,
        facts,
        pointer: delivery.pointer.clone(),
    })
}

fn payload<'a>(cx: &mut Lowering<'a>, delivery: &OperationAt<'a>, webhooks: &Webhooks) -> Option<SchemaUse<'a>> {
    let body = delivery.object.request_body.as_ref()?;
    let Placed { object: body, pointer } = cx.document.follow(body, &delivery.pointer.key("requestBody"))?;
    let (media_type, object) = super::media_type::choose(&body.content)?;
    let at = pointer.key("content").key(media_type).key("schema");
    let schema = cx.document.schema(object.schema.as_ref()?, at).follow()?;
    schema::properties(cx, &schema).shift_remove(webhooks.payload.as_str())
}

/// Finds the fields that duplicate keys and groups name.
pub fn finish(
    reports: &mut Reports,
    webhooks: Option<Webhooks>,
    drafts: Vec<DraftEvent>,
    types: &[TypeDef],
) -> Option<Events> {
    let Webhooks { name, payload, header } = webhooks.filter(|_| !drafts.is_empty())?;
    let mut events = Vec::with_capacity(drafts.len());
    for DraftEvent { rust, docs, ty, facts, pointer } in drafts {
        let EventFacts { name: wire, duplicate_key: properties, group, pointer: at } = facts;
        let fields = fields(types, &ty);
        let keys = at.key("duplicate-key");
        let mut duplicate_key = Vec::new();
        for (index, property) in properties.iter().enumerate() {
            duplicate_key.extend(field(reports, fields, property, &keys.index(index)));
        }
        let group = group.and_then(|(name, property)| {
            let field = field(reports, fields, &property, &at.key("group").key("property"))?;
            Some(EventGroup { name, field })
        });
        events.push(Event { rust, wire, docs, ty, show: Show::Delegate, duplicate_key, group, pointer });
    }
    Some(Events { name, payload, header, events })
}

/// Returns the fields of a payload, if it is a struct.
fn fields<'a>(types: &'a [TypeDef], mut ty: &'a Type) -> &'a [Field] {
    while let Type::Named(id) = ty {
        match &types[id.0].shape {
            Shape::Struct(payload) => return &payload.fields,
            Shape::Alias(target) => ty = target,
            _ => break,
        }
    }
    &[]
}

/// Finds a field by its name on the wire, and reports a missing one.
fn field(reports: &mut Reports, fields: &[Field], wire: &str, pointer: &Pointer) -> Option<KeyField> {
    let field = fields.iter().find(|field| field.wire == wire);
    if field.is_none() {
        let message = format!("the payload has no property `{wire}`");
        let help = "name a property of the event's payload";
        reports.add(codes::BAD_EXTENSION.at(pointer, message).help(help));
    }
    field.map(|field| KeyField { rust: field.rust.clone(), presence: field.presence })
}
