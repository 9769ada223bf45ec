//! The command line: arguments in, what is asked for out.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use crate::failure::Failure;
use crate::place::Place;

/// What `--help` prints.
pub const HELP: &str = "\
Shows what is in an inbox, and repairs it.

usage: novamed-inbox [--inbox PLACE] [--schema NAME] [--json] COMMAND

commands:
  status [--check]   counts the waiting, running, dead and handled events; with --check, exits with 1 if
                     there is a dead letter or an event has been waiting for more than 15 minutes
  list [--waiting] [--reveal] [--after ID] [--limit N]
                     lists dead letters or, with --waiting, the events that aren't handled yet, oldest
                     first; 100 by default
  show ID [--reveal] shows one dead letter
  retry ID...        handles dead letters again
  discard ID...      removes dead letters for good
  backup FILE        copies a SQLite inbox to a new file, even while it is in use
  verify             reads every row and looks for damage
  recover FILE       copies the readable rows of a damaged SQLite inbox to a new file; exits with
                     1 if rows are lost
  rotate-keys        encrypts everything with the current key

options:
  --inbox PLACE      a SQLite file, or the URL of a PostgreSQL database (postgres://...); the
                     default is the environment variable NOVAMED_INBOX, which keeps a password out of
                     the process list
  --schema NAME      the PostgreSQL schema; default: novamed_inbox
  --reveal           prints the handlers' error messages and, with `show`, the delivery: personal data
  --json             prints JSON
  -h, --help         prints this help
  -V, --version      prints the version

The keys are read from NOVAMED_INBOX_COMPARISON_KEY and NOVAMED_INBOX_KEYS, as in the app.
Server certificates are checked against the system's trust store, or against SSL_CERT_FILE.

exit status:
  0  done
  1  the inbox has a problem, or an id or file isn't as the command needs it
  2  the command line is wrong
  3  the inbox can't be used
";

/// What the arguments ask for.
pub enum Asked {
    Help,
    Version,
    Work(Work),
}

/// A command and the inbox that it is for.
pub struct Work {
    pub place: Place,
    pub json: bool,
    pub command: Command,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Status { check: bool },
    List { waiting: bool, reveal: bool, after: Option<i64>, limit: u32 },
    Show { id: i64, reveal: bool },
    Retry(Vec<i64>),
    Discard(Vec<i64>),
    Backup(PathBuf),
    Recover(PathBuf),
    Verify,
    RotateKeys,
}

/// The options, before it is known whether they go with the command.
#[derive(Default)]
struct Options {
    inbox: Option<OsString>,
    schema: Option<String>,
    /// The switches that were given.
    switches: Vec<&'static str>,
    after: Option<i64>,
    limit: Option<u32>,
}

impl Options {
    fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }
}

/// Reads the arguments.
///
/// # Errors
///
/// One is not known, is missing, or does not go with the command.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut options = Options::default();
    let mut words: Vec<OsString> = Vec::new();
    while let Some(argument) = parser.next().map_err(Failure::usage)? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Asked::Help),
            Arg::Short('V') | Arg::Long("version") => return Ok(Asked::Version),
            Arg::Long("inbox") => options.inbox = Some(parser.value().map_err(Failure::usage)?),
            Arg::Long("schema") => options.schema = Some(text(&mut parser)?),
            Arg::Long("json") => options.switches.push("--json"),
            Arg::Long("check") => options.switches.push("--check"),
            Arg::Long("waiting") => options.switches.push("--waiting"),
            Arg::Long("reveal") => options.switches.push("--reveal"),
            Arg::Long("after") => options.after = Some(number(&text(&mut parser)?)?),
            Arg::Long("limit") => {
                let limit = number(&text(&mut parser)?)?;
                options.limit = Some(u32::try_from(limit).map_err(|_| Failure::usage("--limit is too large"))?);
            }
            Arg::Value(word) => words.push(word),
            other => return Err(Failure::usage(other.unexpected())),
        }
    }
    let (command, json) = (command(words, &options)?, options.has("--json"));
    let place = options.inbox.or_else(|| std::env::var_os("NOVAMED_INBOX"));
    let place = place.ok_or_else(|| Failure::usage("no inbox is named: give --inbox or set NOVAMED_INBOX"))?;
    Ok(Asked::Work(Work { place: Place::parse(place, options.schema)?, json, command }))
}

fn command(words: Vec<OsString>, options: &Options) -> Result<Command, Failure> {
    let mut words = words.into_iter();
    let name = words.next().ok_or_else(|| Failure::usage("the command is missing"))?;
    let rest: Vec<OsString> = words.collect();
    let name = name.to_string_lossy();
    for (given, option, with) in [
        (options.has("--check"), "--check", "status"),
        (options.has("--waiting"), "--waiting", "list"),
        (options.after.is_some(), "--after", "list"),
        (options.limit.is_some(), "--limit", "list"),
    ] {
        if given && name != with {
            return Err(Failure::usage(format!("{option} goes with `{with}`")));
        }
    }
    let reveal = options.has("--reveal");
    if reveal && name != "show" && name != "list" {
        return Err(Failure::usage("--reveal goes with `show` and `list`"));
    }
    let alone = |command| match rest.first() {
        None => Ok(command),
        Some(word) => Err(Failure::usage(format!("unexpected argument `{}`", word.display()))),
    };
    let ids = || rest.iter().map(|word| number(&word.to_string_lossy())).collect::<Result<Vec<_>, _>>();
    match (name.as_ref(), rest.as_slice()) {
        ("status", _) => alone(Command::Status { check: options.has("--check") }),
        ("list", _) => {
            let limit = options.limit.unwrap_or(100);
            alone(Command::List { waiting: options.has("--waiting"), reveal, after: options.after, limit })
        }
        ("show", [id]) => Ok(Command::Show { id: number(&id.to_string_lossy())?, reveal }),
        ("show", _) => Err(Failure::usage("`show` takes the id of one dead letter; `list` prints the ids")),
        ("retry" | "discard", []) => {
            Err(Failure::usage(format!("`{name}` takes ids of dead letters; `list` prints them")))
        }
        ("retry", _) => Ok(Command::Retry(ids()?)),
        ("discard", _) => Ok(Command::Discard(ids()?)),
        ("backup", [file]) => Ok(Command::Backup(file.into())),
        ("recover", [file]) => Ok(Command::Recover(file.into())),
        ("recover", _) => Err(Failure::usage("`recover` takes the file to write; --inbox names the damaged one")),
        ("backup", _) => Err(Failure::usage("`backup` takes the file to write")),
        ("verify", _) => alone(Command::Verify),
        ("rotate-keys", _) => alone(Command::RotateKeys),
        _ => Err(Failure::usage(format!("`{name}` is not a command"))),
    }
}

fn text(parser: &mut Parser) -> Result<String, Failure> {
    parser.value().and_then(ValueExt::string).map_err(Failure::usage)
}

fn number(text: &str) -> Result<i64, Failure> {
    let number = text.parse().ok().filter(|number| *number >= 0);
    number.ok_or_else(|| Failure::usage(format!("`{text}` is not a number")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Command, String> {
        let words = format!("--inbox inbox.db {line}");
        match parse(words.split_whitespace().map(OsString::from)) {
            Ok(Asked::Work(work)) => Ok(work.command),
            Ok(_) => Err("help".to_owned()),
            Err(failure) => Err(failure.message),
        }
    }

    #[test]
    fn commands_are_read_with_their_options() {
        assert_eq!(asked("status"), Ok(Command::Status { check: false }));
        assert_eq!(asked("list --limit 5"), Ok(Command::List { waiting: false, reveal: false, after: None, limit: 5 }));
        let revealed = Command::List { waiting: true, reveal: true, after: None, limit: 100 };
        assert_eq!(asked("list --waiting --reveal"), Ok(revealed));
        assert_eq!(asked("show 7 --reveal"), Ok(Command::Show { id: 7, reveal: true }));
        assert_eq!(asked("retry 7 8"), Ok(Command::Retry(vec![7, 8])));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, why) in [
            ("", "the command is missing"),
            ("stat", "`stat` is not a command"),
            ("status 7", "unexpected argument `7`"),
            ("status --reveal", "--reveal goes with `show` and `list`"),
            ("show", "the id of one dead letter"),
            ("retry", "takes ids"),
            ("discard seven", "`seven` is not a number"),
            ("list --limit 99999999999", "--limit is too large"),
            ("--secret", "--secret"),
        ] {
            assert!(asked(line).unwrap_err().contains(why), "{line}");
        }
    }
}
