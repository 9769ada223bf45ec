//! The table of rules.

use super::config::Level;
use super::view::View;
use generator::diagnostic::Diagnostic;

mod component;
mod documentation;
mod enumeration;
mod event;
mod example;
mod exception;
mod name;
mod operation;
mod privacy;
mod server;
mod stage;
mod stage_schema;

pub(super) use component::untyped;

/// A rule, or a problem that a stage of the generator reports.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, in kebab-case, which stays.
    pub code: &'static str,
    /// The level that it has where nobody sets another.
    pub level: Level,
    /// Whether what it finds keeps anything from being generated, so that it can be neither allowed nor excepted.
    pub is_fixed: bool,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Why that matters, and what to do.
    pub explanation: &'static str,
    /// A part of a document in which it finds something; empty where none is short enough.
    pub wrong: &'static str,
    /// The same part, in which it finds nothing.
    pub right: &'static str,
    /// Looks at a document; none where a stage of the generator reports by itself.
    pub(super) check: Option<Check>,
}

/// Looks at a document, and adds what it finds.
pub(super) type Check = fn(&View<'_>, &mut Vec<Diagnostic>);

/// Every rule, in alphabetical order.
pub const RULES: &[&Rule] = &[
    &operation::AMBIGUOUS_PATH,
    &operation::ANSWER_WITH_TWO_SHAPES,
    &name::AWKWARD_NAME,
    &stage_schema::BAD_EXTENSION,
    &stage_schema::BINARY_IN_JSON,
    &operation::BODY_OF_A_READ,
    &stage_schema::CALLBACK_WITHOUT_EVENT,
    &stage_schema::CONFLICTING_PROPERTY,
    &privacy::CREDENTIAL_IN_QUERY,
    &stage::CYCLIC_REF,
    &stage_schema::DUPLICATE_ENUM_VALUE,
    &stage::DUPLICATE_KEY,
    &stage::EMPTY_RANGE,
    &event::EVENT_WITHOUT_DUPLICATE_KEY,
    &stage_schema::EVENT_WITHOUT_PAYLOAD,
    &example::EXAMPLE_MISMATCH,
    &exception::EXCEPTION_KEY,
    &exception::EXCEPTION_SYNTAX,
    &exception::EXCEPTION_TWICE,
    &exception::EXCEPTION_UNUSED,
    &exception::EXCEPTION_VALUE,
    &exception::EXCEPTION_WITHOUT_REASON,
    &stage::EXPANSION_LIMIT,
    &stage::INVALID_STATUS,
    &stage::KEY_BESIDE_REF,
    &stage_schema::MEDIA_TYPE_LEFT_OUT,
    &stage::MISPLACED_EXTENSION,
    &stage::MISPLACED_KEY,
    &operation::MISSING_4XX,
    &stage_schema::MISSING_ITEMS,
    &stage::MISSING_KEY,
    &stage_schema::MISSING_OPERATION_ID,
    &stage_schema::MISSING_PATH_PARAMETER,
    &operation::MISSING_SUCCESS,
    &documentation::MISSING_SUMMARY,
    &documentation::MISSING_TAG,
    &stage_schema::NAME_COLLISION,
    &stage_schema::NESTED_TOO_DEEP,
    &stage::NOT_CARRIED,
    &stage::NULLABLE_IN_31,
    &stage::PATH_WITHOUT_SLASH,
    &stage_schema::REFERENCE_CIRCLE,
    &privacy::SENSITIVE_IN_URL,
    &server::SERVER_WITHOUT_HTTPS,
    &stage::SEVERAL_DOCUMENTS,
    &stage::SYNTAX,
    &stage::TOO_DEEP,
    &stage::TOO_MANY,
    &enumeration::UNDECIDED_ENUM,
    &operation::UNDECIDED_REPEAT,
    &operation::UNDECLARED_429,
    &privacy::UNDECLARED_SECURITY,
    &documentation::UNDESCRIBED_TAG,
    &documentation::UNDOCUMENTED_PARAMETER,
    &documentation::UNDOCUMENTED_PROPERTY,
    &documentation::UNDOCUMENTED_SCHEMA,
    &stage::UNFIT_DEFAULT,
    &stage_schema::UNION_CIRCLE,
    &stage::UNKNOWN_EXTENSION,
    &stage::UNKNOWN_KEY,
    &stage_schema::UNKNOWN_PATH_PARAMETER,
    &stage_schema::UNKNOWN_REQUIRED,
    &stage_schema::UNKNOWN_SECURITY,
    &stage_schema::UNKNOWN_SERVER_VARIABLE,
    &stage::UNKNOWN_TAG,
    &stage::UNKNOWN_TYPE,
    &stage::UNKNOWN_VALUE,
    &privacy::UNMARKED_PRIVACY,
    &stage::UNREAD_FILE,
    &stage_schema::UNRESOLVED_REFERENCE,
    &stage_schema::UNSUPPORTED_BODY,
    &stage_schema::UNSUPPORTED_PATTERN,
    &stage_schema::UNSUPPORTED_SECURITY,
    &stage::UNSUPPORTED_VERSION,
    &component::UNTYPED_VALUE,
    &component::UNUSED_COMPONENT,
    &stage::WRONG_TYPE,
];

/// Returns the rule of a code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}
