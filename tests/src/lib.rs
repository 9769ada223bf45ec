//! Nothing here: the tests are one binary, `tests/it`.
