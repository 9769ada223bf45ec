//! Operations: those of paths, and those by which webhooks deliver.

use std::collections::BTreeMap;

use openapiv3::{PathItem, ReferenceOr};

use super::super::finding::{Class, Finding, Side};
use super::{Walk, Way};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::{Method, OperationAt, operations_of};

/// What names an event.
const EVENT: &str = "x-client-event";

/// Returns what to call an operation: its `operationId`, or method and path.
pub fn name(operation: &OperationAt<'_>) -> String {
    let id = operation.object.operation_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    id.map_or_else(|| line(operation), str::to_owned)
}

/// Returns method and path.
fn line(operation: &OperationAt<'_>) -> String {
    format!("{} {}", operation.method.wire(), operation.path)
}

/// Returns what makes it the same operation: method and path, whatever the path's parameters are called.
fn key(operation: &OperationAt<'_>) -> String {
    let mut key = format!("{} ", operation.method.key());
    let mut rest = operation.path;
    while let Some((before, after)) = rest.split_once('{') {
        key.push_str(before);
        key.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    key.push_str(rest);
    key
}

/// Whether a webhook says that it delivers an event, which a client has a variant for.
fn is_event(site: &OperationAt<'_>) -> bool {
    site.object.extensions.contains_key(EVENT)
}

/// Returns the operations by which webhooks deliver, by what their events are called.
fn events<'a>(reading: &'a Reading<'a>) -> BTreeMap<String, OperationAt<'a>> {
    let mut found = BTreeMap::new();
    let mut add = |name: &str, item: &'a PathItem, path: &'a str, pointer: &Pointer| {
        for site in operations_of(path, item, pointer) {
            let event = site.object.extensions.get(EVENT).and_then(|event| event.get("name")?.as_str());
            let own =
                if site.method == Method::Post { name.to_owned() } else { format!("{name} {}", site.method.key()) };
            let name = event.map_or(own, str::to_owned);
            found.entry(name).or_insert(site);
        }
    };
    for site in reading.document.operations() {
        for (name, callback) in &site.object.callbacks {
            let pointer = site.pointer.key("callbacks").key(name);
            for (expression, item) in callback {
                add(name, item, expression, &pointer.key(expression));
            }
        }
    }
    for (name, item) in &reading.document.webhooks {
        if let ReferenceOr::Item(item) = item {
            add(name, item, name, &Pointer::root().key("webhooks").key(name));
        }
    }
    found
}

impl<'a> Walk<'a> {
    /// Compares the operations of paths.
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old.document.operations(), self.new.document.operations());
        let mut left: Vec<&OperationAt<'_>> = Vec::new();
        let by_key: BTreeMap<String, &OperationAt<'_>> = new.iter().map(|site| (key(site), site)).collect();
        let mut matched: Vec<Pointer> = Vec::new();
        for before in &old {
            match by_key.get(&key(before)) {
                Some(after) => {
                    matched.push(after.pointer.clone());
                    self.operation(before, after);
                }
                None => left.push(before),
            }
        }
        for before in left {
            let same = |site: &&OperationAt<'_>| {
                before.object.operation_id.is_some()
                    && site.object.operation_id == before.object.operation_id
                    && !matched.contains(&site.pointer)
            };
            let Some(after) = new.iter().find(same) else {
                self.operation_removed(before);
                continue;
            };
            matched.push(after.pointer.clone());
            let name = name(before);
            let message = format!("`{name}` is `{}` now, and was `{}`", line(after), line(before));
            let finding = Finding::new("operation-moved", Class::Breaking, Side::Request, &name, message);
            self.add(finding.old(&before.pointer).new_at(&after.pointer));
            self.operation(before, after);
        }
        for after in new.iter().filter(|site| !matched.contains(&site.pointer)) {
            let name = name(after);
            let message = format!("the operation `{name}` is new: `{}`", line(after));
            let finding = Finding::new("operation-added", Class::Compatible, Side::Request, &name, message);
            self.add(finding.new_at(&after.pointer));
        }
    }

    fn operation_removed(&mut self, before: &OperationAt<'_>) {
        let name = name(before);
        let message = format!("the operation `{name}` is gone: `{}`", line(before));
        let finding = Finding::new("operation-removed", Class::Breaking, Side::Request, &name, message);
        self.add(finding.old(&before.pointer));
    }

    fn operation(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>) {
        // The older name, which is what callers know.
        let name = name(old);
        let place = |finding: Finding| finding.old(&old.pointer).new_at(&new.pointer);
        if old.object.operation_id != new.object.operation_id {
            let message = format!("the operation `{name}` is called `{}` now", self::name(new));
            let finding = Finding::new("operation-renamed", Class::Compatible, Side::Request, &name, message);
            self.add(place(finding.detail(&self::name(new))));
        }
        if old.object.deprecated != new.object.deprecated {
            let words = if new.object.deprecated { "is deprecated now" } else { "is no longer deprecated" };
            let message = format!("the operation `{name}` {words}");
            self.add(place(Finding::new("deprecation-changed", Class::Compatible, Side::Request, &name, message)));
        }
        if old.object.tags != new.object.tags {
            let message = format!("the operation `{name}` has other tags");
            self.add(place(Finding::new("tags-changed", Class::Documentation, Side::Request, &name, message)));
        }
        self.parameters(old, new, &name, Way::Request);
        self.body(old, new, &name, Way::Request);
        self.responses(old, new, &name, Way::Answer);
        self.security(old, new, &name);
        self.own_servers(old, new, &name);
    }

    /// Compares what webhooks deliver. The keys and groups of events are compared in the models.
    pub(super) fn events(&mut self) {
        let (old, new) = (events(self.old), events(self.new));
        // The same webhook may be named in one of the two documents alone.
        let same = |site: &OperationAt<'a>,
                    own: &BTreeMap<String, OperationAt<'a>>,
                    others: &BTreeMap<String, OperationAt<'a>>| {
            let found = others.iter().find(|(name, other)| {
                other.pointer == site.pointer && is_event(other) != is_event(site) && !own.contains_key(*name)
            });
            found.map(|(_, other)| other.clone())
        };
        for (name, before) in &old {
            let Some(after) = new.get(name).cloned().or_else(|| same(before, &old, &new)) else {
                let (what, words) = if is_event(before) {
                    ("event", "is gone: code that waits for it waits for ever")
                } else {
                    ("webhook", "is gone")
                };
                let message = format!("the {what} `{name}` {words}");
                let finding = Finding::new("event-removed", Class::Breaking, Side::Webhook, name, message);
                self.add(finding.old(&before.pointer));
                continue;
            };
            let (was, is) = (is_event(before), is_event(&after));
            if was != is {
                self.event_mark(before, &after);
            }
            self.parameters(before, &after, name, Way::Event);
            self.body(before, &after, name, Way::Event);
            self.responses(before, &after, name, Way::Reply);
            self.delivery_security(before, &after, name);
        }
        for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            if same(after, &new, &old).is_some() {
                continue;
            }
            let message = if is_event(after) {
                format!("the event `{name}` is new: a receiver of an older version keeps it whole, as unknown")
            } else {
                format!("the webhook `{name}` is new")
            };
            let finding = Finding::new("event-added", Class::Compatible, Side::Webhook, name, message);
            self.add(finding.new_at(&after.pointer));
        }
    }

    /// Reports that a webhook became an event, or is none any more, though it delivers as before.
    fn event_mark(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>) {
        let named = if is_event(new) { new } else { old };
        let name = named.object.extensions.get(EVENT).and_then(|event| event.get("name")?.as_str());
        let name = name.unwrap_or_default();
        let (code, class, words) = if is_event(new) {
            ("event-added", Class::Compatible, "has a name now, so that it is told from unknown ones")
        } else {
            ("event-removed", Class::Breaking, "has no name any more, so that it comes as an unknown one")
        };
        let finding = Finding::new(code, class, Side::Webhook, name, format!("the event `{name}` {words}"));
        self.add(finding.old(&old.pointer.key(EVENT)).new_at(&new.pointer.key(EVENT)));
    }
}
