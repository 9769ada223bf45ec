//! A caller's programs: one for each item of a crate, which names, calls, reads or matches the item with its types. The
//! program compiles with another crate only if that crate has the same item.
//!
//! ```text
//! fn p7(it: &novamed::Carrier) -> &novamed::CarrierId { &it.id }
//! ```

use std::collections::BTreeMap;

use serde_json::Value;

use super::rustdoc::{Docs, ids, is_public, name};
use super::text;

/// A program about one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// The item as a caller writes it, without the crate: `Carrier::id`, `ClinicId: Display`.
    pub item: String,
    /// The program, in one line; `$` is replaced by a unique number.
    code: String,
}

impl Probe {
    fn new(item: impl Into<String>, code: impl Into<String>) -> Self {
        Self { item: item.into(), code: code.into() }
    }

    /// Returns the program with this number.
    pub fn code(&self, number: usize) -> String {
        self.code.replace('$', &number.to_string())
    }
}

/// Returns the programs for all items of a crate.
pub fn all(docs: &Docs) -> Vec<Probe> {
    let mut probes = Vec::new();
    let starts = starts(docs);
    for (id, path) in &docs.paths {
        let Some((kind, parts)) = docs.inner(*id) else { continue };
        let item = path.trim_start_matches("novamed::");
        probes.push(Probe::new(item, format!("mod p$ {{ #[allow(unused_imports)] use {path} as _; }}")));
        match kind {
            "struct" | "enum" if !is_plain(parts) => {}
            "struct" => {
                probes.extend(ids(&parts["kind"]["plain"]["fields"]).filter_map(|id| field(docs, item, path, id)));
            }
            "enum" => probes.extend(variants(docs, item, path, *id, parts)),
            "function" => probes.extend(function(docs, item, path, parts)),
            _ => continue,
        }
        for implementation in ids(&parts["impls"]).filter_map(|id| docs.inner(id)) {
            probes.extend(implemented(docs, item, path, implementation.1, &starts));
        }
    }
    for parts in docs.implementations() {
        probes.extend(for_foreign(docs, parts));
    }
    probes.sort_by(|one, other| one.item.cmp(&other.item));
    probes
}

/// A trait that the crate implements for a foreign type, such as `From<PetId>` for `Uuid`.
fn for_foreign(docs: &Docs, parts: &Value) -> Option<Probe> {
    let id = parts["for"]["resolved_path"]["id"].as_u64()?;
    docs.foreign(id)?;
    let path = text::ty(docs, &parts["for"])?;
    let item = path.rsplit("::").next()?.to_owned();
    implements(docs, &item, &path, parts)
}

fn field(docs: &Docs, item: &str, path: &str, id: u64) -> Option<Probe> {
    let field = docs.item(id).filter(|field| is_public(field))?;
    let ty = text::ty(docs, &field["inner"]["struct_field"])?;
    let name = name(field);
    Some(Probe::new(format!("{item}::{name}"), format!("fn p$(it: &{path}) -> &{ty} {{ &it.{name} }}")))
}

/// Matches over an enum: each variant separately, and all of them if the enum is exhaustive.
fn variants(docs: &Docs, item: &str, path: &str, id: u64, parts: &Value) -> Vec<Probe> {
    let mut probes = Vec::new();
    let mut arms = Vec::new();
    for variant in ids(&parts["variants"]).filter_map(|id| docs.item(id)) {
        let name = name(variant);
        let kind = &variant["inner"]["variant"]["kind"];
        if kind.get("struct").is_some() {
            arms.push(format!("{path}::{name} {{ .. }} => {{}}"));
            continue;
        }
        let fields: Vec<u64> = ids(&kind["tuple"]).collect();
        let types = fields.iter().map(|id| text::ty(docs, &docs.item(*id)?["inner"]["struct_field"]));
        let Some(types) = types.collect::<Option<Vec<String>>>() else { continue };
        let names: Vec<String> = (0..types.len()).map(|index| format!("v{index}")).collect();
        let pattern = if names.is_empty() { String::new() } else { format!("({})", names.join(", ")) };
        let checks = names.iter().zip(&types).map(|(name, ty)| format!("let _: &{ty} = {name};"));
        let checks: String = checks.collect();
        arms.push(format!("{path}::{name}{} => {{}}", if names.is_empty() { "" } else { "(..)" }));
        let code = format!(
            "fn p$(it: &{path}) {{ #[allow(unreachable_patterns)] match it {{ {path}::{name}{pattern} => {{ {checks} }} _ => {{}} }} }}"
        );
        probes.push(Probe::new(format!("{item}::{name}"), code));
    }
    let open = docs.item(id).is_some_and(|item| item["attrs"].to_string().contains("non_exhaustive"));
    if !open && !arms.is_empty() {
        probes.push(Probe::new(
            format!("{item} (match)"),
            format!("fn p$(it: &{path}) {{ match it {{ {} }} }}", arms.join(" ")),
        ));
    }
    probes
}

/// The arguments and the result of a function or method.
struct Signature {
    generics: String,
    predicates: String,
    is_async: bool,
    /// Names and types, including `self`.
    inputs: Vec<(String, String)>,
    output: String,
}

impl Signature {
    fn read(docs: &Docs, function: &Value) -> Option<Self> {
        let (generics, predicates) = text::generics(docs, &function["generics"])?;
        let inputs = function["sig"]["inputs"].as_array()?.iter().enumerate().map(|(index, input)| {
            let name = if input[0] == "self" { "self".to_owned() } else { format!("a{index}") };
            Some((name, text::ty(docs, &input[1])?))
        });
        let inputs = inputs.collect::<Option<Vec<_>>>()?;
        let output = text::output(docs, &function["sig"]["output"])?;
        Some(Self { generics, predicates, is_async: function["header"]["is_async"] == true, inputs, output })
    }

    /// Returns a function with this signature that calls `callee`.
    fn calling(&self, name: &str, callee: &str) -> String {
        let inputs = self.inputs.iter().map(|(name, ty)| format!("{name}: {ty}")).collect::<Vec<_>>().join(", ");
        let names = self.inputs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let (prefix, suffix) = if self.is_async { ("async ", ".await") } else { ("", "") };
        let Self { generics, predicates, output, .. } = self;
        format!("{prefix}fn {name}{generics}({inputs}){output}{predicates} {{ {callee}({names}){suffix} }}")
    }

    /// Returns the declaration and the names of the arguments without `self`. `mark` makes the names unique.
    fn arguments(&self, mark: &str) -> (Vec<String>, String) {
        let inputs = self.inputs.iter().filter(|(name, _)| name != "self");
        let (declared, names): (Vec<_>, Vec<_>) =
            inputs.map(|(name, ty)| (format!("{name}{mark}: {ty}"), format!("{name}{mark}"))).unzip();
        (declared, names.join(", "))
    }
}

fn function(docs: &Docs, item: &str, path: &str, function: &Value) -> Option<Probe> {
    Some(Probe::new(item, Signature::read(docs, function)?.calling("p$", path)))
}

/// What an `impl` of a type is: a trait, or methods.
fn implemented(docs: &Docs, item: &str, path: &str, parts: &Value, starts: &BTreeMap<u64, String>) -> Vec<Probe> {
    if !parts["trait"].is_null() {
        return implements(docs, item, path, parts).into_iter().collect();
    }
    let methods = ids(&parts["items"]).filter_map(|id| docs.item(id)).filter(|method| is_public(method));
    let methods: Vec<(&str, &Value)> =
        methods.filter_map(|method| Some((name(method), method["inner"].get("function")?))).collect();
    let start = parts["for"]["resolved_path"]["id"].as_u64().and_then(|id| starts.get(&id));
    match start {
        _ if is_plain(parts) => {
            methods.iter().filter_map(|(name, function)| method(docs, item, path, name, function)).collect()
        }
        Some(start) => chained(docs, item, start, &methods),
        // Generic types belong to the runtime, which doesn't depend on the document.
        None => Vec::new(),
    }
}

fn is_plain(parts: &Value) -> bool {
    parts["generics"]["params"].as_array().is_none_or(Vec::is_empty)
}

fn implements(docs: &Docs, item: &str, path: &str, parts: &Value) -> Option<Probe> {
    let of = text::path(docs, &parts["trait"])?;
    let short = of.split('<').next()?.rsplit("::").next()?.to_owned();
    if parts["is_synthetic"] == true || !parts["blanket_impl"].is_null() || parts["is_negative"] == true {
        return None;
    }
    // The compiler adds these, and nobody names them.
    let is_inner = ["Drop", "StructuralPartialEq", "TrivialClone"].contains(&short.as_str());
    let is_plain_type = parts["for"]["resolved_path"]["args"].is_null();
    if is_inner || !is_plain_type || !is_plain(parts) && short != "Deserialize" {
        return None;
    }
    let of = if short == "Deserialize" { "serde::de::DeserializeOwned".to_owned() } else { of };
    let arguments = of.split_once('<').map(|(_, rest)| format!("<{rest}")).unwrap_or_default();
    let arguments = arguments.replace("novamed::", "").replace("std::string::", "").replace("& ", "&");
    let of = of.replace("& ", "&'x ");
    let code = format!("fn p$() {{ fn is<T: for<'x> {of}>() {{}} is::<{path}>() }}");
    Some(Probe::new(format!("{item}: {short}{arguments}"), code))
}

/// Calls a method from one with the same signature, so elided lifetimes have the same meaning.
fn method(docs: &Docs, item: &str, path: &str, name: &str, function: &Value) -> Option<Probe> {
    let calling = Signature::read(docs, function)?.calling("probe", &format!("<{path}>::{name}"));
    let (declared, body) = calling.split_once(" { ")?;
    let code = format!(
        "mod p$ {{ #[allow(async_fn_in_trait)] trait P: Sized {{ {declared}; }} impl P for {path} {{ {declared} {{ {body} }} }}"
    );
    Some(Probe::new(format!("{item}::{name}"), code))
}

/// Functions without arguments that return a generic type, by that type. A chain of calls starts there, and a caller
/// never writes the type's parameters.
fn starts(docs: &Docs) -> BTreeMap<u64, String> {
    let mut starts = BTreeMap::new();
    for (id, path) in &docs.paths {
        let Some((_, parts)) = docs.inner(*id) else { continue };
        for implementation in ids(&parts["impls"]).filter_map(|id| docs.inner(id)) {
            for method in ids(&implementation.1["items"]).filter_map(|id| docs.item(id)).filter(|it| is_public(it)) {
                let Some(function) = method["inner"].get("function") else { continue };
                let returned = function["sig"]["output"]["resolved_path"]["id"].as_u64();
                let inputs = function["sig"]["inputs"].as_array().map_or(0, Vec::len);
                if let Some(returned) = returned.filter(|returned| returned != id && inputs == 0) {
                    starts.entry(returned).or_insert_with(|| format!("{path}::{}()", name(method)));
                }
            }
        }
    }
    starts
}

/// Calls each method of a new builder, and `build` after all required setters.
fn chained(docs: &Docs, item: &str, start: &str, methods: &[(&str, &Value)]) -> Vec<Probe> {
    let mut probes = Vec::new();
    let (mut declared, mut chain) = (Vec::new(), start.to_owned());
    for (index, (name, function)) in methods.iter().enumerate().filter(|(_, (name, _))| *name != "build") {
        let Some(signature) = Signature::read(docs, function) else { continue };
        let (arguments, names) = signature.arguments(&format!("_{index}"));
        let generics = &signature.generics;
        let code = format!("fn p${generics}({}) {{ let _ = {start}.{name}({names}); }}", arguments.join(", "));
        probes.push(Probe::new(format!("{item}::{name}"), code));
        if signature.output.contains("novamed::builder::Set") {
            declared.extend(arguments);
            chain = format!("{chain}.{name}({names})");
        }
    }
    let build = methods.iter().find(|(name, _)| *name == "build");
    if let Some(output) = build.and_then(|(_, function)| text::output(docs, &function["sig"]["output"])) {
        let code = format!("fn p$({}){output} {{ {chain}.build() }}", declared.join(", "));
        probes.push(Probe::new(format!("{item}::build"), code));
    }
    probes
}
