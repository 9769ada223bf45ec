//! The store and its workers, on real databases, with real processes.

mod chaos;
mod deliveries;
mod faults;
mod front;
mod order;
mod server;
mod suite;
mod workers;
