//! A value that several schemas describe at once: a property that several members of `allOf` declare.
//!
//! ```yaml
//! allOf:
//!   - {properties: {spec: {$ref: "#/components/schemas/Spec"}, kind: {enum: [a, b, c]}}}
//!   - {properties: {spec: {properties: {pages: {type: integer}}}, kind: {enum: [b, c, d]}}}
//! ```
//!
//! `spec` has the properties of both of its schemas, and `kind` is `b` or `c`. If one of the schemas says everything that the
//! others say, the value has its type. Otherwise the value gets a new type.

use super::class::{Class, DEPTH, allows_null, member_class};
use super::relation::{Relation, adds, compare};
use super::value::{Value, value as single};
use crate::diagnostic::codes;
use crate::lower::extension::{self, Privacy};
use crate::lower::lowering::Lowering;
use crate::model::{Rules, Show, Type};
use crate::parse::SchemaUse;

/// Returns the one of several schemas that says most about the value; the first of equals. Reports a schema of another
/// type, which is left out.
pub fn narrowest<'a>(cx: &mut Lowering<'a>, wire: &str, all: &[SchemaUse<'a>]) -> SchemaUse<'a> {
    let mut narrowest = all[0].clone();
    for schema in &all[1..] {
        match compare(&narrowest, schema) {
            Relation::Narrower => narrowest = schema.clone(),
            Relation::Same | Relation::Other => {}
            Relation::Conflicting => report_conflict(cx, wire, &narrowest, schema),
        }
    }
    narrowest
}

/// Returns the type of a value that satisfies all schemas, of which `schema` says most. If one of them marks the value as
/// sensitive, it is.
pub fn value<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, all: &[SchemaUse<'a>], hint: &str) -> Value {
    let mut value = unmarked(cx, schema, all, hint);
    if some_is_sensitive(cx, all) {
        value.show = Show::Redacted;
    }
    value
}

/// Whether one of several schemas marks the value as sensitive. The mark of a single one is applied with its type.
pub fn some_is_sensitive<'a>(cx: &mut Lowering<'a>, all: &[SchemaUse<'a>]) -> bool {
    all.len() > 1 && all.iter().any(|schema| is_sensitive(cx, schema))
}

fn is_sensitive(cx: &mut Lowering<'_>, schema: &SchemaUse<'_>) -> bool {
    let Some(schema) = schema.follow() else { return false };
    let mark = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    mark == Some(Privacy::Sensitive)
}

fn unmarked<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, all: &[SchemaUse<'a>], hint: &str) -> Value {
    let others: Vec<SchemaUse<'a>> = all.iter().filter(|other| adds(schema, other)).cloned().collect();
    let Some(resolved) = schema.follow().filter(|_| !others.is_empty()) else { return single(cx, schema, hint) };
    let nullable =
        allows_null(&resolved) && others.iter().all(|other| other.follow().is_none_or(|it| allows_null(&it)));
    match member_class(schema, DEPTH) {
        Some(Class::Struct | Class::Map | Class::Enum) => {
            let id = cx.joined_type(hint, &resolved, others);
            Value { ty: Type::Named(id), nullable, show: Show::Delegate }
        }
        Some(Class::Array) => {
            let items = std::iter::once(schema).chain(&others).filter_map(|schema| schema.follow()?.items());
            let items: Vec<SchemaUse<'a>> = items.collect();
            if items.is_empty() {
                return single(cx, schema, hint);
            }
            let own = narrowest(cx, hint, &items);
            let item = value(cx, &own, &items, &format!("{hint} item"));
            Value { show: item.show, ty: Type::Array(Box::new(item.into_item())), nullable }
        }
        _ => single(cx, schema, hint),
    }
}

/// Returns the rules of all schemas: a value that satisfies each satisfies the strictest. The limits of a schema that
/// exclude every value are reported and left out, because the client would otherwise refuse to send any.
pub fn rules<'a>(cx: &mut Lowering<'a>, wire: &str, schema: &SchemaUse<'a>, all: &[SchemaUse<'a>]) -> Rules {
    let mut rules = super::rules::rules(cx, schema);
    for other in all.iter().filter(|other| other.pointer != schema.pointer) {
        if compare(schema, other) == Relation::Conflicting {
            continue;
        }
        let more = super::rules::rules(cx, other);
        if rules.own.iter().any(|rule| more.own.iter().any(|more| rule.excludes(more))) {
            report_conflict(cx, wire, schema, other);
            continue;
        }
        super::rules::add(cx, &mut rules, more, other);
    }
    rules
}

fn report_conflict<'a>(cx: &mut Lowering<'a>, wire: &str, first: &SchemaUse<'a>, second: &SchemaUse<'a>) {
    let types = [first, second].map(|property| property.follow().and_then(|schema| schema.any().typ.as_deref()));
    let (message, help) = match types {
        [Some(one), Some(other)] if one != other => {
            (format!("`{wire}` is {other} here and {one} elsewhere in the same object"), "give both the same type")
        }
        _ => (
            format!("no value of `{wire}` fits both this schema and another one in the same object"),
            "correct one of them",
        ),
    };
    let problem = codes::CONFLICTING_PROPERTY.at(&second.pointer, message).at_key();
    cx.report(problem.label(&first.pointer, "this one is used").help(help));
}
