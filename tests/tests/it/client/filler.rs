//! Values without duplicates: each scalar of a schema is a marker with a unique text.
//!
//! They are generated from the document, so a new field is covered automatically. Booleans can't be unique, so they
//! aren't markers. Instead, safe booleans are counted.

use serde_json::{Map, Value, json};

use super::spec;

/// Fills schemas with markers.
#[derive(Default)]
pub struct Filler {
    /// The number of filled scalars.
    pub count: u32,
    /// The variant to use for unions.
    pub choice: usize,
    /// Whether the values satisfy the document's constraints, so a request with them is sent.
    pub keeps_rules: bool,
    pub sensitive: Vec<Marker>,
    pub safe: Vec<Marker>,
    /// The number of safe booleans; all are `true`.
    pub safe_booleans: usize,
}

/// A value with a unique text.
#[derive(Clone)]
pub struct Marker {
    /// Its place, which may be printed.
    pub pointer: String,
    /// The forms in which it could be printed; none of them may be.
    pub texts: Vec<String>,
}

impl Marker {
    pub fn new(pointer: &str, text: &str) -> Self {
        Self { pointer: pointer.to_owned(), texts: vec![text.to_owned()] }
    }
}

impl Filler {
    /// Returns a value for a schema, with every property set.
    pub fn fill(&mut self, schema: &'static Value, pointer: &str) -> Value {
        let schema = spec::resolve(schema);
        if let Some(one) = schema.get("allOf") {
            return self.fill(&one[0], pointer);
        }
        if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
            return self.fill(&choices[self.choice % choices.len()], pointer);
        }
        match schema["type"].as_str().expect("a schema has a type") {
            "object" => {
                let properties = schema["properties"].as_object().expect("an object has properties").iter();
                properties
                    .map(|(key, node)| (key.clone(), self.fill(node, &format!("{pointer}/{key}"))))
                    .collect::<Map<_, _>>()
                    .into()
            }
            "array" => json!([self.fill(&schema["items"], &format!("{pointer}/0"))]),
            _ => self.scalar(schema, pointer),
        }
    }

    fn scalar(&mut self, schema: &Value, pointer: &str) -> Value {
        self.count += 1;
        let n = self.count;
        // An unlisted value is sensitive, even if the listed ones are safe.
        let is_enum = schema.get("enum").is_some();
        let is_safe = match schema.get("x-client-privacy").and_then(Value::as_str) {
            Some("safe") => !is_enum,
            Some("sensitive") => false,
            _ => panic!("{pointer} is marked neither as safe nor as sensitive"),
        };
        let (value, texts) = match (schema["type"].as_str(), schema.get("format").and_then(Value::as_str)) {
            (Some("boolean"), _) => {
                self.safe_booleans += usize::from(is_safe);
                return Value::Bool(true);
            }
            (Some("number"), _) => (json!(f64::from(7_000_000 + n) + 0.5), vec![format!("{}.5", 7_000_000 + n)]),
            (Some("integer"), _) => (json!(9_000_000 + n), vec![(9_000_000 + n).to_string()]),
            (_, Some("uuid")) => one(format!("abcdef00-0000-4000-8000-{n:012}")),
            (_, Some("date")) => one(format!("{}-11-12", 2100 + n)),
            (_, Some("date-time")) => one(format!("{}-11-12T01:02:03Z", 2100 + n)),
            // `FFFF` is the base64 form of three bytes, which `Debug` of a list would print as numbers.
            (_, Some("byte")) => (json!("FFFF"), vec!["FFFF".to_owned(), "20, 81, 69".to_owned(), "145145".to_owned()]),
            _ if self.keeps_rules => one(ruled(schema, n, pointer)),
            _ => one(format!("MARKER{n:04}END")),
        };
        let marker = Marker { pointer: pointer.to_owned(), texts };
        if is_safe {
            self.safe.push(marker);
        } else {
            self.sensitive.push(marker);
        }
        value
    }
}

fn one(text: String) -> (Value, Vec<String>) {
    (json!(text), vec![text])
}

/// Returns a string that satisfies a schema's constraints.
fn ruled(schema: &Value, n: u32, pointer: &str) -> String {
    /// No word contains these.
    const PAIRS: [&str; 8] = ["XQ", "QX", "QZ", "ZQ", "XJ", "JX", "JQ", "QJ"];
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    match (text("pattern"), text("format")) {
        (Some("^[0-9]{10}$"), _) => format!("777{n:04}777"),
        (Some("^[A-Z]{2}$"), _) => PAIRS[n as usize % PAIRS.len()].to_owned(),
        (Some("^https://") | None, Some("uri")) => format!("https://marker{n:04}end.example/x"),
        (None, Some("email")) => format!("marker{n:04}end@example.com"),
        (None, _) => format!("MARKER{n:04}END"),
        (Some(_), _) => panic!("{pointer} has a new pattern: say which marker keeps it"),
    }
}
