//! `cargo xtask postgres COMMAND`: runs a command with a PostgreSQL server.
//!
//! The server is the one in the variable [`SERVER`]. Otherwise it is started on loopback, with its files in a scratch
//! folder that is removed at the end, even after Ctrl-C. The command gets the server's URL in the same variable, and in
//! [`RESTART`] a shell command that makes the server crash and restart. If [`STANDBY`] is set, each commit waits for a
//! standby, and [`PROMOTE`] is a command that makes the primary crash and promotes the standby.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::failure::Failure;
use crate::packages::{self, finish, is_root};

/// The variable with the server's URL.
const SERVER: &str = "NOVAMED_TEST_POSTGRES";
/// The variable with the command that restarts the server.
const RESTART: &str = "NOVAMED_TEST_POSTGRES_RESTART";
/// The variable that requests a synchronous standby.
const STANDBY: &str = "NOVAMED_TEST_STANDBY";
/// The variable with the command that promotes the standby.
const PROMOTE: &str = "NOVAMED_TEST_POSTGRES_PROMOTE";
/// The folder in which Debian and others put the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What to do without a server.
const HELP: &str = "install Debian's package `postgresql`, or let NOVAMED_TEST_POSTGRES name a server by the URL of \
                    somebody who may create schemas and roles, such as postgres://postgres@127.0.0.1:5432/postgres";

/// Runs the command.
///
/// # Errors
///
/// Fails if no server can be found or started, or if the command fails.
pub fn run(command: &[OsString]) -> Result<(), Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::usage("postgres", "the command to run is missing"));
    };
    let server = Server::find().map_err(Failure::problem)?;
    let mut command = crate::command(program);
    command.args(arguments).env(SERVER, &server.url);
    if let Some(started) = &server.started {
        command.env(RESTART, started.control("data", "-m immediate restart"));
    }
    if env::var_os(STANDBY).is_some() {
        let (url, promote) = server.with_standby().map_err(Failure::problem)?;
        command.env(SERVER, url).env(PROMOTE, promote);
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        // The command has already reported the problem.
        Ok(_) => Err(Failure::problem("")),
        Err(error) => Err(Failure::problem(format!("cannot run `{}`: {error}", program.display()))),
    }
}

/// A server that can be connected to.
#[derive(Debug)]
pub struct Server {
    /// Its address, and the user.
    pub url: String,
    /// The folder of its programs, if known.
    pub programs: Option<PathBuf>,
    started: Option<Started>,
}

/// What a shell does with a folder and a `pg_ctl` once its standard input ends: it stops the server and
/// removes the folder. The input ends with whoever holds it, however that is ended; Ctrl-C, which all of a
/// terminal get, does not reach it.
const KEEP: &str = r#"trap '' HUP INT TERM
cat > /dev/null
for data in "$0/data" "$0/standby"; do
    if test -e "$data/postmaster.pid"; then
        "$@" -D "$data" -w -m immediate stop > "$0/stopped" 2>&1 || cat "$0/stopped" >&2
    fi
done
rm -rf "$0" "$0.out""#;

/// A server that is stopped when dropped. Its folder is removed too.
#[derive(Debug)]
struct Started {
    programs: PathBuf,
    folder: PathBuf,
    /// The shell that does this, even if this process is killed.
    keeper: Child,
    port: u16,
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
        let keeper = keep(&folder, &mut by_who_may(&programs, "pg_ctl"));
        let keeper = keeper.map_err(|error| format!("cannot run sh: {error}"))?;
        let mut started = Started { programs: programs.clone(), folder, keeper, port: 0 };
        started.make()?;
        started.port = started.start("data")?;
        let port = started.port;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { url, programs: Some(programs), started: Some(started) })
    }

    /// Starts a synchronous standby. Returns a URL that finds the server that accepts writes, and the shell command that
    /// promotes the standby.
    fn with_standby(&self) -> Result<(String, String), String> {
        let Some(started) = &self.started else {
            return Err(format!("a standby is made for a server that is started here: unset {SERVER}"));
        };
        let port = started.follow()?;
        let url = format!(
            "postgres://postgres@127.0.0.1:{},127.0.0.1:{port}/postgres?target_session_attrs=read-write",
            started.port
        );
        let stop = started.control("data", "-m immediate stop");
        Ok((url, format!("{stop} && {}", started.control("standby", "promote"))))
    }
}

impl Started {
    /// Creates a cluster.
    fn make(&self) -> Result<(), String> {
        if is_root() {
            // The server refuses to run as root; the package has created a user for it.
            finish(Command::new("chown").arg("postgres").arg(&self.folder), "chown")?;
        }
        let make = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync", "-D", "data"];
        finish(self.command("initdb").args(make), "initdb")
    }

    /// Starts the cluster in this folder and returns its port.
    fn start(&self, data: &str) -> Result<u16, String> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| format!("no port is free: {error}"))?.port();
        let settings =
            format!("-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -p {port}");
        let mut start = self.command("pg_ctl");
        // The whole path: a restart takes it from the server's own options, in another working directory.
        start.arg("-D").arg(self.folder.join(data));
        start.args(["-l", &format!("{data}.log"), "-w", "-o", &settings, "start"]);
        finish(&mut start, "pg_ctl start")?;
        Ok(port)
    }

    /// Starts a standby that each commit waits for, and returns its port.
    fn follow(&self) -> Result<u16, String> {
        let port = self.port.to_string();
        let copy =
            ["-h", "127.0.0.1", "-U", "postgres", "-p", &port, "-X", "stream", "-c", "fast", "-R", "-D", "standby"];
        finish(self.command("pg_basebackup").args(copy), "pg_basebackup")?;
        let standby = self.start("standby")?;
        // Only now, so that the standby doesn't inherit it: once promoted it would wait for one of its own.
        let wait = ["-h", "127.0.0.1", "-U", "postgres", "-p", &port, "-c"];
        let names = "ALTER SYSTEM SET synchronous_standby_names = '*'";
        for statement in [names, "SELECT pg_reload_conf()"] {
            finish(self.command("psql").args(wait).arg(statement), "psql")?;
        }
        Ok(standby)
    }

    /// Returns a shell's command that has `pg_ctl` do something with the cluster in this folder.
    fn control(&self, data: &str, what: &str) -> String {
        let control = self.programs.join("pg_ctl");
        let (log, data) = (self.folder.join(format!("{data}.log")), self.folder.join(data));
        let [control, data, log] = [control, data, log].map(|path| format!("'{}'", path.display()));
        let user = if is_root() { "runuser -u postgres -- " } else { "" };
        format!("{user}{control} -D {data} -l {log} -w {what}")
    }

    /// Returns one of the server's programs, to be run by who may run the server.
    fn command(&self, name: &str) -> Command {
        let mut command = by_who_may(&self.programs, name);
        command.current_dir(&self.folder);
        command
    }
}

/// Returns one of the server's programs, run as a user that may run the server.
fn by_who_may(programs: &Path, name: &str) -> Command {
    let program = programs.join(name);
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Starts the shell that stops the server with `control` and removes its folder.
fn keep(folder: &Path, control: &mut Command) -> std::io::Result<Child> {
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEP]).arg(folder).arg(control.get_program()).args(control.get_args());
    keeper.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()
}

impl Drop for Started {
    fn drop(&mut self) {
        // The end of its input makes it do the rest.
        drop(self.keeper.stdin.take());
        if !self.keeper.wait().is_ok_and(|status| status.success()) {
            eprintln!("warning: cannot remove {}", self.folder.display());
        }
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

/// Installs Debian's package, if this is root.
fn install() -> Result<PathBuf, String> {
    let missing = format!("PostgreSQL is missing: no initdb below {VERSIONS} or in PATH\nhelp: {HELP}");
    if !packages::can_install() {
        return Err(missing);
    }
    packages::install(&["postgresql"])?;
    programs().ok_or(missing)
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

    #[cfg(unix)]
    #[test]
    fn keeper_outlives_ctrl_c_and_removes_the_folder_when_nobody_holds_it() {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("server");
        fs::create_dir_all(folder.join("data")).unwrap();
        fs::write(folder.join("data/postmaster.pid"), "1").unwrap();
        let stopped = around.path().join("stopped");
        let mut keeper = keep(&folder, Command::new("touch").arg(&stopped).arg("--")).unwrap();
        // It has ignored the signal once it reads: what is written is read after that.
        std::io::Write::write_all(keeper.stdin.as_mut().unwrap(), &vec![0; 1 << 20]).unwrap();
        let interrupted = Command::new("kill").args(["-INT", &keeper.id().to_string()]).status().unwrap();
        assert!(interrupted.success());
        assert!(folder.exists() && !stopped.exists());
        drop(keeper.stdin.take());
        assert!(keeper.wait().unwrap().success());
        assert!(stopped.exists() && !folder.exists());
    }
}
