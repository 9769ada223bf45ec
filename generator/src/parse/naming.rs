//! Which objects of a document have keys that the document chose: there `example` is a property, and no example.

/// Keys of OpenAPI whose value is an object of named things.
const NAMING: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mapping",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// Whether the entries of the object at this key have names of the document's own. The key has to be one of OpenAPI
/// itself: a property called `properties` is none. (`examples` is left out; it is a list in schemas.)
#[must_use]
pub fn names_entries(key: &str) -> bool {
    NAMING.contains(&key)
}
