//! A document of the corpus: its nodes by pointer, read without the generator, and the model of its client.

use generator::model::{Api, Operation, Type, TypeDef};
use generator::{Generated, Unmarked, lower, parse};
use serde_json::Value;

use super::translate::Way;
use super::validator::Validators;
use crate::corpus;
use crate::fixture::Fixture;

/// A document, and the generator's names for its parts.
pub struct Document {
    pub fixture: Fixture,
    /// The document, as JSON.
    pub root: Value,
    /// The client's names.
    pub api: Api,
    /// Validates values with its schemas.
    pub validators: Validators,
    /// The same for values in requests.
    pub in_requests: Validators,
}

impl Document {
    pub fn read(fixture: Fixture) -> Self {
        let root: Value = if fixture.is_json() {
            serde_json::from_str(&fixture.text).expect("the corpus is JSON")
        } else {
            let yaml: serde_yaml::Value = serde_yaml::from_str(&fixture.text).expect("the corpus is YAML");
            serde_json::to_value(corpus::with_text_keys(yaml)).expect("the document has no value that JSON lacks")
        };
        let (document, _) = parse::parse(&fixture.source());
        let api = lower::lower(&document.expect("the document can be read"), Unmarked::Redacted).api;
        let validators = Validators::of(&root, Way::Any);
        let in_requests = Validators::of(&root, Way::Request);
        Self { fixture, root, api, validators, in_requests }
    }

    /// Returns the files of the client, whose types print their values.
    pub fn generate(&self) -> Generated {
        let config = generator::Config { unmarked: Unmarked::Shown, ..generator::Config::new(&self.crate_name()) };
        self.fixture.generate(&config).unwrap_or_else(|problems| panic!("{problems}"))
    }

    pub fn crate_name(&self) -> String {
        corpus::crate_name(&self.fixture)
    }

    /// Follows references from `pointer`, and returns the pointer of the target, or `None` if it doesn't exist.
    pub fn resolve(&self, pointer: &str) -> Option<String> {
        let mut pointer = pointer.to_owned();
        for _ in 0..16 {
            match self.root.pointer(&pointer)?.get("$ref").and_then(Value::as_str) {
                Some(reference) => pointer = decoded(reference.strip_prefix('#')?),
                None => return Some(pointer),
            }
        }
        None
    }

    /// Follows references from `pointer`, and returns the target, or null if it doesn't exist.
    pub fn node(&self, pointer: &str) -> &Value {
        self.resolve(pointer).and_then(|pointer| self.root.pointer(&pointer)).unwrap_or(&Value::Null)
    }

    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.api.groups.iter().flat_map(|group| &group.operations)
    }

    pub fn def(&self, id: generator::model::TypeId) -> &TypeDef {
        &self.api.types[id.0]
    }

    /// Returns the pointer of the parameter's object, declared in the operation or its path item.
    pub fn parameter(&self, op: &Operation, wire: &str, location: &str) -> Option<String> {
        let operation = op.pointer.to_string();
        let item = operation.rsplit_once('/').map(|(item, _)| self.resolve(item))??;
        let lists = [format!("{operation}/parameters"), format!("{item}/parameters")];
        lists.iter().find_map(|list| {
            let count = self.root.pointer(list)?.as_array()?.len();
            let mut pointers = (0..count).filter_map(|index| self.resolve(&format!("{list}/{index}")));
            pointers.find(|pointer| {
                let node = self.node(pointer);
                node["name"] == wire && node["in"] == location
            })
        })
    }

    /// Returns the pointer of the media type's object under `content` of the node at `pointer`.
    pub fn media_type(&self, pointer: &str, is_chosen: impl Fn(&str) -> bool) -> Option<String> {
        let pointer = self.resolve(pointer)?;
        let content = self.root.pointer(&pointer)?.get("content")?.as_object()?;
        let name = content.keys().find(|name| is_chosen(name))?;
        Some(format!("{pointer}/content/{}", escaped(name)))
    }

    /// Returns the pointers of the examples of a media type or parameter: `example`, and the values of `examples`.
    pub fn examples(&self, pointer: &str) -> Vec<String> {
        let node = self.node(pointer);
        let one = node.get("example").map(|_| format!("{pointer}/example"));
        let several = node.get("examples").and_then(Value::as_object).into_iter().flatten();
        let several = several.filter_map(|(name, _)| self.resolve(&format!("{pointer}/examples/{}", escaped(name))));
        let several = several.map(|example| format!("{example}/value"));
        one.into_iter().chain(several).filter(|pointer| self.root.pointer(pointer).is_some()).collect()
    }

    /// Returns the pointers of the examples of the schema at `pointer`, without following references.
    pub fn schema_examples(&self, pointer: &str) -> Vec<String> {
        let Some(node) = self.root.pointer(pointer).filter(|node| node.get("$ref").is_none()) else {
            return Vec::new();
        };
        let one = node.get("example").map(|_| format!("{pointer}/example"));
        let count = node.get("examples").and_then(Value::as_array).map_or(0, Vec::len);
        one.into_iter().chain((0..count).map(|index| format!("{pointer}/examples/{index}"))).collect()
    }

    /// Returns the type behind an alias, or the type itself.
    pub fn resolved<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut ty = ty;
        while let Type::Named(id) = ty
            && let generator::model::Shape::Alias(target) = &self.def(*id).shape
        {
            ty = target;
        }
        ty
    }
}

/// Encodes a name as a token of a pointer (RFC 6901).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Decodes the percent escapes in a reference's fragment.
fn decoded(fragment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = fragment.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| byte == b'%');
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
