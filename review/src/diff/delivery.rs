//! What is repeated, and what is known of a call's fate: operations, refusals and named errors of two models.

use std::collections::BTreeMap;

use super::finding::{Class, Finding, Side};
use crate::reading::Reading;
use generator::diagnostic::Pointer;
use generator::model::{Api, ErrorMatch, Operation, Status};

/// Compares the two models.
#[must_use]
pub fn compare(old: &Reading<'_>, new: &Reading<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (before, after) in pairs(&old.api, &new.api) {
        repeatable(before, after, &mut findings);
        refusals(before, after, &mut findings);
        kinds((old, before), (new, after), &mut findings);
    }
    let mut findings = shared(old, new, findings);
    error_codes(&old.api, &new.api, &mut findings);
    findings
}

/// So many operations are named in a sentence.
const NAMED: usize = 6;

/// What findings have in common that are told once: code, detail, and the places where they are written.
type Common = (&'static str, String, [Option<String>; 2]);

/// Says once what several operations have of one response component.
fn shared(old: &Reading<'_>, new: &Reading<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: Vec<(Common, Vec<Finding>)> = Vec::new();
    for finding in findings {
        let places = [(old, &finding.old), (new, &finding.new)].map(|(reading, pointer)| {
            let written = reading.written(pointer.as_ref()?);
            Some(written.to_string()).filter(|at| at.starts_with("/components/responses/"))
        });
        let key = (finding.code, finding.detail.clone(), places);
        let is_component = key.2.iter().any(Option::is_some);
        match groups.iter_mut().find(|(other, _)| is_component && *other == key) {
            Some((_, group)) => group.push(finding),
            None => groups.push((key, vec![finding])),
        }
    }
    groups.into_iter().map(|(_, group)| together(new, old, group)).collect()
}

/// One finding for several that differ in their operation alone.
fn together(new: &Reading<'_>, old: &Reading<'_>, mut group: Vec<Finding>) -> Finding {
    let mut operations: Vec<String> = group.iter().map(|finding| operation(finding).to_owned()).collect();
    operations.dedup();
    let mut finding = group.swap_remove(0);
    if group.is_empty() {
        return finding;
    }
    let place = |reading: &Reading<'_>, pointer: &Option<Pointer>| pointer.as_ref().map(|it| reading.written(it));
    (finding.old, finding.new) = (place(old, &finding.old), place(new, &finding.new));
    let component = [&finding.new, &finding.old].into_iter().flatten().find_map(|pointer| {
        let steps = pointer.steps();
        (steps.len() > 2 && steps[1] == "responses").then(|| steps[2].to_string())
    });
    let Some(component) = component else { return finding };
    let more = if operations.len() > NAMED { " and others" } else { "" };
    let named: Vec<String> = operations.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let message = finding.message.replace(&format!("`{}`", finding.subject), &format!("`{component}`"));
    let count = operations.len();
    let plural = if count == 1 { "" } else { "s" };
    finding.message = format!("{message} (a response of {count} operation{plural}: {}{more})", named.join(", "));
    finding.subject = component;
    finding
}

/// The operation of a finding, without the status.
fn operation(finding: &Finding) -> &str {
    finding.subject.rsplit_once(' ').map_or(&*finding.subject, |(operation, _)| operation)
}

/// The operations that are in both models: by method and path, and else by their ids.
pub(super) fn pairs<'a>(old: &'a Api, new: &'a Api) -> Vec<(&'a Operation, &'a Operation)> {
    let all = |api: &'a Api| api.groups.iter().flat_map(|group| &group.operations);
    let by_line: BTreeMap<_, _> = all(new).map(|op| ((&op.method, &op.path), op)).collect();
    let by_id: BTreeMap<_, _> = all(new).map(|op| (&op.id, op)).collect();
    let pair = |op: &'a Operation| {
        let found = by_line.get(&(&op.method, &op.path)).or_else(|| by_id.get(&op.id));
        found.map(|other| (op, *other))
    };
    all(old).filter_map(pair).collect()
}

fn repeatable(old: &Operation, new: &Operation, findings: &mut Vec<Finding>) {
    if old.repeatable == new.repeatable {
        return;
    }
    let id = &new.id;
    let finding = if new.repeatable {
        let message = format!("`{id}` became repeatable: after a timeout the client sends it again by itself");
        Finding::new("became-repeatable", Class::Compatible, Side::Delivery, id, message).blocking()
    } else {
        let message = format!("`{id}` is no longer repeatable: failures that a repetition hid come out");
        Finding::new("lost-repeatable", Class::Breaking, Side::Delivery, id, message)
    };
    let key = "x-client-repeatable";
    findings.push(finding.old(&old.pointer.key(key)).new_at(&new.pointer.key(key)));
}

fn refusals(old: &Operation, new: &Operation, findings: &mut Vec<Finding>) {
    let codes = |op: &Operation| -> BTreeMap<Status, String> {
        op.failures.iter().filter_map(|it| Some((it.status, it.refused_before_acting.clone()?))).collect()
    };
    let (was, is) = (codes(old), codes(new));
    let mut push = |finding: Finding, status: Status| {
        // If the response is a reference, the mark is at its target.
        let at = |op: &Operation| {
            let response = op.pointer.key("responses").key(&word(status));
            response.key("x-client-refused-before-acting").key("code")
        };
        findings.push(finding.old(&at(old)).new_at(&at(new)));
    };
    for (status, before) in &was {
        let subject = format!("{} {}", new.id, word(*status));
        match is.get(status) {
            Some(after) if after == before => {}
            after => {
                let words = if after.is_some() { "is told by another code" } else { "is no longer a refusal" };
                let message = format!("the refusal before acting of `{subject}` {words}: `Refused` becomes `Unknown`");
                push(Finding::new("refusal-lost", Class::Breaking, Side::Delivery, &subject, message), *status);
            }
        }
    }
    for status in is.keys().filter(|status| !was.contains_key(*status)) {
        let subject = format!("{} {}", new.id, word(*status));
        let message =
            format!("`{subject}` counts as a refusal before acting now: the client sends the call again by itself");
        let finding = Finding::new("refusal-added", Class::Compatible, Side::Delivery, &subject, message);
        push(finding.blocking(), *status);
    }
}

/// How the named errors of an operation are told, by their names; and the first status that each comes with.
type Kinds = BTreeMap<String, (Status, Vec<String>)>;

/// Compares how the named errors of an operation are told.
fn kinds(old: (&Reading<'_>, &Operation), new: (&Reading<'_>, &Operation), findings: &mut Vec<Finding>) {
    let (was, is) = (kinds_of(&old.0.api, old.1), kinds_of(&new.0.api, new.1));
    let at = |(reading, op): (&Reading<'_>, &Operation), status: Status, name: &str| {
        let list = op.pointer.key("responses").key(&word(status)).key("x-client-errors");
        reading.item(&list, "kind", |kind| kind == name).unwrap_or(list)
    };
    let id = &new.1.id;
    let mut push = |code, class, name: &String, status: Status, words: &str| {
        let message = format!("the error `{name}` of `{id}` {words}");
        let finding = Finding::new(code, class, Side::Answer, id, message).detail(name);
        findings.push(finding.old(&at(old, status, name)).new_at(&at(new, status, name)));
    };
    for (name, (status, before)) in &was {
        match is.get(name) {
            None => push("error-kind-removed", Class::Breaking, name, *status, "is no longer told apart"),
            Some((_, after)) if after != before => {
                push("error-kind-changed", Class::Breaking, name, *status, "is told in another way");
            }
            Some(_) => {}
        }
    }
    for (name, (status, _)) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
        push("error-kind-added", Class::Compatible, name, *status, "is told apart now");
    }
}

fn kinds_of(api: &Api, op: &Operation) -> Kinds {
    let mut kinds = Kinds::new();
    for failure in &op.failures {
        for rule in &failure.rules {
            let told = match &rule.matches {
                ErrorMatch::Message(text) => format!("message {text}"),
                ErrorMatch::MessagePrefix(text) => format!("prefix {text}"),
                ErrorMatch::Code(text) => format!("code {text}"),
            };
            let name = api.error_kinds[rule.kind].name.as_str().to_owned();
            let (_, all) = kinds.entry(name).or_insert((failure.status, Vec::new()));
            all.push(format!("{} {told}", word(failure.status)));
        }
    }
    kinds
}

fn error_codes(old: &Api, new: &Api, findings: &mut Vec<Finding>) {
    let mut push = |code, class, word: &str, words: &str| {
        let message = format!("the error code `{word}` {words}");
        findings.push(Finding::new(code, class, Side::Privacy, "error codes", message).detail(word));
    };
    for code in new.error_codes.iter().filter(|code| !old.error_codes.contains(code)) {
        push("error-code-added", Class::Compatible, code, "is known now, and is shown");
    }
    for code in old.error_codes.iter().filter(|code| !new.error_codes.contains(code)) {
        push("error-code-removed", Class::Compatible, code, "is no longer known, and is withheld");
    }
}

/// A response's key as the document writes it.
pub(super) fn word(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(first) => format!("{first}XX"),
        Status::Default => "default".to_owned(),
    }
}
