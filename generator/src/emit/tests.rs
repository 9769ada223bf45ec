//! Whole files, from models built by hand.

use std::collections::BTreeSet;

use super::{described, emit, table};
use crate::diagnostic::Pointer;
use crate::model::*;
use crate::names::Scope;
use crate::render::render;
use crate::{Config, Texts};

fn empty() -> Api {
    Api {
        title: "Pets".to_owned(),
        docs: Docs::default(),
        version: "1".to_owned(),
        servers: Vec::new(),
        schemes: Vec::new(),
        credential_required: false,
        envelope: None,
        error_codes: Vec::new(),
        error_kinds: Vec::new(),
        error_body: None,
        failures: Vec::new(),
        types: Vec::new(),
        groups: Vec::new(),
        events: None,
        capabilities: BTreeSet::new(),
    }
}

fn pet() -> TypeDef {
    let mut fields = Scope::fields();
    let mut field = |wire: &str, presence, show| Field {
        wire: wire.to_owned(),
        rust: fields.name(wire, &Pointer::root()).name,
        docs: Docs::default(),
        deprecated: false,
        presence,
        access: Access::Both,
        flattened: false,
        constant: None,
        rules: Rules::default(),
        ty: Type::Scalar(Scalar::String),
        boxed: false,
        value: ValueKind::Text,
        show,
    };
    let fields = vec![
        field("petName", Presence::Required, Show::Redacted),
        field("Null", Presence::OptionalNullable, Show::Value),
    ];
    TypeDef {
        name: Scope::types().name("pet", &Pointer::root()).name,
        module: Scope::modules().name("pet", &Pointer::root()).name,
        docs: Docs { summary: "A pet_shop's pet".to_owned(), description: String::new() },
        deprecated: false,
        shape: Shape::Struct(Struct {
            fields,
            additional: None,
            construction: Construction::Builder,
            writing: Writing::Serde,
        }),
        usage: Usage { request: true, response: true },
        checked: false,
        pointer: Pointer::root(),
    }
}

fn create_pet() -> Group {
    let body = RequestBody {
        required: true,
        docs: Docs::default(),
        rust: Scope::arguments().name("pet", &Pointer::root()).name,
        kind: BodyKind::Json {
            media_type: "application/json".to_owned(),
            ty: Type::Named(TypeId(0)),
            rules: Rules::default(),
            value: ValueKind::Object,
        },
        sample: Some(Sample::Struct(TypeId(0), vec![(0, Sample::String("Rex \"2\"".to_owned()))])),
    };
    let operation = Operation {
        id: "createPet".to_owned(),
        rust: Scope::methods().name("createPet", &Pointer::root()).name,
        method: "POST".to_owned(),
        path: "/pets".to_owned(),
        docs: Docs::default(),
        deprecated: false,
        repeatable: false,
        required: Vec::new(),
        optional: None,
        body: Some(body),
        answer: Answer::One(AnswerBody::Json(Type::Named(TypeId(0)))),
        success: Success { status: 200, media_type: None },
        accept: None,
        redirects: Vec::new(),
        failures: Vec::new(),
        security: Vec::new(),
        server: None,
        error_type: None,
        pointer: Pointer::root(),
    };
    Group {
        module: Scope::modules().name("pets", &Pointer::root()).name,
        docs: Docs::default(),
        operations: vec![operation],
    }
}

fn files(api: &Api, includes: &[(&str, &str)]) -> Texts {
    let mut config = Config::new("pets");
    config.includes = includes.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    render(&emit(&described(api, &config)), &table(api), &config.command)
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "{text}\nhas no\n{part}");
}

#[test]
fn a_struct_that_is_sent_has_a_builder_and_hides_its_values() {
    let files = files(&Api { types: vec![pet()], ..empty() }, &[]);
    let pet = &files["src/types/pet.rs"];
    assert_has(pet, "use crate::runtime::value::builder::{self, Missing, Optional, Provided, Set};\n");
    assert_has(
        pet,
        "/// A `pet_shop`'s pet.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pet {
    /// The property `petName`.
    #[serde(rename = \"petName\")]
    pub pet_name: String,
    /// The property `Null`.
    #[serde(rename = \"Null\", default, skip_serializing_if = \"Nullable::is_absent\")]
    pub null: Nullable<String>,
}
",
    );
    assert_has(pet, "            .field(\"pet_name\", &Redacted)\n            .field(\"null\", &self.null)\n");
    assert_has(pet, "pub fn pet_name(mut self, pet_name: impl Into<String>) -> PetBuilder<Set> {");
    assert_has(
        &files["src/field.rs"],
        "/// The field `pet_name`.\n#[derive(Debug, Clone, Copy)]\npub enum PetName {}\n",
    );
}

#[test]
fn an_operation_fills_in_its_request_and_shows_an_example() {
    let files = files(&Api { types: vec![pet()], groups: vec![create_pet()], ..empty() }, &[]);
    let pets = &files["src/operations/pets.rs"];
    assert_has(pets, "    pub async fn create_pet(&self, pet: &Pet) -> Result<Response<Pet>, Error> {\n");
    assert_has(pets, "        self.call(&CREATE_PET).json(\"application/json\", pet).json_response().await\n");
    assert_has(
        pets,
        "    /// let pet = Pet::builder()\n    ///     .pet_name(\"Rex \\\"2\\\"\")\n    ///     .build();\n",
    );
    assert_has(pets, "static CREATE_PET: Operation = Operation {\n    id: \"createPet\",\n    method: Method::POST,\n");
}

#[test]
fn a_client_has_only_the_parts_of_the_runtime_that_it_needs() {
    let mut api = empty();
    let paths = |api: &Api| files(api, &[]).into_keys().collect::<BTreeSet<_>>();
    let smallest = paths(&api);
    for absent in ["blocking", "checks", "multipart", "receiver", "streams", "webhook"] {
        assert!(!smallest.contains(&format!("src/runtime/{absent}/mod.rs")), "{absent}");
    }
    assert!(!smallest.contains("src/runtime/value/decimal.rs"));
    assert!(smallest.contains("src/runtime/client/mod.rs"));
    let manifest = files(&api, &[])["Cargo.toml"].clone();
    assert_has(&manifest, "\nhttp = ");
    for absent in ["rust_decimal", "uuid", "axum", "ring =", "subtle"] {
        assert!(!manifest.contains(absent), "{manifest}");
    }
    api.capabilities.insert(Capability::Decimal);
    let files = files(&api, &[]);
    assert!(files.contains_key("src/runtime/value/decimal.rs"));
    assert_has(&files["Cargo.toml"], "\nrust_decimal = ");
}

#[test]
fn included_files_win_and_bring_their_modules() {
    let files = files(&empty(), &[("README.md", "# Mine\n"), ("src/tracking.rs", "//! Tracking.\n")]);
    assert_eq!(files["README.md"], "# Mine\n");
    assert_has(&files["src/lib.rs"], "pub mod tracking;\n");
}

#[test]
fn a_readme_is_headed_by_a_name_that_is_no_identifier_and_calls_an_operation() {
    let mut api = empty();
    api.groups = vec![create_pet()];
    api.types = vec![pet()];
    for (name, heading) in [("pets", "# pets\n"), ("my_pets", "# `my_pets`\n"), ("myPets", "# `myPets`\n")] {
        let files = render(&emit(&described(&api, &Config::new(name))), &table(&api), "x");
        assert!(files["README.md"].starts_with(heading), "{}", files["README.md"]);
        assert_has(&files["README.md"], "client.create_pet(");
    }
}
