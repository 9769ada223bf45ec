//! Values that pass through a client's types: each is decoded and encoded again by a program next to the client.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use generator::Generated;
use serde_json::Value;

use super::compare::difference;
use super::document::Document;
use super::program::{Built, Programs};

/// Reads lines with a number, which selects the type, and a value. Writes the result for each: its JSON, and whether the
/// type knows all of it.
const PROGRAM: &str = r#"
type Passed = Result<(String, bool), String>;

fn pass<T: serde::Serialize + serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> Passed {
    let value: T = api::decoder::decode(text).map_err(|problem| format!("is not decoded: {problem}"))?;
    let is_known = !format!("{value:?}").contains("Unrecognized(");
    let text = serde_json::to_string(&value).map_err(|problem| format!("is not encoded: {problem}"))?;
    Ok((text, is_known))
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (number, text) = line.split_once(' ').unwrap();
        let passed = TYPES[number.parse::<usize>().unwrap()](text);
        println!("{}", serde_json::to_string(&passed).unwrap());
    }
}
"#;

/// A value, and the type that it passes through.
#[derive(Debug)]
pub struct Case {
    /// What reports call the value.
    pub name: String,
    /// The pointer of its schema.
    pub schema: String,
    /// The Rust type.
    pub ty: String,
    pub value: Value,
}

/// The values of one document.
pub struct Passing {
    pub document: Document,
    pub cases: Vec<Case>,
}

/// What became of a value.
pub struct Passed(Result<(Value, bool), String>);

impl Passed {
    /// Returns what is wrong if the value was to return as `expected`; none where nothing is.
    pub fn loss(&self, expected: &Value) -> Option<String> {
        match &self.0 {
            Ok((value, _)) => difference(expected, value),
            Err(problem) => Some(problem.clone()),
        }
    }

    /// Returns whether a part of the value ended in the fallback of a union or enum.
    pub fn is_unrecognized(&self) -> bool {
        matches!(self.0, Ok((_, false)))
    }
}

impl Passing {
    /// Returns the types, each once.
    fn types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.cases.iter().map(|case| case.ty.as_str()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    fn program(&self) -> String {
        let types = self.types();
        let mut list = format!("const TYPES: [fn(&str) -> Passed; {}] = [\n", types.len());
        for ty in types {
            // A null is one of the values of a property that may be null.
            writeln!(list, "    pass::<Option<{ty}>>,").expect("a string takes any text");
        }
        format!("{list}];\n{PROGRAM}")
    }

    /// Returns what became of each value.
    pub fn pass(&self, built: &Built) -> Vec<Passed> {
        let types = self.types();
        let mut input = String::new();
        for case in &self.cases {
            let number = types.binary_search(&case.ty.as_str()).expect("the types are those of the values");
            writeln!(input, "{number} {}", case.value).expect("a string takes any text");
        }
        let mut command = built.command(&self.document.crate_name());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut stdin = child.stdin.take().expect("its input is open");
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("nothing panics there").expect("the program reads all its input");
        let output = String::from_utf8(output.stdout).expect("JSON is text");
        assert_eq!(output.lines().count(), self.cases.len(), "the program answers each line");
        output.lines().map(passed).collect()
    }
}

fn passed(line: &str) -> Passed {
    let passed: Result<(String, bool), String> = serde_json::from_str(line).expect("it is what the program writes");
    Passed(passed.map(|(text, is_known)| (serde_json::from_str(&text).expect("it is JSON"), is_known)))
}

/// Makes the client's own decoder of responses public: it accepts `5.0` as an integer, unlike serde alone.
fn with_decoder(mut generated: Generated) -> Generated {
    let decode = if generated.files.contains_key("src/runtime/value/objects.rs") {
        "serde_json::from_str::<crate::runtime::value::objects::Objects<T>>(text).map(|read| read.0)"
    } else {
        "serde_json::from_str(text)"
    };
    let root = generated.files.get_mut("src/lib.rs").expect("a crate has a root");
    write!(
        root.to_mut(),
        "\n#[doc(hidden)]\npub mod decoder {{\n    pub fn decode<T: serde::de::DeserializeOwned>(text: &str) \
         -> Result<T, serde_json::Error> {{\n        {decode}\n    }}\n}}\n"
    )
    .expect("a string takes any text");
    generated
}

/// Builds the programs of several documents.
pub fn build<'a>(kind: &'static str, all: impl Iterator<Item = &'a Passing>) -> Built {
    let mut programs = Programs::new(kind);
    for passing in all {
        programs.add(passing.document.crate_name(), with_decoder(passing.document.generate()), &passing.program());
    }
    programs.build()
}
