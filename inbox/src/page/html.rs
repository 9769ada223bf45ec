//! The page's HTML. All that goes into it is a number, a word of this crate, or [`Escaped`].

use std::fmt::{self, Display, Write};
use std::time::{Duration, SystemTime};

use novamed::webhooks::Event;

use super::Allowed;
use crate::span::spoken;
use crate::store::{Counts, DeadLetter, DeadLetterId};
use crate::waiting::Waiting;

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

/// What the first page shows.
pub struct Overview<'a> {
    pub base: &'a str,
    pub may: Allowed,
    pub counts: Counts,
    pub letters: &'a [DeadLetter],
    /// The last of the letters, if more follow.
    pub more: Option<DeadLetterId>,
    pub waiting: &'a [Waiting],
}

/// Returns the first page.
pub fn overview(shown: &Overview<'_>) -> String {
    let counts = shown.counts;
    let ago = |span: Option<Duration>, after: &str| span.map_or("–".to_owned(), |span| spoken(span) + after);
    let mut body = String::from("<h1>Inbox</h1>\n<dl class=counts>\n");
    let alarm = if counts.dead > 0 { " class=alarm" } else { "" };
    for (name, value, class) in [
        ("Waiting", counts.waiting.to_string(), ""),
        ("Running", counts.running.to_string(), ""),
        ("Dead letters", counts.dead.to_string(), alarm),
        ("Handled", counts.handled.to_string(), ""),
        ("Oldest waiting", ago(counts.oldest_waiting, ""), ""),
        ("Last handled", ago(counts.last_handled, " ago"), ""),
    ] {
        let _ = writeln!(body, "<div{class}><dt>{name}</dt><dd>{value}</dd></div>");
    }
    body.push_str("</dl>\n<h2>Dead letters</h2>\n");
    letters(&mut body, shown);
    body.push_str("<h2>Waiting</h2>\n");
    waiting(&mut body, shown);
    if !shown.may.retry && !shown.may.discard {
        body.push_str("<p class=note>This page can only be read.</p>\n");
    }
    page(shown.base, "Inbox", &body)
}

fn letters(body: &mut String, shown: &Overview<'_>) {
    if shown.letters.is_empty() {
        body.push_str("<p>None.</p>\n");
        return;
    }
    body.push_str(
        "<table>\n<thead><tr><th scope=col>Id<th scope=col>Event<th scope=col>Reason<th scope=col>Attempts\
         <th scope=col>Died<th scope=col><span class=hidden>Actions</span></thead>\n<tbody>\n",
    );
    let base = Escaped(shown.base);
    for letter in shown.letters {
        let id = letter.id.get();
        let _ = write!(
            body,
            "<tr><td data-name=Id><a href=\"{base}/letters/{id}\">{id}</a><td data-name=Event>{}<td data-name=Reason>{}\
             <td data-name=Attempts>{}<td data-name=Died>{} ago<td>",
            event(letter),
            Escaped(&letter.explanation()),
            letter.attempts,
            since(letter.died_at),
        );
        if shown.may.retry {
            let _ = write!(body, "{}", button(shown.base, id, "retry", "Retry"));
        }
        body.push_str("</tr>\n");
    }
    body.push_str("</tbody>\n</table>\n");
    if let Some(last) = shown.more {
        let _ = writeln!(body, "<p><a href=\"?after={}\">Later dead letters</a></p>", last.get());
    }
}

fn waiting(body: &mut String, shown: &Overview<'_>) {
    if shown.waiting.is_empty() {
        body.push_str("<p>There is nothing.</p>\n");
        return;
    }
    body.push_str(
        "<table>\n<thead><tr><th scope=col>Id<th scope=col>State<th scope=col>Attempts<th scope=col>Received\
         <th scope=col>Last failure</thead>\n<tbody>\n",
    );
    for event in shown.waiting {
        let reason = event.reason.as_ref().map_or("–".to_owned(), ToString::to_string);
        let _ = writeln!(
            body,
            "<tr><td data-name=Id>{}<td data-name=State>{}<td data-name=Attempts>{}<td data-name=Received>{} ago\
             <td data-name=\"Last failure\">{reason}</tr>",
            event.id.get(),
            event.state.name(),
            event.attempts,
            since(event.received_at),
        );
    }
    body.push_str("</tbody>\n</table>\n");
    if shown.counts.waiting > shown.waiting.len() as u64 {
        let _ = writeln!(body, "<p>These are the oldest {} of {}.</p>", shown.waiting.len(), shown.counts.waiting);
    }
}

/// Returns the page of one dead letter.
pub fn letter(base: &str, may: Allowed, letter: &DeadLetter, revealed: bool) -> String {
    let id = letter.id.get();
    let home = if base.is_empty() { "/" } else { base };
    let mut body = format!(
        "<p><a href=\"{}\">Inbox</a></p>\n<h1>Dead letter {id}</h1>\n<dl>\n<dt>Event<dd>{}\n<dt>Reason<dd>{}\n\
         <dt>Attempts<dd>{}\n<dt>Received<dd>{} ago\n<dt>Died<dd>{} ago\n<dt>Delivery<dd>{} bytes\n</dl>\n",
        Escaped(home),
        event(letter),
        Escaped(&letter.explanation()),
        letter.attempts,
        since(letter.received_at),
        since(letter.died_at),
        letter.body.len(),
    );
    if revealed {
        let delivery = String::from_utf8_lossy(&letter.body);
        let _ = write!(
            body,
            "<h2>What the handler said</h2>\n<pre>{}</pre>\n<h2>Delivery</h2>\n<pre>{}</pre>\n",
            Escaped(letter.reason.text()),
            Escaped(&delivery)
        );
    }
    body.push_str("<div class=actions>");
    for (offered, action, label) in [
        (may.retry, "retry", "Retry"),
        (may.reveal && !revealed, "reveal", "Show the delivery"),
        (may.discard, "discard", "Discard for good"),
    ] {
        if offered {
            body.push_str(&button(base, id, action, label));
        }
    }
    body.push_str("</div>\n");
    page(base, &format!("Dead letter {id}"), &body)
}

fn button(base: &str, id: i64, action: &str, label: &str) -> String {
    format!(
        "<form method=post action=\"{}/letters/{id}/{action}\"><button class={action}>{label}\
         <span class=hidden> dead letter {id}</span></button></form>",
        Escaped(base)
    )
}

/// Returns a page that explains a refusal.
pub fn refusal(why: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Inbox</title>\n<h1>Inbox</h1>\n<p>{}</p>\n</html>\n",
        Escaped(why)
    )
}

fn page(base: &str, title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
         <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <meta name=color-scheme content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=stylesheet href=\"{}/style.css\">\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        Escaped(base)
    )
}

/// Returns the name of the letter's event, if this version knows it: another name can be any text.
fn event(letter: &DeadLetter) -> String {
    match Event::parse(&letter.body) {
        Ok(Event::Unknown(_)) | Err(_) => "(not known)".to_owned(),
        Ok(event) => Escaped(event.name()).to_string(),
    }
}

fn since(time: SystemTime) -> String {
    spoken(SystemTime::now().duration_since(time).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        assert_eq!(Escaped(r#"<b a='1' c="2">&"#).to_string(), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
    }
}
