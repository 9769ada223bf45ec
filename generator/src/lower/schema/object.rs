//! Objects with named properties: `properties`, `allOf`, and the alternatives beside them.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use indexmap::map::Entry;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema};

use super::{Value, any, docs, leaf_show, or_null, rules, value};
use crate::diagnostic::{Diagnostic, Pointer};
use crate::lower::context::{Context, SchemaRef};
use crate::lower::extension;
use crate::model::{Access, Additional, Construction, Field, Presence, Rules, Show, Struct, Type, ValueKind, Writing};
use crate::names::Scope;

/// A property as the merged schema has it.
#[derive(Debug, Clone)]
struct Property<'a> {
    schema: SchemaRef<'a>,
    pointer: Pointer,
}

/// What the members of an object schema add up to.
#[derive(Debug, Default)]
struct Merged<'a> {
    properties: IndexMap<&'a str, Property<'a>>,
    required: BTreeSet<&'a str>,
    additional: Option<(SchemaRef<'a>, Pointer)>,
    /// `additionalProperties: true`, written down.
    open: bool,
}

/// A member that waits to be merged.
struct Member<'a> {
    schema: SchemaRef<'a>,
    pointer: Pointer,
    /// Whether what it requires is required of the whole; an alternative's is not.
    binding: bool,
}

/// Lowers an object schema.
pub fn lower<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, name: &str) -> Struct {
    let merged = merge(cx, schema, pointer);
    fields(cx, merged, name, schema, pointer)
}

/// Lowers an enveloped answer without the envelope's own properties.
pub fn beside_envelope<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer, name: &str) -> Struct {
    let mut merged = merge(cx, schema, pointer);
    if let Some(envelope) = &cx.envelope {
        let own = [&envelope.success, &envelope.message].into_iter().flatten().map(String::as_str);
        let error = envelope.error.as_ref().map(|error| error.property.as_str());
        for property in own.chain(error) {
            merged.properties.shift_remove(property);
            merged.required.remove(property);
        }
    }
    fields(cx, merged, name, schema, pointer)
}

/// The properties that a schema has in the end, with their schemas.
pub fn properties<'a>(
    cx: &mut Context<'a>,
    schema: &'a Schema,
    pointer: &Pointer,
) -> Vec<(&'a str, SchemaRef<'a>, Pointer)> {
    merge(cx, schema, pointer)
        .properties
        .into_iter()
        .map(|(wire, property)| (wire, property.schema, property.pointer))
        .collect()
}

/// Adds up a schema, its `allOf` and the alternatives of `oneOf` and `anyOf` beside them.
fn merge<'a>(cx: &mut Context<'a>, schema: &'a Schema, pointer: &Pointer) -> Merged<'a> {
    let mut merged = Merged::default();
    let mut seen = BTreeSet::new();
    let mut members = vec![Member { schema: SchemaRef::Is(schema), pointer: pointer.clone(), binding: true }];
    while let Some(member) = members.pop() {
        if let SchemaRef::To(reference) = member.schema
            && cx.component_index(reference).is_none_or(|index| !seen.insert((index, member.binding)))
        {
            report_member(cx, reference, &member.pointer);
            continue;
        }
        let Some((schema, pointer)) = cx.resolve(member.schema, &member.pointer) else { continue };
        let any = any(schema);
        add(cx, &mut merged, any, &pointer, member.binding);
        // What builds on a base is one of its alternatives, and has nothing of the others.
        let is_base = matches!(member.schema, SchemaRef::To(_)) && schema.schema_data.discriminator.is_some();
        // Last in, first out: the members are pushed so that the document's order comes back out.
        let lists =
            [("anyOf", &any.any_of, false), ("oneOf", &any.one_of, false), ("allOf", &any.all_of, member.binding)];
        for (key, list, binding) in lists.into_iter().filter(|(key, ..)| *key == "allOf" || !is_base) {
            let binding = binding || list.len() == 1 && member.binding;
            for (index, schema) in list.iter().enumerate().rev() {
                members.push(Member { schema: schema.into(), pointer: pointer.key(key).index(index), binding });
            }
        }
    }
    merged
}

/// A member that is merged already is no problem; one that is not there is.
fn report_member(cx: &mut Context<'_>, reference: &str, pointer: &Pointer) {
    if cx.component_index(reference).is_none() {
        super::dangling(cx, reference, pointer);
    }
}

fn add<'a>(cx: &mut Context<'a>, merged: &mut Merged<'a>, any: &'a AnySchema, pointer: &Pointer, binding: bool) {
    let at = pointer.key("properties");
    for (wire, schema) in &any.properties {
        let property = Property { schema: schema.into(), pointer: at.key(wire) };
        match merged.properties.entry(wire) {
            Entry::Vacant(entry) => {
                entry.insert(property);
            }
            Entry::Occupied(mut entry) => {
                report_conflict(cx, wire, entry.get(), &property);
                if is_narrower(entry.get().schema, property.schema) {
                    entry.insert(property);
                }
            }
        }
    }
    if binding {
        merged.required.extend(any.required.iter().map(String::as_str));
    }
    match &any.additional_properties {
        Some(AdditionalProperties::Schema(schema)) => {
            let schema: &ReferenceOr<Schema> = schema;
            merged.additional = merged.additional.take().or(Some((schema.into(), pointer.key("additionalProperties"))));
        }
        Some(AdditionalProperties::Any(true)) => merged.open = true,
        _ => {}
    }
}

/// Whether the second of two schemas for one property says more than the first.
fn is_narrower(first: SchemaRef<'_>, second: SchemaRef<'_>) -> bool {
    match (first, second) {
        (SchemaRef::Is(first), SchemaRef::Is(second)) => {
            let (first, second) = (any(first), any(second));
            (first.typ.is_none() && second.typ.is_some())
                || (first.enumeration.is_empty() && !second.enumeration.is_empty())
        }
        (SchemaRef::Is(first), SchemaRef::To(_)) => {
            any(first).typ.is_none() || any(first).typ.as_deref() == Some("object")
        }
        _ => false,
    }
}

fn report_conflict<'a>(cx: &mut Context<'a>, wire: &str, first: &Property<'a>, second: &Property<'a>) {
    let types = [first, second].map(|property| {
        cx.resolve(property.schema, &property.pointer).and_then(|(schema, _)| any(schema).typ.as_deref())
    });
    if let [Some(one), Some(other)] = types
        && one != other
    {
        cx.report(
            Diagnostic::warning(
                "conflicting-property",
                &second.pointer,
                format!("`{wire}` is {other} here and {one} elsewhere in the same object"),
            )
            .at_key()
            .label(&first.pointer, "the other one, which is used")
            .help("give both the same type"),
        );
    }
}

fn fields<'a>(cx: &mut Context<'a>, merged: Merged<'a>, name: &str, schema: &Schema, pointer: &Pointer) -> Struct {
    let mut names = Scope::fields();
    let mut fields = Vec::with_capacity(merged.properties.len());
    for (wire, property) in &merged.properties {
        let required = merged.required.contains(wire);
        fields.push(field(cx, &mut names, wire, property, required, name));
    }
    for wire in merged.required.iter().filter(|wire| !merged.properties.contains_key(*wire)) {
        cx.report(
            Diagnostic::warning(
                "unknown-required",
                &pointer.key("required"),
                format!("`{wire}` is required and not among the properties"),
            )
            .help(format!("add it under `properties`, or take it out of `required` of `{name}`")),
        );
    }
    let privacy = extension::privacy(cx, &schema.schema_data.extensions, pointer);
    let additional = match merged.additional {
        Some((schema, pointer)) => {
            let item = value(cx, schema, &pointer, &format!("{name} value"));
            Some((item, rules::rules(cx, schema, &pointer)))
        }
        None if merged.open => {
            Some((Value { ty: Type::Json, nullable: false, show: leaf_show(cx, privacy) }, Rules::default()))
        }
        None => None,
    };
    let additional = additional.map(|(item, rules)| Additional {
        rust: names.name("additional_properties", pointer).name,
        // The keys are data that no mark speaks for.
        show: match (leaf_show(cx, privacy), item.show) {
            (Show::Value, show) => show,
            _ => Show::Redacted,
        },
        ty: or_null(item),
        rules,
        holds_named: false,
    });
    Struct { fields, additional, construction: Construction::default(), writing: Writing::default() }
}

fn field<'a>(
    cx: &mut Context<'a>,
    names: &mut Scope,
    wire: &str,
    property: &Property<'a>,
    required: bool,
    name: &str,
) -> Field {
    let pointer = &property.pointer;
    let wanted = match property.schema {
        SchemaRef::Is(schema) => field_name(cx, schema, pointer),
        SchemaRef::To(_) => None,
    };
    let given = names.name_with(wanted.as_deref().unwrap_or(wire), &["_null"], pointer);
    cx.report_collision(&given, wire, pointer);
    let hint = format!("{name} {}", wanted.as_deref().unwrap_or(wire));
    let Value { ty, nullable, show } = value(cx, property.schema, pointer, &hint);
    let (docs, deprecated) = docs(property.schema);
    let presence = match (required, nullable) {
        (true, false) => Presence::Required,
        (true, true) => Presence::RequiredNullable,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    };
    let rules = rules::rules(cx, property.schema, pointer);
    let access = access(cx, property.schema, pointer);
    let (boxed, kind) = (false, ValueKind::default());
    Field {
        wire: wire.to_owned(),
        rust: given.name,
        docs,
        deprecated,
        presence,
        access,
        rules,
        ty,
        boxed,
        value: kind,
        show,
    }
}

fn access(cx: &Context<'_>, schema: SchemaRef<'_>, pointer: &Pointer) -> Access {
    let data = match schema {
        SchemaRef::Is(schema) => &schema.schema_data,
        SchemaRef::To(reference) => match cx.resolve(SchemaRef::To(reference), pointer) {
            Some((schema, _)) => &schema.schema_data,
            None => return Access::Both,
        },
    };
    match (data.read_only, data.write_only) {
        (true, false) => Access::ReadOnly,
        (false, true) => Access::WriteOnly,
        _ => Access::Both,
    }
}

/// On a property, `x-client-name` names the field; on an object or an enum that stands there, it
/// would name the type as well, and the field's name wins.
fn field_name(cx: &mut Context<'_>, schema: &Schema, pointer: &Pointer) -> Option<String> {
    extension::name(cx, &schema.schema_data.extensions, pointer)
}
