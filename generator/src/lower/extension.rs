//! The content of our extensions (`x-client-…`).
//!
//! `parse` checks where each may be used; here its value is read. A value that can't be read is an error: a broken mark of
//! privacy must not go unnoticed.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::reports::Reports;
use crate::diagnostic::{Pointer, codes};
use crate::model::{Envelope, ErrorMatch, ErrorObject, Openness, PatientData, RateLimit};

/// The extensions of an object, as `openapiv3` keeps them.
pub type Extensions = IndexMap<String, Value>;

/// Whether a value may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    Safe,
    Sensitive,
}

/// The content of `x-client-environment`.
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

/// The content of `x-client-event`.
#[derive(Debug)]
pub struct EventFacts {
    pub name: String,
    pub duplicate_key: Vec<String>,
    /// The group's name, and the property that identifies its member.
    pub group: Option<(String, String)>,
    pub pointer: Pointer,
}

/// The content of `x-client-webhooks`: the shape of deliveries.
#[derive(Debug, Clone)]
pub struct Webhooks {
    pub name: String,
    pub payload: String,
    pub header: Option<String>,
}

/// Reads `x-client-name`.
pub fn name(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<String> {
    text(reports, extensions, "x-client-name", pointer)
}

/// Reads `x-client-privacy`.
pub fn privacy(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<Privacy> {
    let choices = [("safe", Privacy::Safe), ("sensitive", Privacy::Sensitive)];
    choice(reports, extensions, "x-client-privacy", &choices, pointer)
}

/// Reads `x-client-enum`.
pub fn openness(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<Openness> {
    let choices = [("open", Openness::Open), ("closed", Openness::Closed)];
    choice(reports, extensions, "x-client-enum", &choices, pointer)
}

/// Reads `x-client-repeatable`.
pub fn repeatable(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<bool> {
    let value = extensions.get("x-client-repeatable")?;
    let repeatable = value.as_bool();
    if repeatable.is_none() {
        bad(
            reports,
            &pointer.key("x-client-repeatable"),
            "`x-client-repeatable` must be a boolean",
            "write `true` or `false`",
        );
    }
    repeatable
}

/// Reads `x-client-variants`: names in Rust by value or by component.
pub fn variants(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> IndexMap<String, String> {
    let Some(object) = object(reports, extensions, "x-client-variants", pointer) else { return IndexMap::new() };
    let pointer = pointer.key("x-client-variants");
    let mut names = IndexMap::new();
    for (wire, name) in object {
        match name.as_str() {
            Some(name) => {
                names.insert(wire.clone(), name.to_owned());
            }
            None => bad(
                reports,
                &pointer.key(wire),
                "the name of a variant must be a string",
                "write an UpperCamelCase name",
            ),
        }
    }
    names
}

/// Reads `x-client-envelope` of the document.
pub fn envelope(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<Envelope> {
    let object = object(reports, extensions, "x-client-envelope", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-envelope"));
    let success = fields.text(reports, "success");
    let data = fields.required_text(reports, "data");
    let message = fields.text(reports, "message");
    let error = fields.object(reports, "error").map(|object| {
        let mut fields = Fields::new(object, pointer.key("x-client-envelope").key("error"));
        let error = ErrorObject {
            property: fields.required_text(reports, "property").unwrap_or_default(),
            message: fields.text(reports, "message"),
            code: fields.text(reports, "code"),
            retry_after: fields.text(reports, "retry-after"),
        };
        fields.finish(reports);
        error
    });
    fields.finish(reports);
    Some(Envelope { success, data: data?, message, error })
}

/// Whether a response says `x-client-envelope: none`.
pub fn unwrapped(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> bool {
    choice(reports, extensions, "x-client-envelope", &[("none", ())], pointer).is_some()
}

/// Reads `x-client-webhooks` of the document.
pub fn webhooks(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<Webhooks> {
    let object = object(reports, extensions, "x-client-webhooks", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-webhooks"));
    let name = fields.required_text(reports, "name");
    let payload = fields.required_text(reports, "payload");
    let header = header(reports, &mut fields);
    fields.finish(reports);
    Some(Webhooks { name: name?, payload: payload?, header })
}

/// A header's name is a token (RFC 9110, 5.6.2), and in lower case as HTTP libraries keep it.
fn header(reports: &mut Reports, fields: &mut Fields<'_>) -> Option<String> {
    let name = fields.text(reports, "header")?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        let message = format!("`{name}` is not a valid header name");
        bad(reports, &fields.pointer.key("header"), &message, "write a name such as `x-api-key`");
        return None;
    }
    Some(name.to_ascii_lowercase())
}

/// Reads `x-client-environment` of a server.
pub fn environment(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<EnvironmentFacts> {
    let object = object(reports, extensions, "x-client-environment", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-environment"));
    let name = fields.required_text(reports, "name");
    let key_prefix = fields.text(reports, "key-prefix");
    let rate_limit = rate_limit(reports, &mut fields);
    let patient_data = match fields.text(reports, "patient-data").as_deref() {
        None | Some("allowed") => PatientData::Allowed,
        Some("forbidden") => PatientData::Forbidden,
        Some(other) => {
            let message = format!("expected `allowed` or `forbidden` for `patient-data`, found `{other}`");
            bad(reports, &fields.pointer.key("patient-data"), &message, "write `allowed` or `forbidden`");
            PatientData::Allowed
        }
    };
    fields.finish(reports);
    Some(EnvironmentFacts { name: name?, key_prefix, rate_limit, patient_data })
}

fn rate_limit(reports: &mut Reports, fields: &mut Fields<'_>) -> Option<RateLimit> {
    let object = fields.object(reports, "rate-limit")?;
    let mut fields = Fields::new(object, fields.pointer.key("rate-limit"));
    let requests = fields.positive(reports, "requests");
    let seconds = fields.positive(reports, "seconds");
    fields.finish(reports);
    Some(RateLimit { requests: requests?, seconds: seconds? })
}

/// Reads `x-client-event` of an operation that a webhook calls.
pub fn event(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<EventFacts> {
    let object = object(reports, extensions, "x-client-event", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-event"));
    let name = fields.required_text(reports, "name");
    let duplicate_key = match fields.take("duplicate-key") {
        None => Vec::new(),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(_) => {
            bad(
                reports,
                &fields.pointer.key("duplicate-key"),
                "`duplicate-key` must be a list of property names",
                "write `[id]`",
            );
            Vec::new()
        }
    };
    let group = group(reports, &mut fields);
    fields.finish(reports);
    Some(EventFacts { name: name?, duplicate_key, group, pointer: fields.pointer })
}

fn group(reports: &mut Reports, fields: &mut Fields<'_>) -> Option<(String, String)> {
    let object = fields.object(reports, "group")?;
    let mut fields = Fields::new(object, fields.pointer.key("group"));
    let name = fields.required_text(reports, "name");
    let property = fields.required_text(reports, "property");
    fields.finish(reports);
    Some((name?, property?))
}

/// Reads `x-client-refused-before-acting` of a response: the code of such a refusal.
pub fn refused_before_acting(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Option<String> {
    let object = object(reports, extensions, "x-client-refused-before-acting", pointer)?;
    let mut fields = Fields::new(object, pointer.key("x-client-refused-before-acting"));
    let code = fields.required_text(reports, "code");
    fields.finish(reports);
    code
}

/// Reads `x-client-errors` of a response.
pub fn errors(reports: &mut Reports, extensions: &Extensions, pointer: &Pointer) -> Vec<ErrorFact> {
    let Some(value) = extensions.get("x-client-errors") else { return Vec::new() };
    let pointer = pointer.key("x-client-errors");
    let Some(items) = value.as_array() else {
        bad(reports, &pointer, "`x-client-errors` must be a list", "write a list of `{kind, message}`");
        return Vec::new();
    };
    let mut errors = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let pointer = pointer.index(index);
        match item.as_object() {
            Some(object) => errors.extend(error_fact(reports, object, pointer)),
            None => bad(reports, &pointer, "an error kind must be an object", "write `{kind, message}`"),
        }
    }
    errors
}

fn error_fact(reports: &mut Reports, object: &Map<String, Value>, pointer: Pointer) -> Option<ErrorFact> {
    let mut fields = Fields::new(object, pointer);
    let kind = fields.required_text(reports, "kind");
    let rules = [
        fields.text(reports, "message").map(ErrorMatch::Message),
        fields.text(reports, "message-prefix").map(ErrorMatch::MessagePrefix),
        fields.text(reports, "code").map(ErrorMatch::Code),
    ];
    let description = fields.text(reports, "description").unwrap_or_default();
    fields.finish(reports);
    let mut rules = rules.into_iter().flatten();
    let (Some(matches), None) = (rules.next(), rules.next()) else {
        let help = "say how to recognize the error";
        bad(
            reports,
            &fields.pointer,
            "an error kind needs exactly one of `message`, `message-prefix` and `code`",
            help,
        );
        return None;
    };
    Some(ErrorFact { kind: kind?, matches, description, pointer: fields.pointer })
}

/// Reads an extension that is a string.
fn text(reports: &mut Reports, extensions: &Extensions, key: &str, pointer: &Pointer) -> Option<String> {
    let value = extensions.get(key)?;
    let text = value.as_str().filter(|text| !text.trim().is_empty());
    if text.is_none() {
        bad(reports, &pointer.key(key), &format!("`{key}` must be a string"), "write a string");
    }
    text.map(str::to_owned)
}

/// Reads an extension that must be one of `choices`.
fn choice<T: Copy>(
    reports: &mut Reports,
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
        bad(reports, &pointer.key(key), &format!("{value} is not a valid value for `{key}`"), &help);
    }
    found.map(|(_, choice)| *choice)
}

/// Reads an extension that is an object.
fn object<'e>(
    reports: &mut Reports,
    extensions: &'e Extensions,
    key: &str,
    pointer: &Pointer,
) -> Option<&'e Map<String, Value>> {
    let value = extensions.get(key)?;
    let object = value.as_object();
    if object.is_none() {
        bad(
            reports,
            &pointer.key(key),
            &format!("`{key}` must be an object"),
            "the table of extensions lists its keys",
        );
    }
    object
}

fn bad(reports: &mut Reports, pointer: &Pointer, message: &str, help: &str) {
    reports.add(codes::BAD_EXTENSION.at(pointer, message).help(help));
}

/// An object of an extension. Keys that nobody asks for are errors.
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

    fn text(&mut self, reports: &mut Reports, key: &'static str) -> Option<String> {
        let value = self.take(key)?;
        let text = value.as_str();
        if text.is_none() {
            bad(reports, &self.pointer.key(key), &format!("`{key}` must be a string"), "write a string");
        }
        text.map(str::to_owned)
    }

    fn required_text(&mut self, reports: &mut Reports, key: &'static str) -> Option<String> {
        if !self.object.contains_key(key) {
            self.asked.push(key);
            bad(reports, &self.pointer, &format!("missing key `{key}`"), &format!("add `{key}:`"));
            return None;
        }
        self.text(reports, key)
    }

    fn object(&mut self, reports: &mut Reports, key: &'static str) -> Option<&'e Map<String, Value>> {
        let value = self.take(key)?;
        if !value.is_object() {
            bad(
                reports,
                &self.pointer.key(key),
                &format!("`{key}` must be an object"),
                "the table of extensions lists its keys",
            );
        }
        value.as_object()
    }

    fn positive(&mut self, reports: &mut Reports, key: &'static str) -> Option<u32> {
        let number = self.take(key).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| *number > 0);
        if number.is_none() {
            bad(
                reports,
                &self.pointer.key(key),
                &format!("`{key}` must be a positive integer"),
                "write a number such as 60",
            );
        }
        number
    }

    /// Reports the keys that nobody asked for.
    fn finish(&mut self, reports: &mut Reports) {
        for key in self.object.keys().filter(|key| !self.asked.contains(&key.as_str())) {
            let help = format!("the allowed keys are {}", self.asked.join(", "));
            let message = format!("unknown key `{key}`");
            reports.add(codes::BAD_EXTENSION.at(&self.pointer.key(key), message).at_key().help(help));
        }
    }
}
