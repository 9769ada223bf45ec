// Written by `cargo xtask codegen` from the API's description; do not edit.

//! Failures that several operations document.
//!
//! # 400 Bad request
//!
//! The request is invalid, or the clinic doesn't exist. `details`, if present, lists the
//! fields. Correct the request before you send it again.
//!
//! # 401 Unauthorized
//!
//! The API key is missing, wrong or revoked, or belongs to another environment. Check the key
//! and the environment. Sending the request again doesn't help.
//!
//! # 403 Forbidden
//!
//! The key is valid but lacks permission for this operation. Ask support for access. Sending
//! the request again doesn't help.
//!
//! # 404 Not found
//!
//! Something that the request refers to doesn't exist. Check the ids and the environment: data
//! in development may be reset.
//!
//! # 429 Too many requests
//!
//! The environment's rate limit is exceeded. Wait `retry_after` seconds, or until the window
//! ends, and send the request again.
//!
//! **Assumption:** the service answers a 429 with the code `RATE_LIMIT_EXCEEDED` before it
//! acts, so the client may repeat even a create. No published source says so. Any other 429
//! proves nothing.
//!
//! # 5XX Server error
//!
//! The service failed, but may have acted anyway. You may repeat a read up to three times,
//! after pauses of 1, 2 and 4 seconds. Before you repeat a create, find out whether it took
//! effect.
//!
//! The answer may come from a proxy, so its body isn't necessarily JSON.
