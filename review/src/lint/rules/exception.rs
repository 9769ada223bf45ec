//! What is wrong with the list of levels and exceptions itself, explained like a rule.

use super::Rule;
use super::stage::stage;

const NO_EXAMPLE: [&str; 2] = ["", ""];

pub const EXCEPTION_KEY: Rule = stage(
    "exception-key",
    true,
    "the configuration has a key that is not known, or lacks one",
    "A misspelt rule or key would accept nothing, in silence. An entry of `[[except]]` has a code, a pointer and a \
     reason; `[levels]` has codes.",
    NO_EXAMPLE,
);

pub const EXCEPTION_SYNTAX: Rule = stage(
    "exception-syntax",
    true,
    "the configuration is not TOML",
    "It cannot be read, and nothing is looked at.",
    NO_EXAMPLE,
);

pub const EXCEPTION_TWICE: Rule = stage(
    "exception-twice",
    true,
    "two exceptions accept the same thing",
    "One of the two reasons is lost on its readers. Keep one.",
    NO_EXAMPLE,
);

pub const EXCEPTION_UNUSED: Rule = stage(
    "exception-unused",
    true,
    "an exception no longer applies",
    "Nothing is found that it accepts: what it is about was corrected, moved or removed, or its rule is allowed. Left \
     where it is, it would accept the next mistake in that place. Remove it, or correct its pointer.",
    NO_EXAMPLE,
);

pub const EXCEPTION_VALUE: Rule = stage(
    "exception-value",
    true,
    "the configuration has a value of another kind than it should",
    "Codes, pointers and reasons are texts, levels are `deny`, `warn` and `allow`, and a pointer begins with `/`.",
    NO_EXAMPLE,
);

pub const EXCEPTION_WITHOUT_REASON: Rule = stage(
    "exception-without-reason",
    true,
    "an exception gives no reason",
    "Whoever reads it later has to know why it is right, and when it no longer is.",
    NO_EXAMPLE,
);
