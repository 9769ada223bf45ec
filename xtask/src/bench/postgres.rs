//! The number of deliveries that an inbox on PostgreSQL stores durably, compared with pgbench inserting the
//! same row, and the number of events that its workers handle.
//!
//! The program is `xtask/bench/postgres`; it prints a line for each value.

use std::fs;

use super::Bench;
use super::inbox::value;
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{Job, Measured};
use crate::postgres::Server;

const PROGRAM: &str = "postgres-rate";
/// How often the program runs.
const RUNS: usize = 3;
const SECONDS: u32 = 5;
/// The number of simultaneous deliveries.
const CLIENTS: &str = "64";
/// The row of a delivery. A colon would start a pgbench variable.
const INSERT: &str = r#"INSERT INTO bench_bare.delivery (duplicate_key, group_key, name, body, state, received_at, due_at)
VALUES (E'["medication_order\072filled","' || gen_random_uuid() || '"]',
    '["medication_order","' || gen_random_uuid() || '"]', E'medication_order\072filled',
    convert_to(repeat('x', 290), 'UTF8'), 1, now(), now());
"#;

/// Returns the table with the rates of an inbox and its workers.
pub fn table(bench: &Bench) -> Table {
    let mut table = Table::new("Inbox on PostgreSQL", ["inbox", "pgbench"]);
    table.note(format!(
        "deliveries: 64 at a time by one process with 8 connections; pgbench: {CLIENTS} clients, each insert a \
         transaction; each host handles 4 events at a time, and a claim and a completion wait for the disk"
    ));
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
            samples.push(value(text, name).ok_or_else(|| format!("not measured, there is no {name}"))?);
        }
        Ok(samples)
    };
    table.row(format!("stored a second (median of {RUNS})"), Unit::Count, vec![samples("stored"), samples("tps =")]);
    table.row("99th percentile of the time at half that rate", Unit::Seconds, vec![samples("p99")]);
    for hosts in [1, 2, 4] {
        let what = format!("handled a second by the workers of {hosts} host{}", if hosts == 1 { "" } else { "s" });
        table.row(what, Unit::Count, vec![samples(&format!("handled-{hosts}"))]);
    }
    table
}

/// Builds the program, and returns the output of its runs and of pgbench.
fn values(bench: &Bench) -> Measured<Vec<String>> {
    let target = bench.kept.join("inbox");
    let build = Job::new("cargo")
        .args(["build", "--quiet", "--release", "--package", PROGRAM, "--manifest-path"])
        .arg(bench.root.join("xtask/bench/Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target);
    build.output()?;
    let server = Server::find().map_err(|why| format!("not measured: {}", why.lines().next().unwrap_or_default()))?;
    let programs = server.programs.clone().ok_or("not measured, pgbench is missing")?;
    let script = bench.scratch.join("insert.sql");
    fs::write(&script, INSERT).map_err(|error| error.to_string())?;
    let run = Job::new(target.join("release").join(PROGRAM)).arg(&server.url).arg(SECONDS.to_string());
    let bare = Job::new(programs.join("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--client", CLIENTS, "--time"])
        .arg(SECONDS.to_string())
        .arg("--file")
        .arg(&script)
        .arg(&server.url);
    let mut texts = Vec::new();
    for _ in 0..RUNS {
        let ours = run.output()?;
        let theirs = bare.output()?;
        // `tps = 5005.4 (without initial connection time)`
        let theirs = theirs.lines().map(|line| line.split(" (").next().unwrap_or(line)).collect::<Vec<_>>();
        texts.push(format!("{ours}\n{}", theirs.join("\n")));
    }
    Ok(texts)
}
