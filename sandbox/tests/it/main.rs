//! The sandbox, tested with the real client, over plain HTTP, and without either.

mod assumptions;
#[path = "../../../inbox/tests/it/browser.rs"]
mod browser;
mod client;
mod clock;
mod database;
mod faults;
mod http;
mod page;
mod program;
mod state;
mod steps;
mod use_cases;
mod webhooks;
