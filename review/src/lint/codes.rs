//! The table of lint's rules, each with its default severity. `review/DIAGNOSTICS.md` explains each code.

/// The page with the explanations.
pub(crate) const PAGE: &str = include_str!("../../DIAGNOSTICS.md");

generator::codes! {
    PAGE;
    Error AMBIGUOUS_PATH = "ambiguous-path";
    Warning ANSWER_WITH_TWO_SHAPES = "answer-with-two-shapes";
    Warning AWKWARD_NAME = "awkward-name";
    Warning BODY_OF_A_READ = "body-of-a-read";
    Error CREDENTIAL_IN_QUERY = "credential-in-query";
    Error EVENT_WITHOUT_DUPLICATE_KEY = "event-without-duplicate-key";
    Error EXAMPLE_MISMATCH = "example-mismatch";
    Warning MISSING_4XX = "missing-4xx";
    Warning MISSING_SUCCESS = "missing-success";
    Warning MISSING_SUMMARY = "missing-summary";
    Warning MISSING_TAG = "missing-tag";
    Error SENSITIVE_IN_URL = "sensitive-in-url";
    Error SERVER_WITHOUT_HTTPS = "server-without-https";
    Warning UNDECIDED_ENUM = "undecided-enum";
    Warning UNDECIDED_REPEAT = "undecided-repeat";
    Warning UNDECLARED_429 = "undeclared-429";
    Warning UNDECLARED_SECURITY = "undeclared-security";
    Warning UNDESCRIBED_TAG = "undescribed-tag";
    Warning UNDOCUMENTED_PARAMETER = "undocumented-parameter";
    Warning UNDOCUMENTED_PROPERTY = "undocumented-property";
    Warning UNDOCUMENTED_SCHEMA = "undocumented-schema";
    Warning UNMARKED_PRIVACY = "unmarked-privacy";
    Warning UNTYPED_VALUE = "untyped-value";
    Warning UNUSED_COMPONENT = "unused-component";
}
