//! Keys, limits and bodies over plain HTTP.

use novamed_sandbox::{Options, Sandbox};

use crate::steps::{client, raw};

const CARRIERS: &str = "/api/external/carriers";

async fn get(sandbox: &Sandbox, key: &str) -> String {
    raw(sandbox, "GET", CARRIERS, &format!("x-api-key: {key}\r\n"), "").await
}

#[tokio::test]
async fn keys_of_nobody_and_of_production_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(raw(&sandbox, "GET", CARRIERS, "", "").await.starts_with("HTTP/1.1 401"));
    assert!(get(&sandbox, "dev_other").await.contains(r#""message":"Unauthorized""#));
    let answer = get(&sandbox, "prod_secret").await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("Never send it a production key"), "{answer}");
    assert!(get(&sandbox, sandbox.key()).await.starts_with("HTTP/1.1 200"));
    let page = raw(&sandbox, "GET", "/_sandbox", "", "").await;
    assert!(page.contains(CARRIERS) && !page.contains("prod_secret"), "{page}");
}

#[tokio::test]
async fn the_rate_limit_has_headers_and_refuses_with_retry_after() {
    let sandbox = Options::default().rate_limit().start().await.unwrap();
    let mut refused = String::new();
    // A new minute may begin meanwhile.
    for _ in 0..201 {
        let answer = get(&sandbox, sandbox.key()).await;
        assert!(answer.contains("x-ratelimit-limit: 100") && answer.contains("x-ratelimit-reset: "), "{answer}");
        if !answer.starts_with("HTTP/1.1 200") {
            refused = answer;
            break;
        }
    }
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("x-ratelimit-remaining: 0"), "{refused}");
    assert!(refused.contains("RATE_LIMIT_EXCEEDED") && refused.contains("retry_after"), "{refused}");
}

#[tokio::test]
async fn the_library_has_no_rate_limit_unless_asked() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(!get(&sandbox, sandbox.key()).await.contains("x-ratelimit"));
    client(&sandbox).get_carriers().await.unwrap();
}

#[tokio::test]
async fn unreadable_bodies_and_unknown_paths_get_errors() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = "x-api-key: dev_sandbox\r\n";
    let answer = raw(&sandbox, "POST", "/api/external/patient", key, "{").await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("must be a JSON object"), "{answer}");
    let answer = raw(&sandbox, "GET", "/api/external/nothing", key, "").await;
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("NOT_FOUND"), "{answer}");
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let problem = Options::default().port(port).start().await.unwrap_err().to_string();
    assert_eq!(problem, format!("port {port} is in use by another process; choose another one (--port)"));
}
