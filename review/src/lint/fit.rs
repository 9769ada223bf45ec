//! Whether a value fits a schema.
//!
//! What comes out names the schema's words, and never the value: an example may hold somebody's data. What is not
//! checked fits.

use std::collections::BTreeSet;

use openapiv3::{AdditionalProperties, AnySchema};
use serde_json::{Map, Value};

use super::view::chain;
use generator::diagnostic::Pointer;
use generator::parse::{Part, SchemaAt, SchemaUse};

mod format;
#[cfg(test)]
mod tests;

/// So many schemas are entered on the way to one value; a circle of `allOf` has no end.
const DEPTH: usize = 64;

/// Where and why a value does not fit.
#[derive(Debug)]
pub struct Misfit {
    /// The part of the value.
    pub place: Pointer,
    /// The part of the schema.
    pub rule: Pointer,
    /// What is wrong, without the value.
    pub says: String,
}

/// Holds a value at `place` against a schema.
pub fn check(schema: &SchemaUse<'_>, value: &Value, place: &Pointer) -> Vec<Misfit> {
    let mut fit = Fit::default();
    fit.value(schema, value, place, DEPTH);
    fit.found
}

#[derive(Default)]
struct Fit {
    found: Vec<Misfit>,
}

impl Fit {
    fn says(&mut self, place: &Pointer, rule: &Pointer, says: impl Into<String>) {
        self.found.push(Misfit { place: place.clone(), rule: rule.clone(), says: says.into() });
    }

    fn value(&mut self, schema: &SchemaUse<'_>, value: &Value, place: &Pointer, depth: usize) {
        let Some(schema) = schema.follow().filter(|_| depth > 0) else { return };
        let (any, at) = (schema.any(), &schema.pointer);
        // `nullable` of the whole speaks for its members too.
        if value.is_null() && (schema.data().nullable || any.enumeration.contains(value)) {
            return;
        }
        if !self.is_of_type(any, at, value, place) {
            return;
        }
        if !any.enumeration.is_empty() && !any.enumeration.contains(value) {
            self.says(place, &at.key("enum"), "it is none of the values that are listed");
        }
        match value {
            Value::String(text) => self.text(any, at, text, place),
            Value::Number(number) => self.number(any, at, number.as_f64().unwrap_or_default(), place),
            Value::Array(items) => self.list(&schema, items, place, depth),
            Value::Object(object) => self.object(&schema, object, place, depth),
            Value::Null | Value::Bool(_) => {}
        }
        self.members(&schema, value, place, depth);
    }

    fn is_of_type(&mut self, any: &AnySchema, at: &Pointer, value: &Value, place: &Pointer) -> bool {
        let Some(ty) = any.typ.as_deref() else { return true };
        let is_whole = |number: &serde_json::Number| number.as_f64().is_some_and(|number| number.fract() == 0.0);
        let fits = match ty {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" => value.is_number(),
            "integer" => value.as_number().is_some_and(is_whole),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => true,
        };
        if !fits {
            let is = match value {
                Value::Null => "null, which `nullable` would allow",
                Value::Bool(_) => "a boolean",
                Value::Number(_) => "a number",
                Value::String(_) => "a text",
                Value::Array(_) => "a list",
                Value::Object(_) => "an object",
            };
            self.says(place, &at.key("type"), format!("the type is `{ty}`, and this is {is}"));
        }
        fits
    }

    fn text(&mut self, any: &AnySchema, at: &Pointer, text: &str, place: &Pointer) {
        let length = text.chars().count();
        self.bound(any.min_length.filter(|least| length < *least), at, "minLength", "it is shorter than", place);
        self.bound(any.max_length.filter(|most| length > *most), at, "maxLength", "it is longer than", place);
        if let Some(pattern) = any.pattern.as_deref().and_then(generator::lower::read_pattern)
            && !format::matches(&pattern, text)
        {
            self.says(place, &at.key("pattern"), "it does not match `pattern`");
        }
        if let Some(format) = any.format.as_deref().filter(|format| !format::fits(format, text)) {
            self.says(place, &at.key("format"), format!("it is no `{format}`"));
        }
    }

    fn bound(&mut self, broken: Option<usize>, at: &Pointer, key: &str, says: &str, place: &Pointer) {
        if broken.is_some() {
            self.says(place, &at.key(key), format!("{says} `{key}` allows"));
        }
    }

    fn number(&mut self, any: &AnySchema, at: &Pointer, number: f64, place: &Pointer) {
        let (from, to) = (any.minimum, any.maximum);
        let exclusive = (any.exclusive_minimum.unwrap_or_default(), any.exclusive_maximum.unwrap_or_default());
        if from.is_some_and(|from| number < from || exclusive.0 && number <= from) {
            self.says(place, &at.key("minimum"), "it is below `minimum`");
        }
        if to.is_some_and(|to| number > to || exclusive.1 && number >= to) {
            self.says(place, &at.key("maximum"), "it is above `maximum`");
        }
        let step = any.multiple_of.filter(|step| *step > 0.0);
        // Steps such as 0.01 have no exact number.
        if step.is_some_and(|step| ((number / step).round() - number / step).abs() > 1e-6) {
            self.says(place, &at.key("multipleOf"), "it isn't a multiple of `multipleOf`");
        }
        let is_int32 = any.format.as_deref() == Some("int32");
        if is_int32 && !(f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number) {
            self.says(place, &at.key("format"), "it is no `int32`");
        }
    }

    fn list(&mut self, schema: &SchemaAt<'_>, items: &[Value], place: &Pointer, depth: usize) {
        let (any, at) = (schema.any(), &schema.pointer);
        let count = items.len();
        self.bound(any.min_items.filter(|least| count < *least), at, "minItems", "it has fewer items than", place);
        self.bound(any.max_items.filter(|most| count > *most), at, "maxItems", "it has more items than", place);
        let is_repeated = |(index, item): (usize, &Value)| items[..index].contains(item);
        if any.unique_items == Some(true) && items.iter().enumerate().take(1000).any(is_repeated) {
            self.says(place, &at.key("uniqueItems"), "two items are the same");
        }
        let Some(schema) = schema.items() else { return };
        for (index, item) in items.iter().enumerate() {
            self.value(&schema, item, &place.index(index), depth - 1);
        }
    }

    fn object(&mut self, schema: &SchemaAt<'_>, object: &Map<String, Value>, place: &Pointer, depth: usize) {
        let (any, at) = (schema.any(), &schema.pointer);
        let count = object.len();
        let (least, most) = (any.min_properties, any.max_properties);
        self.bound(least.filter(|least| count < *least), at, "minProperties", "it has fewer properties than", place);
        self.bound(most.filter(|most| count > *most), at, "maxProperties", "it has more properties than", place);
        let is_missing = |name: &&String| !object.contains_key(*name) && !is_one_way(schema, name);
        let missing: Vec<&String> = any.required.iter().filter(is_missing).collect();
        for name in missing {
            self.says(place, &at.key("required"), format!("`{name}` is required, and missing"));
        }
        for (name, property) in schema.properties() {
            if let Some(value) = object.get(name) {
                self.value(&property, value, &place.key(name), depth - 1);
            }
        }
        let mut others = object.iter().filter(|(name, _)| !any.properties.contains_key(*name));
        if let Some(values) = schema.additional_properties() {
            // The key is data, which a pointer would tell.
            others.for_each(|(_, value)| self.unplaced(&values, value, place, depth));
        } else if any.additional_properties == Some(AdditionalProperties::Any(false)) && others.next().is_some() {
            let rule = at.key("additionalProperties");
            self.says(place, &rule, "it has a property that the schema does not allow");
        }
    }

    /// Holds a value against a schema, and tells the place of the object around it.
    fn unplaced(&mut self, schema: &SchemaUse<'_>, value: &Value, place: &Pointer, depth: usize) {
        let mut inner = Self::default();
        inner.value(schema, value, place, depth - 1);
        let misfits = inner.found.into_iter().map(|misfit| Misfit { place: place.clone(), ..misfit });
        self.found.extend(misfits);
    }

    fn members(&mut self, schema: &SchemaAt<'_>, value: &Value, place: &Pointer, depth: usize) {
        for member in schema.members(Part::AllOf) {
            self.value(&member, value, place, depth - 1);
        }
        for (key, part) in [("oneOf", Part::OneOf), ("anyOf", Part::AnyOf)] {
            let fits = |member| {
                let mut inner = Self::default();
                inner.value(&member, value, place, depth - 1);
                inner.found.is_empty()
            };
            let mut members = schema.members(part).peekable();
            if members.peek().is_some() && !members.any(fits) {
                self.says(place, &schema.pointer.key(key), format!("it fits no member of `{key}`"));
            }
        }
        // What `allOf` says twice is one finding.
        let mut seen = BTreeSet::new();
        self.found.retain(|misfit| seen.insert((misfit.place.to_string(), misfit.says.clone())));
    }
}

/// Whether a property travels in requests or in answers alone, so that an example of the other may lack it.
fn is_one_way(schema: &SchemaAt<'_>, name: &str) -> bool {
    let Some((_, property)) = schema.properties().find(|(other, _)| *other == name) else { return false };
    chain(&property).iter().any(|schema| schema.data().read_only || schema.data().write_only)
}
