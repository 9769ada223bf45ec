//! What a schema becomes: the one decision that names, shapes and uses all depend on.

use openapiv3::{AdditionalProperties, AnySchema};

use super::enumeration::{Rest, Values};
use crate::model::Scalar;
use crate::parse::{Part, SchemaAt, SchemaUse};

/// What a schema becomes.
#[derive(Debug)]
pub enum Class<'a> {
    /// The same as this schema, with annotations added.
    Overlay(SchemaUse<'a>),
    /// A value without parts, such as a string or a date.
    Scalar(Scalar),
    /// A string or an integer from a list of values.
    Enum,
    /// An object with known properties.
    Struct,
    /// One of several schemas.
    Union,
    /// A list.
    Array,
    /// An object whose keys are data.
    Map,
    /// Any JSON value.
    Any,
}

/// How deep `allOf`, `oneOf` and `anyOf` may be nested before a schema counts as untyped.
/// Real documents need four; references in a circle never end.
pub const DEPTH: usize = 16;

/// Returns what a schema becomes.
#[must_use]
pub fn classify<'a>(schema: &SchemaAt<'a>) -> Class<'a> {
    classify_within(schema, DEPTH)
}

pub fn classify_within<'a>(schema: &SchemaAt<'a>, depth: usize) -> Class<'a> {
    let any = schema.any();
    if depth == 0 {
        return Class::Any;
    }
    // A list of whole arrays or objects is left to the server.
    if !any.enumeration.is_empty() && !matches!(any.typ.as_deref(), Some("array" | "object")) {
        return of_enum(any);
    }
    if schema.is_any_heir() {
        return Class::Union;
    }
    if let Some(overlay) = overlay(schema) {
        return overlay;
    }
    if any.typ.as_deref() == Some("array") || any.typ.is_none() && any.items.is_some() {
        return Class::Array;
    }
    if let Some(scalar) = scalar(any) {
        // `{type: string, oneOf: [{const: a}, {const: b}]}` is an enum as well.
        let lists_values = any.properties.is_empty()
            && schema.has_alternatives()
            && matches!(of_alternatives(schema, depth), Class::Enum)
            && Values::of(schema).is_some_and(|values| values.rest == Rest::None);
        return if lists_values { Class::Enum } else { Class::Scalar(scalar) };
    }
    if !any.properties.is_empty() {
        return Class::Struct;
    }
    if !any.all_of.is_empty() {
        return all_of(schema, depth);
    }
    if schema.has_alternatives() {
        return of_alternatives(schema, depth);
    }
    match (&any.additional_properties, any.typ.as_deref()) {
        (Some(AdditionalProperties::Schema(_) | AdditionalProperties::Any(true)), _) => Class::Map,
        (None, Some("object")) if any.required.is_empty() => Class::Map,
        // `{type: object, additionalProperties: false}` is an object without properties.
        (_, Some("object")) => Class::Struct,
        _ => Class::Any,
    }
}

/// Returns the class of a schema that has one member of `allOf`, `oneOf` or `anyOf`, and nothing that describes values
/// next to it.
fn overlay<'a>(schema: &SchemaAt<'a>) -> Option<Class<'a>> {
    let any = schema.any();
    if !any.properties.is_empty()
        || any.items.is_some()
        || any.additional_properties.is_some()
        || !any.required.is_empty()
        || any.all_of.len() + any.one_of.len() + any.any_of.len() != 1
    {
        return None;
    }
    let mut lists = [Part::AllOf, Part::OneOf, Part::AnyOf].into_iter();
    let (part, member) = lists.find_map(|part| Some((part, schema.members(part).next()?)))?;
    // An heir that adds nothing to its base is not the base, which is any of the heirs.
    if part == Part::AllOf && is_heir(schema, &member) {
        return Some(Class::Struct);
    }
    Some(Class::Overlay(member))
}

/// Whether the schema is one of the heirs of the base that `member` refers to.
fn is_heir(schema: &SchemaAt<'_>, member: &SchemaUse<'_>) -> bool {
    let document = schema.document();
    let Some(base) = member.id() else { return false };
    let own = schema.id();
    own.is_some_and(|own| document.heirs(&document.named(base).schema.pointer).contains(&own))
}

/// `allOf` of several: an object where any member is one, and else the first member with a type.
fn all_of<'a>(schema: &SchemaAt<'a>, depth: usize) -> Class<'a> {
    let any = schema.any();
    let mut narrowest: Option<(u8, SchemaUse<'a>)> = None;
    let mut enums = 0;
    for member in schema.members(Part::AllOf) {
        let width = match member_class(&member, depth) {
            Some(Class::Struct | Class::Map) => return Class::Struct,
            // An object with alternatives: the properties of all of them.
            Some(Class::Union) if any.all_of.len() > 1 => return Class::Struct,
            Some(Class::Any) | None => continue,
            Some(class) => {
                enums += usize::from(matches!(class, Class::Enum));
                width(&class)
            }
        };
        if narrowest.as_ref().is_none_or(|(least, _)| width < *least) {
            narrowest = Some((width, member));
        }
    }
    match narrowest {
        Some(_) if enums > 1 => Class::Enum,
        Some((_, member)) => Class::Overlay(member),
        None if any.typ.as_deref() == Some("object") => Class::Map,
        None => Class::Any,
    }
}

/// Orders the classes of schemas that hold for the same value: what says more about it comes first.
const fn width(class: &Class<'_>) -> u8 {
    match class {
        Class::Enum => 0,
        Class::Scalar(Scalar::String | Scalar::Double) => 2,
        _ => 1,
    }
}

/// Returns what a schema with an `enum` becomes: an enum of strings or of integers, or else the plain type of its values.
fn of_enum(any: &AnySchema) -> Class<'static> {
    let mut values = any.enumeration.iter().filter(|value| !value.is_null()).peekable();
    if values.peek().is_none() {
        return Class::Any;
    }
    let (mut strings, mut integers, mut numbers, mut booleans) = (true, true, true, true);
    for value in values {
        strings &= value.is_string();
        integers &= value.is_i64();
        numbers &= value.is_number();
        booleans &= value.is_boolean();
    }
    match scalar(any) {
        // An enum of dates or ids is an enum of strings that happen to look so.
        _ if strings => Class::Enum,
        Some(Scalar::Double | Scalar::Float | Scalar::Decimal) if numbers => Class::Scalar(Scalar::Double),
        _ if integers => Class::Enum,
        Some(scalar @ (Scalar::Int32 | Scalar::Int64)) if numbers => Class::Scalar(scalar),
        _ if numbers => Class::Scalar(Scalar::Double),
        _ if booleans => Class::Scalar(Scalar::Bool),
        _ => Class::Any,
    }
}

/// Returns the only value that a schema of booleans lists.
pub fn boolean_constant(schema: &SchemaAt<'_>) -> Option<bool> {
    let mut values = schema.any().enumeration.iter().filter(|value| !value.is_null());
    let only = values.next()?.as_bool()?;
    values.next().is_none().then_some(only)
}

/// Returns what a schema with alternatives becomes.
fn of_alternatives<'a>(schema: &SchemaAt<'a>, depth: usize) -> Class<'a> {
    let mut typed = false;
    for member in schema.alternatives() {
        typed |= !matches!(member_class(&member, depth), Some(Class::Any) | None);
    }
    if !typed {
        // Alternatives that only require some properties, or say nothing: the object itself.
        return if schema.any().typ.as_deref() == Some("object") { Class::Map } else { Class::Any };
    }
    match Values::of(schema) {
        Some(values) if values.listed.is_empty() => Class::Scalar(Scalar::String),
        Some(_) => Class::Enum,
        None => Class::Union,
    }
}

/// Whether a schema allows null: it is nullable, or one of its alternatives or all that it is made of allow it.
#[must_use]
pub fn allows_null(schema: &SchemaAt<'_>) -> bool {
    allows_null_within(schema, DEPTH) == Some(true)
}

/// The same; `None` if the schema says nothing about its values, as a member with only a description does.
fn allows_null_within(schema: &SchemaAt<'_>, depth: usize) -> Option<bool> {
    let any = schema.any();
    if schema.data().nullable || depth == 0 {
        return Some(schema.data().nullable);
    }
    if any.typ.is_some() || !any.properties.is_empty() || !any.enumeration.is_empty() {
        return Some(false);
    }
    let of = |member: SchemaUse<'_>| member.follow().and_then(|member| allows_null_within(&member, depth - 1));
    let by_members = schema.members(Part::AllOf).filter_map(of).reduce(|all, one| all && one);
    let by_alternatives =
        schema.has_alternatives().then(|| schema.alternatives().any(|alternative| of(alternative) == Some(true)));
    match (by_members, by_alternatives) {
        (Some(by_members), Some(by_alternatives)) => Some(by_members && by_alternatives),
        (by_members, by_alternatives) => by_members.or(by_alternatives),
    }
}

/// Returns the scalar that a schema's `type` and `format` mean. A format that OpenAPI does not know
/// is legal and means the plain type.
pub fn scalar(any: &AnySchema) -> Option<Scalar> {
    let format = any.format.as_deref();
    // `{contentMediaType: image/png}` describes bytes without a type, since only strings carry them.
    let carries_bytes = any.properties.is_empty()
        && any.all_of.len() + any.one_of.len() + any.any_of.len() == 0
        && matches!(format, Some("binary" | "byte" | "base64url"));
    Some(match any.typ.as_deref().or(carries_bytes.then_some("string"))? {
        "boolean" => Scalar::Bool,
        "integer" => integer(format).unwrap_or_else(|| {
            let is_natural = any.minimum.is_some_and(|minimum| minimum >= 0.0);
            let exceeds = any.maximum.is_some_and(|maximum| maximum > 9_223_372_036_854_775_808.0);
            if is_natural && exceeds { Scalar::Uint64 } else { Scalar::Int64 }
        }),
        "number" => match format {
            Some("float") => Scalar::Float,
            Some("decimal") => Scalar::Decimal,
            _ => integer(format).unwrap_or(Scalar::Double),
        },
        "string" => match format {
            Some("date") => Scalar::Date,
            Some("date-time") => Scalar::DateTime,
            Some("uuid") => Scalar::Uuid,
            Some("byte") => Scalar::Base64,
            Some("base64url") => Scalar::Base64Url,
            Some("binary") => Scalar::Binary,
            _ => Scalar::String,
        },
        _ => return None,
    })
}

/// Returns the scalar that the format of an integer means.
fn integer(format: Option<&str>) -> Option<Scalar> {
    Some(match format? {
        "int32" => Scalar::Int32,
        "int64" => Scalar::Int64,
        "uint32" => Scalar::Uint32,
        "uint64" => Scalar::Uint64,
        _ => return None,
    })
}

/// Returns the class of a member, through references and overlays.
pub fn member_class<'a>(member: &SchemaUse<'a>, depth: usize) -> Option<Class<'a>> {
    let mut schema = member.follow()?;
    for depth in (0..depth).rev() {
        match classify_within(&schema, depth) {
            Class::Overlay(member) => schema = member.follow()?,
            class => return Some(class),
        }
    }
    None
}

/// Whether a schema is a string of any content, through references and overlays.
pub fn is_string(schema: &SchemaUse<'_>) -> bool {
    matches!(member_class(schema, DEPTH), Some(Class::Scalar(Scalar::String)))
}

/// Whether a schema is raw bytes, through references and overlays.
pub fn is_binary(schema: &SchemaUse<'_>) -> bool {
    matches!(member_class(schema, DEPTH), Some(Class::Scalar(Scalar::Binary)))
}

/// Whether a schema says nothing about its values or about those of its properties, so that each may be null.
pub fn is_untyped(schema: &SchemaUse<'_>) -> bool {
    let is_any = |schema: &SchemaUse<'_>| matches!(member_class(schema, DEPTH), Some(Class::Any) | None);
    match member_class(schema, DEPTH) {
        Some(Class::Map) => {
            schema.follow().and_then(|map| map.additional_properties()).is_none_or(|item| is_any(&item))
        }
        _ => is_any(schema),
    }
}

/// Returns the schema of the items if the schema is an array.
pub fn items<'a>(schema: &SchemaUse<'a>) -> Option<SchemaUse<'a>> {
    let schema = schema.follow()?;
    matches!(classify(&schema), Class::Array).then(|| schema.items())?
}

/// Whether a value of the schema is a string in JSON, as dates and enums of strings are.
pub fn is_text(schema: &SchemaUse<'_>) -> bool {
    match member_class(schema, DEPTH) {
        Some(Class::Scalar(scalar)) => scalar.is_text(),
        Some(Class::Enum) => is_of_strings(schema),
        _ => false,
    }
}

/// Whether a schema is an object with properties, through references and overlays.
pub fn is_object(schema: &SchemaUse<'_>) -> bool {
    matches!(member_class(schema, DEPTH), Some(Class::Struct))
}

/// Whether a schema is an enum of strings, through references and overlays.
fn is_of_strings(schema: &SchemaUse<'_>) -> bool {
    let values = schema.follow().and_then(|schema| Values::of(&schema));
    values.is_some_and(|values| values.listed.first().is_some_and(|(value, _)| value.is_string()))
}

/// Returns the strings that a schema's `enum` lists, if it has one, through references and overlays.
pub fn enum_values(schema: &SchemaUse<'_>) -> Option<Vec<String>> {
    let values = Values::of(&schema.follow()?)?;
    let strings = values.listed.iter().filter_map(|(value, _)| value.as_str().map(str::to_owned));
    (!values.listed.is_empty()).then(|| strings.collect())
}

/// Returns the schema of a property, also of one that a member of `allOf` lists.
pub fn property<'a>(schema: &SchemaAt<'a>, name: &str) -> Option<SchemaUse<'a>> {
    property_within(schema, name, DEPTH)
}

fn property_within<'a>(schema: &SchemaAt<'a>, name: &str, depth: usize) -> Option<SchemaUse<'a>> {
    let depth = depth.checked_sub(1)?;
    // What is added last says most.
    let members = schema.members(Part::AllOf).rev();
    let own = schema.properties().find(|(wire, _)| *wire == name).map(|(_, property)| property);
    own.or_else(|| members.into_iter().find_map(|member| property_within(&member.follow()?, name, depth)))
}
