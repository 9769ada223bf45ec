//! `cargo xtask postgres COMMAND`: runs a command with a PostgreSQL server at hand.
//!
//! The server is started on loopback, with its files in a scratch folder that is removed at the end,
//! or it is the one that [`SERVER`] names. The command finds it by the same variable, and by
//! [`RESTART`] a shell's command that lets it crash and start again.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// Names a server by its URL.
const SERVER: &str = "NOVAMED_TEST_POSTGRES";
/// Holds the command that restarts the server.
const RESTART: &str = "NOVAMED_TEST_POSTGRES_RESTART";
/// Where Debian and others put the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What to do where there is no server.
const HELP: &str = "install Debian's package `postgresql`, or let NOVAMED_TEST_POSTGRES name a server by the URL of \
                    somebody who may create schemas and roles, such as postgres://postgres@127.0.0.1:5432/postgres";

/// Runs the command.
///
/// # Errors
///
/// There is no server and none can be started, or the command fails.
pub fn run(command: &[OsString]) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::usage("postgres", "there is no command to run"));
    };
    let server = Server::find().map_err(Failure::problem)?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(crate::root()).env(SERVER, &server.url);
    if let Some(restart) = server.restart() {
        command.env(RESTART, restart);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        // The command has said what is wrong.
        Ok(_) => Err(Failure::problem("")),
        Err(error) => Err(Failure::problem(format!("cannot run `{}`: {error}", program.display()))),
    }
}

/// A server that can be connected to.
#[derive(Debug)]
pub struct Server {
    /// Where it is, and as whom to connect.
    pub url: String,
    /// Where its programs are, if it was started here or they were found.
    pub programs: Option<PathBuf>,
    started: Option<Started>,
}

/// A server that is stopped, and its folder removed, at the end.
#[derive(Debug)]
struct Started {
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// Returns the server that the variable names, or starts one.
    pub fn find() -> Result<Self, String> {
        if let Ok(url) = env::var(SERVER) {
            return Ok(Self { url, programs: programs(), started: None });
        }
        let programs = match programs() {
            Some(programs) => programs,
            None => install()?,
        };
        let folder = env::temp_dir().join(format!("novamed-postgres-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
        let started = Started { programs: programs.clone(), folder };
        let port = started.start()?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { url, programs: Some(programs), started: Some(started) })
    }

    /// Returns a shell's command that lets the server crash and start again.
    fn restart(&self) -> Option<String> {
        let started = self.started.as_ref()?;
        let control = started.programs.join("pg_ctl");
        let (data, log) = (started.folder.join("data"), started.folder.join("log"));
        let [control, data, log] = [control, data, log].map(|path| format!("'{}'", path.display()));
        let user = if is_root() { "runuser -u postgres -- " } else { "" };
        Some(format!("{user}{control} -D {data} -l {log} -w -m immediate restart"))
    }
}

impl Started {
    /// Makes a cluster, starts it and returns its port.
    fn start(&self) -> Result<u16, String> {
        if is_root() {
            // The server refuses to be root's; the package has made a user for it.
            finish(Command::new("chown").arg("postgres").arg(&self.folder), "chown")?;
        }
        let data = self.folder.join("data");
        let make = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"];
        finish(self.command("initdb").args(make).arg(&data), "initdb")?;
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| format!("there is no free port: {error}"))?.port();
        let settings =
            format!("-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -p {port}");
        let mut start = self.command("pg_ctl");
        start.arg("-D").arg(&data).arg("-l").arg(self.folder.join("log")).args(["-w", "-o", &settings, "start"]);
        finish(&mut start, "pg_ctl start")?;
        Ok(port)
    }

    /// Returns one of the server's programs, to be run by who may run the server.
    fn command(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.arg("-D").arg(self.folder.join("data")).args(["-w", "-m", "immediate", "stop"]);
        if let Err(why) = finish(&mut stop, "pg_ctl stop") {
            eprintln!("warning: {why}");
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("warning: cannot remove {}: {error}", self.folder.display());
        }
    }
}

/// Runs a command quietly; a failure says what it printed.
fn finish(command: &mut Command, name: &str) -> Result<(), String> {
    // Not through pipes: a server that was started would hold them open.
    let log = env::temp_dir().join(format!("novamed-postgres-{}.out", std::process::id()));
    let file = fs::File::create(&log).map_err(|error| format!("cannot create {}: {error}", log.display()))?;
    let errors = file.try_clone().map_err(|error| format!("cannot share {}: {error}", log.display()))?;
    let status = command.stdin(Stdio::null()).stdout(file).stderr(errors).status();
    let said = fs::read_to_string(&log).unwrap_or_default();
    let _ = fs::remove_file(&log);
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{name} failed:\n{}\nhelp: {HELP}", said.trim())),
        Err(error) => Err(format!("cannot run {name}: {error}\nhelp: {HELP}")),
    }
}

/// Returns the folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().rev().map(|(_, folder)| folder).chain(env::split_paths(&path));
    folders.into_iter().find(|folder| has_server(folder))
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// Installs Debian's package, which root can.
fn install() -> Result<PathBuf, String> {
    let missing = format!("there is no PostgreSQL server: no initdb below {VERSIONS} or in PATH\nhelp: {HELP}");
    let apt = Path::new("/usr/bin/apt-get");
    if !is_root() || !apt.is_file() {
        return Err(missing);
    }
    eprintln!("installing Debian's package `postgresql`");
    finish(Command::new(apt).args(["update", "-q"]), "apt-get update")?;
    let install = ["install", "-q", "-y", "--no-install-recommends", "postgresql"];
    finish(Command::new(apt).args(install).env("DEBIAN_FRONTEND", "noninteractive"), "apt-get install")?;
    programs().ok_or(missing)
}

/// Whether this process is root's.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_is_needed() {
        assert_eq!(run(&[]).unwrap_err().status, crate::failure::USAGE);
    }

    #[test]
    fn folder_without_the_programs_has_no_server() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_server(folder.path()));
        for program in ["initdb", "pg_ctl", "postgres"] {
            fs::write(folder.path().join(program), "").unwrap();
        }
        assert!(has_server(folder.path()));
    }
}
