//! `cargo xtask ci`: the checks that continuous integration runs, one after the other.
//!
//! All of them run, even after one that failed. The closing lines say which failed, how to run each again, and how long
//! each took.

mod steps;

use std::fs;
use std::time::Instant;

use crate::args::Ci;
use crate::failure::Failure;
use crate::packages;
use steps::{STEPS, Step};

/// The result of a step.
#[derive(Debug)]
struct Outcome {
    step: &'static Step,
    passed: bool,
    seconds: u64,
}

/// The file that the steps' durations are written to, for scripts.
const SECONDS: &str = "target/ci-seconds.txt";

/// Runs the command.
///
/// # Errors
///
/// Fails with status 1 if a step failed, and with status 2 on an unknown step.
pub fn run(options: &Ci) -> Result<(), Failure> {
    let steps = chosen(options)?;
    if options.list {
        for step in steps {
            println!("{:11} {}\n{:11} {}", step.name, step.shows, "", step.line());
        }
        return Ok(());
    }
    let mut outcomes = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        eprintln!("\n[{}/{}] {}: {}", index + 1, steps.len(), step.name, step.line());
        let start = Instant::now();
        let passed = passes(step);
        outcomes.push(Outcome { step, passed, seconds: start.elapsed().as_secs() });
    }
    eprintln!();
    println!("{}", closing(&outcomes, options.skip.len()));
    // For scripts that print their own last line.
    let _ = fs::write(crate::root().join(SECONDS), durations(&outcomes));
    if outcomes.iter().any(|outcome| !outcome.passed) {
        // The closing lines say everything.
        return Err(Failure::problem(""));
    }
    Ok(())
}

/// Returns the steps that the options select.
fn chosen(options: &Ci) -> Result<Vec<&'static Step>, Failure> {
    for name in options.skip.iter().chain(&options.only) {
        if !STEPS.iter().any(|step| step.name == name) {
            let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
            let message = format!("unknown step `{name}`; the steps are {}", names.join(", "));
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

/// Runs the step's command, and returns whether it succeeded.
fn passes(step: &Step) -> bool {
    if let Err(missing) = packages::ensure(step.programs) {
        eprintln!("error: {missing}\nhelp: leave the step out: `cargo xtask ci --skip {}`", step.name);
        return false;
    }
    let mut words = step.command.split_whitespace();
    let program = words.next().expect("a step's command names a program");
    let mut command = crate::command(program);
    command.args(words).envs(step.env.iter().copied());
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            eprintln!("error: cannot run `{program}`: {error}");
            if program == "npx" {
                eprintln!(
                    "help: install Node.js 20.19 or newer, which brings npx, or leave the step \
                     out: `cargo xtask ci --skip {}`",
                    step.name
                );
            }
            false
        }
    }
}

/// Returns the closing lines: what failed, how to run it again, the durations and the counts.
fn closing(outcomes: &[Outcome], skipped: usize) -> String {
    let failed: Vec<&Step> = outcomes.iter().filter(|outcome| !outcome.passed).map(|outcome| outcome.step).collect();
    let mut lines: Vec<String> =
        failed.iter().map(|step| format!("{} failed; run it again with `{}`", step.name, step.line())).collect();
    let late = outcomes.iter().filter(|outcome| outcome.seconds > outcome.step.minutes * 60);
    lines.extend(late.map(|outcome| format!("{} took longer than {} min", outcome.step.name, outcome.step.minutes)));
    let seconds: u64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
    lines.push(format!("{} in all: {}", minutes(seconds), durations(outcomes)));
    let passed = outcomes.len() - failed.len();
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    lines.push(format!("checks: {passed} passed, {} failed{skipped}", failed.len()));
    lines.join("\n")
}

fn minutes(seconds: u64) -> String {
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// Returns how long each step took, as `format 2 s, clippy 63 s`.
fn durations(outcomes: &[Outcome]) -> String {
    let durations = outcomes.iter().map(|outcome| format!("{} {} s", outcome.step.name, outcome.seconds));
    durations.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
