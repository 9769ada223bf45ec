//! The texts of `--help`. The suggestions for misspelled options come from here too.

pub const USAGE: &str = "\
Usage: cargo xtask COMMAND [OPTIONS]

Commands:
  codegen   Write the client crate from the OpenAPI document
  lint      Find mistakes and design problems in a document
  diff      Report which callers an edit of the document breaks
  drift     Compare the document with a published one
  ci        Run every check that continuous integration runs
  oracle    Check that valid values survive the generated types
  bench     Measure the generator and the client, and print a table
  postgres  Run a command with a PostgreSQL server

`cargo xtask COMMAND --help` shows the options of a command.
";

pub const CODEGEN: &str = "\
Usage: cargo xtask codegen [OPTIONS]

Writes the client crate `novamed` to generated-client/ from spec/novamed.yaml and the
hand-written parts in templates/novamed/. Warnings are errors. With --spec, writes a stand-alone
crate from any OpenAPI document instead.

Writes only files that changed, and removes files that are no longer generated. The list of
these files is .generated-files in the output folder. Other files are never touched.

Options:
  --spec FILE             OpenAPI 3.0 or 3.1 document, YAML or JSON; needs --out
  --out DIR               Output folder
  --name CRATE            Name of the crate, for --spec; default: the name of the output folder
  --check                 Write nothing; fail if a file is stale, missing or orphaned
  --deny-warnings         Treat warnings as errors
  --verbose               List all warnings, including those that are only counted: patterns left to
                          the server, and documentation next to a reference
  --unmarked shown        Let Debug show values that the document marks neither safe nor sensitive;
                          default: redacted
  --server                Also write the server side of the API, behind the feature `server` of the
                          crate; novamed always has it
  --report FILE           Also write the diagnostics to FILE, without color. If FILE ends in .json,
                          write JSON that includes what was left out, unused or untyped
  -h, --help              Print this help

Exit status: 0 success; 1 the document has problems, the check failed, or a file could not be
read or written; 2 the command line is wrong, or the document doesn't exist.
";

pub const CI: &str = "\
Usage: cargo xtask ci [OPTIONS]

Runs every check that continuous integration runs. Reports the ones that failed, and how to run
them again.

Options:
  --full        Run the long checks as well
  --skip NAME   Leave out a step; can be repeated
  --only NAME   Run only this step, even a long one; can be repeated
  --list        Print the steps without running them
  -h, --help    Print this help

Exit status: 0 all passed; 1 a step failed; 2 the command line is wrong.
";

pub const ORACLE: &str = "\
Usage: cargo xtask oracle [DOCUMENT...] [--full]

Makes valid instances of every schema, decodes and encodes them with the generated types, and
reports every value that comes back changed, or as unrecognized although the schema knows it.
Needs Python 3.

DOCUMENT is a file, or the name of a document in the corpus next to the repository. Without
one, the documents that every submission checks are used.

Options:
  --full        Check every document of the corpus
  -h, --help    Print this help

Exit status: 0 nothing was lost that tests/oracle/exceptions.yaml doesn't list; 1 otherwise, or
if an exception no longer occurs; 2 the command line is wrong.
";

pub const POSTGRES: &str = "\
Usage: cargo xtask postgres COMMAND [ARGUMENTS]

Runs a command with a PostgreSQL server, whose URL is in NOVAMED_TEST_POSTGRES. If the variable is
not set, starts the installed server on loopback, with its files in a scratch folder, and stops it
at the end. If PostgreSQL isn't installed and you are root, installs Debian's package `postgresql`.

Options:
  -h, --help    Print this help

Exit status: 0 the command succeeded; 1 it failed, or there is no server; 2 the command line is wrong.
";

pub const BENCH: &str = "\
Usage: cargo xtask bench [OPTIONS]

Measures the generator and the client in release mode, compares them with other generators and with
hand-written calls, and prints Markdown tables. If something can't be measured, the table gives the
reason. The first run installs the other generators below the target folder.

Options:
  --only PART   Measure only this part; can be repeated. The parts:
                  codegen       time, memory and instructions for the NovaMed document, and for
                                ../shared/corpus and ../shared/corpus-large if they exist
                  calls         instructions and allocations of calls, memory of an idle client
                  inbox         deliveries stored by an inbox on SQLite, compared with bare inserts
                  postgres      the same on PostgreSQL, and events handled; finds or starts a server
                                like `cargo xtask postgres`
                  builds        crates, cold builds and lints of the clients of the document
                  large-builds  `cargo check` of the clients of GitHub REST, which is long
  --runs N      Runs of each short measurement, for the median (default 21)
  --large FILE  Another large document to generate from, optionally as .gz; can be repeated
  -h, --help    Print this help

Exit status: 0 the tables were printed; 1 the release build failed; 2 the command line is wrong.
";
