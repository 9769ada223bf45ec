//! Behind the feature `test-util`: builders of types that only answers and events carry.
//!
//! A type that is sent has a builder which does not compile while a required field is missing. On a
//! large API that costs too much for the types that are only read, and in a test a panic does as
//! well: it names the type and the field.
//!
//! ```text
//! let refill = CreatedRefillRequest::builder().medication_order_id(order).build();
//! ```
#![cfg(feature = "test-util")]

use std::collections::BTreeMap;

/// What a setter takes for a field of type `F`: the field's value, or what an application has in
/// its place (a value for an `Option` or a box, a `&str` for a `String`, an array for a list).
pub trait Given<F> {
    /// Returns the field.
    fn given(self) -> F;
}

impl<F> Given<F> for F {
    fn given(self) -> F {
        self
    }
}

impl Given<String> for &str {
    fn given(self) -> String {
        self.to_owned()
    }
}

impl Given<Option<String>> for &str {
    fn given(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl<T> Given<Option<T>> for T {
    fn given(self) -> Option<T> {
        Some(self)
    }
}

impl<T> Given<Box<T>> for T {
    fn given(self) -> Box<T> {
        Box::new(self)
    }
}

impl<T> Given<Option<Box<T>>> for T {
    fn given(self) -> Option<Box<T>> {
        Some(Box::new(self))
    }
}

impl<T, const N: usize> Given<Vec<T>> for [T; N] {
    fn given(self) -> Vec<T> {
        self.into()
    }
}

impl<T, const N: usize> Given<Option<Vec<T>>> for [T; N] {
    fn given(self) -> Option<Vec<T>> {
        Some(self.into())
    }
}

impl<const N: usize> Given<Vec<String>> for [&str; N] {
    fn given(self) -> Vec<String> {
        self.map(str::to_owned).into()
    }
}

impl<T, K, const N: usize> Given<BTreeMap<String, T>> for [(K, T); N]
where
    K: Into<String>,
{
    fn given(self) -> BTreeMap<String, T> {
        self.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }
}

/// Declares builders: `module: Type { required: Field, } { optional: Option<Field>, }`.
#[allow(unused_macros, reason = "it is for generated code")]
macro_rules! builders {
    ($($module:ident: $name:ident { $($field:ident: $ty:ty,)* } { $($option:ident: $option_ty:ty,)* })*) => {$(
        #[doc = concat!("A builder of [`", stringify!($name), "`](crate::", stringify!($name), ").")]
        pub mod $module {
            #[allow(unused_imports, reason = "the type may have no fields")]
            use super::*;

            #[doc = concat!("What is set so far of a [`", stringify!($name), "`](crate::", stringify!($name), ").")]
            #[must_use]
            #[derive(Clone, Default)]
            #[allow(clippy::struct_field_names, reason = "the names are the document's")]
            pub struct Fields {
                $($field: Option<$ty>,)*
                $($option: $option_ty,)*
            }

            #[allow(clippy::should_implement_trait, clippy::disallowed_names, reason = "the names are the document's")]
            impl Fields {
                $(
                    #[doc = concat!("Sets `", stringify!($field), "`, which is required.")]
                    pub fn $field(mut self, $field: impl crate::runtime::given::Given<$ty>) -> Self {
                        self.$field = Some($field.given());
                        self
                    }
                )*
                $(
                    #[doc = concat!("Sets `", stringify!($option), "`.")]
                    pub fn $option(mut self, $option: impl crate::runtime::given::Given<$option_ty>) -> Self {
                        self.$option = $option.given();
                        self
                    }
                )*

                #[doc = concat!("Returns the [`", stringify!($name), "`](crate::", stringify!($name), ").")]
                ///
                /// # Panics
                ///
                /// If a required field was not set: the text names it.
                #[must_use]
                #[track_caller]
                #[allow(deprecated, reason = "a deprecated field is set like any other")]
                pub fn build(self) -> $name {
                    $name {
                        $($field: self.$field.expect(concat!(
                            "`", stringify!($field), "` of `", stringify!($name), "` was not set"
                        )),)*
                        $($option: self.$option,)*
                    }
                }
            }

            impl std::fmt::Debug for Fields {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.debug_struct(concat!(stringify!($name), "Fields")).finish_non_exhaustive()
                }
            }
        }

        impl $name {
            #[doc = concat!("Returns a builder of [`", stringify!($name), "`](crate::", stringify!($name), "), for tests.")]
            pub fn builder() -> $module::Fields {
                $module::Fields::default()
            }
        }
    )*};
}
#[allow(unused_imports, reason = "it is for generated code")]
pub(crate) use builders;
