//! What holds for the whole document: servers, the envelope, how credentials travel.

use openapiv3::Server;
use serde_json::Value;

use super::super::finding::{Class, Finding, Side};
use super::Walk;
use super::operation::Sites;
use crate::diagnostic::Pointer;

impl<'a> Walk<'a> {
    /// Compares what holds for the whole document.
    pub(super) fn root(&mut self) {
        let (old, new) = (&self.old.document.openapi, &self.new.document.openapi);
        let root = Pointer::root();
        self.servers((&old.servers, &root), (&new.servers, &root), "servers");
        self.schemes();
        let key = "x-client-envelope";
        if old.extensions.get(key) != new.extensions.get(key) {
            let message = "answers are wrapped in another way";
            let finding = Finding::new("envelope-changed", Class::Breaking, Side::Answer, "envelope", message);
            self.add(finding.old(&root.key(key)).new_at(&root.key(key)));
        }
    }

    /// Compares the servers that two operations have of their own.
    pub(super) fn own_servers(&mut self, old: &Sites<'a>, new: &Sites<'a>, name: &str) {
        let (old, new) = (own(old), own(new));
        self.servers((old.0, &old.1), (new.0, &new.1), &format!("{name} servers"));
    }

    fn servers(&mut self, old: (&[Server], &Pointer), new: (&[Server], &Pointer), subject: &str) {
        let at = |pointer: &Pointer, index: usize| pointer.key("servers").index(index);
        for (index, before) in old.0.iter().enumerate() {
            let name = name(before);
            let found = new.0.iter().enumerate().find(|(_, after)| self::name(after) == name);
            let was_at = at(old.1, index);
            let Some((index, after)) = found else {
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
            if is_moved || old.0.iter().any(|before| self::name(before) == name) {
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
            if read(old.0, key) != read(new.0, key) {
                let message = format!("the `{key}` of the server `{name}` is another one");
                let finding = Finding::new(code, class, side, name, message);
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

/// What to call a server: the name of its environment, or its address.
fn name(server: &Server) -> String {
    let name = server.extensions.get(KEY).and_then(|facts| facts.get("name")?.as_str());
    name.unwrap_or(&server.url).to_owned()
}

fn own<'a>(site: &Sites<'a>) -> (&'a [Server], Pointer) {
    match site.operation.servers.as_slice() {
        [] => (&site.item.servers, site.item_pointer.clone()),
        own => (own, site.pointer.clone()),
    }
}
