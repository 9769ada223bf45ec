//! The sandbox, tested with the real client, over plain HTTP, and without either.

mod assumptions;
mod client;
mod clock;
mod database;
mod faults;
mod http;
mod state;
mod steps;
mod webhooks;
