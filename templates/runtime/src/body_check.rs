//! By need, for bodies whose rules stand where they are used, such as a list of at most ten:
//! `Call::check_body`.

use super::call::Call;
use super::check::Checker;

impl Call<'_> {
    /// Checks what is to be the body by `rules`. The call goes on, up to where it would be sent.
    pub(crate) fn check_body<T: ?Sized>(
        mut self,
        body: &T,
        rules: impl for<'c> FnOnce(&'c mut Checker, &T) -> &'c mut Checker,
    ) -> Self {
        let mut checker = Checker { violations: std::mem::take(&mut self.violations), ..Checker::default() };
        rules(&mut checker, body);
        self.violations = checker.violations;
        self
    }
}
