// Written by `cargo xtask codegen` from the API's description; do not edit.

//! The environments of the API.

use std::fmt;

use crate::runtime::api;

/// An environment of the API. There is no default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Production. Orders are real: they are filled and shipped. Patient data is allowed with a
    /// Business Associate Agreement. Keys start with `prod_`. The limit is 60 requests per minute.
    ///
    /// Its base URL is `https://feapi.novamed.care`.
    Production,
    /// Development. Orders are never shipped, data may be reset, and validation is less strict than
    /// in production. Patient data is forbidden, so use only made-up people. Keys start with
    /// `dev_`. The limit is 100 requests per minute.
    ///
    /// Its base URL is `https://novamed-feapidev.stackmod.info`.
    Development,
    /// Development, on the host that the partner portal has listed since December 2025. The rules
    /// are those of the other development host: patient data is forbidden, orders are never
    /// shipped, keys start with `dev_`, and the limit is 100 requests per minute.
    ///
    /// Its base URL is `https://novamed-feapidev.nimbushealthcaretest.com`.
    DevelopmentNimbus,
}

impl Environment {
    /// Returns the name that environment variables use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// Returns the base URL.
    #[must_use]
    pub const fn url(self) -> &'static str {
        self.facts().url
    }

    pub(crate) const fn facts(self) -> &'static api::Environment {
        match self {
            Self::Production => &ENVIRONMENTS[0],
            Self::Development => &ENVIRONMENTS[1],
            Self::DevelopmentNimbus => &ENVIRONMENTS[2],
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

pub(crate) static ENVIRONMENTS: [api::Environment; 3] = [
    api::Environment {
        name: "production",
        url: "https://feapi.novamed.care",
        key_prefix: Some("prod_"),
        rate_limit: Some((60, 60)),
        patient_data: api::PatientData::Allowed,
    },
    api::Environment {
        name: "development",
        url: "https://novamed-feapidev.stackmod.info",
        key_prefix: Some("dev_"),
        rate_limit: Some((100, 60)),
        patient_data: api::PatientData::Forbidden,
    },
    api::Environment {
        name: "development-nimbus",
        url: "https://novamed-feapidev.nimbushealthcaretest.com",
        key_prefix: Some("dev_"),
        rate_limit: Some((100, 60)),
        patient_data: api::PatientData::Forbidden,
    },
];
