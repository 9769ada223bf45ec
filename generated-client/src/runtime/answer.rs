//! An answer whose status is one of success.

use http::{HeaderMap, StatusCode};

use super::body::Body;
use super::error::Context;
use super::watch::Watch;

/// An answer of success; how it is read is up to the modules that a client has by need.
pub(crate) struct Answer {
    pub(super) context: Context,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// At hand, unless the answer is streamed.
    pub(super) body: Body,
    /// Is told when the answer was read.
    pub(super) watch: Watch,
}
