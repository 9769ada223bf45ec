// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The parts of the runtime that this client needs; it knows nothing of the API.

pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod blocking;
pub(crate) mod call;
pub(crate) mod checks;
pub(crate) mod client;
pub(crate) mod error;
pub(crate) mod receiver;
pub(crate) mod response;
pub(crate) mod server;
pub(crate) mod testing;
pub(crate) mod transport;

pub(crate) mod value {
    pub(crate) mod base64;
    pub(crate) mod builder;
    pub(crate) mod calendar;
    pub(crate) mod date;
    pub(crate) mod date_time;
    pub(crate) mod decimal;
    pub(crate) mod json;
    pub(crate) mod nullable;
    pub(crate) mod objects;
    pub(crate) mod parse;
    pub(crate) mod range;
    pub(crate) mod secret;
    pub(crate) mod union;
}

pub(crate) mod webhook;
