//! Prism, an independent validator, gets a document and checks the requests of its client.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::document::Document;
use super::program::{Built, Programs};
use super::requests::{self, Call};

/// The validator's npm package, in a version that is known to work.
const PRISM: &str = "@stoplight/prism-cli";
const VERSION: &str = "5.14.2";

/// The documents of the short run. Together they cover every way to encode a parameter or a body.
const DOCUMENTS: &[&str] = &[
    "adyen-capital-v1",
    "e2b-envd",
    "huggingface-tgi",
    "moov-watchman",
    "notion-api",
    "oai-callback-example",
    "oai-tictactoe",
    "oai-uspto",
    "ory-keto",
    "oxide-buildomat",
    "readme-file-uploads",
    "readme-parameters-style",
    "redocly-museum",
    "snowflake-sqlapi",
    "swagger-petstore",
    "twilio-messaging-v3",
    "vonage-reports",
    "xero-files",
];

/// Calls that can't be made or that Prism rejects: document, start of the call's name, part of the message, and why the
/// client isn't at fault. An entry that no call needs anymore fails the test.
const EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    ("cdc-reportstream-settings", "put settings organizations by organizationName receivers", NO_VALUE, REQUIRED),
    ("figma-rest", "putWebhook", NO_VALUE, REQUIRED),
    ("influxdata-legacy", "GetLegacyQuery least", "header parameter accept", ACCEPT),
    ("influxdata-legacy", "", "no path matched", SERVER),
    ("kubeflow-model-registry", "", NO_VALUE, ONE_OF),
    ("ory-kratos", "update", NO_VALUE, ONE_OF),
    ("readme-discriminators", "", NO_VALUE, ONE_OF),
    ("vonage-reports", "create-async-report most", NO_VALUE, ONE_OF),
    ("readme-parameters-style", "headers_", ENDED, "Prism ends where an optional array in a header is absent"),
    (
        "readme-parameters-style",
        "paths_",
        ENDED,
        "Prism takes a value with commas for a list before it reads the style",
    ),
    ("readme-parameters-style", "query_spaceDelimited", ENDED, "Prism ends at an object that is written so"),
    ("readme-parameters-style", "query_pipeDelimited", ENDED, "Prism ends at an object that is written so"),
    ("readme-parameters-style", "formData_", "equest body", PARTS),
    ("readme-parameters-style", "form_data_", "equest body", PARTS),
    ("readme-file-uploads", "put anything", "must be array", PARTS),
    ("swagger-petstore", "updatePet", "must be array", FORMS),
    ("swagger-petstore", "addPet", "must be array", FORMS),
    ("xero-files", "createFolder", NO_VALUE, FOLDER),
    ("xero-files", "createFolder example", "is not decoded", FOLDER),
    ("xero-files", "updateFi", NO_VALUE, FOLDER),
    ("xero-files", "updateFolder", NO_VALUE, FOLDER),
    ("xero-files", "updateFolder example", "is not decoded", FOLDER),
];

/// The message if Prism itself fails and doesn't check anything.
const ENDED: &str = "Prism ended";

/// The message if no request can be created.
const NO_VALUE: &str = "no value for the body";

const REQUIRED: &str = "the schema requires a property that is not among its properties";

const ONE_OF: &str = "the alternatives of `oneOf` differ by a property that any text fits, so that by JSON Schema, which \
                      knows no discriminator, each value fits several";

const ACCEPT: &str = "OpenAPI ignores a header parameter `Accept`, and Prism does not";

const SERVER: &str = "Prism knows no server of a path item, whose path comes before its own";

const PARTS: &str = "of a form in parts Prism keeps the last part of each name, reads an object's JSON as a text, and \
                     refuses its braces and commas as reserved, which holds for URL-encoded forms alone";

const FORMS: &str = "of a form without `encoding` Prism reads a list of one item, and an object's JSON, as texts";

const FOLDER: &str = "the schema requires `name`, and its property is `Name`; its example is a text that holds JSON";

/// The path of the request that ends a document's calls.
const END: &str = "/the-calls-have-ended";

/// The verdict about a call.
#[derive(Debug)]
struct Verdict {
    call: String,
    /// `None` if the request is valid.
    problem: Option<String>,
}

/// Installs the validator, unless it is already installed, and returns its program.
fn install() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("prism-{VERSION}"));
    let program = folder.join("node_modules").join(PRISM).join("dist/index.js");
    if program.is_file() {
        return program;
    }
    std::fs::create_dir_all(&folder).expect("the scratch folder can be made");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefix"]);
    match command.arg(&folder).arg(format!("{PRISM}@{VERSION}")).output() {
        Ok(output) if output.status.success() => program,
        Ok(output) => panic!(
            "npm cannot install {PRISM}@{VERSION}, the validator of the requests:\n{}\nIt needs the network once, or \
             npm's cache.",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!(
            "cannot run `{npm}`: {error}. Install Node.js 20.19 or newer, which brings npm, or leave the step out: \
             `cargo xtask ci --skip prism`"
        ),
    }
}

/// The validator, running with one document.
struct Prism {
    child: Child,
    log: BufReader<ChildStdout>,
    port: u16,
}

impl Prism {
    fn start(program: &Path, document: &Document) -> Self {
        let path = crate::corpus::folder().expect("the document was read there").join(&document.fixture.file);
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let port = free.expect("there is a free port").port();
        let mut command = Command::new("node");
        command.arg(program).args(["mock", "--errors", "--port", &port.to_string()]).arg(path);
        let child =
            command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("Node.js runs, since npm did");
        let log = BufReader::new(child.stdout.take().expect("its output is read"));
        let mut prism = Self { child, log, port };
        assert!(prism.lines_to(&["Prism is listening"]).is_some(), "Prism does not take {}", document.fixture.name);
        prism
    }

    /// Returns the lines of the log up to the one that contains all `texts`, or `None` if Prism ends before.
    fn lines_to(&mut self, texts: &[&str]) -> Option<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.log.read_line(&mut line).expect("the log is text") == 0 {
                return None;
            }
            if texts.iter().all(|text| line.contains(text)) {
                return Some(lines);
            }
            lines.push(line);
        }
    }

    /// Returns what is wrong with the request since the last call of this, or `None` if it is valid.
    fn judgment(&mut self) -> Option<String> {
        let Some(lines) = self.end_request().ok().and_then(|()| self.lines_to(&[END, "terminated"])) else {
            return Some(ENDED.to_owned());
        };
        let is_request = |line: &&String| line.contains("Request received") && !line.contains(END);
        let requests: Vec<&String> = lines.iter().filter(is_request).collect();
        let [request] = requests[..] else { return Some(format!("Prism has seen {} requests", requests.len())) };
        if lines.iter().any(|line| line.contains("The request passed the validation rules")) {
            return None;
        }
        let target = request.split("[HTTP SERVER]").nth(1).and_then(|rest| rest.split('ℹ').next()).unwrap_or_default();
        // Prism repeats it after its answer, as a violation.
        let said = lines.iter().filter(|line| !line.contains("Violation: "));
        let said = said.filter_map(|line| Some(line.split_once("error  ")?.1.trim()));
        Some(format!("{}: {}", target.trim(), said.collect::<Vec<_>>().join("; ")))
    }

    /// Sends a request that no document contains.
    fn end_request(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(stream, "GET {END} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the verdict about each call.
fn verdicts(document: &Document, calls: Vec<Call>, program: &Path, built: &Built) -> Vec<Verdict> {
    let mut prism = Prism::start(program, document);
    let mut number = 0;
    let mut verdicts = Vec::new();
    for call in calls {
        let problem = if let Err(reason) = call.code {
            Some(reason)
        } else {
            let said = said(document, built, &prism, number);
            number += 1;
            if said == "sent" { prism.judgment() } else { Some(said) }
        };
        if problem.as_deref() == Some(ENDED) {
            prism = Prism::start(program, document);
        }
        verdicts.push(Verdict { call: call.name, problem });
    }
    verdicts
}

/// Makes the call with this number, and returns the program's message.
fn said(document: &Document, built: &Built, prism: &Prism, number: usize) -> String {
    let mut command = built.command(&document.crate_name());
    command.args([format!("http://127.0.0.1:{}", prism.port), number.to_string()]);
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if said.is_empty() { format!("the program failed: {}", String::from_utf8_lossy(&output.stderr)) } else { said }
}

/// Returns the index of the exception that covers a call.
fn exception(document: &str, verdict: &Verdict) -> Option<usize> {
    let problem = verdict.problem.as_deref().unwrap_or_default();
    EXCEPTIONS
        .iter()
        .position(|(name, call, part, _)| *name == document && verdict.call.starts_with(call) && problem.contains(part))
}

/// Returns whether to check a document: one that a variable names, one of the short run, or any.
fn is_chosen(name: &str) -> bool {
    let only = std::env::var("NOVAMED_DOCUMENTS").unwrap_or_default();
    if only.is_empty() {
        crate::compile::is_long() || DOCUMENTS.contains(&name)
    } else {
        only.split(',').any(|only| only == name)
    }
}

#[test]
fn no_request_is_invalid_to_an_independent_validator() {
    if !super::is_wanted("NOVAMED_PRISM") {
        println!("skipped: Prism judges the requests with NOVAMED_PRISM=1");
        return;
    }
    let Some(documents) = super::documents(is_chosen) else { return };
    let prism = install();
    let mut programs = Programs::new("calls");
    let with_calls: Vec<(Document, Vec<Call>)> = documents
        .into_iter()
        .map(|document| {
            let calls = requests::calls(&document);
            (document, calls)
        })
        .collect();
    for (document, calls) in &with_calls {
        programs.add(document.crate_name(), document.generate(), &requests::program(document, calls));
    }
    let built = programs.build();
    let (mut count, mut unknown, mut used) = (0, String::new(), BTreeSet::new());
    let names: Vec<String> = with_calls.iter().map(|(document, _)| document.fixture.name.clone()).collect();
    for (document, calls) in with_calls {
        let name = document.fixture.name.as_str();
        let verdicts = verdicts(&document, calls, &prism, &built);
        let bad: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.problem.is_some()).collect();
        println!(
            "{name:<28} {:>4} operations, {:>4} calls, {:>3} invalid",
            document.operations().count(),
            verdicts.len(),
            bad.len()
        );
        for verdict in bad {
            println!("    {}: {}", verdict.call, verdict.problem.as_deref().unwrap_or_default());
            if let Some(exception) = exception(name, verdict) {
                used.insert(exception);
            } else {
                writeln!(unknown, "{name}: {}: {}", verdict.call, verdict.problem.as_deref().unwrap_or_default())
                    .expect("a string takes any text");
            }
        }
        count += verdicts.len();
    }
    println!("{count} calls");
    let listed =
        EXCEPTIONS.iter().enumerate().filter(|(_, (name, ..))| names.iter().any(|looked_at| looked_at == name));
    for (_, (name, call, ..)) in listed.filter(|(index, _)| !used.contains(index)) {
        writeln!(unknown, "{name}: the exception for `{call}` is not needed any more")
            .expect("a string takes any text");
    }
    assert!(unknown.is_empty(), "requests that are invalid, or could not be made:\n{unknown}");
}
