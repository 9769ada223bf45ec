//! What holds for the whole document: servers, the envelope, how credentials travel.

use std::collections::BTreeSet;

use openapiv3::Server;
use serde_json::Value;

use super::super::finding::{Class, Finding, Side};
use super::{Walk, is_now};
use generator::diagnostic::Pointer;
use generator::parse::OperationAt;

impl<'a> Walk<'a> {
    /// Compares what holds for the whole document.
    pub(super) fn root(&mut self) {
        let (old, new) = (&self.old.document.openapi, &self.new.document.openapi);
        let root = Pointer::root();
        self.servers((&old.servers, &root), (&new.servers, &root), "servers");
        self.schemes();
        let [was, is] = [old, new].map(|document| document.extensions.get(ENVELOPE));
        self.envelope(was, is, "", &root.key(ENVELOPE));
    }

    /// Compares how answers are wrapped, key by key.
    fn envelope(&mut self, was: Option<&Value>, is: Option<&Value>, path: &str, at: &Pointer) {
        if was == is {
            return;
        }
        if let (Some(Value::Object(was)), Some(Value::Object(is))) = (was, is) {
            let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                self.envelope(was.get(key), is.get(key), &path, &at.key(key));
            }
            return;
        }
        let message = match (path, was) {
            ("", None) => "answers are wrapped now".to_owned(),
            ("", _) => "answers are no longer wrapped".to_owned(),
            _ => format!("answers are wrapped in another way: {}", is_now(path, &word(is), &word(was))),
        };
        let finding = Finding::new("envelope-changed", Class::Breaking, Side::Answer, "envelope", message);
        self.add(finding.detail(path).old(at).new_at(at));
    }

    /// Compares the servers that two operations override.
    pub(super) fn own_servers(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, name: &str) {
        let (old, new) = (own(old), own(new));
        self.servers((old.0, &old.1), (new.0, &new.1), &format!("{name} servers"));
    }

    fn servers(&mut self, old: (&[Server], &Pointer), new: (&[Server], &Pointer), subject: &str) {
        let at = |pointer: &Pointer, index: usize| pointer.key("servers").index(index);
        for (index, before) in old.0.iter().enumerate() {
            let name = name(before);
            let was_at = at(old.1, index);
            let Some((index, after)) = same(old.0, before, new.0) else {
                // An unnamed server that is one of one on both sides is the same server elsewhere.
                let (code, words) = match (old.0, new.0) {
                    ([_], [after]) => ("server-moved", format!("is `{}` now", after.url)),
                    _ => ("server-removed", "is gone".to_owned()),
                };
                let message = format!("the server `{name}` {words}");
                let finding = Finding::new(code, Class::Breaking, Side::Request, subject, message);
                self.add(finding.detail(&name).old(&was_at).new_at(&new.1.key("servers")));
                continue;
            };
            let is_at = at(new.1, index);
            if self::name(after) != name {
                let message = format!("the server `{name}` is called `{}` now", self::name(after));
                let finding = Finding::new("server-renamed", Class::Compatible, Side::Request, subject, message);
                let place = |at: &Pointer| at.key(KEY).key("name");
                self.add(finding.detail(&name).old(&place(&was_at)).new_at(&place(&is_at)));
            }
            if before.url != after.url || before.variables != after.variables {
                let message = format!("the server `{name}` has another address");
                let finding = Finding::new("server-moved", Class::Breaking, Side::Request, subject, message);
                self.add(finding.detail(&name).old(&was_at.key("url")).new_at(&is_at.key("url")));
            }
            self.facts((before, &was_at), (after, &is_at), &name);
        }
        let is_moved = old.0.len() == 1 && new.0.len() == 1;
        for (index, after) in new.0.iter().enumerate() {
            let name = name(after);
            if is_moved || same(new.0, after, old.0).is_some() {
                continue;
            }
            let message = format!("the server `{name}` is new");
            let finding = Finding::new("server-added", Class::Compatible, Side::Request, subject, message);
            self.add(finding.detail(&name).old(&old.1.key("servers")).new_at(&at(new.1, index)));
        }
    }

    /// Compares what is said of a named server.
    fn facts(&mut self, old: (&Server, &Pointer), new: (&Server, &Pointer), name: &str) {
        let read = |server: &Server, key: &str| server.extensions.get(KEY).and_then(|facts| facts.get(key)).cloned();
        let at = |pointer: &Pointer, key: &str| pointer.key(KEY).key(key);
        for (key, code, side, class) in [
            ("key-prefix", "key-prefix-changed", Side::Request, Class::Breaking),
            ("rate-limit", "rate-limit-changed", Side::Delivery, Class::Compatible),
        ] {
            let (was, is) = (read(old.0, key), read(new.0, key));
            if was != is {
                let words = is_now(key, &word(is.as_ref()), &word(was.as_ref()));
                let finding = Finding::new(code, class, side, name, format!("the server `{name}`: {words}"));
                self.add(finding.old(&at(old.1, key)).new_at(&at(new.1, key)));
            }
        }
        let is_forbidden = |server: &Server| read(server, "patient-data") == Some(Value::from("forbidden"));
        let (was, is) = (is_forbidden(old.0), is_forbidden(new.0));
        if was != is {
            let message = if is {
                format!("personal data may not go to `{name}` any more, so that its messages are shown")
            } else {
                format!("personal data may go to `{name}` now, so that its messages are withheld")
            };
            let finding = Finding::new("personal-data-changed", Class::Compatible, Side::Privacy, name, message);
            let finding = finding.old(&at(old.1, "patient-data")).new_at(&at(new.1, "patient-data"));
            self.add(finding.blocking());
        }
    }
}

const KEY: &str = "x-client-environment";

const ENVELOPE: &str = "x-client-envelope";

/// A value as documents write it, and nothing for none.
fn word(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(entries)) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", word(Some(value))));
            entries.collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// Finds a server of one document in another: by its name, and else by its address, where it has another name there.
fn same<'s>(own: &[Server], server: &Server, others: &'s [Server]) -> Option<(usize, &'s Server)> {
    let has = |all: &[Server], name: &str| all.iter().any(|it| self::name(it) == name);
    let called = name(server);
    let is_renamed = |other: &Server| {
        server.url == other.url
            && server.variables == other.variables
            && !has(others, &called)
            && !has(own, &name(other))
    };
    let mut by_name = others.iter().enumerate().filter(|(_, other)| name(other) == called);
    by_name.next().or_else(|| others.iter().enumerate().find(|(_, other)| is_renamed(other)))
}

/// What to call a server: the name of its environment, or its address.
fn name(server: &Server) -> String {
    let name = server.extensions.get(KEY).and_then(|facts| facts.get("name")?.as_str());
    name.unwrap_or(&server.url).to_owned()
}

fn own<'a>(site: &OperationAt<'a>) -> (&'a [Server], Pointer) {
    match site.object.servers.as_slice() {
        [] => (&site.item.servers, site.item_pointer.clone()),
        own => (own, site.pointer.clone()),
    }
}
