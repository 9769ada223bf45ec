//! A small disk that a test can fill: a file with an ext4 file system in it, mounted.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Asks for the tests that mount disks.
const DISKS: &str = "NOVAMED_TEST_DISKS";

/// A mounted disk. It is unmounted at the end.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Mounts a disk of this size, or says that the test is skipped.
    pub fn mount(megabytes: u64) -> Option<Self> {
        if env::var_os(DISKS).is_none() {
            println!("skipped: {DISKS} is not set; `cargo xtask ci --only disks` sets it");
            return None;
        }
        let disk = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(disk.path()).unwrap();
        let image = disk.folder.path().join("image");
        fs::File::create(&image).unwrap().set_len(megabytes << 20).unwrap();
        let made = run("mkfs.ext4", &["-q", "-m", "0"], &[&image]);
        if !made || !run("mount", &["-o", "loop"], &[&image, &disk.path()]) {
            println!("skipped: a disk cannot be mounted here, which takes root and loop devices");
            return None;
        }
        Some(disk)
    }

    /// Returns the folder where the disk is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// Gives a folder of the disk to a user of the system, and opens the way to it.
    pub fn give_to(&self, user: &str, folder: &Path) -> bool {
        run("chown", &[user], &[folder]) && run("chmod", &["755"], &[self.folder.path()])
    }

    /// Takes all that is free, and returns the file that has it.
    pub fn fill(&self) -> PathBuf {
        let file = self.path().join("another program's");
        // It ends by the error that the disk is full.
        run("dd", &["if=/dev/zero", "bs=4k", "status=none", &format!("of={}", file.display())], &[]);
        file
    }
}

fn run(program: &str, arguments: &[&str], paths: &[&Path]) -> bool {
    let output = Command::new(program).args(arguments).args(paths).output();
    output.is_ok_and(|output| output.status.success())
}

impl Drop for Disk {
    fn drop(&mut self) {
        run("umount", &["--lazy", "--quiet"], &[&self.path()]);
    }
}
