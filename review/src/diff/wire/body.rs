//! Request bodies and responses: media types, statuses, headers and the schemas behind them.

use indexmap::IndexMap;
use openapiv3::{Encoding, Header, MediaType, RequestBody, Response, StatusCode};

use super::super::finding::{Class, Finding};
use super::{Walk, Way, is_now, parameter};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::{Document, OperationAt, Placed, SchemaUse, Value};

/// Something with media types, in its document.
struct Content<'a> {
    types: &'a IndexMap<String, MediaType>,
    pointer: Pointer,
}

impl<'a> Walk<'a> {
    /// Compares the bodies of two operations: what callers send, or what a webhook delivers.
    pub(super) fn body(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, name: &str, way: Way) {
        let subject = if way == Way::Event { name.to_owned() } else { format!("{name} body") };
        let (before, after) = match (body(self.old, old), body(self.new, new)) {
            (None, None) => return,
            (Some((_, at)), None) => {
                let message = format!("`{name}` takes no body any more");
                let finding = Finding::new("body-removed", Class::Breaking, way.side(), &subject, message);
                return self.add(finding.old(&at).new_at(&new.pointer));
            }
            (None, Some((after, at))) => {
                let (code, class, word) = match (after.required, way.is_sent()) {
                    (true, true) => ("required-body-added", Class::Breaking, "required"),
                    _ => ("body-added", Class::Compatible, "optional"),
                };
                let message = format!("`{name}` takes a body now, which is {word}");
                let finding = Finding::new(code, class, way.side(), &subject, message);
                return self.add(finding.old(&old.pointer).new_at(&at));
            }
            (Some(before), Some(after)) => (before, after),
        };
        let ((before, was_at), (after, is_at)) = (before, after);
        if before.required != after.required {
            let (code, class, words) = if after.required {
                ("body-became-required", way.narrowed(), "is required now")
            } else {
                ("body-became-optional", way.widened(), "may be left out now")
            };
            let finding = Finding::new(code, class, way.side(), &subject, format!("the body of `{name}` {words}"));
            self.add(finding.old(&was_at).new_at(&is_at));
        }
        let contents =
            (Content { types: &before.content, pointer: was_at }, Content { types: &after.content, pointer: is_at });
        self.contents(&contents.0, &contents.1, &subject, way);
    }

    fn contents(&mut self, old: &Content<'a>, new: &Content<'a>, subject: &str, way: Way) {
        for (media_type, before) in old.types {
            let at = old.pointer.key("content").key(media_type);
            let Some(after) = new.types.get(media_type) else {
                let message = format!("`{subject}` is no longer `{media_type}`");
                let finding = Finding::new("media-type-removed", Class::Breaking, way.side(), subject, message);
                self.add(finding.detail(media_type).old(&at).new_at(&new.pointer));
                continue;
            };
            let is_at = new.pointer.key("content").key(media_type);
            // Most bodies are JSON, and then their subject need not say so.
            let subject = if old.types.len() == 1 { subject.to_owned() } else { format!("{subject} {media_type}") };
            if encodings(&before.encoding) != encodings(&after.encoding) {
                let message = format!("the parts of `{subject}` are written in another way");
                let finding = Finding::new("encoding-changed", Class::Breaking, way.side(), &subject, message);
                self.add(finding.old(&at).new_at(&is_at));
            }
            let was = schema(&self.old.document, before, &at);
            let is = schema(&self.new.document, after, &is_at);
            match (was, is) {
                (Some(was), Some(is)) => self.schema(&was, &is, &subject, way),
                (None, None) => {}
                (was, _) => {
                    let (class, words) = if was.is_some() {
                        (way.widened(), "has no schema any more")
                    } else {
                        (way.narrowed(), "has a schema now")
                    };
                    let message = format!("`{subject}` {words}");
                    let finding = Finding::new("body-schema", class, way.side(), &subject, message);
                    self.add(finding.old(&at).new_at(&is_at));
                }
            }
        }
        for media_type in new.types.keys().filter(|media_type| !old.types.contains_key(*media_type)) {
            let message = format!("`{subject}` may be `{media_type}` now");
            let finding = Finding::new("media-type-added", Class::Compatible, way.side(), subject, message);
            let at = new.pointer.key("content").key(media_type);
            self.add(finding.detail(media_type).old(&old.pointer).new_at(&at));
        }
    }

    /// Compares the responses of two operations: what callers are answered, or what a webhook is.
    pub(super) fn responses(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, name: &str, way: Way) {
        let (was, is) = (responses(self.old, old), responses(self.new, new));
        for (status, (before, was_at)) in &was {
            let subject = format!("{name} {status}");
            let Some((after, is_at)) = is.get(status) else {
                let (class, words) = if is_success(status) {
                    (Class::Breaking, "is gone")
                } else {
                    (Class::Compatible, "is no longer documented")
                };
                let message = format!("the status {status} of `{name}` {words}");
                let finding = Finding::new("status-removed", class, way.side(), &subject, message);
                // The operation's own line: the response may be a component that others still name.
                let own = old.pointer.key("responses").key(status);
                self.gone.push(was_at.clone());
                self.add(finding.old(&own).new_at(&new.pointer));
                continue;
            };
            self.headers((before, was_at), (after, is_at), &subject, way);
            let old = Content { types: &before.content, pointer: was_at.clone() };
            let new = Content { types: &after.content, pointer: is_at.clone() };
            match (old.types.is_empty(), new.types.is_empty()) {
                (true, true) => {}
                (false, false) => self.contents(&old, &new, &subject, way),
                (has_none, _) => {
                    let words = if has_none { "has a body now" } else { "has no body any more" };
                    let class = if has_none == way.is_sent() { Class::Breaking } else { Class::Compatible };
                    let message = format!("the status {status} of `{name}` {words}");
                    let finding = Finding::new("answer-body", class, way.side(), &subject, message);
                    self.add(finding.old(was_at).new_at(is_at));
                }
            }
        }
        for (status, (_, is_at)) in is.iter().filter(|(status, _)| !was.contains_key(*status)) {
            let message = format!("the status {status} of `{name}` is new");
            let subject = format!("{name} {status}");
            let finding = Finding::new("status-added", Class::Compatible, way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(is_at));
        }
    }

    fn headers(&mut self, old: (&'a Response, &Pointer), new: (&'a Response, &Pointer), subject: &str, way: Way) {
        let (was, is) = (headers(self.old, old.0, old.1), headers(self.new, new.0, new.1));
        for (name, before) in &was {
            let subject = format!("{subject} header {}", before.called);
            let (before, was_at) = (before.header, &before.pointer);
            let Some(Named { header: after, pointer: is_at, .. }) = is.get(name) else {
                let class = if before.required && !way.is_sent() { Class::Breaking } else { Class::Compatible };
                let message = format!("`{subject}` is gone");
                let finding = Finding::new("header-removed", class, way.side(), &subject, message);
                self.add(finding.old(was_at).new_at(new.1));
                continue;
            };
            self.header_presence((before, was_at), (after, is_at), &subject, way);
            self.header_style(was_at, is_at, &subject, way);
            let sites = (
                parameter::of_format(&self.old.document, &before.format, was_at),
                parameter::of_format(&self.new.document, &after.format, is_at),
            );
            if let (Some(was), Some(is)) = sites {
                self.schema(&was, &is, &subject, way);
            }
        }
        for (_, after) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let subject = format!("{subject} header {}", after.called);
            let class = if after.header.required && way.is_sent() { Class::Breaking } else { Class::Compatible };
            let finding = Finding::new("header-added", class, way.side(), &subject, format!("`{subject}` is new"));
            self.add(finding.old(old.1).new_at(&after.pointer));
        }
    }

    fn header_presence(&mut self, old: (&Header, &Pointer), new: (&Header, &Pointer), subject: &str, way: Way) {
        let (code, class, words) = match (old.0.required, new.0.required) {
            (true, false) => ("header-became-optional", way.widened(), "may be absent now"),
            (false, true) if way.is_sent() => ("header-became-required", way.narrowed(), "is required now"),
            (false, true) => ("header-became-required", way.narrowed(), "is always there now"),
            _ => return,
        };
        let finding = Finding::new(code, class, way.side(), subject, format!("`{subject}` {words}"));
        self.add(finding.old(old.1).new_at(new.1));
    }

    /// Compares whether the parts of a header's value are written apart, which parse has no need of.
    fn header_style(&mut self, old: &Pointer, new: &Pointer, subject: &str, way: Way) {
        let key = "explode";
        let explodes = |reading: &Reading<'_>, pointer: &Pointer| {
            let node = reading.document.root.find(&reading.written(&pointer.key(key)));
            matches!(node.map(|node| &node.value), Some(Value::Bool(true)))
        };
        let (was, is) = (explodes(self.old, old), explodes(self.new, new));
        if was != is {
            let words = is_now(key, &is.to_string(), &was.to_string());
            let message = format!("`{subject}` is written in another way: {words}");
            let finding = Finding::new("header-style", Class::Breaking, way.side(), subject, message);
            let finding = finding.detail(key).values(was.to_string(), is.to_string());
            self.add(finding.old(&old.key(key)).new_at(&new.key(key)));
        }
    }
}

/// A header of a response, in its document.
struct Named<'a> {
    /// As the response writes it, where any case is meant.
    called: &'a str,
    header: &'a Header,
    pointer: Pointer,
}

fn body<'a>(reading: &'a Reading<'a>, site: &OperationAt<'a>) -> Option<(&'a RequestBody, Pointer)> {
    let body = site.object.request_body.as_ref()?;
    let Placed { object, pointer } = reading.document.follow(body, &site.pointer.key("requestBody"))?;
    Some((object, pointer))
}

fn responses<'a>(reading: &'a Reading<'a>, site: &OperationAt<'a>) -> IndexMap<String, (&'a Response, Pointer)> {
    let pointer = site.pointer.key("responses");
    let all = &site.object.responses;
    let by_code = all.responses.iter().map(|(code, response)| (StatusCode::to_string(code), response));
    let default = all.default.iter().map(|response| ("default".to_owned(), response));
    let found = by_code.chain(default).filter_map(|(status, response)| {
        let Placed { object, pointer } = reading.document.follow(response, &pointer.key(&status))?;
        Some((status, (object, pointer)))
    });
    found.collect()
}

fn headers<'a>(reading: &'a Reading<'a>, response: &'a Response, pointer: &Pointer) -> IndexMap<String, Named<'a>> {
    let found = response.headers.iter().filter_map(|(name, header)| {
        let Placed { object, pointer } = reading.document.follow(header, &pointer.key("headers").key(name))?;
        Some((name.to_ascii_lowercase(), Named { called: name, header: object, pointer }))
    });
    found.collect()
}

fn schema<'a>(document: &'a Document, media_type: &'a MediaType, pointer: &Pointer) -> Option<SchemaUse<'a>> {
    Some(document.schema(media_type.schema.as_ref()?, pointer.key("schema")))
}

/// How parts are written, without what is said of them in words.
fn encodings(all: &IndexMap<String, Encoding>) -> Vec<(&String, &Option<String>, String, bool, bool)> {
    let mut told: Vec<_> = all
        .iter()
        .map(|(name, it)| (name, &it.content_type, format!("{:?}", it.style), it.explode, it.allow_reserved))
        .collect();
    told.sort();
    told
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}
