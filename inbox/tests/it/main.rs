//! The store and its workers, on real databases, with real processes.

mod chaos;
mod command;
mod deliveries;
mod disk;
mod encryption;
mod faults;
mod front;
mod full;
mod handlers;
mod health;
mod hosts;
mod log;
mod metering;
mod operating_page;
mod order;
mod page;
mod pgbouncer;
mod postgres;
mod postgres_errors;
mod proxy;
mod running;
mod server;
mod standstill;
mod subjects;
mod suite;
mod workers;
