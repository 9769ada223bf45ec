//! The type of a value where a schema is used.

use super::class::{Class, allows_null, classify};
use super::{contradiction, relation};
use crate::Unmarked;
use crate::diagnostic::codes;
use crate::lower::extension::{self, Privacy};
use crate::lower::lowering::Lowering;
use crate::lower::types::Content;
use crate::model::{Show, Type};
use crate::parse::{SchemaAt, SchemaUse, elsewhere, written};

/// The most arrays and maps that may be nested without a name. Nobody can read the type of more, and compilers give up.
const NESTING: usize = 12;

/// The type of a value where it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub ty: Type,
    pub nullable: bool,
    pub show: Show,
}

impl Value {
    /// Returns the type as that of an item, which holds null by itself.
    pub fn into_item(self) -> Type {
        if self.nullable { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// Returns the type of the value that a schema describes. `hint` names the type, should it need a name.
pub fn value<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, hint: &str) -> Value {
    match schema.inline() {
        Some(schema) => inline(cx, &schema, hint),
        None => referenced(cx, schema),
    }
}

/// Returns the type of the value that a reference to a schema describes.
pub fn referenced<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>) -> Value {
    let Some(id) = schema.id() else {
        report_missing(cx, schema);
        return untyped(cx, None);
    };
    let ty = Type::Named(cx.component_type(id, Content::Whole));
    let nullable = schema.follow().is_some_and(|target| allows_null(&target));
    Value { ty, nullable, show: Show::Delegate }
}

/// Reports a reference that leads to no schema.
pub fn report_missing(cx: &mut Lowering<'_>, schema: &SchemaUse<'_>) {
    let reference = schema.reference().unwrap_or_default();
    let (message, help) = if reference.starts_with("#/components/schemas/") {
        (
            format!("cannot find the schema `{reference}`"),
            "correct the name, or add the schema under `components.schemas`",
        )
    } else if reference.starts_with("#/") {
        let written = written(reference);
        (format!("cannot find the schema `{written}`"), "correct the reference, or add the schema there")
    } else {
        elsewhere(reference)
    };
    cx.report(codes::UNRESOLVED_REFERENCE.at(&schema.pointer.key("$ref"), message).help(help));
    cx.reports.add_untyped(&schema.pointer);
}

/// Returns the type of the value that a schema describes in its own place.
pub fn inline<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, hint: &str) -> Value {
    let privacy = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    contradiction::report(cx, schema);
    relation::report_members(cx, schema);
    let class = classify(schema);
    if matches!(class, Class::Array | Class::Map) && cx.nesting >= NESTING {
        let message = format!("arrays and maps are nested more than {NESTING} deep; the innermost is untyped");
        cx.report(
            codes::NESTED_TOO_DEEP
                .at(&schema.pointer, message)
                .at_key()
                .help("give the inner schema a name under `components.schemas`"),
        );
        cx.reports.add_untyped(&schema.pointer);
        return untyped(cx, privacy);
    }
    cx.nesting += 1;
    let mut value = match class {
        Class::Overlay(member) => value(cx, &member, hint),
        Class::Scalar(scalar) => Value { ty: Type::Scalar(scalar), nullable: false, show: leaf_show(cx, privacy) },
        Class::Array => array(cx, schema, hint, privacy),
        Class::Map => map(cx, schema, hint, privacy),
        Class::Any => {
            if says_more(schema) {
                cx.reports.add_untyped(&schema.pointer);
            }
            untyped(cx, privacy)
        }
        Class::Enum | Class::Struct | Class::Union => {
            let id = cx.inline_type(hint, schema, Content::Whole);
            Value { ty: Type::Named(id), nullable: false, show: Show::Delegate }
        }
    };
    cx.nesting -= 1;
    value.nullable |= allows_null(schema);
    if privacy == Some(Privacy::Sensitive) {
        value.show = Show::Redacted;
    }
    value
}

/// An untyped value, shown only where its mark says so.
pub fn untyped(cx: &Lowering<'_>, privacy: Option<Privacy>) -> Value {
    Value { ty: Type::Json, nullable: false, show: leaf_show(cx, privacy) }
}

/// Whether a schema that became untyped says anything about its values. `false` does, and allows none.
fn says_more(schema: &SchemaAt<'_>) -> bool {
    let any = schema.any();
    let is_composed = schema.has_alternatives() || !any.all_of.is_empty();
    let values = any.enumeration.iter().any(|value| !value.is_null());
    is_composed || values || any.typ.is_some() || !any.required.is_empty() || any.additional_properties.is_some()
}

/// Returns what `Debug` does with a value whose type is not ours and so cannot decide.
pub fn leaf_show(cx: &Lowering<'_>, privacy: Option<Privacy>) -> Show {
    match (privacy, cx.unmarked) {
        (Some(Privacy::Safe), _) | (None, Unmarked::Shown) => Show::Value,
        _ => Show::Redacted,
    }
}

fn array<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, hint: &str, privacy: Option<Privacy>) -> Value {
    let item = if let Some(items) = schema.items() {
        value(cx, &items, &format!("{hint} item"))
    } else {
        let message = "an array without `items` becomes a list of untyped values";
        let help = "say what the items are: `items: {type: …}`";
        cx.report(codes::MISSING_ITEMS.at(&schema.pointer, message).at_key().help(help));
        untyped(cx, privacy)
    };
    let show = container_show(cx, &item, privacy);
    Value { ty: Type::Array(Box::new(item.into_item())), nullable: false, show }
}

fn map<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, hint: &str, privacy: Option<Privacy>) -> Value {
    let item = match schema.additional_properties() {
        Some(values) => value(cx, &values, &format!("{hint} value")),
        None => untyped(cx, privacy),
    };
    // A map's keys are data as well, and the items' marks don't cover them.
    let show = match leaf_show(cx, privacy) {
        Show::Value if item.show == Show::Delegate => Show::Delegate,
        show => show,
    };
    Value { ty: Type::Map(Box::new(item.into_item())), nullable: false, show }
}

/// A container shows its items as the items do, unless its own mark says more.
fn container_show(cx: &Lowering<'_>, item: &Value, privacy: Option<Privacy>) -> Show {
    match (item.show, privacy) {
        (_, Some(Privacy::Sensitive)) => Show::Redacted,
        (Show::Delegate, _) => Show::Delegate,
        (_, Some(Privacy::Safe)) => leaf_show(cx, privacy),
        (show, None) => show,
    }
}
