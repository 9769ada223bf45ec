//! Types and generics in Rust syntax, from rustdoc's JSON. The result is `None` if a caller couldn't write it, such as a
//! type in a private module.

use serde_json::Value;

use super::rustdoc::{Docs, name};

/// Returns a type.
pub fn ty(docs: &Docs, json: &Value) -> Option<String> {
    let (kind, parts) = json.as_object()?.iter().next()?;
    match kind.as_str() {
        "resolved_path" => path(docs, parts),
        "generic" => Some(parts.as_str()?.to_owned()),
        "primitive" => Some(match parts.as_str()? {
            "never" => "!".to_owned(),
            name => name.to_owned(),
        }),
        "tuple" => {
            let parts = list(parts, |part| ty(docs, part))?;
            // A tuple with one element has a trailing comma.
            let comma = if parts.len() == 1 { "," } else { "" };
            Some(format!("({}{comma})", parts.join(", ")))
        }
        "slice" => Some(format!("[{}]", ty(docs, parts)?)),
        "array" => Some(format!("[{}; {}]", ty(docs, &parts["type"])?, parts["len"].as_str()?)),
        "borrowed_ref" => {
            let lifetime = parts["lifetime"].as_str().unwrap_or_default();
            let mutable = if parts["is_mutable"] == true { "mut " } else { "" };
            Some(format!("&{lifetime} {mutable}{}", ty(docs, &parts["type"])?))
        }
        "impl_trait" => Some(format!("impl {}", bounds(docs, parts)?)),
        "dyn_trait" => {
            let mut traits = list(&parts["traits"], |part| path(docs, &part["trait"]))?;
            traits.extend(parts["lifetime"].as_str().map(str::to_owned));
            Some(format!("(dyn {})", traits.join(" + ")))
        }
        "qualified_path" => {
            let of = ty(docs, &parts["self_type"])?;
            Some(format!("<{of} as {}>::{}", path(docs, &parts["trait"])?, name(parts)))
        }
        _ => None,
    }
}

/// Returns the path of a type or a trait, with its arguments.
pub fn path(docs: &Docs, json: &Value) -> Option<String> {
    let id = json["id"].as_u64()?;
    Some(named(docs, id)? + &arguments(docs, &json["args"])?)
}

/// Returns the path by which a caller names an item.
fn named(docs: &Docs, id: u64) -> Option<String> {
    if let Some(path) = docs.paths.get(&id) {
        return Some(path.clone());
    }
    let path = docs.foreign(id)?;
    let last = *path.last()?;
    match (*path.first()?, last) {
        // Some items are defined in private modules, but have another public path.
        ("core", "FromStr") => Some("std::str::FromStr".to_owned()),
        ("core", "IntoIterator" | "Iterator") => Some(format!("std::iter::{last}")),
        ("core", "Future") => Some("std::future::Future".to_owned()),
        ("core", "Deref" | "DerefMut" | "Fn" | "FnMut" | "FnOnce") => Some(format!("std::ops::{last}")),
        ("core" | "alloc" | "std", _) => Some(format!("std::{}", path[1..].join("::"))),
        ("serde" | "serde_core", "DeserializeOwned") => Some("serde::de::DeserializeOwned".to_owned()),
        ("serde" | "serde_core", _) => Some(format!("serde::{last}")),
        _ => None,
    }
}

fn arguments(docs: &Docs, json: &Value) -> Option<String> {
    if let Some(parts) = json.get("angle_bracketed") {
        let mut arguments = list(&parts["args"], |part| match part.get("lifetime") {
            Some(lifetime) => Some(lifetime.as_str()?.to_owned()),
            None => ty(docs, part.get("type")?),
        })?;
        arguments.extend(list(&parts["constraints"], |part| {
            let of = ty(docs, part["binding"].get("equality")?.get("type")?)?;
            Some(format!("{} = {of}", name(part)))
        })?);
        return Some(if arguments.is_empty() { String::new() } else { format!("<{}>", arguments.join(", ")) });
    }
    match json.get("parenthesized") {
        Some(parts) => {
            let inputs = list(&parts["inputs"], |part| ty(docs, part))?.join(", ");
            Some(format!("({inputs}){}", output(docs, &parts["output"])?))
        }
        None => Some(String::new()),
    }
}

/// Returns ` -> T`, or nothing for the unit.
pub fn output(docs: &Docs, json: &Value) -> Option<String> {
    if json.is_null() { Some(String::new()) } else { Some(format!(" -> {}", ty(docs, json)?)) }
}

fn bounds(docs: &Docs, json: &Value) -> Option<String> {
    let bounds = list(json, |bound| {
        if let Some(lifetime) = bound.get("outlives") {
            return Some(lifetime.as_str()?.to_owned());
        }
        let bound = bound.get("trait_bound")?;
        let quantified = list(&bound["generic_params"], |param| Some(name(param).to_owned()))?;
        let quantified = if quantified.is_empty() { String::new() } else { format!("for<{}> ", quantified.join(", ")) };
        let maybe = if bound["modifier"] == "maybe" { "?" } else { "" };
        Some(format!("{quantified}{maybe}{}", path(docs, &bound["trait"])?))
    })?;
    Some(bounds.join(" + "))
}

/// Returns the declared parameters of a generic item, and its `where` clause.
pub fn generics(docs: &Docs, json: &Value) -> Option<(String, String)> {
    let declared = json["params"].as_array()?.iter().filter(|param| {
        // The parameter for an argument's `impl Trait` is written in the argument.
        param["kind"]["type"]["is_synthetic"] != true
    });
    let declared = declared.map(|param| match param["kind"].get("type") {
        Some(kind) => {
            let bounds = bounds(docs, &kind["bounds"])?;
            let colon = if bounds.is_empty() { "" } else { ": " };
            Some(format!("{}{colon}{bounds}", name(param)))
        }
        None => param["kind"].get("lifetime").map(|_| name(param).to_owned()),
    });
    let declared = declared.collect::<Option<Vec<String>>>()?;
    let predicates = list(&json["where_predicates"], |predicate| {
        let predicate = predicate.get("bound_predicate")?;
        Some(format!("{}: {}", ty(docs, &predicate["type"])?, bounds(docs, &predicate["bounds"])?))
    })?;
    let declared = if declared.is_empty() { String::new() } else { format!("<{}>", declared.join(", ")) };
    let predicates = if predicates.is_empty() { String::new() } else { format!(" where {}", predicates.join(", ")) };
    Some((declared, predicates))
}

fn list<T>(json: &Value, each: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(each).collect()
}
