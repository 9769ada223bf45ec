//! What of the runtime a client needs, seen from its model.

use std::collections::BTreeSet;

use super::super::context::Context;
use super::super::operations::blocking;
use super::super::types::checks;
use super::super::{environment, testing, value};
use crate::model::{
    Answer, AnswerBody, BodyKind, Construction, EnumRepr, Event, Field, Inside, Location, NewtypeInner, Openness,
    Operation, Parameter, Presence, Scalar, SchemeKind, Shape, Struct, Type, TypeDef, Writing,
};

/// Returns the names of the modules that emitted code calls; what these need comes on top.
pub(super) fn modules(cx: &Context<'_>) -> BTreeSet<&'static str> {
    let mut names: BTreeSet<&'static str> = ["client", "client_builder", "error", "options", "response"].into();
    if blocking::is_needed(cx) {
        names.insert("blocking");
    }
    names.extend(testing(cx));
    if !environment::named(cx).is_empty() {
        names.insert("environment");
    }
    for scheme in &cx.api.schemes {
        names.insert("credential");
        if scheme.kind == SchemeKind::Basic {
            names.insert("basic");
        }
    }
    if !cx.api.error_kinds.is_empty() {
        names.insert("kind");
    }
    if let Some(events) = &cx.api.events {
        names.extend(["webhook", "duplicate_key"]);
        if events.have_groups() {
            names.insert("group_key");
        }
        if events.header.is_some() {
            names.extend(["receiver", "hook"]);
        }
    }
    names.extend(operations(cx).flat_map(called));
    for def in &cx.api.types {
        names.extend(shape(def));
    }
    for (method, scalar) in checks::methods(cx) {
        names.insert(rules(method));
        if rules(method) == "range_rules" && scalar == Some(Scalar::Decimal) {
            names.insert("decimal_range");
        }
    }
    names.extend(scalars(cx).into_iter().filter_map(scalar));
    if all_types(cx).any(|ty| holds_json(&ty)) {
        names.insert("json");
    }
    names
}

/// The modules that an operation calls.
fn called(op: &Operation) -> BTreeSet<&'static str> {
    let mut names: BTreeSet<&'static str> = parameters(op).map(parameter).collect();
    if op.optional.iter().flat_map(|params| &params.parameters).any(|param| value::is_into_option(param.value)) {
        names.insert("into_option");
    }
    names.extend(op.body.iter().flat_map(|item| item.kind.each()).filter_map(body));
    if op.body.iter().flat_map(|item| item.kind.each()).any(has_part_styles) {
        names.insert("part_style");
    }
    if parameters(op).any(|param| !param.rules.is_empty()) {
        names.insert("parameter_check");
    }
    if op.body.iter().flat_map(|body| body.kind.each()).any(has_rules) {
        names.insert("body_check");
    }
    if op.accept.is_some() {
        names.insert("accept");
    }
    names.extend(op.answer.bodies().into_iter().filter_map(blocking_stream));
    match &op.answer {
        Answer::One(body) => names.extend(answer(body)),
        Answer::Several(several) => {
            names.insert("several");
            names.extend(several.variants.iter().map(|variant| read(&variant.body)));
        }
    }
    names
}

/// The modules behind the feature for tests of an application.
fn testing(cx: &Context<'_>) -> Vec<&'static str> {
    let mut names = vec!["difference", "expected", "fake", "given"];
    if !cx.api.error_kinds.is_empty() {
        names.push("expected_kind");
    }
    if cx.api.events.is_some() {
        names.push("delivery");
    }
    let is_nullable = |field: &Field| field.presence == Presence::OptionalNullable;
    if testing::answers(cx).any(|(_, item)| item.fields.iter().any(is_nullable)) {
        names.push("given_nullable");
    }
    names
}

fn operations<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Operation> {
    cx.api.groups.iter().flat_map(|group| &group.operations)
}

fn parameters(op: &Operation) -> impl Iterator<Item = &Parameter> {
    op.required.iter().chain(op.optional.iter().flat_map(|params| &params.parameters))
}

/// The bodies of an operation's successes.
fn answers(op: &Operation) -> impl Iterator<Item = &AnswerBody> {
    let (one, several) = match &op.answer {
        Answer::One(body) => (Some(body), None),
        Answer::Several(several) => (None, Some(several)),
    };
    one.into_iter().chain(several.into_iter().flat_map(|several| &several.variants).map(|variant| &variant.body))
}

/// Whether rules stand at the body itself.
fn has_rules(kind: &BodyKind) -> bool {
    kind.ruled().is_some_and(|(_, rules)| rules.adds_to_type())
}

/// Whether the body is checked by the rules of its type alone.
fn is_checked_by_type(cx: &Context<'_>, kind: &BodyKind) -> bool {
    match kind {
        BodyKind::Multipart { ty, .. } => cx.def(*ty).checked,
        kind => kind.ruled().is_some_and(|(_, rules)| rules.inside == Inside::Type && !rules.adds_to_type()),
    }
}

fn parameter(param: &Parameter) -> &'static str {
    match param.location {
        Location::Path(_) => "path",
        Location::Query { allow_reserved: false, .. } => "query",
        Location::Query { allow_reserved: true, .. } => "query_reserved",
        Location::Header(_) => "header",
        Location::Cookie(_) => "cookie",
    }
}

fn body(kind: &BodyKind) -> Option<&'static str> {
    match kind {
        BodyKind::Json { .. } => Some("json_body"),
        BodyKind::Form { .. } => Some("form"),
        BodyKind::Multipart { .. } => Some("multipart"),
        BodyKind::Text { .. } => Some("text_body"),
        BodyKind::Bytes { .. } => Some("bytes_body"),
        BodyKind::Media { .. } => Some("media_body"),
        BodyKind::Several(_) => None,
    }
}

fn answer(body: &AnswerBody) -> Vec<&'static str> {
    match body {
        AnswerBody::Data(_) => vec!["data"],
        AnswerBody::Whole(_) => vec!["whole"],
        AnswerBody::Json(_) => vec!["json_answer"],
        AnswerBody::Text => vec!["text_answer"],
        AnswerBody::Bytes => vec!["bytes_answer"],
        AnswerBody::Events(_) | AnswerBody::TextEvents | AnswerBody::Lines(_) => vec!["streamed", read(body)],
        AnswerBody::Empty => vec!["empty_answer"],
    }
}

/// The module of the blocking client's own type of a stream.
fn blocking_stream(body: &AnswerBody) -> Option<&'static str> {
    match body {
        AnswerBody::Bytes => Some("blocking_stream"),
        AnswerBody::Events(_) | AnswerBody::TextEvents => Some("blocking_events"),
        AnswerBody::Lines(_) => Some("blocking_lines"),
        _ => None,
    }
}

/// The module of a rule's function.
fn rules(method: &str) -> &'static str {
    match method {
        "pattern" => "pattern",
        "values" => "value_rules",
        "min_items" | "max_items" => "count_rules",
        "at_least" | "at_most" | "more_than" | "less_than" => "range_rules",
        _ => "text_rules",
    }
}

/// Whether each function of a module of rules is called.
fn calls_all(cx: &Context<'_>, module: &str) -> bool {
    let methods: BTreeSet<&str> = checks::methods(cx).into_iter().map(|(method, _)| method).collect();
    let all = if module == "count_rules" { 2 } else { 4 };
    methods.into_iter().filter(|method| rules(method) == module).count() == all
}

/// The module that reads one answer of several.
fn read(body: &AnswerBody) -> &'static str {
    match body {
        AnswerBody::Data(_) => "read_data",
        AnswerBody::Whole(_) => "read_whole",
        AnswerBody::Json(_) => "read_json",
        AnswerBody::Text => "read_text",
        AnswerBody::Bytes => "read_bytes",
        AnswerBody::Events(_) => "read_events",
        AnswerBody::TextEvents => "read_text_events",
        AnswerBody::Lines(_) => "read_lines",
        AnswerBody::Empty => "read_empty",
    }
}

/// Whether the client calls all parts of a module: what it does not call is not to be warned of.
pub(super) fn is_whole(cx: &Context<'_>, name: &str) -> bool {
    match name {
        // Nothing is called.
        _ if operations(cx).next().is_none() => false,
        "text_rules" | "count_rules" | "range_rules" => calls_all(cx, name),
        // Rules may stand at unions and scalars alone, or where a value is used.
        "check" => {
            let mut checked = cx.api.types.iter().filter(|def| def.checked);
            checked.any(
                |def| matches!(&def.shape, Shape::Struct(item) if item.fields.iter().any(|field| !field.rules.is_empty())),
            ) && operations(cx).flat_map(|op| &op.body).flat_map(|body| body.kind.each()).any(|kind| is_checked_by_type(cx, kind))
        }
        "duplicate_key" => events(cx).any(|event| !event.duplicate_key.is_empty()),
        "group_key" => events(cx).any(|event| event.group.is_some()),
        "multipart" => {
            let is_part = |field: &Field| leaf(&field.ty) == Some(Scalar::Binary);
            let fields = || operations(cx).flat_map(|op| forms(cx, op)).flat_map(|item| &item.fields);
            fields().any(is_part) && !fields().all(is_part) && operations(cx).any(names_a_part_type)
        }
        // A field that is required and may be null needs no look whether it was set.
        "builder" => cx.api.types.iter().any(|def| {
            matches!(&def.shape, Shape::Struct(item) if has_builder(item) && item.fields.iter().any(|field| field.presence == Presence::Required))
        }),
        _ => true,
    }
}

fn events<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Event> {
    cx.api.events.iter().flat_map(|events| &events.events)
}

/// The structs that an operation sends as forms of parts.
fn forms<'a>(cx: &Context<'a>, op: &Operation) -> Vec<&'a Struct> {
    let kinds = op.body.iter().flat_map(|body| body.kind.each());
    let structures = kinds.filter_map(|kind| match kind {
        BodyKind::Multipart { ty, .. } => cx.structure(*ty),
        _ => None,
    });
    structures.collect()
}

/// Whether an operation sends a part under a media type that its document names.
fn names_a_part_type(op: &Operation) -> bool {
    let mut kinds = op.body.iter().flat_map(|body| body.kind.each());
    kinds.any(|kind| matches!(kind, BodyKind::Multipart { part_types, .. } if !part_types.is_empty()))
}

fn has_part_styles(kind: &BodyKind) -> bool {
    matches!(kind, BodyKind::Multipart { part_styles, .. } if !part_styles.is_empty())
}

/// The modules whose methods a module calls, which its text does not name.
pub(super) fn along(name: &str) -> &'static [&'static str] {
    match name {
        "data" => &["collected", "read_data"],
        "whole" => &["collected", "read_whole"],
        "json_answer" => &["collected", "read_json"],
        "text_answer" => &["collected", "read_text"],
        "empty_answer" => &["collected", "read_empty"],
        "read_events" | "read_text_events" | "read_lines" => &["read_bytes"],
        "bytes_answer" => &["streamed", "read_bytes"],
        "basic" => &["credential"],
        "bytes_body" | "media_body" | "multipart" => &["blocking_body"],
        // Nothing names it: it adds a method to the builder.
        "client_builder" => &["reqwest_transport"],
        "deliveries" => &["axum_router"],
        _ => &[],
    }
}

fn has_builder(item: &Struct) -> bool {
    item.construction == Construction::Builder
}

fn shape(def: &TypeDef) -> Vec<&'static str> {
    let mut names = Vec::new();
    match &def.shape {
        Shape::Struct(item) => {
            if has_builder(item) && item.fields.iter().any(Field::is_required) {
                names.push("builder");
            }
            let is_option = |field: &Field| {
                has_builder(item)
                    && field.is_settable()
                    && field.presence != Presence::Required
                    && value::is_into_option(field.value)
            };
            if item.fields.iter().any(is_option) {
                names.push("into_option");
            }
            if item.fields.iter().any(|field| field.presence == Presence::OptionalNullable) {
                names.push("nullable");
            }
            if item.writing != Writing::Parts && item.additional.as_ref().is_some_and(|item| item.holds_named) {
                names.push("further");
            }
            if item.writing != Writing::Parts && item.fields.iter().any(Field::is_optional_json) {
                names.push("optional_json");
            }
        }
        Shape::Enum(item) => names.push(match (item.openness, item.repr) {
            (Openness::Closed, _) => "parse_error",
            (Openness::Open, EnumRepr::String) => "unrecognized",
            (Openness::Open, EnumRepr::Integer) => "unrecognized_integer",
        }),
        Shape::Newtype(item) => {
            if matches!(item.inner, NewtypeInner::Scalar(scalar) if scalar.is_copy()) {
                names.push("parse_error");
            }
        }
        Shape::Union(item) => {
            names.push(if item.is_tagged() { "tagged" } else { "union" });
            if item.variants.iter().any(|variant| variant.tag_field.is_some()) {
                names.push("tagging");
            }
            if item.openness == Openness::Open {
                names.push("json");
            }
        }
        Shape::Alias(_) => {}
    }
    names
}

/// All scalars that the client's types and operations name.
pub(super) fn scalars(cx: &Context<'_>) -> BTreeSet<Scalar> {
    all_types(cx).filter_map(|ty| leaf(&ty)).collect()
}

fn scalar(scalar: Scalar) -> Option<&'static str> {
    match scalar {
        Scalar::Decimal => Some("decimal"),
        Scalar::Date => Some("date"),
        Scalar::DateTime => Some("date_time"),
        Scalar::Base64 => Some("base64"),
        Scalar::Binary => Some("multipart"),
        _ => None,
    }
}

fn leaf(ty: &Type) -> Option<Scalar> {
    match ty {
        Type::Scalar(scalar) => Some(*scalar),
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => leaf(item),
        Type::Named(_) | Type::Json => None,
    }
}

fn holds_json(ty: &Type) -> bool {
    match ty {
        Type::Json => true,
        Type::Array(item) | Type::Map(item) | Type::Nullable(item) => holds_json(item),
        Type::Named(_) | Type::Scalar(_) => false,
    }
}

/// All types that the client's types and operations name.
fn all_types<'a>(cx: &Context<'a>) -> impl Iterator<Item = Type> + use<'a> {
    let api = cx.api;
    let of_types = api.types.iter().flat_map(|def| -> Vec<Type> {
        match &def.shape {
            Shape::Struct(item) => {
                let fields = item.fields.iter().map(|field| field.ty.clone());
                fields.chain(item.additional.iter().map(|additional| additional.ty.clone())).collect()
            }
            Shape::Enum(_) => Vec::new(),
            Shape::Newtype(item) => match &item.inner {
                NewtypeInner::Scalar(scalar) => vec![Type::Scalar(*scalar)],
                NewtypeInner::Other(ty) => vec![ty.clone()],
            },
            Shape::Union(item) => item.variants.iter().map(|variant| variant.ty.clone()).collect(),
            Shape::Alias(ty) => vec![ty.clone()],
        }
    });
    let of_operations = api.groups.iter().flat_map(|group| &group.operations).flat_map(|op| -> Vec<Type> {
        let params = op.required.iter().chain(op.optional.iter().flat_map(|params| &params.parameters));
        let mut types: Vec<Type> = params.map(|param| param.ty.clone()).collect();
        types.extend(op.body.iter().flat_map(|body| body.kind.each()).filter_map(BodyKind::ty));
        let failures = op.error_type.iter().flat_map(|error| &error.variants).map(|variant| &variant.body);
        types.extend(answers(op).chain(failures).filter_map(|body| body.ty().cloned()));
        types
    });
    of_types.chain(of_operations).chain(api.error_body.clone())
}
