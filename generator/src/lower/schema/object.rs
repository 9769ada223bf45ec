//! Objects with named properties: `properties`, `allOf`, and alternatives next to them.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use indexmap::map::Entry;
use openapiv3::AdditionalProperties;

use super::value::{Value, leaf_show, report_missing, untyped};
use super::{choice, class, joined, relation};
use crate::diagnostic::{Pointer, codes};
use crate::lower::extension;
use crate::lower::lowering::Lowering;
use crate::model::{
    Access, Additional, Construction, Docs, Field, Presence, Rules, Show, Struct, Type, ValueKind, Writing,
};
use crate::names::Scope;
use crate::parse::{Part, SchemaAt, SchemaId, SchemaUse};

/// What the members of an object schema add up to.
#[derive(Debug, Default)]
struct Merged<'a> {
    properties: IndexMap<&'a str, Property<'a>>,
    required: BTreeSet<&'a str>,
    /// The schemas of what has no property. A value satisfies all of them.
    additional: Vec<SchemaUse<'a>>,
    /// Whether some schema says `additionalProperties: true`.
    open: bool,
    /// The alternatives next to the properties, if each has its own properties.
    choice: Option<SchemaAt<'a>>,
}

/// What the members of an object schema say about one property.
#[derive(Debug)]
struct Property<'a> {
    schemas: Vec<SchemaUse<'a>>,
    /// Whether every value satisfies all of the schemas. Those of alternatives that became one struct hold only for values
    /// of that alternative.
    binding: bool,
}

impl<'a> Property<'a> {
    fn add(&mut self, schema: SchemaUse<'a>, binding: bool) {
        match (self.binding, binding) {
            (true, false) => {}
            (false, true) => *self = Property { schemas: vec![schema], binding },
            (true, true) | (false, false) => self.schemas.push(schema),
        }
    }

    /// Returns the schemas that every value satisfies, or those of one alternative.
    fn satisfied(&self) -> &[SchemaUse<'a>] {
        if self.binding { &self.schemas } else { &self.schemas[..1] }
    }

    /// Whether alternatives describe it differently, so that no type fits the values of all.
    fn differs(&self) -> bool {
        !self.binding && self.schemas[1..].iter().any(|schema| !relation::is_alike(&self.schemas[0], schema))
    }
}

/// A member that waits to be merged.
struct Member<'a> {
    schema: SchemaUse<'a>,
    /// Whether what it requires is required of the whole; an alternative's is not.
    binding: bool,
}

/// How deep `allOf` is searched for `readOnly` and `writeOnly`.
const ACCESS_DEPTH: usize = 4;

/// Lowers an object schema.
pub fn lower<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, name: &str) -> Struct {
    let merged = merge(cx, schema);
    fields(cx, &merged, name, schema)
}

/// Lowers an object that satisfies several schemas.
pub fn joined<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, further: &[SchemaUse<'a>], name: &str) -> Struct {
    let merged = merge_all(cx, schema, further);
    fields(cx, &merged, name, schema)
}

/// Lowers an enveloped answer without the envelope's own properties.
pub fn beside_envelope<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, name: &str) -> Struct {
    let mut merged = merge(cx, schema);
    if let Some(envelope) = &cx.envelope {
        let own = [&envelope.success, &envelope.message].into_iter().flatten().map(String::as_str);
        let error = envelope.error.as_ref().map(|error| error.property.as_str());
        for property in own.chain(error) {
            merged.properties.shift_remove(property);
            merged.required.remove(property);
        }
    }
    fields(cx, &merged, name, schema)
}

/// Returns the properties of a schema, those of its members included.
pub fn properties<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>) -> IndexMap<&'a str, SchemaUse<'a>> {
    let merged = merge(cx, schema);
    merged.properties.into_iter().filter_map(|(wire, mut property)| Some((wire, property.schemas.pop()?))).collect()
}

/// Adds up a schema, its `allOf` and the alternatives of `oneOf` and `anyOf` next to them.
fn merge<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>) -> Merged<'a> {
    merge_all(cx, schema, &[])
}

fn merge_all<'a>(cx: &mut Lowering<'a>, schema: &SchemaAt<'a>, further: &[SchemaUse<'a>]) -> Merged<'a> {
    let mut merged = Merged::default();
    let mut seen = BTreeSet::new();
    let mut choices = Vec::new();
    let all = std::iter::once(schema.as_use()).chain(further.iter().cloned());
    let members: Vec<_> = all.map(|schema| Member { schema, binding: true }).collect();
    absorb(cx, &mut merged, &mut seen, members.into_iter().rev().collect(), Some(&mut choices));
    if let [choice] = choices.as_slice()
        && merged.additional.is_empty()
        && !merged.open
        && let Some(shared) = choice::shared(choice, &merged.properties)
    {
        merged.properties.retain(|wire, _| shared.contains(wire));
        merged.required.retain(|wire| shared.contains(wire) || !choice::is_declared(choice, wire));
        merged.choice = Some(choice.clone());
        return merged;
    }
    for choice in choices {
        let members = [Part::OneOf, Part::AnyOf].into_iter().flat_map(|part| choice.members(part));
        let members: Vec<_> = members.map(|schema| Member { schema, binding: false }).collect();
        absorb(cx, &mut merged, &mut seen, members.into_iter().rev().collect(), None);
    }
    merged
}

/// Adds members and their `allOf`. Alternatives are added as well, unless they are wanted in `choices`.
fn absorb<'a>(
    cx: &mut Lowering<'a>,
    merged: &mut Merged<'a>,
    seen: &mut BTreeSet<(SchemaId, bool)>,
    mut members: Vec<Member<'a>>,
    mut choices: Option<&mut Vec<SchemaAt<'a>>>,
) {
    while let Some(member) = members.pop() {
        let is_reference = member.schema.reference().is_some();
        if is_reference {
            let Some(id) = member.schema.id() else {
                report_missing(cx, &member.schema);
                continue;
            };
            if !seen.insert((id, member.binding)) {
                continue;
            }
        }
        let Some(schema) = member.schema.follow() else { continue };
        add(merged, &schema, member.binding);
        // A schema that builds on a base is one of the base's alternatives, and has nothing of the others.
        let is_base = is_reference && schema.discriminator().is_some();
        let any = schema.any();
        let lists = [(Part::AnyOf, any.any_of.len()), (Part::OneOf, any.one_of.len()), (Part::AllOf, 1)];
        let is_choice = !is_base && any.any_of.len().max(any.one_of.len()) > 1;
        let is_deferred = is_choice && choices.is_some();
        if is_deferred && let Some(choices) = &mut choices {
            choices.push(schema.clone());
        }
        for (part, count) in lists.into_iter().filter(|(part, _)| *part == Part::AllOf || !is_base && !is_deferred) {
            let binding = member.binding && count == 1;
            // Last in, first out: pushed in reverse, so that they come back in the document's order.
            members.extend(schema.members(part).rev().map(|schema| Member { schema, binding }));
        }
    }
}

fn add<'a>(merged: &mut Merged<'a>, schema: &SchemaAt<'a>, binding: bool) {
    for (wire, property) in schema.properties() {
        match merged.properties.entry(wire) {
            Entry::Vacant(entry) => {
                entry.insert(Property { schemas: vec![property], binding });
            }
            Entry::Occupied(mut entry) => entry.get_mut().add(property, binding),
        }
    }
    let any = schema.any();
    if binding {
        merged.required.extend(any.required.iter().map(String::as_str));
    }
    merged.open |= matches!(any.additional_properties, Some(AdditionalProperties::Any(true)));
    if binding || merged.additional.is_empty() {
        merged.additional.extend(schema.additional_properties());
    }
}

fn fields<'a>(cx: &mut Lowering<'a>, merged: &Merged<'a>, name: &str, schema: &SchemaAt<'a>) -> Struct {
    let mut names = Scope::fields();
    let mut fields = Vec::with_capacity(merged.properties.len());
    for (wire, property) in &merged.properties {
        let required = merged.required.contains(wire);
        fields.push(field(cx, &mut names, wire, property, required, name));
    }
    for wire in merged.required.iter().filter(|wire| !merged.properties.contains_key(*wire)) {
        if merged.choice.as_ref().is_some_and(|choice| choice::is_declared(choice, wire)) {
            continue;
        }
        cx.report(
            codes::UNKNOWN_REQUIRED
                .at(&schema.pointer.key("required"), format!("`{wire}` is required but not among the properties"))
                .help(format!("add it under `properties`, or remove it from `required` of `{name}`")),
        );
        // Its value is kept. It may be absent, because the document is probably wrong about it.
        if merged.additional.is_empty() && !merged.open {
            fields.push(undeclared(cx, &mut names, wire, schema));
        }
    }
    if let Some(choice) = &merged.choice {
        fields.push(choice::field(cx, &mut names, choice, name));
    }
    let additional = additional(cx, merged, &mut names, name, schema);
    Struct { fields, additional, construction: Construction::default(), writing: Writing::default() }
}

/// Returns the field for the properties that have no separate field.
fn additional<'a>(
    cx: &mut Lowering<'a>,
    merged: &Merged<'a>,
    names: &mut Scope,
    name: &str,
    schema: &SchemaAt<'a>,
) -> Option<Additional> {
    let privacy = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    let (item, rules) = match merged.additional.as_slice() {
        [] if merged.open => (untyped(cx, privacy), Rules::default()),
        [] => return None,
        all => {
            let which = "additionalProperties";
            let narrowest = joined::narrowest(cx, which, all);
            let item = joined::value(cx, &narrowest, all, &format!("{name} value"));
            (item, joined::rules(cx, which, &narrowest, all))
        }
    };
    Some(Additional {
        rust: names.name("additional_properties", &schema.pointer).name,
        // The keys are data that no mark covers.
        show: match (leaf_show(cx, privacy), item.show) {
            (Show::Value, show) => show,
            _ => Show::Redacted,
        },
        ty: item.into_item(),
        rules,
        holds_named: false,
    })
}

fn field<'a>(
    cx: &mut Lowering<'a>,
    names: &mut Scope,
    wire: &str,
    described: &Property<'a>,
    required: bool,
    name: &str,
) -> Field {
    let all = described.satisfied();
    let access = access(cx, wire, &described.schemas);
    let property = &joined::narrowest(cx, wire, all);
    let pointer = &property.pointer;
    // On an object or an enum that is written in the property, `x-client-name` would name the type as well: the field's
    // name wins.
    let inline = property.inline();
    let data = inline.as_ref().map(SchemaAt::data);
    let wanted = data.and_then(|data| extension::name(&mut cx.reports, &data.extensions, pointer));
    let given = names.name_with(wanted.as_deref().unwrap_or(wire), &["_null"], pointer);
    cx.reports.collision(&given, wire, pointer);
    let hint = format!("{name} {}", wanted.as_deref().unwrap_or(wire));
    let (mut value, rules) = if described.differs() {
        report_differing(cx, wire, pointer);
        (untyped(cx, None), Rules::default())
    } else {
        (joined::value(cx, property, all, &hint), joined::rules(cx, wire, property, all))
    };
    if joined::some_is_sensitive(cx, &described.schemas) {
        value.show = Show::Redacted;
    }
    let Value { ty, nullable, show } = value;
    Field {
        wire: wire.to_owned(),
        rust: given.name,
        docs: Docs {
            summary: data.and_then(|data| data.title.clone()).unwrap_or_default(),
            description: data.and_then(|data| data.description.clone()).unwrap_or_default(),
        },
        deprecated: data.is_some_and(|data| data.deprecated),
        presence: match (required, nullable) {
            (true, false) => Presence::Required,
            (true, true) => Presence::RequiredNullable,
            (false, false) => Presence::Optional,
            (false, true) => Presence::OptionalNullable,
        },
        access,
        flattened: false,
        constant: property.follow().and_then(|schema| class::boolean_constant(&schema)),
        rules,
        ty,
        boxed: false,
        value: ValueKind::default(),
        show,
    }
}

fn report_differing(cx: &mut Lowering<'_>, wire: &str, pointer: &Pointer) {
    let message = format!("the alternatives describe `{wire}` differently; it becomes any JSON");
    let help = "describe it in the same way in each alternative";
    cx.report(codes::CONFLICTING_PROPERTY.at(pointer, message).at_key().help(help));
    cx.reports.add_untyped(pointer);
}

/// Returns the field of a property that is required but not declared: any JSON, if it is there.
fn undeclared(cx: &mut Lowering<'_>, names: &mut Scope, wire: &str, schema: &SchemaAt<'_>) -> Field {
    let privacy = extension::privacy(&mut cx.reports, &schema.data().extensions, &schema.pointer);
    Field {
        wire: wire.to_owned(),
        rust: names.name_with(wire, &["_null"], &schema.pointer.key("required")).name,
        docs: Docs::default(),
        deprecated: false,
        presence: Presence::Optional,
        access: Access::Both,
        flattened: false,
        constant: None,
        rules: Rules::default(),
        ty: Type::Json,
        boxed: false,
        value: ValueKind::default(),
        show: leaf_show(cx, privacy),
    }
}

/// Returns which way a property travels that these schemas describe. Members of `allOf` count as well.
fn access(cx: &mut Lowering<'_>, wire: &str, schemas: &[SchemaUse<'_>]) -> Access {
    let (mut read_only, mut write_only) = (None, None);
    let mut open: Vec<(SchemaUse<'_>, usize)> = schemas.iter().map(|schema| (schema.clone(), 0)).collect();
    while let Some((schema, depth)) = open.pop() {
        let Some(schema) = schema.follow() else { continue };
        if schema.data().read_only {
            read_only.get_or_insert_with(|| schema.pointer.key("readOnly"));
        }
        if schema.data().write_only {
            write_only.get_or_insert_with(|| schema.pointer.key("writeOnly"));
        }
        if depth < ACCESS_DEPTH {
            open.extend(schema.members(Part::AllOf).map(|member| (member, depth + 1)));
        }
    }
    match (read_only, write_only) {
        (Some(_), None) => Access::ReadOnly,
        (None, Some(_)) => Access::WriteOnly,
        (Some(read_only), Some(write_only)) => {
            let message = format!("`{wire}` is both `readOnly` and `writeOnly`; neither has an effect");
            let problem = codes::READ_AND_WRITE_ONLY.at(&write_only, message).at_key();
            cx.report(problem.label(&read_only, "the other").help("remove one"));
            Access::Both
        }
        (None, None) => Access::Both,
    }
}
