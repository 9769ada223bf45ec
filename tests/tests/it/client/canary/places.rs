//! Collects printed texts, and searches them for markers.

use std::cell::RefCell;
use std::error::Error;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Mutex, Once};

use crate::client::filler::Marker;

/// Texts, each with its place.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<Vec<(String, String)>>>);

impl Places {
    pub fn add(&self, place: &str, text: String) {
        self.0.lock().expect("no test panics in the lock").push((place.to_owned(), text));
    }

    /// Adds both forms of `Debug`.
    pub fn debug(&self, place: &str, value: &(impl Debug + ?Sized)) {
        self.add(&format!("`Debug` of {place}"), format!("{value:?}"));
        self.add(&format!("pretty `Debug` of {place}"), format!("{value:#?}"));
    }

    /// Adds everything that an error and its sources print.
    pub fn error(&self, place: &str, error: &(dyn Error + 'static)) {
        self.add(&format!("`Display` of {place}"), error.to_string());
        self.debug(place, error);
        if let Some(source) = error.source() {
            self.error(&format!("the source of {place}"), source);
        }
    }

    /// Adds the panic message of `unwrap` or `unwrap_err`.
    pub fn unwrapped<T: Debug, E: Debug>(&self, result: Result<T, E>) {
        let is_ok = result.is_ok();
        let text = message_of(|| if is_ok { drop(result.unwrap_err()) } else { drop(result.unwrap()) });
        self.add("the message of a panic", text);
    }

    /// The number of texts.
    pub fn count(&self) -> usize {
        self.0.lock().expect("no test panics in the lock").len()
    }

    /// Returns each place that contains a marker, with the marker's pointer. Neither is a value.
    pub fn leaks(&self, markers: &[Marker]) -> Vec<String> {
        let places = self.0.lock().expect("no test panics in the lock");
        let needles: Vec<(&str, Vec<Needle>)> =
            markers.iter().map(|marker| (marker.pointer.as_str(), needles(marker))).collect();
        let mut leaks: Vec<String> = Vec::new();
        for (place, text) in &*places {
            let squeezed = squeeze(text);
            for (pointer, needles) in &needles {
                let is_held = needles.iter().any(|needle| match needle {
                    Needle::Exact(needle) => text.contains(needle),
                    Needle::Squeezed(needle) => squeezed.contains(needle),
                });
                let leak = format!("{place} holds {pointer}");
                if is_held && !leaks.contains(&leak) {
                    leaks.push(leak);
                }
            }
        }
        leaks
    }
}

thread_local! {
    /// The messages of this thread's panics, if requested.
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Returns a panic's message. It isn't printed, because there are thousands.
fn message_of(panics: impl FnOnce()) -> String {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            let is_asked_for = MESSAGE
                .with_borrow_mut(|message| message.as_mut().map(|message| *message = info.to_string()).is_some());
            if !is_asked_for {
                usual(info);
            }
        }));
    });
    MESSAGE.set(Some(String::new()));
    let outcome = catch_unwind(AssertUnwindSafe(panics));
    let message = MESSAGE.take().expect("it was set");
    assert!(outcome.is_err() && !message.is_empty(), "it was to panic");
    message
}

/// The form of a marker.
enum Needle {
    /// Too short to be recognized in another form.
    Exact(String),
    /// Without whitespace, in lower case.
    Squeezed(String),
}

/// Unchanged, as a list of bytes, and as hexadecimal digits.
fn needles(marker: &Marker) -> Vec<Needle> {
    let forms = marker.texts.iter().flat_map(|text| {
        assert!(text.len() > 1, "{} is too short to be looked for", marker.pointer);
        if text.len() < 6 {
            return vec![Needle::Exact(text.clone())];
        }
        let list = format!("{:?}", text.as_bytes());
        let digit = |four: u8| char::from_digit(u32::from(four), 16).expect("four bits are a digit");
        let hex = text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        let list = list.trim_matches(['[', ']']).replace(' ', "");
        vec![Needle::Squeezed(squeeze(text)), Needle::Squeezed(list), Needle::Squeezed(hex)]
    });
    forms.collect()
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
}
