//! What a reviewer asks of a document: over what parse and lower give, never by a reading of its own.
//!
//! Library functions without I/O. Texts and documents come in; findings go out as
//! [`Diagnostic`](generator::diagnostic::Diagnostic)s, which `report` draws.

pub mod comment;
pub mod diff;
pub mod drift;
pub mod exceptions;
pub mod lint;
pub mod reading;
