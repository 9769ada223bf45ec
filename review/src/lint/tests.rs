//! The examples of each code: the wrong one gives this finding alone, and the right one gives none.

use super::*;
use generator::diagnostic::codes as of_generator;

fn found(text: &str) -> Lint {
    lint(&Source::alone("spec/pets.yaml", text), &mut Config::default())
}

fn shown(lint: &Lint, text: &str) -> String {
    report::text(&lint.findings, &Source::alone("spec/pets.yaml", text), lint.root.as_ref(), false)
}

#[test]
fn the_tables_and_the_page_agree() {
    let headings: Vec<&str> = codes::PAGE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let all = [codes::CODES, crate::exceptions::codes::CODES].concat();
    assert!(codes::CODES.is_sorted() && crate::exceptions::codes::CODES.is_sorted());
    let codes: Vec<String> = all.iter().map(|code| format!("`{code}` ({})", code.severity())).collect();
    assert_eq!(headings, codes);
    for code in all {
        assert!(code.summary().len() < 100 && !code.explanation().is_empty(), "{code}");
        assert!(!code.wrong().is_empty() && !code.right().is_empty() && code.wrong() != code.right(), "{code}");
    }
}

/// The codes whose examples are parts of documents.
fn of_documents() -> impl Iterator<Item = &'static Code> {
    codes::CODES.iter().chain(of_generator::CODES).copied()
}

#[test]
fn the_wrong_example_of_each_code_gives_its_finding_alone() {
    let mut failures = Vec::new();
    for code in of_documents() {
        let text = complete(code, code.wrong());
        let lint = found(&text);
        let mut codes: Vec<&Code> = lint.findings.iter().map(|finding| finding.code).collect();
        // Too many problems are other problems, and a reference to a file that can't be read is unresolved as well.
        if [&of_generator::TOO_MANY, &of_generator::UNREAD_FILE].contains(&code) {
            codes.retain(|found| *found == code);
        }
        if codes != [code] {
            failures.push(format!("{code}:\n{}\n{text}", shown(&lint, &text)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.concat());
}

#[test]
fn the_right_example_of_each_code_gives_no_finding() {
    for code in of_documents() {
        let text = complete(code, code.right());
        let lint = found(&text);
        assert!(lint.findings.is_empty(), "{code}:\n{}", shown(&lint, &text));
    }
}

#[test]
fn the_examples_of_exceptions_show_their_codes() {
    let document = complete(&codes::SENSITIVE_IN_URL, codes::SENSITIVE_IN_URL.wrong());
    let reported = |text: &str| {
        let (mut config, mut problems) = Config::read(text);
        problems.extend(lint(&Source::alone("spec/pets.yaml", &document), &mut config).unused);
        let mut codes: Vec<&Code> = problems.iter().map(|problem| problem.code).collect();
        codes.dedup();
        codes
    };
    for code in crate::exceptions::codes::CODES.iter().filter(|code| code.name().starts_with("exception-")) {
        assert_eq!(reported(code.wrong()), [*code]);
        assert!(reported(code.right()).is_empty(), "{code}");
    }
}

const HTTP: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'http://pets.example'}]
paths: {}
";

fn with(text: &str, config: &str) -> Lint {
    let (mut config, problems) = Config::read(config);
    assert!(problems.is_empty(), "{problems:?}");
    lint(&Source::alone("spec/pets.yaml", text), &mut config)
}

#[test]
fn levels_weigh_what_is_found() {
    for (level, severity) in [("deny", Some(Severity::Error)), ("warn", Some(Severity::Warning)), ("allow", None)] {
        let lint = with(HTTP, &format!("[levels]\nserver-without-https = '{level}'\n"));
        assert_eq!(lint.findings.first().map(|finding| finding.severity), severity, "{level}");
    }
}

#[test]
fn an_exception_takes_out_what_it_names_and_must_apply() {
    let except = |pointer: &str| {
        format!("[[except]]\ncode = 'server-without-https'\npointer = '{pointer}'\nreason = 'behind a tunnel'\n")
    };
    let lint = with(HTTP, &except("/servers/0/url"));
    assert!(lint.findings.is_empty() && lint.unused.is_empty());
    let accepted = [Accepted {
        code: &codes::SERVER_WITHOUT_HTTPS,
        pointer: "/servers/0/url".to_owned(),
        reason: "behind a tunnel".to_owned(),
    }];
    assert_eq!(lint.accepted, accepted);
    let lint = with(HTTP, &except("/servers/1/url"));
    assert_eq!(lint.findings.len(), 1);
    assert_eq!(lint.unused.len(), 1);
    // What the generator cannot read hides findings, and no exception is to blame.
    let broken = HTTP.replace("servers", "x-client-nothing: 1\nservers");
    assert!(with(&broken, &except("/servers/1/url")).unused.is_empty());
}

#[test]
fn a_problem_of_the_generator_can_be_excepted_unless_it_is_an_error() {
    let text = HTTP.replace("http:", "https:").replace("version: '1'", "version: '1', titel: Pets");
    let entry = "[[except]]\ncode = 'unknown-key'\npointer = '/info/titel'\nreason = 'they read it'\n";
    assert!(with(&text, entry).findings.is_empty());
    let (_, problems) = Config::read("[levels]\nbad-extension = 'warn'\n");
    assert_eq!(problems[0].message, "`bad-extension` is always an error");
    let text = HTTP.replace("servers", "x-client-envelope: 1\nservers").replace("http:", "https:");
    let entry = "[[except]]\ncode = 'bad-extension'\npointer = '/x-client-envelope'\nreason = 'so'\n";
    assert_eq!(with(&text, entry).findings[0].code.name(), "bad-extension");
}

#[test]
fn what_is_wrong_with_a_configuration_is_told() {
    for (text, message, help) in [
        ("[levels]\nmissing-tags = 'warn'\n", "unknown rule `missing-tags`", "did you mean `missing-tag`?"),
        ("[levels]\nmissing-tag = 'off'\n", "`off` isn't a level", "write `deny`, `warn` or `allow`"),
        ("[[except]]\ncode = 'x'\npointer = '/a'\nreason = 'b'\n", "unknown rule `x`", "`cargo xtask lint --list`"),
        (
            "[[except]]\ncode = 'missing-tag'\npointer = 'a'\nreason = 'b'\n",
            "isn't a place in a document",
            "JSON pointer",
        ),
    ] {
        let (_, problems) = Config::read(text);
        assert!(problems[0].message.contains(message), "{problems:?}");
        assert!(problems[0].help.as_ref().is_some_and(|words| words.contains(help)), "{problems:?}");
    }
}

#[test]
fn no_output_tells_an_example() {
    let secret = "Jane Roe";
    for part in [
        "components:\n  schemas:\n    Undescribed: {type: string, maxLength: 3, example: Jane Roe, x-client-privacy: safe}\n",
        "\
components:
  schemas:
    Name: {type: string, description: A name, maxLength: 3, example: Jane Roe, x-client-privacy: safe}
",
        "\
components:
  schemas:
    Name:
      type: string
      description: A name
      maxLength: 3
      example: Jane Roe
      x-client-privacy: safe
",
        "\
components:
  schemas:
    Name:
      type: object
      description: Names
      additionalProperties: {type: integer, x-client-privacy: safe}
      example: {Jane Roe: Jane Roe}
",
    ] {
        let text = complete(&codes::EXAMPLE_MISMATCH, part);
        let lint = found(&text);
        assert_eq!(lint.findings.len(), if part.contains("Undescribed") { 2 } else { 1 }, "{}", shown(&lint, &text));
        let source = Source::alone("spec/pets.yaml", &text);
        let sheets = [Sheet { findings: &lint.findings, source, root: lint.root.as_ref() }];
        let report = Report { document: source.name, sheets: &sheets, accepted: &[] };
        for output in [terminal(&report, false, true), json(&report), sarif(&report), github(&report)] {
            assert!(output.contains("spec/pets.yaml") && !output.contains(secret), "{output}");
        }
    }
}

#[test]
fn a_place_in_a_file_beside_the_document_has_its_name() {
    let text = complete(&codes::MISSING_SUMMARY, "components:\n  schemas:\n    Pet: {$ref: 'schemas/pet.yaml'}\n");
    let file = "description: An animal\ntype: object\nproperties:\n  age: {type: integer, x-client-privacy: safe}\n";
    let files = parse::load(&Source::alone("spec/pets.yaml", &text), |_| Ok(file.to_owned()));
    let source = Source { name: "spec/pets.yaml", text: &text, files: &files };
    let found = lint(&source, &mut Config::default());
    let sheets = [Sheet { findings: &found.findings, source, root: found.root.as_ref() }];
    let shown = terminal(&Report { document: source.name, sheets: &sheets, accepted: &[] }, false, false);
    assert!(shown.starts_with("warning[undocumented-property]: the property `age` has no description\n"), "{shown}");
    assert!(shown.contains(" --> spec/schemas/pet.yaml:4:3\n"), "{shown}");
    assert!(shown.contains("= note: at `schemas/pet.yaml#/properties/age`\n"), "{shown}");
    let entry =
        "[[except]]\ncode = 'undocumented-property'\npointer = 'schemas/pet.yaml#/properties/age'\nreason = 'so'\n";
    let (mut config, problems) = Config::read(entry);
    assert!(problems.is_empty());
    let found = lint(&source, &mut config);
    assert!(found.findings.is_empty() && found.unused.is_empty());
}
