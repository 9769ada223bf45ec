//! Which version comes next (Semantic Versioning 2.0.0, and Cargo's reading of versions before 1.0).

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
pub fn version_of(manifest: &str) -> Option<String> {
    let package = manifest.split("\n[").find(|table| table.trim_start_matches('[').starts_with("package]"))?;
    let line = package.lines().find_map(|line| line.strip_prefix("version")?.trim_start().strip_prefix('='))?;
    Some(line.trim().trim_matches('"').to_owned())
}

/// Returns the next version after such a change, or the same version without a change. A version that isn't three
/// numbers is returned unchanged.
#[must_use]
pub fn next(version: &str, change: Option<Semver>) -> String {
    let (Some([major, minor, patch]), Some(change)) = (numbers(version), change) else { return version.to_owned() };
    match (major, change) {
        (0, Semver::Major) => format!("0.{}.0", minor + 1),
        (0, _) => format!("0.{minor}.{}", patch + 1),
        (_, Semver::Major) => format!("{}.0.0", major + 1),
        (_, Semver::Minor) => format!("{major}.{}.0", minor + 1),
        (_, Semver::Patch) => format!("{major}.{minor}.{}", patch + 1),
    }
}

/// Returns whether a version is the same as another one, or later. A version that isn't three numbers is neither.
#[must_use]
pub fn reaches(version: &str, other: &str) -> bool {
    numbers(version).zip(numbers(other)).is_some_and(|(version, other)| version >= other)
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
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
        assert_eq!(version_of(manifest).as_deref(), Some("1.2.3"));
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, other, expected) in
            [("0.2.0", "0.2.0", true), ("0.10.0", "0.9.1", true), ("0.1.9", "0.2.0", false), ("1.0", "0.1.0", false)]
        {
            assert_eq!(reaches(version, other), expected, "{version} {other}");
        }
    }
}
