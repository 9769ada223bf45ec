//! Operations: those of paths, and those by which webhooks deliver.

use std::collections::BTreeMap;

use openapiv3::{Operation, PathItem, ReferenceOr};

use super::super::finding::{Class, Finding, Side};
use super::{Walk, Way};
use crate::reading::Reading;
use generator::diagnostic::Pointer;

/// What names an event.
const EVENT: &str = "x-client-event";

/// An operation in its document.
#[derive(Debug, Clone)]
pub struct Sites<'a> {
    /// In lower case, as the document writes it.
    pub method: &'static str,
    /// The template, or what a callback is called.
    pub path: String,
    /// What holds the operation.
    pub item: &'a PathItem,
    /// The operation.
    pub operation: &'a Operation,
    /// Where the path item stands.
    pub item_pointer: Pointer,
    /// Where it stands.
    pub pointer: Pointer,
}

impl Sites<'_> {
    /// What to call it: the `operationId`, or method and path.
    #[must_use]
    pub fn name(&self) -> String {
        let id = self.operation.operation_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        id.map_or_else(|| self.line(), str::to_owned)
    }

    /// Method and path.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// What makes it the same operation: method and path, whatever the path's parameters are called.
    fn key(&self) -> String {
        let mut key = self.method.to_owned();
        key.push(' ');
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            key.push_str(before);
            key.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, tail)| tail);
        }
        key.push_str(rest);
        key
    }
}

/// Returns the operations of a document's paths.
#[must_use]
pub fn operations<'a>(reading: &'a Reading<'a>) -> Vec<Sites<'a>> {
    let pointer = Pointer::root().key("paths");
    let paths = reading.document.openapi.paths.paths.iter();
    let sites = paths.filter_map(|(path, item)| {
        let ReferenceOr::Item(item) = item else { return None };
        Some(of_item(path, item, &pointer.key(path)))
    });
    sites.flatten().collect()
}

fn of_item<'a>(path: &str, item: &'a PathItem, pointer: &Pointer) -> Vec<Sites<'a>> {
    let methods = [
        ("get", &item.get),
        ("put", &item.put),
        ("post", &item.post),
        ("delete", &item.delete),
        ("options", &item.options),
        ("head", &item.head),
        ("patch", &item.patch),
        ("trace", &item.trace),
    ];
    let sites = methods.into_iter().filter_map(|(method, operation)| {
        let operation = operation.as_ref()?;
        let (path, item_pointer) = (path.to_owned(), pointer.clone());
        Some(Sites { method, path, item, operation, item_pointer, pointer: pointer.key(method) })
    });
    sites.collect()
}

/// Whether a webhook says that it delivers an event, which a client has a variant for.
fn is_event(site: &Sites<'_>) -> bool {
    site.operation.extensions.contains_key(EVENT)
}

/// Returns the operations by which webhooks deliver, by what their events are called.
fn events<'a>(reading: &'a Reading<'a>) -> BTreeMap<String, Sites<'a>> {
    let mut found = BTreeMap::new();
    let mut add = |name: &str, sites: Vec<Sites<'a>>| {
        for site in sites {
            let event = site.operation.extensions.get(EVENT).and_then(|event| event.get("name")?.as_str());
            let own = if site.method == "post" { name.to_owned() } else { format!("{name} {}", site.method) };
            let name = event.map_or(own, str::to_owned);
            found.entry(name).or_insert(site);
        }
    };
    for site in operations(reading) {
        for (name, callback) in &site.operation.callbacks {
            let pointer = site.pointer.key("callbacks").key(name);
            for (expression, item) in callback {
                add(name, of_item(expression, item, &pointer.key(expression)));
            }
        }
    }
    for (name, item) in &reading.document.webhooks {
        if let ReferenceOr::Item(item) = item {
            add(name, of_item(name, item, &Pointer::root().key("webhooks").key(name)));
        }
    }
    found
}

impl<'a> Walk<'a> {
    /// Compares the operations of paths.
    pub(super) fn operations(&mut self) {
        let (old, new) = (operations(self.old), operations(self.new));
        let mut left: Vec<&Sites<'_>> = Vec::new();
        let by_key: BTreeMap<String, &Sites<'_>> = new.iter().map(|site| (site.key(), site)).collect();
        let mut matched: Vec<Pointer> = Vec::new();
        for before in &old {
            match by_key.get(&before.key()) {
                Some(after) => {
                    matched.push(after.pointer.clone());
                    self.operation(before, after);
                }
                None => left.push(before),
            }
        }
        for before in left {
            let same = |site: &&Sites<'_>| {
                before.operation.operation_id.is_some()
                    && site.operation.operation_id == before.operation.operation_id
                    && !matched.contains(&site.pointer)
            };
            let Some(after) = new.iter().find(same) else {
                self.operation_removed(before);
                continue;
            };
            matched.push(after.pointer.clone());
            let name = before.name();
            let message = format!("`{name}` is `{}` now, and was `{}`", after.line(), before.line());
            let finding = Finding::new("operation-moved", Class::Breaking, Side::Request, &name, message);
            self.add(finding.old(&before.pointer).new_at(&after.pointer));
            self.operation(before, after);
        }
        for after in new.iter().filter(|site| !matched.contains(&site.pointer)) {
            let name = after.name();
            let message = format!("the operation `{name}` is new: `{}`", after.line());
            let finding = Finding::new("operation-added", Class::Compatible, Side::Request, &name, message);
            self.add(finding.new_at(&after.pointer));
        }
    }

    fn operation_removed(&mut self, before: &Sites<'_>) {
        let name = before.name();
        let message = format!("the operation `{name}` is gone: `{}`", before.line());
        let finding = Finding::new("operation-removed", Class::Breaking, Side::Request, &name, message);
        self.add(finding.old(&before.pointer));
    }

    fn operation(&mut self, old: &Sites<'a>, new: &Sites<'a>) {
        // The older name, which is what callers know.
        let name = old.name();
        let place = |finding: Finding| finding.old(&old.pointer).new_at(&new.pointer);
        if old.operation.operation_id != new.operation.operation_id {
            let message = format!("the operation `{name}` is called `{}` now", new.name());
            let finding = Finding::new("operation-renamed", Class::Compatible, Side::Request, &name, message);
            self.add(place(finding.detail(&new.name())));
        }
        if old.operation.deprecated != new.operation.deprecated {
            let words = if new.operation.deprecated { "is deprecated now" } else { "is no longer deprecated" };
            let message = format!("the operation `{name}` {words}");
            self.add(place(Finding::new("deprecation-changed", Class::Compatible, Side::Request, &name, message)));
        }
        if old.operation.tags != new.operation.tags {
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
        let same = |site: &Sites<'a>, own: &BTreeMap<String, Sites<'a>>, others: &BTreeMap<String, Sites<'a>>| {
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
    fn event_mark(&mut self, old: &Sites<'a>, new: &Sites<'a>) {
        let named = if is_event(new) { new } else { old };
        let name = named.operation.extensions.get(EVENT).and_then(|event| event.get("name")?.as_str());
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
