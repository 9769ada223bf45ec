//! The number of deliveries that are verified and parsed, and that an inbox stores durably, compared with
//! bare inserts of the same row.
//!
//! The program is `xtask/bench/inbox`; it prints a line for each value.

use std::fs;

use super::Bench;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{self, Job, Measured};

const PROGRAM: &str = "inbox-rate";
/// How often the program runs; each run takes four times [`SECONDS`].
const RUNS: usize = 3;
const SECONDS: u32 = 5;

/// Returns the table with the rates of an inbox.
pub fn table(bench: &Bench) -> Table {
    let mut table = Table::new("Inbox on SQLite", ["inbox", "bare inserts"]);
    table.note("64 deliveries at a time share commits; bare inserts have a transaction each, with the same settings");
    let values = match values(bench) {
        Ok(values) => values,
        Err(why) => {
            table.missing("deliveries stored a second", why);
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
    let none = || Err("without a database".to_owned());
    table.row(
        format!("verified and read a second, none stored (median of {RUNS})"),
        Unit::Count,
        vec![samples("verified"), none()],
    );
    table.row(format!("stored a second (median of {RUNS})"), Unit::Count, vec![samples("stored"), samples("bare")]);
    table.row("99th percentile of the time at half that rate", Unit::Seconds, vec![samples("p99")]);
    table.row(format!("handled a second (median of {RUNS})"), Unit::Count, vec![samples("handled")]);
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
    let folder = bench.scratch.join("inbox");
    let run = Job::new(target.join("release").join(PROGRAM)).arg(&folder).arg(SECONDS.to_string());
    let mut texts = Vec::new();
    for _ in 0..RUNS {
        measure::remove(&folder)?;
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        texts.push(run.output()?);
    }
    measure::remove(&folder)?;
    Ok(texts)
}

/// Reads the value of a line `name value`.
pub fn value(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_is_read_from_its_line() {
        let text = "bare 812.5\nstored 5120.0\np99 0.004200\n";
        assert_eq!((value(text, "bare"), value(text, "p99")), (Some(812.5), Some(0.0042)));
        assert_eq!(value(text, "p9"), None);
    }
}
