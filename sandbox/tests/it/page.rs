//! The page in a real browser.

use std::time::Duration;

use novamed_sandbox::{Operation, Options, Sandbox};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::browser::Browser;
use crate::steps::{App, client, place};

async fn fill(browser: &Browser, name: &str, value: &str) {
    let script = format!("[...document.getElementsByName('{name}')].at(-1).value = '{value}'");
    browser.run(&script).await;
}

async fn open(browser: &Browser, sandbox: &Sandbox) {
    browser.open(&format!("{}/_sandbox", sandbox.base_url())).await;
}

#[tokio::test]
async fn an_order_is_followed_resent_and_disturbed_by_keyboard() {
    let Some(browser) = Browser::start().await else { return };
    let app = App::start(200).await;
    let url = format!("http://127.0.0.1:{}/hook", app.port);
    let sandbox = Options::default().manual_clock().webhook(url).start().await.unwrap();
    open(&browser, &sandbox).await;
    browser.shows("Never enter real patients' data").await;
    place(&sandbox).await;
    browser.shows("POST /api/external/medication-order 200").await;
    browser.shows("createMedicationRequest 1").await;

    fill(&browser, "advance", "300").await;
    browser.press_by_keyboard("Advance").await;
    browser.shows("0:05:00 shipment:created").await;
    assert_eq!(app.received().len(), 6);
    browser.press_by_keyboard("Resend").await;
    while app.received().len() < 7 {
        sleep(Duration::from_millis(10)).await;
    }
    browser.press_by_keyboard("Cancel the shipment").await;
    browser.shows("shipment:cancelled").await;

    fill(&browser, "fault", "html").await;
    browser.press_by_keyboard("Add the fault").await;
    browser.shows("html for any operation, 1 time(s)").await;
    client(&sandbox).get_carriers().await.unwrap_err();
    browser.shows("fault: html").await;
    assert_eq!(sandbox.acts(Operation::CreateMedicationRequest), 1);
}

#[tokio::test]
async fn a_request_shows_its_curl_and_stays_open() {
    let Some(browser) = Browser::start().await else { return };
    let sandbox = Options::default().manual_clock().start().await.unwrap();
    client(&sandbox).get_carriers().await.unwrap();
    open(&browser, &sandbox).await;
    browser.press_by_keyboard("0:00:00 GET /api/external/carriers").await;
    let curl = format!("curl -X GET '{}/api/external/carriers'", sandbox.base_url());
    browser.shows(&curl).await;
    client(&sandbox).get_carriers().await.unwrap();
    browser.shows("200\nAnswer").await;
    while browser.run("document.querySelectorAll('#requests details').length").await != json!(2) {
        sleep(Duration::from_millis(50)).await;
    }
    assert!(browser.text().await.contains(&curl));
    assert_eq!(browser.run("document.activeElement.id").await, json!("summary-1"));
}

#[tokio::test]
async fn the_page_fits_on_a_phone_in_the_light_and_in_the_dark() {
    let Some(browser) = Browser::start().await else { return };
    let sandbox = Options::default().manual_clock().webhook("http://127.0.0.1:9/").start().await.unwrap();
    place(&sandbox).await;
    sandbox.advance(Duration::from_secs(300)).await;
    let mut papers: Vec<Value> = Vec::new();
    for (scheme, width, height) in [("light", 360, 740), ("dark", 360, 740), ("light", 1100, 1500)] {
        browser.resize(width, height).await;
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.emulate("Emulation.setEmulatedMedia", features).await;
        open(&browser, &sandbox).await;
        assert_eq!(browser.run("document.documentElement.scrollWidth <= innerWidth").await, json!(true));
        browser.picture(&format!("{scheme}-{width}")).await;
        papers.push(browser.run("getComputedStyle(document.body).backgroundColor").await);
    }
    assert_ne!(papers[0], papers[1]);
}

#[tokio::test]
async fn a_form_with_a_mistake_gets_an_explanation() {
    let Some(browser) = Browser::start().await else { return };
    let sandbox = Options::default().manual_clock().start().await.unwrap();
    open(&browser, &sandbox).await;
    fill(&browser, "status", "418").await;
    browser.press_by_keyboard("Add the fault").await;
    browser.shows("`status` must be 400, 401, 403, 404, 429 or 5xx, found 418").await;
}
