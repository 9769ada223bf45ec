//! Debian's packages that a step needs: a program's name in, the program installed or a failure that
//! says what to install.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program outside this repository.
#[derive(Debug)]
pub struct Program {
    pub name: &'static str,
    /// Debian's package that has it.
    pub package: &'static str,
}

/// Installs the packages of those programs that are not in `PATH`, which root can.
///
/// # Errors
///
/// One is missing and cannot be installed.
pub fn ensure(programs: &[Program]) -> Result<(), String> {
    let missing: Vec<&Program> = programs.iter().filter(|program| !is_there(program.name)).collect();
    let packages: Vec<&str> = missing.iter().map(|program| program.package).collect();
    if missing.is_empty()
        || (can_install() && install(&packages).is_ok() && programs.iter().all(|it| is_there(it.name)))
    {
        return Ok(());
    }
    let names: Vec<String> = missing.iter().map(|program| format!("`{}`", program.name)).collect();
    Err(format!(
        "cannot find {}\nhelp: install what Debian has as `apt-get install {}`",
        names.join(" and "),
        packages.join(" ")
    ))
}

fn is_there(name: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    // Where Debian puts servers, which is not in everybody's path.
    env::split_paths(&folders).chain(["/usr/sbin".into()]).any(|folder| folder.join(name).is_file())
}

/// Whether this process may install packages.
pub fn can_install() -> bool {
    is_root() && Path::new("/usr/bin/apt-get").is_file()
}

/// Installs Debian's packages.
pub fn install(packages: &[&str]) -> Result<(), String> {
    eprintln!("installing Debian's packages {}", packages.join(" "));
    let apt = || Command::new("/usr/bin/apt-get");
    finish(apt().args(["update", "-q"]), "apt-get update")?;
    let install = ["install", "-q", "-y", "--no-install-recommends"];
    finish(apt().args(install).args(packages).env("DEBIAN_FRONTEND", "noninteractive"), "apt-get install")
}

/// Whether this process is root's.
pub fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs a command quietly; a failure says what it printed.
pub fn finish(command: &mut Command, name: &str) -> Result<(), String> {
    // Not through pipes: a server that was started would hold them open.
    let log = env::temp_dir().join(format!("novamed-xtask-{}.out", std::process::id()));
    let file = fs::File::create(&log).map_err(|error| format!("cannot create {}: {error}", log.display()))?;
    let errors = file.try_clone().map_err(|error| format!("cannot share {}: {error}", log.display()))?;
    let status = command.stdin(Stdio::null()).stdout(file).stderr(errors).status();
    let said = fs::read_to_string(&log).unwrap_or_default();
    let _ = fs::remove_file(&log);
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{name} failed:\n{}", said.trim())),
        Err(error) => Err(format!("cannot run {name}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn program_that_is_there_needs_no_package() {
        ensure(&[Program { name: "sh", package: "dash" }]).unwrap();
        assert!(!is_there("no-such-program"));
    }
}
