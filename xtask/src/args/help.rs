//! What `--help` prints. The options of a command are read from here as well, for what was misspelt.

pub const USAGE: &str = "\
Usage: cargo xtask COMMAND [OPTIONS]

Commands:
  codegen   Write the client crate from the OpenAPI document
  lint      Say what is wrong with a document
  diff      Say what a change of the OpenAPI document does to callers
  drift     Compare the OpenAPI document with a published one
  ci        Run every check that continuous integration runs
  bench     Measure the generator and the client, and print a table
  postgres  Run a command with a PostgreSQL server at hand

`cargo xtask COMMAND --help` shows the options of a command.
";

pub const CODEGEN: &str = "\
Usage: cargo xtask codegen [OPTIONS]

Writes the client crate `novamed` to generated-client/ from spec/novamed.yaml and the
hand-written parts in templates/novamed/; warnings are errors there. With --spec it writes a
stand-alone crate from any OpenAPI document instead.

Only what changed is written, and what the document no longer produces is removed. The files
that it owns stand in .generated-files in the output folder; any other file is left alone.

Options:
  --spec FILE             OpenAPI 3.0 or 3.1 document, YAML or JSON; needs --out
  --out DIR               Output folder
  --name CRATE            Name of the crate; goes with --spec, else the name of the output folder
  --check                 Write nothing; fail if a file is stale, missing or orphaned
  --deny-warnings         Take warnings as errors
  --unmarked shown        Let Debug show what the document marks neither safe nor sensitive
                          (otherwise, or with `--unmarked redacted`, it prints [redacted])
  --report FILE           Write the diagnostics to FILE too, without color; if FILE ends in .json,
                          as JSON, with what was left out, unused or untyped
  -h, --help              Print this help

Exit status: 0 done; 1 the document has problems, the check failed or a file could not be
read or written; 2 the command line is wrong or names a document that is not there.
";

pub const CI: &str = "\
Usage: cargo xtask ci [OPTIONS]

Runs every check that continuous integration runs, says which failed and how to run each again.

Options:
  --full        Run the long checks as well
  --skip NAME   Leave a step out; can be given several times
  --only NAME   Run this step alone, also a long one; can be given several times
  --list        Print the steps, and run nothing
  -h, --help    Print this help

Exit status: 0 all passed; 1 a step failed; 2 the command line is wrong.
";

pub const POSTGRES: &str = "\
Usage: cargo xtask postgres COMMAND [ARGUMENTS]

Runs a command with a PostgreSQL server at hand, whose URL is in NOVAMED_TEST_POSTGRES. Where that
names none, a server is started on loopback from what is installed, with its files in a scratch
folder, and stopped at the end. Where none is installed, root's apt-get installs Debian's package
`postgresql`.

Options:
  -h, --help    Print this help

Exit status: 0 the command succeeded; 1 it failed, or there is no server; 2 the command line is wrong.
";

pub const BENCH: &str = "\
Usage: cargo xtask bench [OPTIONS]

Measures the generator and the client in release mode, beside other generators and beside calls
written by hand, and prints Markdown tables. What cannot be measured here is in the tables too,
with the reason. The first run installs the other generators below the target folder.

Options:
  --only PART   Measure this part alone; can be given several times. The parts:
                  codegen       time, memory and instructions on the NovaMed document, and on
                                ../shared/corpus and ../shared/corpus-large where they exist
                  calls         instructions and allocations of calls, memory of an idle client
                  inbox         deliveries that an inbox on SQLite stores, beside bare inserts
                  postgres      the same on PostgreSQL, and events that are handled; a server is found
                                or started as by `cargo xtask postgres`
                  builds        crates, cold builds and lints of the clients of the document
                  large-builds  `cargo check` of the clients of GitHub REST, which is long
  --runs N      Runs of each short measurement, of which the median counts (default 21)
  --large FILE  One more large document to generate from; .gz is unpacked. Can be repeated
  -h, --help    Print this help

Exit status: 0 the tables were printed; 1 the release build failed; 2 the command line is wrong.
";
