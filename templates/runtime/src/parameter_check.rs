//! By need, where the document has rules for parameters: `Call::check_parameter`.

use super::call::Call;
use super::check::Checker;

impl Call<'_> {
    /// Checks the value of a parameter, where there is one, by `rules`. The call goes on, up to where
    /// it would be sent.
    pub(crate) fn check_parameter<T: ?Sized>(
        mut self,
        name: &'static str,
        value: Option<&T>,
        rules: impl for<'c> FnOnce(&'c mut Checker, &T) -> &'c mut Checker,
    ) -> Self {
        let Some(value) = value else { return self };
        let violations = std::mem::take(&mut self.violations);
        let mut checker = Checker { parameter: Some(name), violations, ..Checker::default() };
        rules(&mut checker, value);
        self.violations = checker.violations;
        self
    }
}
