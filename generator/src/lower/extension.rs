//! The content of our extensions (`x-client-…`).
//!
//! Where each may stand is checked by `parse`; here its value is read. A value that cannot be read
//! is an error: a safety mark that says nothing must not pass for one.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::context::{Context, Webhooks};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Envelope, ErrorMatch, ErrorObject, Openness, PatientData, RateLimit};

/// The extensions of an object, as `openapiv3` keeps them.
pub type Extensions = IndexMap<String, Value>;

/// What a value may show of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    Safe,
    Sensitive,
}

/// What `x-client-environment` says.
#[derive(Debug)]
pub struct EnvironmentFacts {
    pub name: String,
    pub key_prefix: Option<String>,
    pub rate_limit: Option<RateLimit>,
    pub patient_data: PatientData,
}

/// An entry of `x-client-errors`.
#[derive(Debug)]
pub struct ErrorFact {
    pub kind: String,
    pub matches: ErrorMatch,
    pub description: String,
    pub pointer: Pointer,
}

/// What `x-client-event` says.
#[derive(Debug)]
pub struct EventFacts {
    pub name: String,
    pub duplicate_key: Vec<String>,
    /// The group's name, and the property that says which one.
    pub group: Option<(String, String)>,
    pub pointer: Pointer,
}

/// Reads `x-client-name`.
pub fn name(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<String> {
    text(cx, extensions, "x-client-name", pointer)
}

/// Reads `x-client-privacy`.
pub fn privacy(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<Privacy> {
    let choices = [("safe", Privacy::Safe), ("sensitive", Privacy::Sensitive)];
    choice(cx, extensions, "x-client-privacy", &choices, pointer)
}

/// Reads `x-client-enum`.
pub fn openness(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<Openness> {
    let choices = [("open", Openness::Open), ("closed", Openness::Closed)];
    choice(cx, extensions, "x-client-enum", &choices, pointer)
}

/// Reads `x-client-repeatable`.
pub fn repeatable(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<bool> {
    let value = extensions.get("x-client-repeatable")?;
    let repeatable = value.as_bool();
    if repeatable.is_none() {
        bad(
            cx,
            &pointer.key("x-client-repeatable"),
            "`x-client-repeatable` is neither true nor false",
            "write `true` or `false`",
        );
    }
    repeatable
}

/// Reads `x-client-variants`: names in Rust by value or by component.
pub fn variants(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> IndexMap<String, String> {
    let Some(object) = object(cx, extensions, "x-client-variants", pointer) else { return IndexMap::new() };
    let pointer = pointer.key("x-client-variants");
    let mut names = IndexMap::new();
    for (wire, name) in object {
        match name.as_str() {
            Some(name) => {
                names.insert(wire.clone(), name.to_owned());
            }
            None => bad(cx, &pointer.key(wire), "the name of a variant is no string", "write an UpperCamelCase name"),
        }
    }
    names
}

/// Reads `x-client-envelope` of the document.
pub fn envelope(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<Envelope> {
    let object = object(cx, extensions, "x-client-envelope", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-envelope"));
    let success = fields.text(cx, "success");
    let data = fields.required_text(cx, "data");
    let message = fields.text(cx, "message");
    let error = fields.object(cx, "error").map(|object| {
        let mut fields = Fields::new(object, pointer.key("x-client-envelope").key("error"));
        let error = ErrorObject {
            property: fields.required_text(cx, "property").unwrap_or_default(),
            message: fields.text(cx, "message"),
            code: fields.text(cx, "code"),
            retry_after: fields.text(cx, "retry-after"),
        };
        fields.finish(cx);
        error
    });
    fields.finish(cx);
    Some(Envelope { success, data: data?, message, error })
}

/// Whether a response says `x-client-envelope: none`.
pub fn unwrapped(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> bool {
    choice(cx, extensions, "x-client-envelope", &[("none", ())], pointer).is_some()
}

/// Reads `x-client-webhooks` of the document.
pub fn webhooks(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<Webhooks> {
    let object = object(cx, extensions, "x-client-webhooks", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-webhooks"));
    let name = fields.required_text(cx, "name");
    let payload = fields.required_text(cx, "payload");
    let header = header(cx, &mut fields);
    fields.finish(cx);
    Some(Webhooks { name: name?, payload: payload?, header })
}

/// A header's name is a token (RFC 9110, 5.6.2), and in lower case as HTTP libraries keep it.
fn header(cx: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<String> {
    let name = fields.text(cx, "header")?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        let message = format!("`{name}` is no name of a header");
        bad(cx, &fields.pointer.key("header"), &message, "write a name such as `x-api-key`");
        return None;
    }
    Some(name.to_ascii_lowercase())
}

/// Reads `x-client-environment` of a server.
pub fn environment(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<EnvironmentFacts> {
    let object = object(cx, extensions, "x-client-environment", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-environment"));
    let name = fields.required_text(cx, "name");
    let key_prefix = fields.text(cx, "key-prefix");
    let rate_limit = rate_limit(cx, &mut fields);
    let patient_data = match fields.text(cx, "patient-data").as_deref() {
        None | Some("allowed") => PatientData::Allowed,
        Some("forbidden") => PatientData::Forbidden,
        Some(other) => {
            let message = format!("`patient-data` is neither allowed nor forbidden, but `{other}`");
            bad(cx, &fields.pointer.key("patient-data"), &message, "write `allowed` or `forbidden`");
            PatientData::Allowed
        }
    };
    fields.finish(cx);
    Some(EnvironmentFacts { name: name?, key_prefix, rate_limit, patient_data })
}

fn rate_limit(cx: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<RateLimit> {
    let object = fields.object(cx, "rate-limit")?;
    let mut fields = Fields::new(object, fields.pointer.key("rate-limit"));
    let requests = fields.positive(cx, "requests");
    let seconds = fields.positive(cx, "seconds");
    fields.finish(cx);
    Some(RateLimit { requests: requests?, seconds: seconds? })
}

/// Reads `x-client-event` of an operation that a webhook calls.
pub fn event(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<EventFacts> {
    let object = object(cx, extensions, "x-client-event", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-event"));
    let name = fields.required_text(cx, "name");
    let duplicate_key = match fields.take("duplicate-key") {
        None => Vec::new(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(_) => {
            bad(cx, &fields.pointer.key("duplicate-key"), "`duplicate-key` is no list of properties", "write `[id]`");
            Vec::new()
        }
    };
    let group = group(cx, &mut fields);
    fields.finish(cx);
    Some(EventFacts { name: name?, duplicate_key, group, pointer: fields.pointer })
}

fn group(cx: &mut Context<'_>, fields: &mut Fields<'_>) -> Option<(String, String)> {
    let object = fields.object(cx, "group")?;
    let mut fields = Fields::new(object, fields.pointer.key("group"));
    let name = fields.required_text(cx, "name");
    let property = fields.required_text(cx, "property");
    fields.finish(cx);
    Some((name?, property?))
}

/// Reads `x-client-refused-before-acting` of a response: the code of such a refusal.
pub fn refused_before_acting(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Option<String> {
    let object = object(cx, extensions, "x-client-refused-before-acting", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-refused-before-acting"));
    let code = fields.required_text(cx, "code");
    fields.finish(cx);
    code
}

/// Reads `x-client-errors` of a response.
pub fn errors(cx: &mut Context<'_>, extensions: &Extensions, pointer: &Pointer) -> Vec<ErrorFact> {
    let Some(value) = extensions.get("x-client-errors") else { return Vec::new() };
    let pointer = pointer.key("x-client-errors");
    let Some(items) = value.as_array() else {
        bad(cx, &pointer, "`x-client-errors` is no list", "write a list of `{kind, message}`");
        return Vec::new();
    };
    let mut errors = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let pointer = pointer.index(index);
        match item.as_object() {
            Some(object) => errors.extend(error_fact(cx, object, pointer)),
            None => bad(cx, &pointer, "an error kind is no object", "write `{kind, message}`"),
        }
    }
    errors
}

fn error_fact(cx: &mut Context<'_>, object: &Map<String, Value>, pointer: Pointer) -> Option<ErrorFact> {
    let mut fields = Fields::new(object, pointer);
    let kind = fields.required_text(cx, "kind");
    let rules = [
        fields.text(cx, "message").map(ErrorMatch::Message),
        fields.text(cx, "message-prefix").map(ErrorMatch::MessagePrefix),
        fields.text(cx, "code").map(ErrorMatch::Code),
    ];
    let description = fields.text(cx, "description").unwrap_or_default();
    fields.finish(cx);
    let mut rules = rules.into_iter().flatten();
    let (Some(matches), None) = (rules.next(), rules.next()) else {
        let help = "write one of `message`, `message-prefix` and `code`";
        bad(cx, &fields.pointer, "an error kind needs one way to be told by", help);
        return None;
    };
    Some(ErrorFact { kind: kind?, matches, description, pointer: fields.pointer })
}

/// Reads an extension that is a string.
fn text(cx: &mut Context<'_>, extensions: &Extensions, key: &str, pointer: &Pointer) -> Option<String> {
    let value = extensions.get(key)?;
    let text = value.as_str().filter(|text| !text.trim().is_empty());
    if text.is_none() {
        bad(cx, &pointer.key(key), &format!("`{key}` is no text"), "write a string");
    }
    text.map(str::to_owned)
}

/// Reads an extension that is one of a few words.
fn choice<T: Copy>(
    cx: &mut Context<'_>,
    extensions: &Extensions,
    key: &str,
    choices: &[(&str, T)],
    pointer: &Pointer,
) -> Option<T> {
    let value = extensions.get(key)?;
    let found = value.as_str().and_then(|word| choices.iter().find(|(name, _)| *name == word));
    if found.is_none() {
        let words: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        let help = format!("write {}", words.join(" or "));
        bad(cx, &pointer.key(key), &format!("{value} is no value of `{key}`"), &help);
    }
    found.map(|(_, choice)| *choice)
}

/// Reads an extension that is an object.
fn object<'e>(
    cx: &mut Context<'_>,
    extensions: &'e Extensions,
    key: &str,
    pointer: &Pointer,
) -> Option<&'e Map<String, Value>> {
    let value = extensions.get(key)?;
    let object = value.as_object();
    if object.is_none() {
        bad(cx, &pointer.key(key), &format!("`{key}` is no object"), "its keys are in the table of extensions");
    }
    object
}

fn bad(cx: &mut Context<'_>, pointer: &Pointer, message: &str, help: &str) {
    cx.report(Diagnostic::error("bad-extension", pointer, message).help(help));
}

/// An object of an extension, whose every key has to be asked for.
struct Fields<'e> {
    object: &'e Map<String, Value>,
    asked: Vec<&'static str>,
    pointer: Pointer,
}

impl<'e> Fields<'e> {
    fn new(object: &'e Map<String, Value>, pointer: Pointer) -> Self {
        Self { object, asked: Vec::new(), pointer }
    }

    fn take(&mut self, key: &'static str) -> Option<&'e Value> {
        self.asked.push(key);
        self.object.get(key)
    }

    fn text(&mut self, cx: &mut Context<'_>, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        let text = value.as_str();
        if text.is_none() {
            bad(cx, &self.pointer.key(key), &format!("`{key}` is no text"), "write a string");
        }
        text.map(str::to_owned)
    }

    fn required_text(&mut self, cx: &mut Context<'_>, key: &'static str) -> Option<String> {
        if !self.object.contains_key(key) {
            self.asked.push(key);
            bad(cx, &self.pointer, &format!("`{key}` is missing"), &format!("add `{key}:`"));
            return None;
        }
        self.text(cx, key)
    }

    fn object(&mut self, cx: &mut Context<'_>, key: &'static str) -> Option<&'e Map<String, Value>> {
        let value = self.take(key)?;
        if !value.is_object() {
            bad(
                cx,
                &self.pointer.key(key),
                &format!("`{key}` is no object"),
                "its keys are in the table of extensions",
            );
        }
        value.as_object()
    }

    fn positive(&mut self, cx: &mut Context<'_>, key: &'static str) -> Option<u32> {
        let number = self.take(key).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            bad(
                cx,
                &self.pointer.key(key),
                &format!("`{key}` is no positive whole number"),
                "write a number such as 60",
            );
        }
        number
    }

    /// Reports the keys that nothing asked for.
    fn finish(&mut self, cx: &mut Context<'_>) {
        for key in self.object.keys().filter(|key| !self.asked.contains(&key.as_str())) {
            let help = format!("the keys here are {}", self.asked.join(", "));
            let message = format!("unknown key `{key}`");
            cx.report(Diagnostic::error("bad-extension", &self.pointer.key(key), message).at_key().help(help));
        }
    }
}
