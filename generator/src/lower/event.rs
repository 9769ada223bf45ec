//! Webhook events: the operations of callbacks and webhooks that say which event they deliver.

use openapiv3::{PathItem, ReferenceOr};

use super::context::{Context, SchemaRef, Webhooks};
use super::extension::{self, EventFacts};
use super::operation::{Site, of_item};
use super::schema;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Api, Docs, Event, EventGroup, Events, Field, KeyField, Shape, Show, Type, TypeDef};
use crate::names::Scope;

/// Lowers the events of every callback and webhook.
pub fn lower(cx: &mut Context<'_>) -> Option<Events> {
    let sites = sites(cx);
    let mut names = Scope::variants();
    let mut events = Vec::new();
    for site in &sites {
        let facts = extension::event(cx, &site.operation.extensions, &site.pointer);
        let (Some(facts), Some(webhooks)) = (facts, cx.webhooks.clone()) else {
            let message = "what this callback delivers is not generated";
            let help = "name the event with `x-client-event`, and the shape of deliveries with `x-client-webhooks` at the document's root";
            cx.report(Diagnostic::warning("callback-without-event", &site.pointer, message).at_key().help(help));
            continue;
        };
        events.extend(event(cx, site, facts, &webhooks, &mut names));
    }
    let webhooks = cx.webhooks.clone()?;
    (!events.is_empty()).then_some(Events {
        name: webhooks.name,
        payload: webhooks.payload,
        header: webhooks.header,
        events,
    })
}

fn sites<'a>(cx: &Context<'a>) -> Vec<Site<'a>> {
    let document = cx.document;
    let mut sites = Vec::new();
    let pointer = Pointer::root().key("paths");
    for (path, item) in &document.openapi.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for site in of_item(path, item, &pointer.key(path)) {
            let at = site.pointer.key("callbacks");
            for (name, callback) in &site.operation.callbacks {
                for (expression, item) in callback {
                    sites.extend(of_callback(expression, item, &at.key(name).key(expression)));
                }
            }
        }
    }
    let pointer = Pointer::root().key("webhooks");
    for (name, item) in &document.webhooks {
        if let ReferenceOr::Item(item) = item {
            sites.extend(of_callback(name, item, &pointer.key(name)));
        }
    }
    sites
}

fn of_callback<'a>(path: &'a str, item: &'a PathItem, pointer: &Pointer) -> Vec<Site<'a>> {
    of_item(path, item, pointer)
}

fn event<'a>(
    cx: &mut Context<'a>,
    site: &Site<'a>,
    facts: EventFacts,
    webhooks: &Webhooks,
    names: &mut Scope,
) -> Option<Event> {
    let Some((payload, at)) = payload(cx, site, webhooks) else {
        let message =
            format!("the event `{}` has no payload: its body has no property `{}`", facts.name, webhooks.payload);
        cx.report(
            Diagnostic::warning("event-without-payload", &site.pointer, message)
                .at_key()
                .help("describe the delivery as a JSON request body"),
        );
        return None;
    };
    let given = names.name(&facts.name, &facts.pointer);
    cx.report_collision(&given, &facts.name, &facts.pointer);
    let ty = schema::value(cx, payload, &at, &format!("{} event", facts.name)).ty;
    let wire = facts.name.clone();
    cx.event_facts.push(facts);
    Some(Event {
        rust: given.name,
        wire,
        docs: Docs {
            summary: site.operation.summary.clone().unwrap_or_default(),
            description: site.operation.description.clone().unwrap_or_default(),
        },
        ty,
        show: Show::Delegate,
        duplicate_key: Vec::new(),
        group: None,
        pointer: site.pointer.clone(),
    })
}

fn payload<'a>(cx: &mut Context<'a>, site: &Site<'a>, webhooks: &Webhooks) -> Option<(SchemaRef<'a>, Pointer)> {
    let ReferenceOr::Item(body) = site.operation.request_body.as_ref()? else { return None };
    let (media_type, object) = super::media_type::choose(&body.content)?;
    let at = site.pointer.key("requestBody").key("content").key(media_type).key("schema");
    let (schema, at) = cx.resolve(object.schema.as_ref()?.into(), &at)?;
    let properties = schema::properties(cx, schema, &at);
    properties.into_iter().find(|(wire, ..)| *wire == webhooks.payload).map(|(_, schema, at)| (schema, at))
}

/// Finds the fields that duplicate keys and groups name, once every payload has its shape.
pub fn settle_keys(cx: &mut Context<'_>, api: &mut Api) {
    let Some(events) = &mut api.events else { return };
    let all = std::mem::take(&mut cx.event_facts);
    for (event, facts) in events.events.iter_mut().zip(all) {
        let fields = fields(&api.types, &event.ty);
        for (index, wire) in facts.duplicate_key.iter().enumerate() {
            let pointer = facts.pointer.key("duplicate-key").index(index);
            event.duplicate_key.extend(field(cx, fields, wire, &pointer));
        }
        event.group = facts.group.and_then(|(name, wire)| {
            let pointer = facts.pointer.key("group").key("property");
            Some(EventGroup { name, field: field(cx, fields, &wire, &pointer)? })
        });
    }
}

/// The fields of a payload, if it is a struct.
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

/// Finds the field that is called so on the wire, and reports it if there is none.
fn field(cx: &mut Context<'_>, fields: &[Field], wire: &str, pointer: &Pointer) -> Option<KeyField> {
    let field = fields.iter().find(|field| field.wire == wire);
    if field.is_none() {
        let message = format!("the payload has no property `{wire}`");
        let help = "name properties of the event's payload";
        cx.report(Diagnostic::error("bad-extension", pointer, message).help(help));
    }
    field.map(|field| KeyField { rust: field.rust.clone(), presence: field.presence })
}
