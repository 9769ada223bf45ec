//! Measures a child process: wall time, peak memory, instructions and heap use.
//!
//! Turns a [`Job`] into numbers. If a number can't be measured on this machine, the result is an `Err` with
//! a reason that fits into a table.

mod read;
pub mod samples;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use samples::Samples;

pub use read::Heap;

/// A measured value, or the reason why it is missing.
pub type Measured<T> = Result<T, String>;

/// The number of KiB, GNU time's unit, in a MiB.
const KIB_IN_MIB: f64 = 1024.0;

/// A program that can be run repeatedly.
#[derive(Debug, Clone)]
pub struct Job {
    program: PathBuf,
    arguments: Vec<OsString>,
    folder: Option<PathBuf>,
    variables: Vec<(&'static str, OsString)>,
    /// The files and folders to remove before each run.
    fresh: Option<PathBuf>,
    /// The file that looks edited in each run.
    touched: Option<PathBuf>,
}

impl Job {
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let (arguments, variables) = (Vec::new(), Vec::new());
        Self { program: program.into(), arguments, folder: None, variables, fresh: None, touched: None }
    }

    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub fn args(mut self, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Runs in this folder.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Removes this file or folder before each run.
    pub fn fresh(mut self, path: &Path) -> Self {
        self.fresh = Some(path.to_owned());
        self
    }

    /// Updates this file's modification time before each run.
    pub fn touched(mut self, path: &Path) -> Self {
        self.touched = Some(path.to_owned());
        self
    }

    /// Prepares the folders for a run, and returns the command.
    fn ready(&self) -> Measured<Command> {
        self.prepare()?;
        Ok(self.command(Command::new(&self.program)))
    }

    /// Returns the command as the last arguments of `tool`.
    fn under(&self, mut tool: Command) -> Measured<Command> {
        self.prepare()?;
        tool.arg(&self.program);
        Ok(self.command(tool))
    }

    fn prepare(&self) -> Measured<()> {
        if let Some(path) = &self.fresh {
            remove(path)?;
        }
        let Some(path) = &self.touched else { return Ok(()) };
        let file = fs::File::options().append(true).open(path);
        file.and_then(|file| file.set_modified(SystemTime::now())).map_err(|error| error.to_string())
    }

    fn command(&self, mut command: Command) -> Command {
        command.args(&self.arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Runs it and returns its standard output.
    pub fn output(&self) -> Measured<String> {
        let output = self.ready()?.stdin(Stdio::null()).output().map_err(|error| self.failed(&error.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(self.failed(read::complaint(&said, &text).unwrap_or(&output.status.to_string())));
        }
        Ok(text)
    }

    /// Runs it once and returns its duration.
    pub fn wall(&self) -> Measured<Duration> {
        let mut command = self.ready()?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().map_err(|error| self.failed(&error.to_string()))?;
        let time = start.elapsed();
        if status.success() { Ok(time) } else { Err(self.failed(&status.to_string())) }
    }

    /// Returns the peak of the resident set in MiB; see [`Job::time_and_peak`].
    pub fn peak_memory(&self, scratch: &Path) -> Measured<f64> {
        self.time_and_peak(scratch).map(|(_, peak)| peak)
    }

    /// Returns its duration in seconds, and the peak of the resident set in MiB, as measured by GNU time. With
    /// several processes, the peak is that of the largest.
    pub fn time_and_peak(&self, scratch: &Path) -> Measured<(f64, f64)> {
        let out = scratch.join("time.txt");
        let mut time = Command::new("/usr/bin/time");
        time.args(["--format", "%e %M", "--output"]).arg(&out);
        let output = self.under(time)?.stdin(Stdio::null()).output();
        let output = output.map_err(|error| missing("GNU time", &error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(self.failed(read::complaint(&said, "").unwrap_or(&output.status.to_string())));
        }
        let text = fs::read_to_string(&out).map_err(|error| error.to_string())?;
        let (seconds, kib) = read::time_and_kib(&text).ok_or_else(|| "GNU time printed no numbers".to_owned())?;
        Ok((seconds, kib / KIB_IN_MIB))
    }

    /// Returns the number of instructions, as Callgrind counts them.
    pub fn instructions(&self) -> Measured<u64> {
        let text = self.valgrind(&["--tool=callgrind", "--callgrind-out-file=/dev/null"])?;
        read::collected(&text).ok_or_else(|| "Valgrind printed no count".to_owned())
    }

    /// Returns its heap use, as counted by DHAT.
    pub fn heap(&self) -> Measured<Heap> {
        let text = self.valgrind(&["--tool=dhat", "--dhat-out-file=/dev/null"])?;
        read::heap(&text).ok_or_else(|| "Valgrind printed no totals".to_owned())
    }

    fn valgrind(&self, arguments: &[&str]) -> Measured<String> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(arguments);
        let output = self.under(valgrind)?.stdin(Stdio::null()).output();
        let output = output.map_err(|error| missing("Valgrind", &error))?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(text) } else { Err(self.failed(&output.status.to_string())) }
    }

    /// Describes a failed command by its program and first arguments, without the folders of this machine.
    fn failed(&self, why: &str) -> String {
        let program = self.program.file_name().unwrap_or_default();
        let words = std::iter::once(program).chain(self.arguments.iter().take(3).map(OsString::as_os_str));
        let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
        let plain = words.iter().filter(|word| !word.contains('/'));
        let plain: Vec<&str> = plain.map(AsRef::as_ref).collect();
        format!("not measured, `{} ...`: {why}", plain.join(" "))
    }
}

/// Measures the wall time of several jobs, which take turns, so a disturbance of the machine affects all of
/// them. The first run of each job doesn't count, and a failing job is left out.
pub fn paired(runs: usize, jobs: &[Measured<Job>]) -> Vec<Measured<Samples>> {
    let warm = |job: &Measured<Job>| job.as_ref().map_err(Clone::clone)?.output().map(|_| Samples::default());
    let mut all: Vec<Measured<Samples>> = jobs.iter().map(warm).collect();
    for _ in 0..runs {
        for (job, samples) in jobs.iter().zip(&mut all) {
            let (Ok(job), Ok(taken)) = (job, samples.as_mut()) else { continue };
            match job.wall() {
                Ok(time) => taken.push(time.as_secs_f64()),
                Err(why) => *samples = Err(why),
            }
        }
    }
    all
}

/// Describes the machine: its CPU model, and the number of cores that this process may use.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.trim())
    });
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores, {} {}", model.unwrap_or("unknown CPU"), std::env::consts::OS, std::env::consts::ARCH)
}

/// Removes a file, or a folder with all its contents.
pub fn remove(path: &Path) -> Measured<()> {
    let removed = if path.is_file() { fs::remove_file(path) } else { fs::remove_dir_all(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn missing(tool: &str, error: &io::Error) -> String {
    format!("not measured, {tool} did not run ({error})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_that_fails_is_named() {
        let error = Job::new("there-is-no-such-program").arg("/a/b").arg("c").wall().unwrap_err();
        assert!(error.starts_with("not measured, `there-is-no-such-program c ...`: "), "{error}");
    }

    #[test]
    fn job_that_fails_leaves_the_others() {
        let jobs = [Ok(Job::new("true")), Ok(Job::new("false")), Err("absent".to_owned())];
        let taken = paired(3, &jobs);
        assert_eq!(taken[0].as_ref().unwrap().count(), 3);
        assert!(taken[1].as_ref().unwrap_err().starts_with("not measured, `false ...`: "), "{taken:?}");
        assert_eq!(taken[2], Err("absent".to_owned()));
    }
}
