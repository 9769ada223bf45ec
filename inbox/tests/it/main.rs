//! The store and its workers, on real databases, with real processes.

mod chaos;
mod deliveries;
mod encryption;
mod faults;
mod front;
mod hosts;
mod order;
mod pgbouncer;
mod postgres;
mod postgres_errors;
mod postgres_page;
mod proxy;
mod server;
mod subjects;
mod suite;
mod workers;
