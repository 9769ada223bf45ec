//! What `diff` reports about two versions of a document.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use generator::{Config, Source};
use review::diff::{self, Approved, Class, Diff};

use crate::compile::{is_long, is_step};
use crate::corpus;
use crate::fixture::{self, FOLDER, Fixture};

fn compared<'s>(old: &'s Fixture, new: &'s Fixture) -> Diff<'s> {
    let result = diff::diff(old.source(), new.source(), &Config::new("fixture"));
    result.unwrap_or_else(|unreadable| {
        let source = if unreadable.is_new { new.source() } else { old.source() };
        panic!("{}", fixture::shown(&unreadable.diagnostics, &source))
    })
}

/// The pairs `NAME.old.yaml` and `NAME.new.yaml`.
fn pairs() -> Vec<(String, Fixture, Fixture)> {
    let fixtures = fixture::documents(&Path::new(FOLDER).join("diff"));
    fixture::assert_short(&fixtures);
    let named = |name: &str| fixtures.iter().find(|fixture| fixture.name == name).cloned();
    let stems: BTreeSet<&str> = fixtures.iter().filter_map(|fixture| fixture.name.split('.').next()).collect();
    let pair = |name: &str| {
        let [old, new] = ["old", "new"].map(|state| named(&format!("{name}.{state}")));
        (name.to_owned(), old.expect("a pair has an older state"), new.expect("a pair has a newer state"))
    };
    stems.into_iter().map(pair).collect()
}

#[test]
fn every_pair_gives_its_snapshot() {
    let mut texts = Vec::new();
    for (name, old, new) in pairs() {
        let diff = compared(&old, &new);
        assert!(diff.verdict().is_some(), "{name} changes nothing");
        texts.push((name, diff::terminal(&diff, &Approved::default(), false)));
    }
    let (_, old, new) = pairs().into_iter().find(|(name, ..)| name == "property").expect("the pair is there");
    let diff = compared(&old, &new);
    let finding = diff.findings.iter().find(|finding| finding.code == "property-removed").expect("one is gone");
    let list = format!(
        "[[approve]]\ncode = 'property-removed'\nfingerprint = '{}'\nreason = 'nobody sent it @all'\n",
        finding.fingerprint()
    );
    let (approved, problems) = Approved::read(&list, "", &diff.findings);
    assert_eq!(problems, []);
    texts.push(("form_terminal".to_owned(), diff::terminal(&diff, &approved, false)));
    texts.push(("form_json".to_owned(), diff::json(&diff, &approved)));
    texts.push(("form_markdown".to_owned(), diff::markdown(&diff, &approved)));
    texts.push(("form_changelog".to_owned(), diff::changelog(&diff)));
    let (_, old, new) = pairs().into_iter().find(|(name, ..)| name == "marks").expect("the pair is there");
    let diff = compared(&old, &new);
    texts.push(("marks_markdown".to_owned(), diff::markdown(&diff, &Approved::default())));
    texts.push(("marks_changelog".to_owned(), diff::changelog(&diff)));
    let (_, old, new) = pairs().into_iter().find(|(name, ..)| name == "caller").expect("the pair is there");
    let diff = compared(&old, &new);
    texts.push(("caller_markdown".to_owned(), diff::markdown(&diff, &Approved::default())));
    texts.push(("caller_changelog".to_owned(), diff::changelog(&diff)));
    fixture::assert_snapshots("diff", &texts);
}

#[test]
fn fingerprints_do_not_know_lines() {
    for (name, old, new) in pairs() {
        let below = |fixture: &Fixture| Fixture {
            text: format!("# a line\n# and another\n{}", fixture.text),
            ..fixture.clone()
        };
        let (moved_old, moved_new) = (below(&old), below(&new));
        let prints = |diff: &Diff<'_>| diff.findings.iter().map(diff::Finding::fingerprint).collect::<Vec<_>>();
        assert_eq!(prints(&compared(&old, &new)), prints(&compared(&moved_old, &moved_new)), "{name}");
        let all = prints(&compared(&old, &new));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{name}: two findings share a fingerprint");
    }
}

/// A document whose only schema occurs in a request and an answer, with these properties.
fn pets(properties: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Pets, version: '1'}}\npaths:\n  /pets:\n    post:\n      operationId: createPet\n      \
         requestBody:\n        required: true\n        content: {{application/json: {{schema: {{$ref: \
         '#/components/schemas/Pet'}}}}}}\n      responses:\n        '204': {{description: Made}}\ncomponents:\n  schemas:\n    \
         Pet:\n      type: object\n      properties:\n{properties}"
    )
}

/// The findings with this code between two documents with these properties: subjects with their fingerprints.
fn prints(code: &str, old: &str, new: &str) -> Vec<(String, String)> {
    let (old, new) = (pets(old), pets(new));
    let diff = diff::diff(Source::alone("old", &old), Source::alone("new", &new), &Config::new("fixture"));
    let diff = diff.expect("the documents are read");
    let found = diff.findings.iter().filter(|finding| finding.code == code);
    found.map(|finding| (finding.subject.clone(), finding.fingerprint())).collect()
}

#[test]
fn a_change_that_gets_worse_is_another_finding() {
    let tag = |keywords: &str| format!("        tag: {{{keywords}}}\n");
    let cases = [
        ("limit-tightened", "type: string, minLength: 2", "type: string, minLength: 3", "type: string, minLength: 50"),
        ("limit-tightened", "type: string", "type: string, pattern: a", "type: string, pattern: b"),
        ("type-changed", "type: string", "type: integer", "type: boolean"),
        ("format-changed", "type: string", "type: string, format: date", "type: string, format: uuid"),
        ("default-changed", "type: string, default: a", "type: string, default: b", "type: string, default: c"),
        ("keyword-changed", "type: string", "type: string, not: {enum: [a]}", "type: string, not: {enum: [a, b]}"),
        ("enum-added", "type: string", "type: string, enum: [a, b]", "type: string, enum: [a]"),
    ];
    for (code, before, after, worse) in cases {
        let accepted = prints(code, &tag(before), &tag(after));
        assert_eq!(accepted.len(), 1, "{code}: {accepted:?}");
        assert_ne!(accepted, prints(code, &tag(before), &tag(worse)), "{code}");
        // Other edits are separate findings.
        let also = tag(after) + "        size: {type: integer}\n";
        assert_eq!(accepted, prints(code, &tag(before), &also), "{code}");
    }
}

#[test]
fn an_approval_of_items_covers_no_further_item() {
    let [one, other] = ["a", "b"].map(|name| format!("        {name}: {{type: string}}\n"));
    let both = format!("{one}{other}");
    let accepted = prints("rust-breaking", &both, &other);
    assert_eq!(
        accepted.iter().map(|(owner, _)| owner.as_str()).collect::<Vec<_>>(),
        ["Pet"],
        "a builder is its type's"
    );
    let twice = prints("rust-breaking", &both, "        c: {type: string}\n");
    assert_eq!(twice.len(), 1);
    assert_ne!(accepted, twice);
}

#[test]
fn items_that_break_are_approved_by_what_a_report_says() {
    let [old, new] =
        ["one", "other"].map(|name| pets(&format!("        a: {{type: string, x-client-name: {name}}}\n")));
    let diff = diff::diff(Source::alone("old", &old), Source::alone("new", &new), &Config::new("fixture"));
    let diff = diff.expect("the documents are read");
    let found = diff.failing(Some(Class::Breaking), &Approved::default());
    let [finding] = found[..] else { panic!("{found:?}") };
    let print = finding.fingerprint();
    let terminal = diff::terminal(&diff, &Approved::default(), false);
    assert!(terminal.contains(&format!("\n  Pet: fingerprint {print}\n")), "{terminal}");
    let comment = diff::markdown(&diff, &Approved::default());
    let above = comment.split("<details>").next().unwrap_or_default();
    assert!(above.contains("- **breaking** in Rust: `Pet.one` removed") && above.contains(&print), "{comment}");
    let list = format!("[[approve]]\ncode = 'rust-breaking'\nfingerprint = '{print}'\nreason = 'all were told'\n");
    let (approved, problems) = Approved::read(&list, "", &diff.findings);
    assert_eq!(problems, []);
    assert!(diff.failing(Some(Class::Breaking), &approved).is_empty());
    for text in [diff::terminal(&diff, &approved, false), diff::markdown(&diff, &approved)] {
        assert!(text.contains("approved&#58; all were told") || text.contains("approved: all were told"), "{text}");
    }
}

#[test]
fn the_version_is_counted_from_the_older_manifest() {
    let [old, new] =
        ["one", "other"].map(|name| pets(&format!("        a: {{type: string, x-client-name: {name}}}\n")));
    let manifest = |version: &str| format!("[package]\nname = \"pets\"\nversion = \"{version}\"\n");
    for (before, now, told) in [
        ("0.1.0", "0.1.0", "version 0.1.0 -> 0.2.0 (major)\n"),
        ("0.1.0", "0.2.0", "version 0.1.0 -> 0.2.0 (major), which the manifest has\n"),
        ("0.1.0", "0.3.0", "version 0.1.0 -> 0.3.0 (major), which the manifest has\n"),
        ("0.1.0", "0.1.1", "version 0.1.0 -> 0.2.0 (major)\n"),
        ("0.2.0", "0.2.0", "version 0.2.0 -> 0.3.0 (major)\n"),
    ] {
        let diff = diff::diff(Source::alone("old", &old), Source::alone("new", &new), &Config::new("fixture"));
        let mut diff = diff.expect("the documents are read");
        diff.between(&manifest(before), &manifest(now));
        let text = diff::terminal(&diff, &Approved::default(), false);
        assert!(text.ends_with(told), "{before} {now}: {text}");
    }
}

#[test]
fn the_way_back_is_another_change() {
    for (name, old, new) in pairs() {
        let back = compared(&new, &old);
        assert!(back.verdict().is_some(), "{name}");
    }
}

#[test]
fn words_and_examples_alone_are_proven() {
    for (name, old, new) in pairs() {
        let diff = compared(&old, &new);
        let is_word = |finding: &diff::Finding| ["words-changed", "examples-changed"].contains(&finding.code);
        assert_eq!(diff.proof.is_some(), diff.findings.iter().all(is_word), "{name}");
    }
}

#[test]
fn every_accepted_fixture_is_as_it_is() {
    for fixture in fixture::all("accepted") {
        let diff = compared(&fixture, &fixture);
        assert_eq!(diff.findings, [], "{}", fixture.file);
        assert_eq!(diff.items, [], "{}", fixture.file);
        assert!(diff.proof.is_some(), "{}", fixture.file);
        assert_eq!(diff.version, diff.next_version);
    }
}

#[test]
fn a_document_of_the_corpus_is_as_it_is_and_differs_from_its_neighbor() {
    let Some(folder) = corpus::folder() else {
        println!("skipped: the corpus is missing");
        return;
    };
    let fixtures = fixture::documents(&folder);
    for (index, pair) in fixtures.windows(2).enumerate() {
        let (one, other) = (&pair[0], &pair[1]);
        // Two whole APIs take a second or two each.
        let is_sampled = index % 5 == 0;
        if is_sampled || is_step() {
            let same = compared(one, one);
            assert_eq!(same.findings, [], "{}", one.file);
            assert_eq!(same.items, [], "{}", one.file);
        }
        if !is_sampled && !is_long() {
            continue;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let diff = compared(one, other);
            assert!(diff.verdict() == Some(Class::Breaking), "other operations are another API");
            let comment = diff::markdown(&diff, &Approved::default());
            assert!(comment.chars().count() <= review::comment::MAX_CHARACTERS, "GitHub takes no more");
            assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
            let _ = (diff::terminal(&diff, &Approved::default(), true), diff::json(&diff, &Approved::default()));
            let _ = diff::changelog(&diff);
        }));
        assert!(outcome.is_ok(), "{} and {}", one.file, other.file);
    }
}

#[test]
fn words_of_a_document_do_nothing_in_a_comment() {
    let document = |name: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas: {{}}\nservers:\n  - url: {name:?}\n"
        )
    };
    let (old, new) = (document("https://a.example"), document("https://b.example/`</code>@team <script>|#1"));
    let diff = diff::diff(Source::alone("a.yaml", &old), Source::alone("b.yaml", &new), &Config::new("fixture"));
    let comment = diff::markdown(&diff.expect("the documents are read"), &Approved::default());
    let fences = comment.split("```").step_by(2).collect::<String>();
    let outside = fences.split('`').step_by(2).collect::<String>();
    for sign in ["<script", "@team", "</code>"] {
        assert!(!outside.contains(sign), "{sign}:\n{comment}");
    }
}

#[test]
fn approvals_that_accept_nothing_are_errors() {
    let (_, old, new) = pairs().into_iter().find(|(name, ..)| name == "limits").expect("the pair is there");
    let diff = compared(&old, &new);
    let list = "[[approve]]\ncode = 'property-removed'\nfingerprint = '000000000000'\nreason = 'old'\n";
    let (_, problems) = Approved::read(list, "", &diff.findings);
    assert_eq!(problems.iter().map(|problem| problem.code.name()).collect::<Vec<_>>(), ["exception-unused"]);
    assert_eq!(problems[0].help.as_deref(), Some("remove it: nothing is found that it accepts"));
    let finding = diff.findings.iter().find(|finding| finding.code == "limit-tightened").expect("one is there");
    let list =
        |code: &str, print: &str| format!("[[approve]]\ncode = '{code}'\nfingerprint = '{print}'\nreason = 'so'\n");
    let (_, problems) = Approved::read(&list("limit-tightend", &finding.fingerprint()), "", &diff.findings);
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `limit-tightened`?"));
    let (_, problems) = Approved::read(&list("limit-tightened", "000000000000"), "", &diff.findings);
    let help = problems[0].help.clone().unwrap_or_default();
    let named = format!("remove it, or accept what is found: `{}` of `{}`", finding.fingerprint(), finding.subject);
    assert!(help.starts_with(&named), "{help}");
    let (_, problems) = Approved::read("[[approve]]\ncode = 'a'\nfingerprint = 'b'\n", "", &diff.findings);
    assert_eq!(problems.iter().map(|problem| problem.code.name()).collect::<Vec<_>>(), ["exception-without-reason"]);
}

#[test]
fn approvals_that_the_older_state_has_are_idle() {
    let (_, old, new) = pairs().into_iter().find(|(name, ..)| name == "property").expect("the pair is there");
    let diff = compared(&old, &new);
    let finding = diff.findings.iter().find(|finding| finding.code == "property-removed").expect("one is gone");
    let entry = |fingerprint: &str, reason: &str| {
        format!("[[approve]]\ncode = 'property-removed'\nfingerprint = '{fingerprint}'\nreason = '{reason}'\n")
    };
    let merged = entry("000000000000", "long ago") + &entry(&finding.fingerprint(), "so far");
    // A merged approval accepts nothing, but isn't an error, even if its change is made again.
    let (approved, problems) = Approved::read(&merged, &merged, &diff.findings);
    assert_eq!((approved.idle, approved.reason(finding)), (2, None));
    assert_eq!(
        problems.iter().map(|it| (it.code.name(), it.is_error())).collect::<Vec<_>>(),
        [("approval-merged", false)]
    );
    // A new reason makes it an approval of this change.
    let list = merged.replace("so far", "and again");
    let (approved, problems) = Approved::read(&list, &merged, &diff.findings);
    assert_eq!((approved.idle, approved.reason(finding), problems), (1, Some("and again"), Vec::new()));
}

#[test]
fn the_documents_of_the_repository_compare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/novamed.yaml");
    let text = fs::read_to_string(path).expect("the document is there");
    let source = Source::alone("spec/novamed.yaml", &text);
    let diff = diff::diff(source, source, &Config::new("novamed")).expect("the document is read");
    assert_eq!(diff.verdict(), None);
}
