//! The client and the server of `api.yaml`, as the generator writes it.

include!(concat!(env!("OUT_DIR"), "/src/lib.rs"));
