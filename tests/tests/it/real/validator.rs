//! Validates values against schemas, with an independent implementation of JSON Schema.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use super::translate::{Way, translate};

/// The URI by which a document's schemas refer to each other.
const ROOT: &str = "https://document.invalid/root";

/// Validates values against the schemas of a document.
pub struct Validators {
    registry: Registry<'static>,
    /// By the schema's pointer. An error is the library's message about the schema.
    built: RefCell<BTreeMap<String, Result<Rc<Validator>, String>>>,
}

impl Validators {
    pub fn of(document: &Value, way: Way) -> Self {
        let registry =
            Registry::new().add(ROOT, translate(document, way)).and_then(jsonschema::RegistryBuilder::prepare);
        Self { registry: registry.expect("the document's references lead somewhere"), built: RefCell::default() }
    }

    /// Returns the reason why the value doesn't match the schema at `pointer`, or `None` if it does.
    pub fn problem(&self, pointer: &str, value: &Value) -> Option<String> {
        match self.validator(pointer) {
            Ok(validator) => {
                let error = validator.iter_errors(value).next()?;
                Some(format!("{} by {}", error.instance_path(), error.schema_path()))
            }
            Err(problem) => Some(problem),
        }
    }

    pub fn is_valid(&self, pointer: &str, value: &Value) -> bool {
        self.problem(pointer, value).is_none()
    }

    fn validator(&self, pointer: &str) -> Result<Rc<Validator>, String> {
        if let Some(built) = self.built.borrow().get(pointer) {
            return built.clone();
        }
        let schema = json!({"$ref": format!("{ROOT}#{}", encoded(pointer))});
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let options = options.with_format("byte", is_base64).with_registry(&self.registry);
        let built = options.build(&schema).map(Rc::new).map_err(|error| error.to_string());
        self.built.borrow_mut().insert(pointer.to_owned(), built.clone());
        built
    }
}

/// Whether a string has the format `byte` (OpenAPI 3.0.3, Data Types: base64 encoded characters).
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_padded = text.len().is_multiple_of(4) && text.len() - digits.len() < 3;
    is_padded && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

/// Writes a pointer as a fragment of a URI.
fn encoded(pointer: &str) -> String {
    let mut text = String::new();
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes any text");
        }
    }
    text
}
