//! Real documents: the 40 in `shared/corpus`, next to the repository.
//!
//! The short run generates all clients and counts their parts. The long one also compiles them.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use generator::model::{Answer, Api, BodyKind, NewtypeInner, Operation, Shape, Type};
use generator::{Config, Generated, Unmarked, lower, parse};

use crate::compile::is_long;
use crate::fixture::{self, Fixture};
use crate::scratch::{self, Crates, Scratch};

/// The number of documents that give a complete crate that compiles.
const COMPLETE: usize = 40;

/// The maximum number of untyped values in public types, per hundred operations. The documents themselves leave 20
/// untyped.
const ANY_VALUES: usize = 23;

/// The same, including arguments and results of methods. This must not grow.
const ANY_VALUES_WITH_METHODS: usize = 24;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The result for a document.
struct Outcome {
    fixture: Fixture,
    /// The number of operations under `paths`, counted by a different reader.
    operations: usize,
    result: Result<Generated, String>,
    /// The number of untyped values in public types, and in arguments and results of methods.
    any_values: (usize, usize),
}

impl Outcome {
    fn is_complete(&self) -> bool {
        self.result.as_ref().is_ok_and(|generated| generated.summary.operations == self.operations)
    }

    fn row(&self) -> String {
        let head = format!("{:<28} {:>4}", self.fixture.name, self.operations);
        match &self.result {
            Ok(generated) => {
                let summary = &generated.summary;
                format!(
                    "{head} {:>9} {:>5} {:>6} {:>7} {:>6} {:>8} {:>8}",
                    summary.operations,
                    summary.types,
                    self.any_values.0,
                    summary.untyped,
                    summary.unused_schemas,
                    generated.warnings.len(),
                    generated.files.len()
                )
            }
            Err(problem) => format!("{head} {}", problem.lines().next().unwrap_or_default()),
        }
    }
}

#[test]
fn every_document_of_the_corpus_gives_all_its_operations() {
    let Some(folder) = folder() else {
        println!("skipped: the corpus is missing");
        return;
    };
    let outcomes: Vec<Outcome> = fixture::documents(&folder).into_iter().map(outcome).collect();
    let mut table = format!(
        "{:<28} {:>4} {:>9} {:>5} {:>6} {:>7} {:>6} {:>8} {:>8}\n",
        "document", "ops", "delivered", "types", "values", "untyped", "unused", "warnings", "files"
    );
    for outcome in &outcomes {
        writeln!(table, "{}", outcome.row()).expect("a string takes any text");
    }
    let delivered: usize =
        outcomes.iter().filter_map(|outcome| Some(outcome.result.as_ref().ok()?.summary.operations)).sum();
    let operations: usize = outcomes.iter().map(|outcome| outcome.operations).sum();
    let any_values: usize = outcomes.iter().map(|outcome| outcome.any_values.0).sum();
    let in_methods: usize = outcomes.iter().map(|outcome| outcome.any_values.1).sum();
    println!("{table}{delivered} of {operations} operations");
    let [tenths, tenths_with_methods] =
        [any_values, any_values + in_methods].map(|count| (count * 1000).div_ceil(operations));
    println!(
        "{any_values} values of any shape in public types, {}.{} for 100 operations; with the {in_methods} that methods \
         take and give back {}.{}",
        tenths / 10,
        tenths % 10,
        tenths_with_methods / 10,
        tenths_with_methods % 10
    );
    assert!(outcomes.len() >= 40, "the corpus holds 40 documents");
    let incomplete: Vec<String> = outcomes.iter().filter(|outcome| !outcome.is_complete()).map(Outcome::row).collect();
    assert!(incomplete.is_empty(), "operations are missing:\n{}", incomplete.join("\n"));
    assert!(any_values * 100 <= ANY_VALUES * operations, "{any_values} values of any shape are too many");
    let with_methods = any_values + in_methods;
    assert!(with_methods * 100 <= ANY_VALUES_WITH_METHODS * operations, "{with_methods} values are too many");
    if is_long() {
        compile(&outcomes);
    } else {
        println!("compiled with NOVAMED_LONG_TESTS=1");
    }
}

/// Returns the folder of the corpus, if it exists.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    folder.is_dir().then_some(folder)
}

fn outcome(fixture: Fixture) -> Outcome {
    let config = Config { server: true, ..Config::new(&crate_name(&fixture)) };
    let result =
        catch_unwind(AssertUnwindSafe(|| fixture.generate(&config))).unwrap_or_else(|_| Err("panic".to_owned()));
    let (document, _) = parse::parse(&fixture.source());
    let api = document.map(|document| lower::lower(&document, Unmarked::Redacted).api);
    Outcome { operations: operations(&fixture), fixture, result, any_values: api.as_ref().map_or((0, 0), any_values) }
}

/// Counts the untyped values that users of the client see: in fields and variants of types and of failures, in aliases,
/// and in parameters, bodies and answers.
fn any_values(api: &Api) -> (usize, usize) {
    fn is_any(ty: &Type) -> bool {
        match ty {
            Type::Json => true,
            Type::Array(item) | Type::Map(item) | Type::Nullable(item) => is_any(item),
            Type::Scalar(_) | Type::Named(_) => false,
        }
    }
    let in_types = api.types.iter().flat_map(|def| -> Vec<&Type> {
        match &def.shape {
            Shape::Struct(item) => {
                let additional = item.additional.iter().map(|additional| &additional.ty);
                item.fields.iter().map(|field| &field.ty).chain(additional).collect()
            }
            Shape::Union(item) => item.variants.iter().map(|variant| &variant.ty).collect(),
            Shape::Alias(ty) => vec![ty],
            Shape::Newtype(item) => match &item.inner {
                NewtypeInner::Other(ty) => vec![ty],
                NewtypeInner::Scalar(_) => Vec::new(),
            },
            Shape::Enum(_) => Vec::new(),
        }
    });
    let operations = || api.groups.iter().flat_map(|group| &group.operations);
    let variants = |op: &Operation| {
        let answers = match &op.answer {
            Answer::Several(several) => several.variants.as_slice(),
            Answer::One(_) => &[],
        };
        let bodies = answers.iter().chain(op.error_type.iter().flat_map(|error| &error.variants));
        bodies.filter(|variant| variant.body.ty().is_some_and(is_any)).count()
    };
    let in_variants: usize = operations().map(variants).sum();
    let in_methods = operations().flat_map(|op| -> Vec<Type> {
        let params = op.required.iter().chain(op.optional.iter().flat_map(|params| &params.parameters));
        let bodies = op.body.iter().flat_map(|body| body.kind.each()).filter_map(BodyKind::ty);
        let answer = match &op.answer {
            Answer::One(body) => body.ty().cloned(),
            Answer::Several(_) => None,
        };
        params.map(|param| param.ty.clone()).chain(bodies).chain(answer).collect()
    });
    (in_types.filter(|ty| is_any(ty)).count() + in_variants, in_methods.filter(is_any).count())
}

pub fn crate_name(fixture: &Fixture) -> String {
    format!("corpus-{}", fixture.name)
}

/// Counts the operations under `paths`.
fn operations(fixture: &Fixture) -> usize {
    let document: serde_yaml::Value = if fixture.is_json() {
        // YAML doesn't support JSON's escapes for characters beyond the basic plane.
        let json: serde_json::Value = serde_json::from_str(&fixture.text).expect("the corpus is JSON");
        serde_yaml::to_value(json).expect("JSON is YAML")
    } else {
        serde_yaml::from_str(&fixture.text).expect("the corpus is YAML")
    };
    let Some(paths) = document.get("paths").and_then(serde_yaml::Value::as_mapping) else { return 0 };
    paths.values().map(|item| METHODS.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}

fn compile(outcomes: &[Outcome]) {
    let mut crates = Crates::new();
    for outcome in outcomes {
        if let Ok(generated) = &outcome.result {
            crates.insert(crate_name(&outcome.fixture), generated.files.clone());
        }
    }
    let scratch = Scratch::new("corpus", &crates, false);
    let output = scratch.cargo("check", &["--workspace", "--all-features", "--keep-going"], &[]);
    let failed = scratch::failed(&output);
    let complete = crates.keys().filter(|name| !failed.contains(*name)).count();
    let warned = scratch::warned(&output);
    println!("{complete} of {} complete and compiled; not: {failed:?}", outcomes.len());
    println!("{} without a warning; not: {warned:?}", crates.len() - warned.len());
    println!("{}", scratch::problems(&output));
    assert!(
        output.status.success() || !failed.is_empty(),
        "Cargo failed before it compiled anything:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(complete >= COMPLETE, "{complete} documents are complete, and {COMPLETE} were");
    assert!(warned.is_empty(), "{warned:?} have warnings");
}

/// Turns keys that aren't strings in YAML, such as the `200:` of a response, into strings.
pub fn with_text_keys(value: serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::Value;
    match value {
        Value::Mapping(entries) => {
            let text = |key: Value| match key {
                Value::String(text) => text,
                other => serde_yaml::to_string(&other).expect("a key is YAML").trim().to_owned(),
            };
            let entries = entries.into_iter().map(|(key, value)| (Value::String(text(key)), with_text_keys(value)));
            Value::Mapping(entries.collect())
        }
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(with_text_keys).collect()),
        other => other,
    }
}
