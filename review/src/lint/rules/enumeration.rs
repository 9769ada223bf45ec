//! Rules about sets of values.

use super::View;
use crate::lint::codes;
use generator::diagnostic::Diagnostic;
use generator::lower::{Class, classify};

pub fn undecided_enum(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    for at in &view.schemas {
        let Some(schema) = at.schema.inline() else { continue };
        // What is written as `const` has one value for good, and no list to open.
        let is_listed = schema.keyword("enum").is_some();
        let is_enum = matches!(classify(&schema), Class::Enum) && is_listed;
        if is_enum && !schema.data().extensions.contains_key("x-client-enum") {
            found.push(
                codes::UNDECIDED_ENUM
                    .at(&schema.pointer.key("enum"), "nothing says whether new values may come")
                    .at_key()
                    .help("add `x-client-enum: open`, or `closed` if there will never be another"),
            );
        }
    }
}
