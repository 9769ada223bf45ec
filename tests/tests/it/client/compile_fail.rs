//! Programs that must not compile, and the compiler's messages.
//!
//! The messages are committed next to each program. `TRYBUILD=overwrite` updates them: read the diff before you commit.

use crate::compile::is_skipped;

#[test]
fn mistakes_with_types_do_not_compile() {
    if is_skipped() {
        return;
    }
    let programs = trybuild::TestCases::new();
    programs.pass("fixtures/compile_fail/complete.rs");
    programs.compile_fail("fixtures/compile_fail/missing_field.rs");
    programs.compile_fail("fixtures/compile_fail/missing_fields.rs");
    programs.compile_fail("fixtures/compile_fail/other_id.rs");
    programs.compile_fail("fixtures/compile_fail/other_id_as_argument.rs");
    programs.compile_fail("fixtures/compile_fail/null_where_none_may_be.rs");
}
