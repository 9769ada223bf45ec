//! What a client's configuration is checked for.

use super::{API, KEY, PLAIN, builder};
use crate::runtime::client::builder::ClientBuilder;
use crate::runtime::error::config::ConfigError;
use crate::runtime::transport::url::BaseUrl;

fn refusal(builder: ClientBuilder) -> ConfigError {
    builder.build().expect_err("the configuration is wrong")
}

#[test]
fn plain_http_goes_to_this_machine_alone() {
    for url in [
        "http://localhost:80",
        "http://LOCALHOST/x",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:1",
        "https://example.com/base/",
    ] {
        assert!(BaseUrl::parse(url).is_ok(), "{url}");
    }
    for url in [
        "http://example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://128.0.0.1",
        "http://[::2]",
        "ftp://localhost",
    ] {
        assert_eq!(refusal(builder(url)), ConfigError::InsecureBaseUrl, "{url}");
    }
}

#[test]
fn a_base_url_is_host_port_and_path() {
    for url in [
        "https://user:pw@example.com",
        "https://user@example.com",
        "https://example.com?x=1",
        "https://example.com/a#b",
    ] {
        assert_eq!(refusal(builder(url)), ConfigError::BaseUrlWithExtras, "{url}");
    }
    for url in ["", "/only/a/path", "example.com", "https://", "https://a b"] {
        assert_eq!(refusal(builder(url)), ConfigError::InvalidBaseUrl, "{url}");
    }
    let base = BaseUrl::parse("https://example.com:444/v1/").expect("it is a URL");
    let joined = base.join("/a?b=c").expect("it is a path");
    assert_eq!(joined.to_string(), "https://example.com:444/v1/a?b=c");
}

#[test]
fn an_operations_own_server_never_leads_away_from_a_host_chosen_by_hand() {
    let base = BaseUrl::parse("https://example.com/v1").expect("it is a URL");
    let url = |server, pinned| {
        let other = base.other_server(server, pinned).expect("it is a URL");
        other.join("/a").expect("it is a path").to_string()
    };
    assert_eq!(url("https://up.example.com/v2", false), "https://up.example.com/v2/a");
    assert_eq!(url("https://up.example.com/v2", true), "https://example.com/v2/a");
    assert_eq!(url("/v3/", true), "https://example.com/v3/a");
    assert!(base.other_server("http://up.example.com", false).is_err());
}

#[test]
fn nothing_is_chosen_by_default() {
    let nothing = ClientBuilder::new(&API).credential(0, KEY.into());
    assert_eq!(refusal(nothing), ConfigError::MissingBaseUrl);
    let keyless = ClientBuilder::new(&API).base_url("http://localhost");
    assert_eq!(refusal(keyless), ConfigError::MissingCredential);
    assert!(ClientBuilder::new(&PLAIN).base_url("http://localhost").build().is_ok());
}

#[test]
fn a_key_of_another_environment_is_refused() {
    let with = |environment: usize, key: &str| {
        ClientBuilder::new(&API)
            .environment_facts(&API.environments[environment])
            .base_url("http://localhost")
            .credential(0, key.into())
    };
    assert_eq!(
        refusal(with(1, "prod_1")),
        ConfigError::CredentialOfOtherEnvironment {
            credential: "api_key",
            chosen: "development",
            belongs_to: "production",
        }
    );
    assert!(with(0, "prod_1").build().is_ok());
    assert!(with(0, "neither_1").build().is_ok());
    // An environment's URL that is given by hand is that environment.
    let by_hand = builder("https://api.example.com:443/other").root_certificate_der(b"");
    assert!(matches!(refusal(by_hand), ConfigError::CredentialOfOtherEnvironment { .. }));
}

#[test]
fn a_key_is_one_word() {
    for key in ["", " ", "a b", "a\n", "a\tb", "a\u{7f}", "a\u{a0}b"] {
        let built = builder("http://localhost").credential(0, key.into());
        assert_eq!(refusal(built), ConfigError::InvalidCredential("api_key"), "{key:?}");
    }
}

#[test]
fn variables_choose_the_environment() {
    let from = |variables: &'static [(&str, &str)]| {
        ClientBuilder::from_lookup(&API, "T", |name| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        })
        .and_then(ClientBuilder::build)
    };
    assert_eq!(from(&[]).err(), Some(ConfigError::MissingVariable("T_ENVIRONMENT".into())));
    let wrong = &[("T_ENVIRONMENT", "staging"), ("T_API_KEY", "x")];
    assert_eq!(from(wrong).err(), Some(ConfigError::UnknownEnvironment("T_ENVIRONMENT".into())));
    let keyless = &[("T_ENVIRONMENT", "production")];
    assert_eq!(from(keyless).err(), Some(ConfigError::MissingVariable("T_API_KEY".into())));
    let right = &[("T_ENVIRONMENT", "development"), ("T_API_KEY", "dev_1"), ("T_BASE_URL", "http://localhost:1")];
    assert!(format!("{:?}", from(right)).contains("development"));
}

#[test]
fn root_certificates_are_checked() {
    let unread = builder("http://localhost").root_certificate_pem(b"no pem");
    assert_eq!(refusal(unread), ConfigError::InvalidRootCertificate);
    let broken = builder("https://localhost").root_certificate_der(b"no der");
    assert_eq!(refusal(broken), ConfigError::InvalidRootCertificate);
}
