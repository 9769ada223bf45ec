//! The rules: functions that look at a document and add what they find.

use super::view::View;
use generator::diagnostic::Diagnostic;

mod component;
mod documentation;
mod enumeration;
mod event;
mod example;
mod name;
mod operation;
mod privacy;
mod server;

pub(super) use component::untyped;

/// Looks at a document and adds what it finds.
pub(super) type Check = fn(&View<'_>, &mut Vec<Diagnostic>);

/// Every check, in alphabetical order. Each reports the code of its name.
pub(super) const CHECKS: &[Check] = &[
    operation::ambiguous_path,
    operation::answer_with_two_shapes,
    name::awkward_name,
    operation::body_of_a_read,
    privacy::credential_in_query,
    event::event_without_duplicate_key,
    example::example_mismatch,
    operation::missing_4xx,
    operation::missing_success,
    documentation::missing_summary,
    documentation::missing_tag,
    privacy::sensitive_in_url,
    server::server_without_https,
    enumeration::undecided_enum,
    operation::undecided_repeat,
    operation::undeclared_429,
    privacy::undeclared_security,
    documentation::undescribed_tag,
    documentation::undocumented_parameter,
    documentation::undocumented_property,
    documentation::undocumented_schema,
    privacy::unmarked_privacy,
    component::unused_component,
];
