//! The table of what parse and lower report. `generator/DIAGNOSTICS.md` explains each code.

/// The page with the explanations.
const PAGE: &str = include_str!("../../DIAGNOSTICS.md");

crate::codes! {
    PAGE;
    Error BAD_EXTENSION = "bad-extension";
    Warning BINARY_IN_JSON = "binary-in-json";
    Warning CALLBACK_WITHOUT_EVENT = "callback-without-event";
    Warning CONFLICTING_MEMBERS = "conflicting-members";
    Warning CONFLICTING_PROPERTY = "conflicting-property";
    Warning CONTENT_WITHOUT_BODY = "content-without-body";
    Warning CYCLIC_REF = "cyclic-ref";
    Warning DUPLICATE_ENUM_VALUE = "duplicate-enum-value";
    Warning DUPLICATE_KEY = "duplicate-key";
    Warning EMPTY_RANGE = "empty-range";
    Warning ENUM_OF_OTHER_TYPE = "enum-of-other-type";
    Warning EVENT_WITHOUT_PAYLOAD = "event-without-payload";
    Error EXPANSION_LIMIT = "expansion-limit";
    Warning INEFFECTIVE_NULLABLE = "ineffective-nullable";
    Warning INVALID_STATUS = "invalid-status";
    Warning KEY_BESIDE_REF = "key-beside-ref";
    Warning MEDIA_TYPE_LEFT_OUT = "media-type-left-out";
    Error MISPLACED_EXTENSION = "misplaced-extension";
    Warning MISPLACED_KEY = "misplaced-key";
    Warning MISSING_ITEMS = "missing-items";
    Warning MISSING_KEY = "missing-key";
    Warning MISSING_OPERATION_ID = "missing-operation-id";
    Warning MISSING_PATH_PARAMETER = "missing-path-parameter";
    Warning NAME_COLLISION = "name-collision";
    Warning NESTED_TOO_DEEP = "nested-too-deep";
    Warning NOT_CARRIED = "not-carried";
    Warning NULLABLE_IN_31 = "nullable-in-3.1";
    Warning PATH_WITHOUT_SLASH = "path-without-slash";
    Warning READ_AND_WRITE_ONLY = "read-and-write-only";
    Warning REFERENCE_CIRCLE = "reference-circle";
    Warning SERVER_WITHOUT_SCHEME = "server-without-scheme";
    Warning SEVERAL_DOCUMENTS = "several-documents";
    Warning SYNTAX = "syntax";
    Error TOO_DEEP = "too-deep";
    Warning TOO_MANY = "too-many";
    Warning UNFIT_DEFAULT = "unfit-default";
    Warning UNION_CIRCLE = "union-circle";
    Error UNKNOWN_EXTENSION = "unknown-extension";
    Warning UNKNOWN_KEY = "unknown-key";
    Warning UNKNOWN_PATH_PARAMETER = "unknown-path-parameter";
    Warning UNKNOWN_REQUIRED = "unknown-required";
    Warning UNKNOWN_SECURITY = "unknown-security";
    Warning UNKNOWN_SERVER_VARIABLE = "unknown-server-variable";
    Warning UNKNOWN_TAG = "unknown-tag";
    Warning UNKNOWN_TYPE = "unknown-type";
    Warning UNKNOWN_VALUE = "unknown-value";
    Warning UNREAD_FILE = "unread-file";
    Warning UNRESOLVED_REFERENCE = "unresolved-reference";
    Warning UNSUPPORTED_BODY = "unsupported-body";
    Warning UNSUPPORTED_PATTERN = "unsupported-pattern";
    Warning UNSUPPORTED_SECURITY = "unsupported-security";
    Warning UNSUPPORTED_VERSION = "unsupported-version";
    Warning WRONG_TYPE = "wrong-type";
}

#[cfg(test)]
mod tests {
    use super::{CODES, PAGE};

    #[test]
    fn the_table_and_the_page_agree() {
        let headings: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let codes: Vec<String> = CODES.iter().map(|code| format!("`{code}` ({})", code.severity())).collect();
        assert_eq!(headings, codes);
        assert!(codes.is_sorted());
        for code in CODES {
            assert!(code.summary().len() < 100 && !code.explanation().is_empty(), "{code}");
            assert!(!code.wrong().is_empty() && !code.right().is_empty() && code.wrong() != code.right(), "{code}");
        }
    }
}
