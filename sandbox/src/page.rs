//! The page's HTML. Everything that comes from outside goes through [`Escaped`].

use std::fmt::{self, Display, Write};
use std::time::Duration;

use crate::answers::KEY;
use crate::faults::Fault;
use crate::operation::Operation;
use crate::shared::{Clock, Core, Exchange};
use crate::webhooks::{Delivery, Disturbance};

/// How many orders and deliveries are shown.
const SHOWN: usize = 50;

/// Text that is escaped, so that a browser shows it unchanged.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

/// A virtual time, such as `1:02:03`.
struct Time(Duration);

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

/// Returns the page. `host` is where the browser found it.
pub(crate) fn page(core: &Core, host: &str) -> String {
    let mut body = String::from(
        "<h1>NovaMed sandbox</h1>\n<p class=warning>Never enter real patients' data: whatever an app sends is shown \
         here.</p>\n<section id=clock data-live>\n",
    );
    clock(&mut body, core);
    body.push_str("</section>\n");
    body.push_str(CLOCK_FORMS);
    body.push_str("<section id=requests data-live>\n<h2>Requests</h2>\n");
    if core.exchanges.is_empty() {
        body.push_str("<p>None yet.</p>\n");
    }
    for exchange in &core.exchanges {
        request(&mut body, exchange, host);
    }
    body.push_str("</section>\n<section id=orders data-live>\n<h2>Orders</h2>\n");
    orders(&mut body, core);
    body.push_str("</section>\n<section id=webhooks data-live>\n<h2>Webhooks</h2>\n");
    webhooks(&mut body, core);
    body.push_str("</section>\n");
    disturbance_form(&mut body);
    body.push_str("<section id=faults data-live>\n<h2>Faults</h2>\n");
    faults(&mut body, core);
    body.push_str("</section>\n");
    fault_form(&mut body);
    document(&body, "<script src=/_sandbox/script.js defer></script>\n")
}

/// Returns a page that explains a refusal.
pub(crate) fn refusal(problem: &str) -> String {
    let problem = Escaped(problem);
    document(&format!("<h1>NovaMed sandbox</h1>\n<p>{problem}</p>\n<p><a href=/_sandbox>Back</a></p>\n"), "")
}

fn document(body: &str, script: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n<title>NovaMed sandbox</title>\n\
         <link rel=stylesheet href=/_sandbox/style.css>\n{script}</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

const CLOCK_FORMS: &str = "<form method=post action=/_sandbox/clock><label>Advance by seconds<input name=advance \
    type=number min=1 max=4294967295 value=60 required></label><button>Advance</button></form>\n\
    <form method=post action=/_sandbox/clock><label>Speed<input name=speed value=manual required></label>\
    <button>Set the speed</button></form>\n";

fn clock(body: &mut String, core: &Core) {
    let speed = match core.clock {
        Clock::Manual => "stopped until it is advanced".to_owned(),
        Clock::Running(speed) => format!("{speed} times as fast as real time"),
    };
    let _ = writeln!(body, "<h2>Clock</h2>\n<p>{} ({speed})</p>", Time(core.state.now()));
    let acts = Operation::ALL.iter().filter(|operation| core.state.acts(**operation) > 0);
    let acts: Vec<_> = acts.map(|operation| format!("{} {}", operation.name(), core.state.acts(*operation))).collect();
    if !acts.is_empty() {
        let _ = writeln!(body, "<p>Acted on: {}</p>", acts.join(", "));
    }
}

fn request(body: &mut String, exchange: &Exchange, host: &str) {
    let Exchange { number, at, method, target, .. } = exchange;
    let status = exchange.status.map_or("closed".to_owned(), |status| status.to_string());
    let class = if exchange.status.is_some_and(|status| status < 400) { "" } else { " class=wrong" };
    let fault =
        exchange.fault.map_or(String::new(), |fault| format!(" <span class=wrong>fault: {}</span>", fault.name()));
    let _ = writeln!(
        body,
        "<details id=request-{number}><summary id=summary-{number}>{} {method} {} <span{class}>{status}</span>{fault}\
         </summary>",
        Time(*at),
        Escaped(target)
    );
    if !exchange.body.is_empty() {
        let _ = writeln!(body, "<h3>Request</h3>\n<pre>{}</pre>", Escaped(&exchange.body));
    }
    let _ = writeln!(body, "<h3>Answer</h3>\n<pre>{}</pre>", Escaped(&exchange.answer));
    let _ = writeln!(body, "<h3>curl</h3>\n<pre>{}</pre>\n</details>", Escaped(&curl(exchange, host)));
}

/// Returns the command that makes the same request.
fn curl(exchange: &Exchange, host: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let url = quoted(&format!("http://{host}{}", exchange.target));
    let mut command = format!("curl -X {} {url} -H 'x-api-key: {KEY}'", exchange.method);
    if !exchange.body.is_empty() {
        let _ = write!(command, " -H 'content-type: application/json' -d {}", quoted(&exchange.body));
    }
    command
}

fn orders(body: &mut String, core: &Core) {
    let ids = &core.state.order_ids;
    if ids.is_empty() {
        body.push_str("<p>None yet.</p>\n");
        return;
    }
    body.push_str(
        "<table>\n<thead><tr><th scope=col>Order<th scope=col>Patient<th scope=col>Timeline<th scope=col>\
         <span class=hidden>Actions</span></thead>\n<tbody>\n",
    );
    for order in ids.iter().rev().take(SHOWN).filter_map(|id| core.state.orders.get(id)) {
        let id = Escaped(&order.id);
        let _ = write!(
            body,
            "<tr><td data-name=Order>{id}<td data-name=Patient>{}<td data-name=Timeline><ol>",
            Escaped(&order.patient)
        );
        for (at, event) in &order.timeline {
            let _ = write!(body, "<li>{} {event}", Time(*at));
        }
        body.push_str("</ol><td>");
        if order.shipment.is_some() {
            let _ = write!(
                body,
                "<form method=post action=/_sandbox/orders/{id}/cancel><button id=cancel-{id}>Cancel the shipment\
                 <span class=hidden> of order {id}</span></button></form>"
            );
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n");
    if ids.len() > SHOWN {
        let _ = writeln!(body, "<p>These are the newest {SHOWN} of {}.</p>", ids.len());
    }
}

fn webhooks(body: &mut String, core: &Core) {
    body.push_str(
        "<p>For convenience, the sandbox delivers to <code>https://localhost:PORT/…</code> over plain HTTP.</p>\n<ul>\n",
    );
    for (_, url) in core.state.webhooks.values() {
        let _ = writeln!(body, "<li>{}", Escaped(url));
    }
    body.push_str("</ul>\n");
    if core.state.deliveries.is_empty() {
        body.push_str("<p>Nothing was delivered yet.</p>\n");
        return;
    }
    body.push_str(
        "<table>\n<thead><tr><th scope=col>Delivery<th scope=col>Event<th scope=col>To<th scope=col>Attempts\
         <th scope=col>State<th scope=col><span class=hidden>Actions</span></thead>\n<tbody>\n",
    );
    for (id, delivery) in core.state.deliveries().rev().take(SHOWN) {
        row(body, id, delivery);
    }
    body.push_str("</tbody>\n</table>\n");
}

fn row(body: &mut String, id: u64, delivery: &Delivery) {
    let _ = write!(
        body,
        "<tr><td data-name=Delivery>{id}<td data-name=Event><details id=delivery-{id}><summary id=event-{id}>{}</summary>\
         <pre>{}</pre></details><td data-name=To>{}<td data-name=Attempts><ol>",
        Escaped(&delivery.event),
        Escaped(&delivery.body),
        Escaped(&delivery.url),
    );
    for (at, answer) in &delivery.attempts {
        match answer {
            Ok(status) => drop(write!(body, "<li>{} {status}", Time(*at))),
            Err(problem) => drop(write!(body, "<li>{} {}", Time(*at), Escaped(problem))),
        }
    }
    let state = match delivery {
        _ if delivery.is_accepted() => "accepted",
        _ if delivery.is_given_up() => "given up",
        _ => "waiting",
    };
    let _ = writeln!(
        body,
        "</ol><td data-name=State>{state}<td><form method=post action=/_sandbox/deliveries/{id}/resend>\
         <button id=resend-{id}>Resend<span class=hidden> delivery {id}</span></button></form></tr>"
    );
}

fn faults(body: &mut String, core: &Core) {
    let rules = core.faults.rules();
    if rules.is_empty() {
        body.push_str("<p>None: requests are answered properly.</p>\n");
        return;
    }
    body.push_str("<ul>\n");
    for rule in rules {
        let operation = rule.operation.map_or("any operation", Operation::name);
        let acts = if rule.acts { ", acting first" } else { "" };
        let skip = if rule.skip > 0 { format!(" after {} more", rule.skip) } else { String::new() };
        let _ = writeln!(body, "<li>{} for {operation}, {} time(s){skip}{acts}", rule.fault.name(), rule.count);
    }
    body.push_str(
        "</ul>\n<form method=post action=/_sandbox/faults/clear><button id=clear>Drop all faults</button></form>\n",
    );
}

fn options<'a>(body: &mut String, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        let _ = write!(body, "<option>{name}");
    }
}

fn fault_form(body: &mut String) {
    body.push_str("<form method=post action=/_sandbox/faults><label>Fault<select name=fault id=fault>");
    options(body, Fault::ALL.map(Fault::name));
    body.push_str("</select></label><label>Operation<select name=operation id=operation><option value=''>any");
    options(body, Operation::ALL.map(Operation::name));
    body.push_str(
        "</select></label><label>Status<input name=status type=number min=400 max=599></label><label>Seconds\
         <input name=seconds type=number min=0></label><label>Skip<input name=skip type=number min=0></label>\
         <label>Count<input name=count type=number min=1></label><label class=check><input name=acts type=checkbox \
         value=true>Act first</label><button>Add the fault</button></form>\n",
    );
}

fn disturbance_form(body: &mut String) {
    body.push_str("<form method=post action=/_sandbox/webhooks><label>Next event<select name=disturbance>");
    options(body, Disturbance::ALL.map(|(_, name)| name));
    body.push_str(
        "</select></label><label>Events<input name=count type=number min=1 max=1000 value=1></label>\
        <button>Disturb</button></form>\n",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_quoted_for_the_shell_and_escaped_for_the_page() {
        let exchange = Exchange {
            number: 1,
            at: Duration::from_secs(3723),
            method: "POST".to_owned(),
            target: "/api/external/patient".to_owned(),
            body: "{\"name\":\"O'Hara <b>\"}".to_owned(),
            status: Some(200),
            answer: String::new(),
            fault: None,
        };
        assert!(curl(&exchange, "localhost:1").ends_with(r#"-d '{"name":"O'\''Hara <b>"}'"#));
        let mut body = String::new();
        request(&mut body, &exchange, "localhost:1");
        assert!(body.contains("1:02:03 POST") && !body.contains("<b>"), "{body}");
    }
}
