//! By need, for structs with optional fields: [`IntoOption`].

/// What an optional setter takes: a value, or an `Option` of one.
pub trait IntoOption<T> {
    /// Returns the value, if there is one.
    fn into_option(self) -> Option<T>;
}

impl<T> IntoOption<T> for T {
    fn into_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T> IntoOption<T> for Option<T> {
    fn into_option(self) -> Option<T> {
        self
    }
}

impl IntoOption<String> for &str {
    fn into_option(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl IntoOption<String> for Option<&str> {
    fn into_option(self) -> Option<String> {
        self.map(str::to_owned)
    }
}
