//! The number of orders that the sandbox takes, compared with a bare handler for the same JSON.
//!
//! The program is `xtask/bench/sandbox`; it prints a line for each value.

use super::Bench;
use super::inbox::value;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{Job, Measured};

const PROGRAM: &str = "sandbox-rate";
/// How often the program runs.
const RUNS: usize = 3;
const SECONDS: u32 = 5;

/// Returns the table with the sandbox's rate.
pub fn table(bench: &Bench) -> Table {
    let mut table = Table::new("Sandbox", ["sandbox", "bare handler"]);
    table.note(
        "16 connections; the bare handler decodes the order with the client's types and answers with the same JSON",
    );
    let values = match values(bench) {
        Ok(values) => values,
        Err(why) => {
            table.missing("orders a second", why);
            return table;
        }
    };
    let samples = |name: &str| -> Measured<Samples> {
        let mut samples = Samples::default();
        for text in &values {
            samples.push(value(text, name).ok_or_else(|| format!("not measured, {PROGRAM} prints no {name}"))?);
        }
        Ok(samples)
    };
    table.row(format!("orders a second (median of {RUNS})"), Unit::Count, vec![samples("sandbox"), samples("bare")]);
    table.row("time until it listens", Unit::Seconds, vec![samples("start")]);
    table.row("MiB that 100,000 orders take", Unit::Count, vec![samples("memory")]);
    table
}

/// Builds the program, and returns the output of its runs.
fn values(bench: &Bench) -> Measured<Vec<String>> {
    let target = bench.kept.join("inbox");
    let build = Job::new("cargo")
        .args(["build", "--quiet", "--release", "--package", PROGRAM, "--manifest-path"])
        .arg(bench.root.join("xtask/bench/Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target);
    build.output()?;
    let run = Job::new(target.join("release").join(PROGRAM)).arg(SECONDS.to_string());
    (0..RUNS).map(|_| run.output()).collect()
}
