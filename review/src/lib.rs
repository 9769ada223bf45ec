//! Reviews of OpenAPI documents: [`lint`] finds mistakes, [`diff`] reports what an edit does to callers, and [`drift`]
//! compares a document with a published one.
//!
//! All of them work on what the generator's parse and lower stages return, and never read a document themselves. There is
//! no I/O here: documents and lists come in as text, and findings go out.

pub mod comment;
pub mod diff;
pub mod drift;
pub mod exceptions;
pub mod lint;
pub mod reading;
