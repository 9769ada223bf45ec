//! Each rule's examples: the wrong one gives this finding and no other, the right one none.

use super::*;

fn found(text: &str) -> Lint {
    lint(&Source::alone("spec/pets.yaml", text), &mut Config::default())
}

fn shown(lint: &Lint, text: &str) -> String {
    report::text(&lint.findings, &Source::alone("spec/pets.yaml", text), lint.root.as_ref(), false)
}

#[test]
fn the_table_is_sorted_and_complete() {
    assert!(RULES.is_sorted_by(|a, b| a.code < b.code));
    for code in parse::CODES.iter().chain(crate::exceptions::CODES) {
        assert!(rule(code).is_some(), "{code} has no entry");
    }
    for rule in RULES {
        let is_kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        assert!(rule.code.chars().all(is_kebab), "{}", rule.code);
        assert!(!rule.summary.ends_with('.') && rule.summary.len() < 90, "{}", rule.code);
        assert!(rule.explanation.ends_with('.'), "{}", rule.code);
        assert_eq!(rule.wrong.is_empty(), rule.right.is_empty(), "{}", rule.code);
    }
    let without: Vec<_> = RULES
        .iter()
        .filter(|rule| rule.wrong.is_empty() && !rule.code.starts_with("exception-"))
        .map(|rule| rule.code)
        .collect();
    let long = [
        "binary-in-json",
        "expansion-limit",
        "media-type-left-out",
        "nested-too-deep",
        "too-deep",
        "too-many",
        "unread-file",
    ];
    assert_eq!(without, long, "each of the others is shown by an example");
}

#[test]
fn the_wrong_example_of_each_rule_gives_its_finding_alone() {
    let mut failures = Vec::new();
    for rule in RULES.iter().filter(|rule| !rule.wrong.is_empty()) {
        let text = example(rule, rule.wrong);
        let lint = found(&text);
        if !lint.findings.iter().map(|finding| finding.code).eq([rule.code]) {
            failures.push(format!("{}:\n{}\n{text}", rule.code, shown(&lint, &text)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.concat());
}

#[test]
fn the_right_example_of_each_rule_gives_no_finding() {
    for rule in RULES {
        let text = example(rule, rule.right);
        let lint = found(&text);
        assert!(rule.right.is_empty() || lint.findings.is_empty(), "{}:\n{}", rule.code, shown(&lint, &text));
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
        code: "server-without-https",
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
    assert_eq!(with(&text, entry).findings[0].code, "bad-extension");
}

#[test]
fn what_is_wrong_with_a_configuration_is_told() {
    for (text, message, help) in [
        ("[levels]\nmissing-tags = 'warn'\n", "there is no rule `missing-tags`", "did you mean `missing-tag`?"),
        ("[levels]\nmissing-tag = 'off'\n", "`off` is no level", "write `deny`, `warn` or `allow`"),
        ("[[except]]\ncode = 'x'\npointer = '/a'\nreason = 'b'\n", "there is no rule `x`", "`cargo xtask lint --list`"),
        ("[[except]]\ncode = 'missing-tag'\npointer = 'a'\nreason = 'b'\n", "no place in a document", "JSON pointer"),
    ] {
        let (_, problems) = Config::read(text);
        assert!(problems[0].message.contains(message), "{problems:?}");
        assert!(problems[0].help.as_ref().is_some_and(|words| words.contains(help)), "{problems:?}");
    }
}

#[test]
fn no_output_tells_an_example() {
    let rule = rule("example-mismatch").expect("it is in the table");
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
        let text = example(rule, part);
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
    let text = example(
        rule("missing-summary").expect("it is in the table"),
        "components:\n  schemas:\n    Pet: {$ref: 'schemas/pet.yaml'}\n",
    );
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
