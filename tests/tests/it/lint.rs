//! What `lint` reports: for each rule's example, in each format, for the specification and for real documents.

use std::fs;
use std::path::Path;

use generator::Source;
use review::exceptions;
use review::lint::{self, Config, Lint, Report, Sheet};

use crate::fixture;

const FIXTURE: &str = include_str!("../../fixtures/lint/outputs.yaml");
const CONFIG: &str = include_str!("../../fixtures/lint/outputs.toml");

/// Returns the findings in each format.
fn outputs(found: &Lint, source: Source<'_>, config: Source<'_>) -> [(&'static str, String); 4] {
    let sheets = [
        Sheet { findings: &found.findings, source, root: found.root.as_ref() },
        Sheet { findings: &found.unused, source: config, root: None },
    ];
    let report = Report { document: source.name, sheets: &sheets, accepted: &found.accepted };
    [
        ("terminal", lint::terminal(&report, false, false)),
        ("json", lint::json(&report)),
        ("sarif", lint::sarif(&report)),
        ("github", lint::github(&report)),
    ]
}

#[test]
fn every_rule_and_every_form_of_output_gives_its_snapshot() {
    let mut texts = vec![("list".to_owned(), lint::list())];
    for code in lint::all_codes() {
        let mut text = lint::explain(code.name()).expect("the code is in a table");
        if !exceptions::codes::CODES.contains(&code) {
            let document = lint::complete(code, code.wrong());
            let source = Source::alone("spec/pets.yaml", &document);
            let found = lint::lint(&source, &mut Config::default());
            let [(_, terminal), ..] = outputs(&found, source, Source::alone("spec/lint.toml", ""));
            text.push_str("\nFound:\n\n");
            text.push_str(&terminal);
        }
        texts.push((format!("rule_{}", code.name().replace(['-', '.'], "_")), text));
    }
    let (mut config, problems) = Config::read(CONFIG);
    assert!(problems.is_empty(), "{problems:?}");
    let source = Source::alone("spec/outputs.yaml", FIXTURE);
    let found = lint::lint(&source, &mut config);
    let forms = outputs(&found, source, Source::alone("spec/lint.toml", CONFIG));
    texts.extend(forms.into_iter().map(|(form, text)| (format!("output_{form}"), text)));
    let nothing = lint::lint(&Source::alone("spec/empty.yaml", ""), &mut Config::default());
    let forms = outputs(&nothing, Source::alone("spec/empty.yaml", ""), Source::alone("spec/lint.toml", ""));
    texts.extend(forms.into_iter().map(|(form, text)| (format!("unreadable_{form}"), text)));
    fixture::assert_snapshots("lint", &texts);
}

#[test]
fn many_findings_of_one_code_are_counted() {
    let schemas: Vec<String> =
        (0..25).map(|index| format!("    S{index}: {{description: One, type: object}}\n")).collect();
    let document =
        lint::complete(&lint::codes::UNUSED_COMPONENT, &format!("components:\n  schemas:\n{}", schemas.concat()));
    let source = Source::alone("spec/pets.yaml", &document);
    let found = lint::lint(&source, &mut Config::default());
    assert_eq!(found.findings.len(), 25);
    let sheets = [Sheet { findings: &found.findings, source, root: found.root.as_ref() }];
    let report = Report { document: source.name, sheets: &sheets, accepted: &[] };
    let text = lint::terminal(&report, false, false);
    assert_eq!(text.matches("warning[unused-component]").count(), 20);
    assert!(text.contains("… and 5 more of unused-component: `--all` shows them\n"), "{text}");
    assert_eq!(lint::terminal(&report, false, true).matches("warning[unused-component]").count(), 25);
}

#[test]
fn the_spec_has_no_finding_without_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let read = |name| fs::read_to_string(folder.join(name)).expect("the specification can be read");
    let (spec, config) = (read("novamed.yaml"), read("lint.toml"));
    let (mut levels, problems) = Config::read(&config);
    assert!(problems.is_empty(), "{problems:?}");
    let source = Source::alone("spec/novamed.yaml", &spec);
    let found = lint::lint(&source, &mut levels);
    let [(_, text), ..] = outputs(&found, source, Source::alone("spec/lint.toml", &config));
    assert!(found.findings.is_empty() && found.unused.is_empty(), "{text}");
}

#[test]
fn every_document_can_be_linted() {
    let mut documents = fixture::all("accepted");
    documents.extend(fixture::all("rejected"));
    match crate::corpus::folder() {
        Some(folder) => documents.extend(fixture::documents(&folder)),
        None => println!("the corpus is missing: only the fixtures are linted"),
    }
    for document in &documents {
        let source = document.source();
        let found = lint::lint(&source, &mut Config::default());
        for (form, text) in outputs(&found, source, Source::alone("lint.toml", "")) {
            assert!(found.findings.is_empty() || text.contains(&document.file), "{} as {form}", document.file);
        }
        for finding in &found.findings {
            assert!(lint::all_codes().contains(&finding.code), "{}: {} isn't in a table", document.file, finding.code);
        }
    }
}

#[test]
fn a_document_that_ends_anywhere_can_be_linted() {
    for document in fixture::all("accepted").iter().chain(&fixture::all("rejected")) {
        let ends = document.text.match_indices('\n').map(|(end, _)| end + 1).step_by(7);
        for end in ends {
            let source = Source { text: &document.text[..end], ..document.source() };
            let found = lint::lint(&source, &mut Config::default());
            for (form, text) in outputs(&found, source, Source::alone("lint.toml", "")) {
                assert!(form != "json" || serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
            }
        }
    }
}
