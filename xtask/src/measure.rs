//! Measures a child process: wall time, peak memory, instructions.
//!
//! A command in, numbers out; a number that cannot be taken on this machine is an `Err` that says
//! why, in words fit for a table.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A measured value, or why there is none.
pub type Measured<T> = Result<T, String>;

/// The number of KiB, the unit of GNU time, in a MiB.
const KIB_IN_MIB: f64 = 1024.0;

/// Runs the command once and returns how long it took.
pub fn wall(command: &mut Command) -> Measured<Duration> {
    let start = Instant::now();
    run(command)?;
    Ok(start.elapsed())
}

/// Returns the median of the wall times of this many runs, each after the preparation, and after
/// one run that does not count.
pub fn median_wall(
    runs: usize,
    mut prepare: impl FnMut() -> Measured<()>,
    mut command: impl FnMut() -> Command,
) -> Measured<Duration> {
    let mut times = Vec::with_capacity(runs);
    for _ in 0..=runs {
        prepare()?;
        times.push(wall(&mut command())?);
    }
    Ok(median(times.split_off(1)))
}

/// Returns the peak of the resident set in MiB, as GNU time tells it.
pub fn peak_memory(scratch: &Path, command: &Command) -> Measured<f64> {
    let out = scratch.join("time.txt");
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["--format", "%M", "--output"]).arg(&out);
    wrap(&mut timed, command);
    run(&mut timed).map_err(|error| missing("GNU time", &error))?;
    let text = fs::read_to_string(&out).map_err(|error| error.to_string())?;
    let kib: f64 = text.trim().parse().map_err(|_| "GNU time printed no number".to_owned())?;
    Ok(kib / KIB_IN_MIB)
}

/// Returns the number of instructions, as Callgrind counts them.
pub fn instructions(command: &Command) -> Measured<u64> {
    let mut counted = Command::new("valgrind");
    counted.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    wrap(&mut counted, command);
    let output = counted.output().map_err(|error| missing("Valgrind", &error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stderr);
    collected(&text).ok_or_else(|| "Valgrind printed no count".to_owned())
}

/// Returns what the command prints on its standard output.
pub fn output(command: &mut Command) -> Measured<String> {
    let output = command.stderr(Stdio::null()).output().map_err(|error| failed(command, &error.to_string()))?;
    if !output.status.success() {
        return Err(failed(command, &output.status.to_string()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed(command, "its output is not UTF-8"))
}

/// Returns the machine: the model of its CPU and how many cores this process may use.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.trim())
    });
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores, {} {}", model.unwrap_or("unknown CPU"), std::env::consts::OS, std::env::consts::ARCH)
}

fn run(command: &mut Command) -> Measured<()> {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| failed(command, &error.to_string()))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(command, &status.to_string()))
}

/// Makes the command an argument of the tool that measures it.
fn wrap(tool: &mut Command, command: &Command) {
    tool.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        tool.current_dir(folder);
    }
}

/// Says what failed by its program and first arguments, without the folders of this machine.
fn failed(command: &Command, why: &str) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args().take(3));
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let plain = words.iter().filter(|word| !word.contains('/'));
    let plain: Vec<&str> = plain.map(AsRef::as_ref).collect();
    format!("not measured, `{} ...`: {why}", plain.join(" "))
}

fn missing(tool: &str, error: &str) -> String {
    format!("not measured, {tool} did not run ({error})")
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Reads the count from Callgrind's line `==123== Collected : 4567`.
fn collected(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_is_the_middle_one() {
        let times = [3, 1, 2].map(Duration::from_secs);
        assert_eq!(median(times.to_vec()), Duration::from_secs(2));
    }

    #[test]
    fn count_is_read_from_callgrind() {
        let text = "==1== Callgrind\n==1== Events    : Ir\n==1== Collected : 4567\n==1==\n";
        assert_eq!(collected(text), Some(4567));
        assert_eq!(collected("valgrind: no such program"), None);
    }

    #[test]
    fn command_that_fails_is_named() {
        let error = wall(&mut Command::new("there-is-no-such-program")).unwrap_err();
        assert!(error.starts_with("not measured, `there-is-no-such-program ...`: "), "{error}");
    }
}
