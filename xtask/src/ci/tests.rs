use std::collections::BTreeSet;
use std::fs;

use super::*;

fn outcome(step: usize, passed: bool, seconds: u64) -> Outcome {
    Outcome { step: &STEPS[step], passed, seconds }
}

#[test]
fn names_are_unique() {
    let names: BTreeSet<&str> = STEPS.iter().map(|step| step.name).collect();
    assert_eq!(names.len(), STEPS.len());
}

#[test]
fn long_steps_run_with_full_alone() {
    let names = |full, skip: &[&str]| {
        let skip = skip.iter().map(|name| (*name).to_owned()).collect();
        let list = false;
        let steps = chosen(&Ci { full, list, skip, only: Vec::new() }).unwrap();
        steps.iter().map(|step| step.name).collect::<Vec<_>>()
    };
    for long in
        ["semver", "transcripts", "prism-all", "oracle-all", "examples", "corpus", "mutation", "fuzz", "inbox", "hosts"]
    {
        assert!(!names(false, &[]).contains(&long));
        assert!(names(true, &[]).contains(&long));
    }
    assert!(!names(true, &["test"]).contains(&"test"));
}

#[test]
fn only_what_is_named_runs_long_or_not() {
    let only = ["postgres", "hosts"].map(str::to_owned).to_vec();
    let steps = chosen(&Ci { only, ..Ci::default() }).unwrap();
    assert_eq!(steps.iter().map(|step| step.name).collect::<Vec<_>>(), ["postgres", "hosts"]);
}

#[test]
fn step_that_is_not_known_is_a_usage_failure() {
    let options = Ci { skip: vec!["tests".to_owned()], ..Ci::default() };
    let failure = chosen(&options).unwrap_err();
    assert_eq!(failure.status, crate::failure::USAGE);
    assert!(failure.message.contains("the steps are test, format"));
}

#[test]
fn closing_lines_name_what_failed_and_how_to_run_it_again() {
    assert_eq!(
        closing(&[outcome(0, true, 55), outcome(1, true, 6)], 0),
        "1 min 1 s in all: test 55 s, format 6 s\nchecks: 2 passed, 0 failed"
    );
    assert_eq!(
        closing(&[outcome(3, false, 301), outcome(4, true, 5)], 1),
        "doc failed; run it again with `RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps`\n\
         doc took longer than 2 min\n5 min 6 s in all: doc 301 s, fresh 5 s\nchecks: 1 passed, 1 failed, 1 skipped"
    );
}

#[test]
fn steps_of_every_submission_end_within_45_minutes() {
    let minutes: u64 = STEPS.iter().filter(|step| !step.long).map(|step| step.minutes).sum();
    assert!(minutes <= 45, "{minutes} minutes");
}

#[test]
fn continuous_integration_runs_all_steps() {
    let script = fs::read_to_string(crate::root().join(".ci/run")).unwrap();
    let test = STEPS.iter().find(|step| step.name == "test").unwrap();
    assert!(script.lines().any(|line| line == test.command));
    assert!(script.lines().any(|line| line == "cargo xtask ci --skip test"));
}
