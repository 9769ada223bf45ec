//! Schema Objects to types.
//!
//! [`value`] gives the type of a value where it is used, and names new types on the way; their
//! shapes wait in a queue, so that no chain of schemas is deeper than the stack. [`drain`] empties it.

mod class;
mod doubts;
mod enumeration;
mod inheritance;
mod object;
mod pattern;
mod rules;
mod scalar;
mod union;

use openapiv3::{AnySchema, Schema, SchemaKind};

use super::context::{Content, Context, Pending, SchemaRef};
use super::extension::{self, Privacy};
use crate::Unmarked;
use crate::diagnostic::{Diagnostic, Pointer};
use crate::model::{Docs, Newtype, NewtypeInner, Scalar, Shape, Show, Type, TypeDef, Usage};
use crate::parse::{elsewhere, written};

pub use class::{Class, classify, is_binary, is_object, is_text, items};
pub use inheritance::heirs;
pub use object::properties;
pub use pattern::read as read_pattern;
pub use rules::{of_text as text_rules, rules};

/// So many unnamed schemas may stand in each other before the type that holds them all is one that
/// nobody can read, and no compiler either in the end.
const NESTING: usize = 12;

/// The type of a value where it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub ty: Type,
    pub nullable: bool,
    pub show: Show,
}

/// Returns the type of the value that a schema describes. `hint` names the type, should it need a name.
pub fn value<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer, hint: &str) -> Value {
    match schema {
        SchemaRef::To(reference) => referenced(cx, reference, pointer),
        SchemaRef::Is(schema) => inline(cx, schema, pointer, hint),
    }
}

fn referenced(cx: &mut Context<'_>, reference: &str, pointer: &Pointer) -> Value {
    let Some(index) = cx.component_index(reference) else {
        return dangling(cx, reference, pointer);
    };
    let id = cx.component_type(index, Content::Whole);
    let (_, schema, target) = cx.component(index);
    let nullable = cx.resolve(schema, &target).is_some_and(|(schema, _)| schema.schema_data.nullable);
    Value { ty: Type::Named(id), nullable, show: Show::Delegate }
}

fn dangling(cx: &mut Context<'_>, reference: &str, pointer: &Pointer) -> Value {
    let (message, help) = if reference.starts_with("#/components/schemas/") {
        (
            format!("there is no schema at `{reference}`"),
            "correct the name, or add the schema under `components.schemas`",
        )
    } else if reference.starts_with("#/") {
        let written = written(reference);
        (format!("there is no schema at `{written}`"), "correct the reference, or add the schema there")
    } else {
        elsewhere(reference)
    };
    cx.report(Diagnostic::warning("unresolved-reference", &pointer.key("$ref"), message).help(help));
    cx.untyped.push(pointer.clone());
    untyped(cx, None)
}

/// An untyped value, shown only where its mark says so.
fn untyped(cx: &Context<'_>, privacy: Option<Privacy>) -> Value {
    Value { ty: Type::Json, nullable: false, show: leaf_show(cx, privacy) }
}

/// Whether a schema that became untyped says anything of its values. `false` does, and there are none.
fn says_more(any: &AnySchema) -> bool {
    let composed = [&any.all_of, &any.one_of, &any.any_of].iter().any(|members| !members.is_empty());
    let values = any.enumeration.iter().any(|value| !value.is_null());
    composed || values || any.typ.is_some() || !any.required.is_empty() || any.additional_properties.is_some()
}

/// What `Debug` does with a value that has no type of ours to decide for itself.
pub fn leaf_show(cx: &Context<'_>, privacy: Option<Privacy>) -> Show {
    match (privacy, cx.unmarked) {
        (Some(Privacy::Safe), _) | (None, Unmarked::Shown) => Show::Value,
        _ => Show::Redacted,
    }
}

fn inline<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, hint: &str) -> Value {
    let privacy = extension::privacy(cx, &schema.schema_data.extensions, pointer);
    doubts::report(cx, schema, pointer);
    let any = any(schema);
    let nullable = schema.schema_data.nullable;
    let class = classify(cx, schema, pointer);
    if matches!(class, Class::Array | Class::Map) && cx.nesting >= NESTING {
        let message = format!("more than {NESTING} arrays and maps stand in each other, and the innermost is untyped");
        cx.report(
            Diagnostic::warning("nested-too-deep", pointer, message)
                .at_key()
                .help("give the inner schema a name under `components.schemas`"),
        );
        cx.untyped.push(pointer.clone());
        return untyped(cx, privacy);
    }
    cx.nesting += 1;
    let mut value = match class {
        Class::Overlay { member, pointer } => value(cx, member, &pointer, hint),
        Class::Scalar(scalar) => Value { ty: Type::Scalar(scalar), nullable: false, show: leaf_show(cx, privacy) },
        Class::Array => array(cx, any, pointer, hint, privacy),
        Class::Map => map(cx, any, pointer, hint, privacy),
        Class::Any => {
            if says_more(any) {
                cx.untyped.push(pointer.clone());
            }
            untyped(cx, privacy)
        }
        Class::Enum | Class::Struct | Class::Union => {
            let id = cx.inline_type(hint, schema, pointer, Content::Whole);
            Value { ty: Type::Named(id), nullable: false, show: Show::Delegate }
        }
    };
    cx.nesting -= 1;
    value.nullable |= nullable;
    if privacy == Some(Privacy::Sensitive) {
        value.show = Show::Redacted;
    }
    value
}

fn array<'a>(
    cx: &mut Context<'a>,
    any: &'a AnySchema,
    pointer: &Pointer,
    hint: &str,
    privacy: Option<Privacy>,
) -> Value {
    let item = if let Some(items) = &any.items {
        value(cx, items.into(), &pointer.key("items"), &format!("{hint} item"))
    } else {
        let message = "an array without `items` is a list of untyped values";
        let help = "say what the items are: `items: {type: …}`";
        cx.report(Diagnostic::warning("missing-items", pointer, message).at_key().help(help));
        untyped(cx, privacy)
    };
    let show = container_show(cx, &item, privacy);
    Value { ty: Type::Array(Box::new(or_null(item))), nullable: false, show }
}

fn map<'a>(cx: &mut Context<'a>, any: &'a AnySchema, pointer: &Pointer, hint: &str, privacy: Option<Privacy>) -> Value {
    let item = match &any.additional_properties {
        Some(openapiv3::AdditionalProperties::Schema(schema)) => {
            let schema: &openapiv3::ReferenceOr<Schema> = schema;
            value(cx, schema.into(), &pointer.key("additionalProperties"), &format!("{hint} value"))
        }
        _ => untyped(cx, privacy),
    };
    // A map's keys are data as well, and no mark of the items speaks for them.
    let show = match leaf_show(cx, privacy) {
        Show::Value if item.show == Show::Delegate => Show::Delegate,
        show => show,
    };
    Value { ty: Type::Map(Box::new(or_null(item))), nullable: false, show }
}

/// A container shows its items as the items do, unless its own mark says more.
fn container_show(cx: &Context<'_>, item: &Value, privacy: Option<Privacy>) -> Show {
    match (item.show, privacy) {
        (_, Some(Privacy::Sensitive)) => Show::Redacted,
        (Show::Delegate, _) => Show::Delegate,
        (_, Some(Privacy::Safe)) => leaf_show(cx, privacy),
        (show, None) => show,
    }
}

fn or_null(item: Value) -> Type {
    if item.nullable { Type::Nullable(Box::new(item.ty)) } else { item.ty }
}

/// Gives every type that waits its shape; shapes name further types, which wait in turn.
pub fn drain(cx: &mut Context<'_>) {
    while let Some(pending) = cx.pending.pop_front() {
        define(cx, pending);
    }
    cx.enter(None);
}

fn define<'a>(cx: &mut Context<'a>, pending: Pending<'a>) {
    let Pending { id, schema, pointer, content } = pending;
    cx.origin = cx.origin_of(id);
    cx.enter(Some(id));
    let name = cx.name_of(id).clone();
    let (shape, show, data) = match schema {
        SchemaRef::To(reference) => {
            let value = referenced(cx, reference, &pointer);
            (Shape::Alias(value.ty), value.show, None)
        }
        SchemaRef::Is(schema) => {
            doubts::report(cx, schema, &pointer);
            let (shape, show) = match content {
                Content::Whole => shape(cx, schema, &pointer, name.as_str()),
                Content::BesideEnvelope => {
                    (Shape::Struct(object::beside_envelope(cx, schema, &pointer, name.as_str())), Show::Delegate)
                }
            };
            (shape, show, Some(&schema.schema_data))
        }
    };
    let def = TypeDef {
        module: cx.module_of(id).clone(),
        name,
        docs: Docs {
            summary: data.and_then(|data| data.title.clone()).unwrap_or_default(),
            description: data.and_then(|data| data.description.clone()).unwrap_or_default(),
        },
        deprecated: data.is_some_and(|data| data.deprecated),
        shape,
        usage: Usage::default(),
        checked: false,
        pointer,
    };
    cx.define(id, def, show);
}

/// Returns the shape of a schema that has a name, and what `Debug` does with what an alias stands for.
fn shape<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, name: &str) -> (Shape, Show) {
    let privacy = extension::privacy(cx, &schema.schema_data.extensions, pointer);
    match classify(cx, schema, pointer) {
        Class::Struct => (Shape::Struct(object::lower(cx, schema, pointer, name)), Show::Delegate),
        Class::Union => (union::lower(cx, schema, pointer, name), Show::Delegate),
        Class::Enum => {
            let show = leaf_show(cx, privacy);
            (Shape::Enum(enumeration::lower(cx, schema, pointer, show)), Show::Delegate)
        }
        Class::Scalar(scalar) if scalar != Scalar::Binary => {
            let show = leaf_show(cx, privacy);
            let rules = rules::rules(cx, SchemaRef::Is(schema), pointer);
            (Shape::Newtype(Newtype { inner: NewtypeInner::Scalar(scalar), show, rules }), Show::Delegate)
        }
        Class::Overlay { member, pointer } => {
            let mut value = value(cx, member, &pointer, name);
            if privacy == Some(Privacy::Sensitive) {
                value.show = Show::Redacted;
            }
            (Shape::Alias(value.ty), value.show)
        }
        Class::Scalar(_) | Class::Array | Class::Map | Class::Any => {
            let value = inline(cx, schema, pointer, name);
            (Shape::Alias(value.ty), value.show)
        }
    }
}

/// Returns the one shape in which `parse` hands over every schema.
///
/// # Panics
///
/// If the schema doesn't come from [`parse`](crate::parse::parse).
#[must_use]
pub fn any(schema: &Schema) -> &AnySchema {
    match &schema.schema_kind {
        SchemaKind::Any(any) => any,
        _ => unreachable!("parse writes every schema as `SchemaKind::Any`"),
    }
}

/// Returns a property's or an answer's description, where it says one of its own.
pub fn docs(schema: SchemaRef<'_>) -> (Docs, bool) {
    match schema {
        SchemaRef::To(_) => (Docs::default(), false),
        SchemaRef::Is(schema) => {
            let data = &schema.schema_data;
            let docs = Docs {
                summary: data.title.clone().unwrap_or_default(),
                description: data.description.clone().unwrap_or_default(),
            };
            (docs, data.deprecated)
        }
    }
}

/// Returns the strings that a schema's `enum` lists, if it has one, through references and overlays.
pub fn enum_values<'a>(cx: &Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer) -> Option<Vec<String>> {
    let (mut schema, mut pointer) = cx.resolve(schema, pointer)?;
    for _ in 0..8 {
        match classify(cx, schema, &pointer) {
            Class::Overlay { member, pointer: at } => (schema, pointer) = cx.resolve(member, &at)?,
            _ => break,
        }
    }
    let values = &any(schema).enumeration;
    (!values.is_empty()).then(|| values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
}
