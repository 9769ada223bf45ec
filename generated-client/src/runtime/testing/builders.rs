//! Builders of types that appear only in responses and events.
//!
//! A type that is sent has a builder that doesn't compile while a required field is missing. On a large API
//! that takes too long to compile for types that are only read. In a test a panic is good enough: it names
//! the type and the field.
//!
//! ```text
//! let refill = CreatedRefillRequest::builder().medication_order_id(order).build();
//! ```
#![cfg(feature = "test-util")]

use std::collections::BTreeMap;
use std::fmt;

use crate::runtime::value::nullable::Nullable;

/// The argument of a setter for a field of type `F`. It converts from the field's value, and from what an
/// application has instead: a value for an `Option` or a box, a `&str` for a `String`, an array for a list.
pub struct FieldValue<F>(pub(crate) F);

macro_rules! conversions {
    ($([$($generics:tt)*] $from:ty => $to:ty: |$value:ident| $converted:expr;)*) => {$(
        impl<$($generics)*> From<$from> for FieldValue<$to> {
            fn from($value: $from) -> Self {
                Self($converted)
            }
        }
    )*};
}

conversions! {
    [F] F => F: |value| value;
    [] &str => String: |text| text.to_owned();
    [] &str => Option<String>: |text| Some(text.to_owned());
    [] &str => Nullable<String>: |text| Nullable::Value(text.to_owned());
    [T] T => Option<T>: |value| Some(value);
    [T] T => Box<T>: |value| Box::new(value);
    [T] T => Option<Box<T>>: |value| Some(Box::new(value));
    [T] T => Nullable<T>: |value| Nullable::Value(value);
    [T] Option<T> => Nullable<T>: |value| value.into();
    [T, const N: usize] [T; N] => Vec<T>: |items| items.into();
    [T, const N: usize] [T; N] => Option<Vec<T>>: |items| Some(items.into());
    [const N: usize] [&str; N] => Vec<String>: |items| items.map(str::to_owned).into();
    [T, K: Into<String>, const N: usize] [(K, T); N] => BTreeMap<String, T>:
        |items| items.into_iter().map(|(name, value)| (name.into(), value)).collect();
}

impl<F> fmt::Debug for FieldValue<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue")
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
                    pub fn $field(mut self, $field: impl Into<crate::runtime::testing::builders::FieldValue<$ty>>) -> Self {
                        self.$field = Some($field.into().0);
                        self
                    }
                )*
                $(
                    #[doc = concat!("Sets `", stringify!($option), "`.")]
                    pub fn $option(mut self, $option: impl Into<crate::runtime::testing::builders::FieldValue<$option_ty>>) -> Self {
                        self.$option = $option.into().0;
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
