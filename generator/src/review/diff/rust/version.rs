//! Which version comes next (Semantic Versioning 2.0.0, and Cargo's reading of versions before 1.0).

use std::collections::BTreeMap;

/// How much a change of the client's items weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Semver {
    /// No item changes.
    Patch,
    /// Items are added, and code that compiled compiles.
    Minor,
    /// Code that compiled may not, or means something else.
    Major,
}

impl Semver {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Returns the version that a client's manifest says.
#[must_use]
pub fn current(files: &BTreeMap<String, String>) -> Option<String> {
    let manifest = files.get("Cargo.toml")?;
    let package = manifest.split("\n[").find(|table| table.trim_start_matches('[').starts_with("package]"))?;
    let line = package.lines().find_map(|line| line.strip_prefix("version")?.trim_start().strip_prefix('='))?;
    Some(line.trim().trim_matches('"').to_owned())
}

/// Returns the version after one with such a change; the same where there is none. A version that is no row of three
/// numbers stays as it is.
#[must_use]
pub fn next(version: &str, change: Option<Semver>) -> String {
    let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
    let (Some([major, minor, patch]), Some(change)) = (numbers.as_deref(), change) else { return version.to_owned() };
    match (major, change) {
        (0, Semver::Major) => format!("0.{}.0", minor + 1),
        (0, _) => format!("0.{minor}.{}", patch + 1),
        (_, Semver::Major) => format!("{}.0.0", major + 1),
        (_, Semver::Minor) => format!("{major}.{}.0", minor + 1),
        (_, Semver::Patch) => format!("{major}.{minor}.{}", patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_is_as_large_as_the_change() {
        for (version, change, expected) in [
            ("0.1.0", Some(Semver::Major), "0.2.0"),
            ("0.1.3", Some(Semver::Minor), "0.1.4"),
            ("0.1.3", Some(Semver::Patch), "0.1.4"),
            ("1.2.3", Some(Semver::Major), "2.0.0"),
            ("1.2.3", Some(Semver::Minor), "1.3.0"),
            ("1.2.3", Some(Semver::Patch), "1.2.4"),
            ("1.2.3", None, "1.2.3"),
            ("1.2.3-rc.1", Some(Semver::Major), "1.2.3-rc.1"),
        ] {
            assert_eq!(next(version, change), expected);
        }
    }

    #[test]
    fn the_version_is_that_of_the_package() {
        let manifest =
            "# head\n\n[package]\nname = \"pets\"\nversion = \"1.2.3\"\n\n[dependencies]\nversion = \"9.9.9\"\n";
        let files = BTreeMap::from([("Cargo.toml".to_owned(), manifest.to_owned())]);
        assert_eq!(current(&files).as_deref(), Some("1.2.3"));
    }
}
