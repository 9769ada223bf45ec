//! Parameters, by place and name.

use std::fmt::Debug;

use indexmap::IndexMap;
use openapiv3::{Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle};

use super::super::finding::{Class, Finding};
use super::{Walk, Way, is_now};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::parse::{Document, OperationAt, Placed, SchemaUse};

/// A parameter in its document.
#[derive(Debug, Clone)]
struct Found<'a> {
    object: &'a Parameter,
    data: &'a ParameterData,
    pointer: Pointer,
}

impl<'a> Walk<'a> {
    /// Compares the parameters of two operations: what callers send, or what a webhook delivers.
    pub(super) fn parameters(&mut self, old: &OperationAt<'a>, new: &OperationAt<'a>, operation: &str, way: Way) {
        let (was, is) = (parameters(self.old, old), parameters(self.new, new));
        for ((place, name), before) in &was {
            let called = &before.data.name;
            let subject = format!("{operation}({place} {called})");
            if let Some(after) = is.get(&(*place, name.clone())) {
                self.parameter(before, after, (operation, &subject), way);
                continue;
            }
            let moved = is.iter().find(|((_, other), after)| {
                *other == *name && !was.contains_key(&(place_of(after.object), other.clone()))
            });
            let (code, words) = match moved {
                Some(((to, _), _)) => ("parameter-moved", format!("goes in the {to} now")),
                None => ("parameter-removed", "is gone".to_owned()),
            };
            let message = format!("the {place} parameter `{called}` of `{operation}` {words}");
            let finding = Finding::new(code, Class::Breaking, way.side(), &subject, message);
            self.add(finding.old(&before.pointer).new_at(moved.map_or(&new.pointer, |(_, after)| &after.pointer)));
        }
        for ((place, name), after) in is.iter().filter(|(key, _)| !was.contains_key(*key)) {
            if was.keys().any(|(other, same)| same == name && !is.contains_key(&(*other, same.clone()))) {
                continue;
            }
            let called = &after.data.name;
            let subject = format!("{operation}({place} {called})");
            let word = if after.data.required { "required" } else { "optional" };
            let (code, class) = if after.data.required && way.is_sent() {
                ("required-parameter-added", Class::Breaking)
            } else {
                ("parameter-added", Class::Compatible)
            };
            let message = format!("the {place} parameter `{called}` of `{operation}` is new and {word}");
            let finding = Finding::new(code, class, way.side(), &subject, message);
            self.add(finding.old(&old.pointer).new_at(&after.pointer));
        }
    }

    fn parameter(&mut self, old: &Found<'a>, new: &Found<'a>, (operation, subject): (&str, &str), way: Way) {
        let place = |finding: Finding| finding.old(&old.pointer).new_at(&new.pointer);
        if old.data.required != new.data.required {
            let (code, class, words) = if new.data.required {
                ("parameter-became-required", way.narrowed(), "is required now")
            } else {
                ("parameter-became-optional", way.widened(), "is optional now")
            };
            let message = format!("the parameter `{subject}` {words}");
            self.add(place(Finding::new(code, class, way.side(), subject, message)));
        }
        if old.data.name != new.data.name {
            let (was, is) = (&old.data.name, &new.data.name);
            let message = format!("the parameter `{was}` of `{operation}` is called `{is}` now");
            let finding = Finding::new("parameter-renamed", Class::Compatible, way.side(), subject, message);
            self.add(finding.old(&old.pointer.key("name")).new_at(&new.pointer.key("name")));
        }
        let deprecated = [old, new].map(|found| found.data.deprecated == Some(true));
        if deprecated[0] != deprecated[1] {
            let words = if deprecated[1] { "is deprecated now" } else { "is no longer deprecated" };
            let message = format!("the parameter `{subject}` {words}");
            self.add(place(Finding::new("deprecation-changed", Class::Compatible, way.side(), subject, message)));
        }
        let changed = style(old).into_iter().zip(style(new)).filter(|(was, is)| was != is);
        for ((key, was), (_, is)) in changed {
            let message = format!("the parameter `{subject}` is written in another way: {}", is_now(key, &is, &was));
            let finding = Finding::new("parameter-style", Class::Breaking, way.side(), subject, message);
            self.add(finding.detail(key).values(was, is).old(&old.pointer.key(key)).new_at(&new.pointer.key(key)));
        }
        let format = |document, found: &Found<'a>| of_format(document, &found.data.format, &found.pointer);
        if let (Some(old), Some(new)) = (format(&self.old.document, old), format(&self.new.document, new)) {
            self.schema(&old, &new, subject, way);
        }
    }
}

/// The parameters of an operation and of its path item. Those of the path are counted, since their names are the
/// document's own business; those of the header are in lower case.
fn parameters<'a>(reading: &'a Reading<'a>, site: &OperationAt<'a>) -> IndexMap<(&'static str, String), Found<'a>> {
    let mut found = IndexMap::new();
    let lists = [(&site.item.parameters, &site.item_pointer), (&site.object.parameters, &site.pointer)];
    for (parameters, pointer) in lists {
        for (index, parameter) in parameters.iter().enumerate() {
            let at = pointer.key("parameters").index(index);
            let Some(Placed { object, pointer }) = reading.document.follow(parameter, &at) else { continue };
            let data = object.parameter_data_ref();
            let place = place_of(object);
            let name = match place {
                "path" => format!("{}", path_index(site.path, &data.name)),
                "header" => data.name.to_ascii_lowercase(),
                _ => data.name.clone(),
            };
            found.insert((place, name), Found { object, data, pointer });
        }
    }
    found
}

/// Which of a path's parameters this is, counted from one; zero for none.
fn path_index(path: &str, name: &str) -> usize {
    let mut names = path.split('{').skip(1).map(|part| part.split('}').next().unwrap_or_default());
    names.position(|other| other == name).map_or(0, |index| index + 1)
}

fn place_of(parameter: &Parameter) -> &'static str {
    match parameter {
        Parameter::Query { .. } => "query",
        Parameter::Header { .. } => "header",
        Parameter::Path { .. } => "path",
        Parameter::Cookie { .. } => "cookie",
    }
}

/// How a parameter is written, by the keys that say so, defaults filled in (OpenAPI 3.0.3, Parameter Object).
fn style(found: &Found<'_>) -> [(&'static str, String); 5] {
    let (style, by_default, is_reserved, may_be_empty) = match found.object {
        Parameter::Query { style, allow_reserved, allow_empty_value, .. } => {
            (word(style), *style == QueryStyle::Form, *allow_reserved, *allow_empty_value == Some(true))
        }
        Parameter::Header { style, .. } => (word(style), false, false, false),
        Parameter::Path { style, .. } => (word(style), false, false, false),
        Parameter::Cookie { style, .. } => (word(style), true, false, false),
    };
    let media_types = match &found.data.format {
        ParameterSchemaOrContent::Schema(_) => String::new(),
        ParameterSchemaOrContent::Content(content) => content.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
    };
    [
        ("style", style),
        ("explode", found.data.explode.unwrap_or(by_default).to_string()),
        ("allowReserved", is_reserved.to_string()),
        ("allowEmptyValue", may_be_empty.to_string()),
        ("content", media_types),
    ]
}

/// A style as documents write it.
fn word(style: &impl Debug) -> String {
    let name = format!("{style:?}");
    name[..1].to_ascii_lowercase() + &name[1..]
}

/// The schema of a parameter or a header.
pub(super) fn of_format<'a>(
    document: &'a Document,
    format: &'a ParameterSchemaOrContent,
    pointer: &Pointer,
) -> Option<SchemaUse<'a>> {
    match format {
        ParameterSchemaOrContent::Schema(schema) => Some(document.schema(schema, pointer.key("schema"))),
        ParameterSchemaOrContent::Content(content) => {
            let (media_type, object) = content.first()?;
            let pointer = pointer.key("content").key(media_type).key("schema");
            Some(document.schema(object.schema.as_ref()?, pointer))
        }
    }
}
