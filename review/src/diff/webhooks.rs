//! The events that webhooks deliver: what a receiver of an older version makes of the newer deliveries.

use std::collections::BTreeMap;

use super::finding::{Class, Finding, Side};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::model::{Event, Events};

/// Compares the events of the two models. Which there are, and what they carry, is compared on the wire.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let by_name = |reading: &'_ Reading<'_>| -> BTreeMap<String, Event> {
        let events = reading.api.events.iter().flat_map(|events| &events.events);
        events.map(|event| (event.wire.clone(), event.clone())).collect()
    };
    let (was, is) = (by_name(old), by_name(new));
    for (name, before) in &was {
        if let Some(after) = is.get(name) {
            event(before, after, &mut findings);
        }
    }
    shape(old.api.events.as_ref(), new.api.events.as_ref(), &mut findings);
    findings
}

fn event(old: &Event, new: &Event, findings: &mut Vec<Finding>) {
    let name = &new.wire;
    let at = |event: &Event, key: &str| event.pointer.key("x-client-event").key(key);
    let key = |event: &Event| -> Vec<String> {
        let mut key: Vec<String> = event.duplicate_key.iter().map(|field| field.rust.as_str().to_owned()).collect();
        key.sort();
        key
    };
    let (was, is) = (key(old), key(new));
    if was != is {
        let message = format!(
            "the duplicate key of `{name}` is ({}) now, and was ({}): \
             what an older version stored is not recognized as the same event",
            is.join(", "),
            was.join(", ")
        );
        let finding = Finding::new("duplicate-key-changed", Class::Breaking, Side::Webhook, name, message);
        findings.push(finding.old(&at(old, "duplicate-key")).new_at(&at(new, "duplicate-key")));
    }
    let group =
        |event: &Event| event.group.as_ref().map(|group| (group.name.clone(), group.field.rust.as_str().to_owned()));
    let (was, is) = (group(old), group(new));
    if was != is {
        let (class, words) = match (&was, &is) {
            (None, _) => (Class::Compatible, "is worked on in order now, within its group"),
            (_, None) => (Class::Breaking, "belongs to no group any more: nothing keeps its order"),
            _ => (Class::Breaking, "belongs to another group: its order is kept beside other events"),
        };
        let message = format!("the event `{name}` {words}");
        let finding = Finding::new("event-group-changed", class, Side::Webhook, name, message);
        findings.push(finding.old(&at(old, "group")).new_at(&at(new, "group")));
    }
}

/// Compares the shape that every delivery has.
fn shape(old: Option<&Events>, new: Option<&Events>, findings: &mut Vec<Finding>) {
    let (Some(old), Some(new)) = (old, new) else { return };
    let at = Pointer::root().key("x-client-webhooks");
    for (key, was, is) in [
        ("name", Some(&old.name), Some(&new.name)),
        ("payload", Some(&old.payload), Some(&new.payload)),
        ("header", old.header.as_ref(), new.header.as_ref()),
    ] {
        if was == is {
            continue;
        }
        let what = match key {
            "name" => "name of the event",
            "payload" => "event's payload",
            _ => "receiver's secret",
        };
        let message = format!("deliveries carry the {what} in another place: an older receiver cannot read them");
        let finding = Finding::new("delivery-shape-changed", Class::Breaking, Side::Webhook, "deliveries", message);
        findings.push(finding.detail(key).old(&at.key(key)).new_at(&at.key(key)));
    }
}
