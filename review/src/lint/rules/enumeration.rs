//! Rules about sets of values.

use super::{Level, Rule, View};
use generator::diagnostic::Diagnostic;
use generator::lower::{Class, classify};

pub const UNDECIDED_ENUM: Rule = Rule {
    code: "undecided-enum",
    level: Level::Warn,
    is_fixed: false,
    summary: "nothing says whether an enum may get new values",
    explanation: "An open enum keeps a value that it does not know and sends it back unchanged; a closed one refuses to \
        decode it. Without `x-client-enum` it is open. Decide it where the values are listed, so that a reader knows \
        what a new value does to clients that are out there.",
    wrong: "\
components:
  schemas:
    Size: {type: string, description: How large, enum: [small, large], x-client-privacy: safe}
",
    right: "\
components:
  schemas:
    Size: {type: string, description: How large, enum: [small, large], x-client-enum: open, x-client-privacy: safe}
",
    check: Some(undecided_enum),
};

fn undecided_enum(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for at in &view.schemas {
        let Some(schema) = at.schema.inline() else { continue };
        // What is written as `const` has one value for good, and no list to open.
        let is_listed = schema.keyword("enum").is_some();
        let is_enum = matches!(classify(&schema), Class::Enum) && is_listed;
        if is_enum && !schema.data().extensions.contains_key("x-client-enum") {
            found.push(
                Diagnostic::warning(
                    UNDECIDED_ENUM.code,
                    &schema.pointer.key("enum"),
                    "nothing says whether new values may come",
                )
                .at_key()
                .help("add `x-client-enum: open`, or `closed` if there will never be another"),
            );
        }
    }
}
