//! The table of what is reported about lists of exceptions, approvals and known differences.
//! `review/DIAGNOSTICS.md` explains each code.

generator::codes! {
    crate::lint::codes::PAGE;
    Warning APPROVAL_MERGED = "approval-merged";
    Error EXCEPTION_KEY = "exception-key";
    Error EXCEPTION_SYNTAX = "exception-syntax";
    Error EXCEPTION_TWICE = "exception-twice";
    Error EXCEPTION_UNUSED = "exception-unused";
    Error EXCEPTION_VALUE = "exception-value";
    Error EXCEPTION_WITHOUT_REASON = "exception-without-reason";
    Error KNOWN_VALUE = "known-value";
}
