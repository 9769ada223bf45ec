//! Rules about names in Rust.

use super::View;
use crate::lint::codes;
use generator::diagnostic::{Diagnostic, Pointer};
use generator::model::{EnumValue, Operation, Shape, TypeDef};
use generator::names::Name;

/// A name is no longer read but counted from so many characters on.
const LONG: usize = 60;

pub fn awkward_name(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for def in &view.lowered.api.types {
        of_type(view, def, found);
    }
    for operation in view.lowered.api.groups.iter().flat_map(|group| &group.operations) {
        of_operation(view, operation, found);
    }
}

fn of_type(view: &View<'_>, def: &TypeDef, found: &mut Vec<Diagnostic>) {
    let wire = def.pointer.last().unwrap_or_default();
    // A type inside another type is named after its place.
    let is_component = def.pointer.parent().and_then(Pointer::last).is_some_and(|parent| parent == "schemas");
    if is_component {
        check(&wire, &def.name, &def.pointer, "`x-client-name: …` on the schema", found);
    }
    match &def.shape {
        Shape::Struct(object) => {
            for field in &object.fields {
                let pointer = property(view, &def.pointer, &field.wire);
                check(&field.wire, &field.rust, &pointer, "`x-client-name: …` on the property", found);
            }
        }
        Shape::Enum(list) => {
            for (index, variant) in list.variants.iter().enumerate() {
                let wire = match &variant.wire {
                    EnumValue::String(wire) => wire.clone(),
                    EnumValue::Integer(wire) => wire.to_string(),
                };
                let help = format!("`x-client-variants: {{'{wire}': …}}` on the schema");
                check(&wire, &variant.rust, &def.pointer.key("enum").index(index), &help, found);
            }
        }
        Shape::Newtype(_) | Shape::Union(_) | Shape::Alias(_) => {}
    }
}

/// Returns where a property is written: on the schema itself, or on a member of its `allOf`.
fn property(view: &View<'_>, schema: &Pointer, wire: &str) -> Pointer {
    let members = (0..16).map(|index| schema.key("allOf").index(index));
    let places = std::iter::once(schema.clone()).chain(members).map(|at| at.key("properties").key(wire));
    let is_there = |pointer: &Pointer| view.document.root.find(&view.document.written(pointer)).is_some();
    places.into_iter().find(is_there).unwrap_or_else(|| schema.clone())
}

fn of_operation(view: &View<'_>, operation: &Operation, found: &mut Vec<Diagnostic>) {
    // One that the document does not name is reported as such.
    if view.document.root.find(&view.document.written(&operation.pointer.key("operationId"))).is_some() {
        check(&operation.id, &operation.rust, &operation.pointer, "another `operationId`", found);
    }
    let optional = operation.optional.iter().flat_map(|params| &params.parameters);
    for parameter in operation.required.iter().chain(optional) {
        if awkward(&parameter.wire, parameter.rust.as_str()).is_some() {
            let pointer = parameter_place(view, operation, &parameter.wire);
            check(&parameter.wire, &parameter.rust, &pointer, "`x-client-name: …` on the parameter", found);
        }
    }
}

/// Returns where a parameter is written: on the operation, or where it is shared.
fn parameter_place(view: &View<'_>, operation: &Operation, wire: &str) -> Pointer {
    let own = operation.pointer.steps();
    let mut places = view.parameters.iter().filter(|at| at.object.parameter_data_ref().name == wire);
    let own_place = places.clone().find(|at| at.pointer.steps().starts_with(&own));
    own_place.or_else(|| places.next()).map_or_else(|| operation.pointer.clone(), |at| at.pointer.key("name"))
}

fn check(wire: &str, rust: &Name, pointer: &Pointer, remedy: &str, found: &mut Vec<Diagnostic>) {
    let Some(why) = awkward(wire, rust.as_str()) else { return };
    let message = format!("`{wire}` becomes `{rust}`: {why}");
    found.push(codes::AWKWARD_NAME.at(pointer, message).at_key().help(format!("choose a better name with {remedy}")));
}

/// Says what is awkward about a name, if anything is.
fn awkward(wire: &str, rust: &str) -> Option<&'static str> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let (said, named) = (letters(wire), letters(rust));
    if rust.ends_with('_') {
        return Some("the word has a meaning in Rust, or in the client");
    }
    // The document chose this name.
    if said.is_empty() {
        return named.starts_with("empty").then_some("the text has no word to name it by");
    }
    if splits_plural(wire) && said == named {
        return Some("capitals and their plural fall apart");
    }
    if rust.chars().count() >= LONG {
        return Some("it is too long to read");
    }
    if ["model", "value"].iter().any(|word| named.strip_suffix(word) == Some(&*said)) {
        return Some("the client has the name for itself");
    }
    if named.strip_prefix('n') == Some(&*said) {
        return Some("a name cannot begin with a digit");
    }
    None
}

/// Whether there are capitals with a small `s` behind them that ends a word: `IDs`, `petURLsSeen`.
fn splits_plural(wire: &str) -> bool {
    let letters: Vec<char> = wire.chars().collect();
    letters.windows(3).enumerate().any(|(index, window)| {
        let [a, b, 's'] = window else { return false };
        let ends = letters.get(index + 3).is_none_or(|next| !next.is_lowercase());
        a.is_ascii_uppercase() && b.is_ascii_uppercase() && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_read_badly() {
        let awkward = |wire, rust| awkward(wire, rust).is_some();
        for (wire, rust) in
            [("type", "type_"), ("petIDs", "pet_i_ds"), ("24h", "N24h"), ("Option", "OptionModel"), ("…", "Empty")]
        {
            assert!(awkward(wire, rust), "{wire}");
        }
        for (wire, rust) in [
            ("pet_id", "pet_id"),
            ("petId", "pet_id"),
            ("HTTPStatus", "HttpStatus"),
            ("mammal - other", "OtherMammal"),
            ("+1", "Plus1"),
            ("class", "Class"),
        ] {
            assert!(!awkward(wire, rust), "{wire}");
        }
    }
}
