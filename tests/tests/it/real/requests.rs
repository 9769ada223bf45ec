//! A program that calls every operation of a client: with the least that it takes, with all that it takes, and with
//! each example of its body.

use std::fmt::Write as _;

use generator::model::{
    BodyKind, BodyVariant, Field, Location, Operation, Parameter, RequestBody, Scalar, SchemeKind, Shape, Type, TypeId,
};
use serde_json::Value;

use super::code::{argument, type_text};
use super::decoding::word;
use super::document::Document;
use super::value::{Extent, make};

/// Makes the call of the number that is its second argument; writes whether it was sent.
const PROGRAM: &str = r#"
type Problem = Box<dyn std::error::Error>;

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|problem| format!("{text} is not decoded: {problem}").into())
}

fn show(result: Result<(), Problem>) {
    match result {
        Err(problem) => match problem.downcast_ref::<api::Error>().map(api::Error::delivery) {
            Some(api::Delivery::NotSent) | None => println!("not sent: {}", problem.to_string().replace('\n', " ")),
            Some(_) => println!("sent"),
        },
        Ok(()) => println!("sent"),
    }
}

fn main() -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let url = std::env::args().nth(1).ok_or("the first argument is the URL")?;
    let number = std::env::args().nth(2).ok_or("the second argument is the number of a call")?.parse()?;
    let client = client(url)?.with_options(|options| options.max_retries(0));
    show(runtime.block_on(call(&client, number)));
    Ok(())
}
"#;

/// A call of the program.
#[derive(Debug)]
pub struct Call {
    /// The operation, and what it is called with.
    pub name: String,
    /// The statements; none, and the reason, where a value cannot be made.
    pub code: Result<String, String>,
}

/// What an operation is called with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum With {
    Least,
    Most,
    /// The body's example at this pointer.
    Example(String),
}

impl With {
    fn extent(&self) -> Extent {
        if *self == Self::Least { Extent::Least } else { Extent::Most }
    }
}

/// What an operation's body is sent as.
#[derive(Debug, Clone, Copy)]
struct Sent<'a> {
    body: &'a RequestBody,
    kind: &'a BodyKind,
    /// The variant, where the caller chooses one of several media types.
    variant: Option<(&'a str, &'a BodyVariant)>,
}

impl<'a> Sent<'a> {
    /// Each media type that an operation's body is sent as; one that is none where it has no body.
    fn each(op: &'a Operation) -> Vec<Option<Self>> {
        let Some(body) = &op.body else { return vec![None] };
        match &body.kind {
            BodyKind::Several(several) => several
                .variants
                .iter()
                .map(|variant| {
                    Some(Self { body, kind: &variant.kind, variant: Some((several.name.as_str(), variant)) })
                })
                .collect(),
            kind => vec![Some(Self { body, kind, variant: None })],
        }
    }

    /// Whether the client takes bytes for what the document describes: they are the caller's, and so is what is wrong
    /// with them.
    fn is_left_to_the_caller(&self, document: &Document, op: &Operation) -> bool {
        let schema = || document.node(&format!("{}/schema", self.media_type(document, op)?)).get("type")?.as_str();
        matches!(self.kind, BodyKind::Bytes { .. }) && schema().is_some_and(|ty| ty != "string")
    }

    /// Returns the pointer of the media type's object.
    fn media_type(&self, document: &Document, op: &Operation) -> Option<String> {
        let is_range = |name: &str| name.contains('*');
        let is_chosen = |name: &str| match (self.variant, self.kind) {
            (Some((_, variant)), _) => name == variant.media_type,
            (None, BodyKind::Form { .. }) => name.starts_with("application/x-www-form-urlencoded"),
            (
                None,
                BodyKind::Json { media_type, .. }
                | BodyKind::Text { media_type, .. }
                | BodyKind::Bytes { media_type }
                | BodyKind::Media { range: media_type }
                | BodyKind::Multipart { media_type, .. },
            ) => name == media_type || is_range(name),
            (None, BodyKind::Several(_)) => false,
        };
        document.media_type(&format!("{}/requestBody", op.pointer), is_chosen)
    }

    /// Returns the pointers of the examples of JSON or a form that fit in a request.
    fn examples(&self, document: &Document, op: &Operation) -> Vec<String> {
        if !matches!(self.kind, BodyKind::Json { .. } | BodyKind::Form { .. }) {
            return Vec::new();
        }
        let Some(media_type) = self.media_type(document, op) else { return Vec::new() };
        let mut examples = document.examples(&media_type);
        let value = |pointer: &str| document.root.pointer(pointer).expect("the example was found there");
        examples.retain(|pointer| document.in_requests.is_valid(&format!("{media_type}/schema"), value(pointer)));
        examples
    }
}

/// Returns the calls of all operations.
pub fn calls(document: &Document) -> Vec<Call> {
    let mut calls = Vec::new();
    for op in document.operations() {
        for sent in Sent::each(op) {
            if sent.is_some_and(|sent| sent.is_left_to_the_caller(document, op)) {
                continue;
            }
            let mut ways = vec![With::Least];
            if op.optional.is_some() || op.body.is_some() {
                ways.push(With::Most);
            }
            let examples = sent.map(|sent| sent.examples(document, op)).unwrap_or_default();
            ways.extend(examples.into_iter().take(3).map(With::Example));
            for with in ways {
                let way = match &with {
                    With::Least => "least",
                    With::Most => "most",
                    With::Example(pointer) => pointer.rsplit('/').find(|step| *step != "value").unwrap_or_default(),
                };
                let variant = sent.and_then(|sent| sent.variant).map(|(_, variant)| format!(" {}", variant.rust));
                let name = format!("{} {way}{}", op.id, variant.unwrap_or_default());
                calls.push(Call { name, code: Maker { document, op, sent, with }.statements() });
            }
        }
    }
    calls
}

/// Returns the program that makes the calls for which there is code.
pub fn program(document: &Document, calls: &[Call]) -> String {
    let mut list = String::new();
    let mut functions = String::new();
    for (index, code) in calls.iter().filter_map(|call| call.code.as_ref().ok()).enumerate() {
        writeln!(list, "        {index} => call_{index}(client).await,").expect("a string takes any text");
        writeln!(
            functions,
            "async fn call_{index}(client: &api::Client) -> Result<(), Problem> {{\n{code}    Ok(())\n}}\n"
        )
        .expect("a string takes any text");
    }
    let credentials = document.api.schemes.iter().map(|scheme| match scheme.kind {
        SchemeKind::Basic => format!(".{}(\"user\", \"password\")", scheme.rust),
        _ => format!(".{}(\"key\")", scheme.rust),
    });
    let credentials: String = credentials.collect();
    format!(
        "{PROGRAM}\nfn client(url: String) -> Result<api::Client, Problem> {{\n    \
         Ok(api::Client::builder().base_url(url){credentials}.build()?)\n}}\n\n\
         async fn call(client: &api::Client, number: usize) -> Result<(), Problem> {{\n    match number {{\n{list}        \
         _ => Err(\"there is no such call\".into()),\n    }}\n}}\n\n{functions}"
    )
}

/// Writes one call.
struct Maker<'a> {
    document: &'a Document,
    op: &'a Operation,
    sent: Option<Sent<'a>>,
    with: With,
}

impl Maker<'_> {
    fn statements(&self) -> Result<String, String> {
        let mut code = String::new();
        let mut arguments = Vec::new();
        for (index, parameter) in self.op.required.iter().enumerate() {
            let variable = format!("argument_{index}");
            let value = self.parameter(parameter).ok_or_else(|| format!("no value for `{}`", parameter.wire))?;
            code.extend(["    let ", &variable, " = ", &self.read(&value, &parameter.ty), ";\n"]);
            arguments.push(argument(self.document, &parameter.ty, &variable));
        }
        if let Some(sent) = self.sent {
            let body = sent.body;
            if !body.required && self.with == With::Least {
                arguments.push("None".to_owned());
            } else {
                let (statement, argument) = self.body(sent).ok_or("no value for the body")?;
                code += &statement;
                let argument = match sent.variant {
                    Some((name, variant)) => format!("api::{name}::{}({argument})", variant.rust),
                    None => argument,
                };
                arguments.push(if body.required { argument } else { format!("Some({argument})") });
            }
        }
        let method = match &self.op.optional {
            Some(params) if self.with != With::Least => {
                let setters = params.parameters.iter().filter_map(|parameter| {
                    let value = self.parameter(parameter)?;
                    Some(format!(".{}({})", parameter.rust, self.read(&value, &parameter.ty)))
                });
                let setters: String = setters.collect();
                code.extend(["    let params = api::", params.name.as_str(), "::new()", &setters, ";\n"]);
                arguments.push("&params".to_owned());
                self.op.rust.with("_with")
            }
            _ => self.op.rust.to_string(),
        };
        Ok(format!("{code}    client.{method}({}).await?;\n", arguments.join(", ")))
    }

    fn read(&self, value: &Value, ty: &Type) -> String {
        format!("read::<{}>({:?})?", type_text(self.document, ty), value.to_string())
    }

    /// An example of the parameter or of its schema, or a value that is made; the other way round for the least.
    fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let Some(pointer) = self.document.parameter(self.op, &parameter.wire, word(parameter)) else {
            return Some(Value::String(self.undeclared(parameter)?));
        };
        let own = format!("{pointer}/schema");
        let schema = match self.document.root.pointer(&own) {
            Some(_) => own,
            None => format!("{}/schema", self.document.media_type(&pointer, |_| true)?),
        };
        let examples = self.document.examples(&pointer);
        let values = examples.iter().filter_map(|example| self.document.root.pointer(example));
        let example = || values.into_iter().find(|value| self.document.in_requests.is_valid(&schema, value)).cloned();
        // An object without members is nothing on the wire.
        let made = || make(self.document, &schema, Extent::Most);
        let value = if self.with == With::Least { made().or_else(example) } else { example().or_else(made) };
        value.filter(|value| !value.is_null() && value != "")
    }

    /// A name in the path that no parameter declares, or the first of the media types that may be asked for.
    fn undeclared(&self, parameter: &Parameter) -> Option<String> {
        match parameter.location {
            Location::Path(_) => Some("text".to_owned()),
            _ => self.op.accept.as_deref()?.split(',').next().map(str::to_owned),
        }
    }

    /// Returns the statement that makes the body, and the argument that hands it over.
    fn body(&self, sent: Sent<'_>) -> Option<(String, String)> {
        let schema = format!("{}/schema", sent.media_type(self.document, self.op)?);
        match sent.kind {
            BodyKind::Json { ty, .. } | BodyKind::Form { ty, .. } => {
                let value = match &self.with {
                    With::Example(pointer) => self.document.root.pointer(pointer)?.clone(),
                    _ if self.document.root.pointer(&schema).is_none() => serde_json::json!({}),
                    with => make(self.document, &schema, with.extent())?,
                };
                let statement = format!("    let body = {};\n", self.read(&value, ty));
                Some((statement, argument(self.document, ty, "body")))
            }
            BodyKind::Multipart { ty, .. } => Some((self.form(*ty, &schema)?, "body".to_owned())),
            BodyKind::Text { .. } => Some((String::new(), "\"text\".to_owned()".to_owned())),
            BodyKind::Bytes { .. } => Some((String::new(), "api::body::Body::from(\"bytes\")".to_owned())),
            BodyKind::Media { range } => {
                Some((String::new(), format!("api::body::MediaBody::new({:?}, \"bytes\")", range.replace('*', "x"))))
            }
            BodyKind::Several(_) => None,
        }
    }

    /// Returns the statement that makes a form of several parts.
    fn form(&self, id: TypeId, schema: &str) -> Option<String> {
        let def = self.document.def(id);
        let Shape::Struct(item) = &def.shape else { return None };
        if item.fields.is_empty() {
            return Some(format!("    let body = api::{}::new();\n", def.name));
        }
        let value = make(self.document, schema, self.with.extent())?;
        let setters = item
            .fields
            .iter()
            .filter_map(|field| Some(format!(".{}({})", field.rust, self.part(field, value.get(&field.wire)?))));
        let setters: String = setters.collect();
        Some(format!("    let body = api::{}::builder(){setters}.build();\n", def.name))
    }

    fn part(&self, field: &Field, value: &Value) -> String {
        let part = "api::body::Part::new(\"bytes\").file_name(\"name.txt\")".to_owned();
        match self.document.resolved(&field.ty) {
            Type::Scalar(Scalar::Binary) => part,
            Type::Array(item) if *self.document.resolved(item) == Type::Scalar(Scalar::Binary) => {
                format!("vec![{part}, {part}]")
            }
            _ => self.read(value, &field.ty),
        }
    }
}
