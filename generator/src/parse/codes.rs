//! The codes of the diagnostics that parse finds.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*
        /// Every code, in alphabetical order.
        pub const CODES: &[&str] = &[$($code),*];
    };
}

codes! {
    /// References go round in a circle.
    CYCLIC_REF = "cyclic-ref";
    /// A key stands twice in one object; the last one counts.
    DUPLICATE_KEY = "duplicate-key";
    /// Aliases or references would make the document many times longer than it is written.
    EXPANSION_LIMIT = "expansion-limit";
    /// A key of `responses` is no status code.
    INVALID_STATUS = "invalid-status";
    /// A key beside a `$ref`, where it has no effect.
    KEY_BESIDE_REF = "key-beside-ref";
    /// An extension of ours on an object that it does not belong to.
    MISPLACED_EXTENSION = "misplaced-extension";
    /// A key of `OpenAPI` on an object that it does not belong to.
    MISPLACED_KEY = "misplaced-key";
    /// A key that must be there is not.
    MISSING_KEY = "missing-key";
    /// A constraint of JSON Schema that a client does not need, or a part that openapiv3 cannot hold.
    NOT_CARRIED = "not-carried";
    /// `nullable` in a document that says 3.1; the meaning is kept.
    NULLABLE_IN_31 = "nullable-in-3.1";
    /// A path that does not begin with `/`.
    PATH_WITHOUT_SLASH = "path-without-slash";
    /// Only the first of several YAML documents is read.
    SEVERAL_DOCUMENTS = "several-documents";
    /// The text is not JSON or YAML (an error), or not quite (a warning).
    SYNTAX = "syntax";
    /// More levels of lists and objects than are read.
    TOO_DEEP = "too-deep";
    /// More problems than are shown.
    TOO_MANY = "too-many";
    /// An extension that begins like ours and is none.
    UNKNOWN_EXTENSION = "unknown-extension";
    /// A key that no object of `OpenAPI` has.
    UNKNOWN_KEY = "unknown-key";
    /// A YAML tag outside of the core schema.
    UNKNOWN_TAG = "unknown-tag";
    /// A `type` that JSON Schema does not have.
    UNKNOWN_TYPE = "unknown-type";
    /// A word outside of the list that the key allows.
    UNKNOWN_VALUE = "unknown-value";
    /// A file beside the document cannot be read.
    UNREAD_FILE = "unread-file";
    /// A reference leads nowhere. Lowering reports those that it resolves itself.
    UNRESOLVED_REFERENCE = "unresolved-reference";
    /// Not `OpenAPI` 3.0 or 3.1.
    UNSUPPORTED_VERSION = "unsupported-version";
    /// A value of another type than the key asks for.
    WRONG_TYPE = "wrong-type";
}

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(CODES.is_sorted_by(|a, b| a < b));
    }
}
