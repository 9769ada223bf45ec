//! Checking what is sent against the rules of the document: [`Check`], [`Checker`].
//!
//! ```text
//! impl Check for PetRequest {
//!     fn check(&self, check: &mut Checker) {
//!         check.field("name").min_length(&self.name, 2);
//!         check.field("homes").max_items(&self.homes, 1).value(&self.homes);
//!     }
//! }
//! ```

pub(crate) mod rules;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};

use crate::runtime::call::Call;
use crate::runtime::error::problem::Violation;

/// A value that rules are stated for, or that holds one.
pub(crate) trait Check {
    /// Notes each rule that the value breaks.
    fn check(&self, check: &mut Checker);
}

/// What was found so far, and the place that is looked at.
#[derive(Default)]
pub(crate) struct Checker {
    /// None for the body.
    pub(crate) parameter: Option<&'static str>,
    pub(crate) place: Vec<Step>,
    pub(crate) violations: Vec<Violation>,
}

/// A step of a JSON pointer.
pub(crate) enum Step {
    Field(&'static str),
    Index(usize),
    /// A key of a map, which may be anything.
    Key,
}

impl Checker {
    /// As many violations are listed at most: a long list that is wrong throughout needs no more.
    const MOST: usize = 100;

    /// Looks at the property of this name, up to the end of the statement.
    pub(crate) fn field(&mut self, name: &'static str) -> Property<'_> {
        self.place.push(Step::Field(name));
        Property(self)
    }

    /// Checks a value by the rules of its type.
    pub(crate) fn value(&mut self, value: &(impl Check + ?Sized)) -> &mut Self {
        value.check(self);
        self
    }

    /// Checks each item by the rules for items.
    pub(crate) fn items<T>(
        &mut self,
        items: &[T],
        check: impl for<'c> Fn(&'c mut Self, &T) -> &'c mut Self,
    ) -> &mut Self {
        for (index, item) in items.iter().enumerate() {
            self.place.push(Step::Index(index));
            check(self, item);
            self.place.pop();
        }
        self
    }

    /// Notes the rule, unless the value keeps it.
    pub(crate) fn expect(&mut self, is_kept: bool, rule: impl FnOnce() -> String) -> &mut Self {
        if !is_kept && self.violations.len() < Self::MOST {
            self.violations.push(Violation { parameter: self.parameter, pointer: self.pointer(), rule: rule() });
        }
        self
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.place {
            pointer.push('/');
            match step {
                Step::Field(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Index(index) => write!(pointer, "{index}").expect("a string takes all"),
                Step::Key => pointer.push('*'),
            }
        }
        pointer
    }
}

/// A checker that looks at a property.
pub(crate) struct Property<'c>(&'c mut Checker);

impl Deref for Property<'_> {
    type Target = Checker;

    fn deref(&self) -> &Checker {
        self.0
    }
}

impl DerefMut for Property<'_> {
    fn deref_mut(&mut self) -> &mut Checker {
        self.0
    }
}

impl Drop for Property<'_> {
    fn drop(&mut self) {
        self.0.place.pop();
    }
}

impl<T: Check> Check for [T] {
    fn check(&self, check: &mut Checker) {
        check.items(self, Checker::value);
    }
}

impl<T: Check> Check for Vec<T> {
    fn check(&self, check: &mut Checker) {
        self.as_slice().check(check);
    }
}

impl<T: Check> Check for BTreeMap<String, T> {
    fn check(&self, check: &mut Checker) {
        for value in self.values() {
            check.place.push(Step::Key);
            value.check(check);
            check.place.pop();
        }
    }
}

impl<T: Check> Check for Option<T> {
    fn check(&self, check: &mut Checker) {
        if let Some(value) = self {
            value.check(check);
        }
    }
}

impl<T: Check + ?Sized> Check for Box<T> {
    fn check(&self, check: &mut Checker) {
        (**self).check(check);
    }
}

impl Call<'_> {
    /// Checks what is to be the body. The call goes on, up to where it would be sent.
    pub(crate) fn checked(mut self, body: &(impl Check + ?Sized)) -> Self {
        let mut checker = Checker { violations: std::mem::take(&mut self.violations), ..Checker::default() };
        body.check(&mut checker);
        self.violations = checker.violations;
        self
    }

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
