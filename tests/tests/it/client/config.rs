//! Settings that a client can't be built with, and what a client prints.

use novamed::{Client, ClientBuilder, ConfigError, Environment, Secret};

use super::{DEV_KEY, PROD_KEY, assert_holds_none};

fn refused(builder: ClientBuilder) -> ConfigError {
    let error = builder.build().expect_err("the configuration is wrong");
    assert_holds_none("the error", &format!("{error} {error:?}"), &["KEYMARKER", "hostMARKER"]);
    error
}

fn builder(environment: Environment) -> ClientBuilder {
    Client::builder().environment(environment)
}

#[test]
fn there_is_no_default_environment_and_no_default_key() {
    assert_eq!(refused(Client::builder()), ConfigError::MissingBaseUrl);
    assert_eq!(refused(Client::builder().api_key(DEV_KEY)), ConfigError::MissingBaseUrl);
    assert_eq!(refused(builder(Environment::Development)), ConfigError::MissingCredential);
    let error = refused(Client::builder().api_key(DEV_KEY));
    assert_eq!(error.to_string(), "no environment and no base URL was chosen");
}

#[test]
fn a_key_of_another_environment_is_refused() {
    for (environment, key, chosen, belongs_to) in [
        (Environment::Development, PROD_KEY, "development", "production"),
        (Environment::DevelopmentNimbus, PROD_KEY, "development-nimbus", "production"),
        (Environment::Production, DEV_KEY, "production", "development"),
    ] {
        let expected = ConfigError::CredentialOfOtherEnvironment { credential: "ApiKey", chosen, belongs_to };
        assert_eq!(refused(builder(environment).api_key(key)), expected);
        // The host identifies the environment too, however it is written.
        for url in [environment.url().to_owned(), format!("{}:443/", environment.url().to_uppercase())] {
            assert_eq!(refused(Client::builder().base_url(url).api_key(key)), expected);
        }
    }
    let text = refused(builder(Environment::Development).api_key(PROD_KEY)).to_string();
    let expected = "the credential `ApiKey` belongs to the environment `production`, and `development` was chosen";
    assert_eq!(text, expected);
}

#[test]
fn the_facts_of_one_environment_do_not_hold_at_the_host_of_another() {
    // With `Development`, this client would print production's messages about patients.
    let built = builder(Environment::Development).base_url(Environment::Production.url()).api_key(DEV_KEY).build();
    assert!(built.is_err(), "a client of production was built with the facts of development");
}

#[test]
fn a_key_of_the_environment_or_without_a_known_prefix_is_taken() {
    for (environment, key) in [
        (Environment::Production, PROD_KEY),
        (Environment::Development, DEV_KEY),
        (Environment::DevelopmentNimbus, DEV_KEY),
        (Environment::Production, "KEYMARKER"),
        (Environment::Development, "KEYMARKER_prod_"),
    ] {
        let client = builder(environment).api_key(key).build().expect("the key is taken");
        assert_holds_none("the client", &format!("{client:?} {client:#?}"), &["KEYMARKER", "https://"]);
    }
}

#[test]
fn what_cannot_be_a_key_is_refused() {
    for key in ["", " KEYMARKER", "KEYMARKER\n", "KEY MARKER", "KEYMARKER\r\nx-other: 1", "KEYMARKER\0"] {
        let error = refused(builder(Environment::Development).api_key(key));
        assert_eq!(error, ConfigError::InvalidCredential("ApiKey"));
    }
}

#[test]
fn plain_http_goes_to_this_machine_alone() {
    let with = |url: &str| Client::builder().base_url(url).api_key(DEV_KEY);
    for url in [
        "http://hostMARKER.example",
        "http://feapi.novamed.care",
        "http://127.0.0.1.hostMARKER.example",
        "http://localhost.hostMARKER.example",
        "http://10.0.0.1",
        "http://[::2]",
        "http://0.0.0.0",
        "ftp://localhost",
    ] {
        assert_eq!(refused(with(url)), ConfigError::InsecureBaseUrl, "{url}");
    }
    for url in
        ["http://localhost:1", "http://LOCALHOST:1", "http://127.0.0.1:1", "http://127.1.2.3:1", "http://[::1]:1"]
    {
        with(url).build().unwrap_or_else(|error| panic!("{url}: {error}"));
    }
    let error = refused(with("http://hostMARKER.example"));
    assert_eq!(error.to_string(), "the base URL must be `https`; `http` is for loopback hosts alone");
}

#[test]
fn a_base_url_has_a_host_and_nothing_secret() {
    let with = |url: &str| Client::builder().base_url(url).api_key(DEV_KEY);
    for url in ["", "hostMARKER", "/path", "https://", "https:///path", "https://host MARKER"] {
        assert_eq!(refused(with(url)), ConfigError::InvalidBaseUrl, "{url}");
    }
    for url in [
        "https://user:KEYMARKER@hostMARKER.example",
        "https://hostMARKER.example?key=KEYMARKER",
        "https://hostMARKER.example/#KEYMARKER",
        "http://localhost@hostMARKER.example",
    ] {
        assert_eq!(refused(with(url)), ConfigError::BaseUrlWithExtras, "{url}");
    }
}

#[test]
fn the_environments_are_those_of_the_facts() {
    for (environment, name, url) in [
        (Environment::Production, "production", "https://feapi.novamed.care"),
        (Environment::Development, "development", "https://novamed-feapidev.stackmod.info"),
        (Environment::DevelopmentNimbus, "development-nimbus", "https://novamed-feapidev.nimbushealthcaretest.com"),
    ] {
        assert_eq!((environment.name(), environment.url()), (name, url));
    }
}

#[test]
fn nothing_prints_a_key() {
    let builder = builder(Environment::Development).api_key(DEV_KEY);
    let secret = Secret::from(DEV_KEY);
    let texts = [format!("{builder:?} {builder:#?}"), format!("{secret:?} {secret:#?}")];
    for text in texts {
        assert_holds_none("a builder or a secret", &text, &["KEYMARKER"]);
    }
    assert_eq!(secret.expose(), DEV_KEY);
}
