//! The shapes of the types that have a name.

use super::class::{self, Class, classify};
use super::value::{inline, leaf_show, referenced, value};
use super::{contradiction, enumeration, object, relation, rules, union};
use crate::lower::extension::{self, Privacy};
use crate::lower::lowering::Lowering;
use crate::lower::types::{Content, Definition, Pending};
use crate::model::{Docs, Newtype, NewtypeInner, Scalar, Shape, Show};
use crate::parse::{SchemaAt, SchemaUse};

/// How far overlays are followed.
const DEPTH: usize = 16;

/// Gives every type that waits its shape. Shapes name further types, which wait in turn.
pub fn define_all(cx: &mut Lowering<'_>) {
    while let Some(pending) = cx.types.next() {
        define(cx, pending);
    }
}

fn define<'a>(cx: &mut Lowering<'a>, pending: Pending<'a>) {
    let Pending { id, schema: written, further, content } = pending;
    let name = cx.types.name(id).clone();
    let (shape, alias_show, data) = if let Some(schema) = written.inline() {
        contradiction::report(cx, &schema);
        relation::report_members(cx, &schema);
        let (shape, show) = match content {
            Content::Whole => shape(cx, &schema, name.as_str()),
            Content::Joined => (of_several(cx, &schema, &further, name.as_str()), Show::Delegate),
            Content::Choice => (union::lower(cx, &schema, name.as_str()), Show::Delegate),
            Content::Base => (Shape::Struct(object::lower(cx, &schema, name.as_str())), Show::Delegate),
            Content::BesideEnvelope => {
                (Shape::Struct(object::beside_envelope(cx, &schema, name.as_str())), Show::Delegate)
            }
        };
        (shape, show, Some(schema.data()))
    } else {
        let value = referenced(cx, &written);
        (Shape::Alias(value.ty), value.show, None)
    };
    cx.types.define(Definition {
        docs: Docs {
            summary: data.and_then(|data| data.title.clone()).unwrap_or_default(),
            description: data.and_then(|data| data.description.clone()).unwrap_or_default(),
        },
        deprecated: data.is_some_and(|data| data.deprecated),
        shape,
        pointer: written.pointer,
        alias_show,
    });
}

/// Returns the shape of a value that satisfies several schemas.
fn of_several<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, further: &[SchemaUse<'a>], name: &str) -> Shape {
    let privacy = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    if matches!(class::member_class(&schema.as_use(), DEPTH), Some(Class::Enum)) {
        let show = leaf_show(cx, privacy);
        return Shape::Enum(enumeration::joined(cx, schema, further, show));
    }
    Shape::Struct(object::joined(cx, schema, further, name))
}

/// Returns the shape of a schema that has a name, and what `Debug` does with the value of an alias.
fn shape<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, name: &str) -> (Shape, Show) {
    let privacy = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    match classify(schema) {
        Class::Struct => (Shape::Struct(object::lower(cx, schema, name)), Show::Delegate),
        Class::Union => (union::lower(cx, schema, name), Show::Delegate),
        Class::Enum => {
            let show = leaf_show(cx, privacy);
            (Shape::Enum(enumeration::lower(cx, schema, show)), Show::Delegate)
        }
        Class::Scalar(scalar) if scalar != Scalar::Binary => {
            let show = leaf_show(cx, privacy);
            let rules = rules::rules(cx, &schema.as_use());
            (Shape::Newtype(Newtype { inner: NewtypeInner::Scalar(scalar), show, rules }), Show::Delegate)
        }
        Class::Overlay(member) => {
            let mut value = value(cx, &member, name);
            if privacy == Some(Privacy::Sensitive) {
                value.show = Show::Redacted;
            }
            (Shape::Alias(value.ty), value.show)
        }
        Class::Scalar(_) | Class::Array | Class::Map | Class::Any => {
            let value = inline(cx, schema, name);
            (Shape::Alias(value.ty), value.show)
        }
    }
}
