//! What can be wrong with a list of accepted things, in words.

use super::{Diagnostic, Entry, Pointer, Span, codes, nearest};
use generator::diagnostic::{At, Code};

fn error(code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
    code.at(&Pointer::root(), message).at_span(span)
}

/// Returns where a diagnostic's first place starts.
pub(super) fn start(diagnostic: &Diagnostic) -> usize {
    match diagnostic.labels[0].at {
        At::Span(span) => span.start,
        At::Key | At::Value | At::Unshown => 0,
    }
}

pub(super) fn syntax(problem: &toml::de::Error, text: &str) -> Diagnostic {
    let range = problem.span().unwrap_or(text.len()..text.len());
    let span = Span { start: range.start.min(text.len()), end: range.end.min(text.len()) };
    error(&codes::EXCEPTION_SYNTAX, span, format!("this is not TOML: {}", problem.message()))
}

pub(super) fn unknown_key<'k>(
    key: &str,
    span: Span,
    what: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let help = match nearest(key, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the keys are {}", known.map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    };
    error(&codes::EXCEPTION_KEY, span, format!("{what} has no key `{key}`")).help(help)
}

pub(super) fn missing(key: &str, list: &str, head: Span) -> Diagnostic {
    error(&codes::EXCEPTION_KEY, head, format!("this entry has no key `{key}`"))
        .help(format!("an entry of `[[{list}]]` says what it accepts: add `{key} = \"…\"`"))
}

pub(super) fn without_reason(span: Span) -> Diagnostic {
    error(&codes::EXCEPTION_WITHOUT_REASON, span, "this entry gives no reason")
        .help("say why it is accepted: `reason = \"…\"`")
}

pub(super) fn not_a_list(list: &str, span: Span) -> Diagnostic {
    error(&codes::EXCEPTION_VALUE, span, format!("`{list}` is a list of tables"))
        .help(format!("head each entry with `[[{list}]]`"))
}

pub(super) fn not_a_table(list: &str, span: Span) -> Diagnostic {
    error(&codes::EXCEPTION_VALUE, span, "an entry is a table").help(format!("head each entry with `[[{list}]]`"))
}

pub(super) fn not_settings(table: &str, span: Span) -> Diagnostic {
    error(&codes::EXCEPTION_VALUE, span, format!("`{table}` is a table")).help(format!("head it with `[{table}]`"))
}

pub(super) fn not_a_text(key: &str, span: Span) -> Diagnostic {
    error(&codes::EXCEPTION_VALUE, span, format!("the value of `{key}` must be a string")).help("put it in quotes")
}

pub(super) fn twice(span: Span, first: Span) -> Diagnostic {
    error(&codes::EXCEPTION_TWICE, span, "this is accepted already")
        .label_at(&Pointer::root(), At::Span(first), "by this entry")
        .help("remove one of the two")
}

pub(super) fn unused(entry: &Entry, instead: Option<String>) -> Diagnostic {
    let help = instead.unwrap_or_else(|| "remove it: nothing is found that it accepts".to_owned());
    error(&codes::EXCEPTION_UNUSED, entry.span, "this exception no longer applies").help(help)
}

pub(super) fn other_code(entry: &Entry, near: &str) -> Diagnostic {
    let code = &entry.key[0];
    let span = entry.places.get("code").copied().unwrap_or(entry.span);
    error(&codes::EXCEPTION_UNUSED, span, format!("what this names is found, and its code is not `{code}`"))
        .help(format!("did you mean `{near}`?"))
}

/// Whether a problem is that the list is written wrong, so that nobody knows what it accepts: not merely that it
/// accepts what is not there.
#[must_use]
pub fn is_mistake(problem: &Diagnostic) -> bool {
    *problem.code != codes::EXCEPTION_UNUSED && codes::CODES.contains(&problem.code)
}

#[cfg(test)]
mod tests {
    use super::super::{Accepted, Form, read};
    use generator::Source;
    use generator::diagnostic::Diagnostic;

    const FORM: Form = Form { list: "except", keys: &["code", "pointer"], optional: &["since"], tables: &["levels"] };

    fn shown(problems: &[Diagnostic], text: &str) -> String {
        generator::report::text(problems, &Source::alone("spec/lint.toml", text), None, false)
    }

    fn problems(text: &str) -> String {
        shown(&read(text, &FORM).1, text)
    }

    fn entry(code: &str, pointer: &str) -> String {
        format!("[[except]]\ncode = '{code}'\npointer = '{pointer}'\nreason = 'so'\n")
    }

    #[test]
    fn entries_and_settings_keep_their_order_and_places() {
        let text = format!("[levels]\nz = 'warn'\na = 'deny'\n{}{}", entry("b", "/1"), entry("a", "/1"));
        let (accepted, problems) = read(&text, &FORM);
        assert!(problems.is_empty(), "{problems:?}");
        let keys: Vec<_> = accepted.settings.iter().map(|setting| (setting.key.as_str(), &*setting.value)).collect();
        assert_eq!(keys, [("z", "warn"), ("a", "deny")]);
        let heads: Vec<_> =
            accepted.entries.iter().map(|entry| generator::report::position(&text, entry.span.start)).collect();
        assert_eq!(heads, [(4, 1), (8, 1)]);
        let place = accepted.entries[1].places["code"];
        assert_eq!(&text[place.start..place.end], "'a'");
    }

    #[test]
    fn what_nothing_came_to_no_longer_applies() {
        let text = entry("a", "/1") + &entry("a", "/2");
        let (mut accepted, _) = read(&text, &FORM);
        assert!(accepted.accepts(&["a", "/2"]));
        assert!(accepted.accepts(&["a", "/2"]));
        assert!(!accepted.accepts(&["a", "/3"]));
        assert_eq!(accepted.entries[1].uses, 2);
        let expected = "\
error[exception-unused]: this exception no longer applies
 --> spec/lint.toml:1:1
  |
1 | [[except]]
  | ^^^^^^^^^^
  |
  = help: remove it: nothing is found that it accepts
";
        assert_eq!(shown(&accepted.unused(), &text), expected);
    }

    #[test]
    fn an_entry_without_a_reason_is_an_error() {
        for reason in ["", "reason = ' '\n"] {
            let text = format!("[[except]]\ncode = 'a'\npointer = '/1'\n{reason}");
            let shown = problems(&text);
            assert!(shown.starts_with("error[exception-without-reason]: this entry gives no reason\n"), "{shown}");
        }
    }

    #[test]
    fn a_second_entry_names_the_first() {
        let shown = problems(&(entry("a", "/1") + &entry("a", "/1")));
        assert!(shown.contains("--> spec/lint.toml:5:1"), "{shown}");
        assert!(shown.contains("---------- by this entry"), "{shown}");
    }

    #[test]
    fn mistakes_are_told_where_they_stand() {
        let expected = [
            ("code = \n", "exception-syntax", ":1:"),
            ("a = 1\n", "exception-key", ":1:1"),
            ("[level]\n", "did you mean `levels`?", ":1:2"),
            ("levels = 3\n", "exception-value", ":1:10"),
            ("[levels]\na = 3\n", "put it in quotes", ":2:5"),
            ("except = 3\n", "exception-value", ":1:10"),
            ("except = [3]\n", "an entry is a table", ":1:11"),
            ("[[except]]\ncode = 'a'\nreason = 'so'\n", "add `pointer = \"…\"`", ":1:1"),
            ("[[except]]\ncode = 'a'\npointr = 'b'\nreason = 'so'\n", "did you mean `pointer`?", ":3:1"),
            (
                "[[except]]\ncode = 'a'\npointer = 4\nreason = 'so'\n",
                "the value of `pointer` must be a string",
                ":3:11",
            ),
            ("[[except]]\ncode = 'a'\npointer = 'a'\nreason = 4\n", "the value of `reason` must be a string", ":4:10"),
        ];
        for (text, words, place) in expected {
            let shown = problems(text);
            assert!(shown.contains(words) && shown.contains(&format!("spec/lint.toml{place}")), "{text}:\n{shown}");
        }
        assert!(read("", &FORM).1.is_empty());
    }

    #[test]
    fn optional_keys_are_kept() {
        let (accepted, _) = read(&(entry("a", "/1") + "since = '2'\n"), &FORM);
        assert_eq!(accepted.entries[0].optional.get("since").map(String::as_str), Some("2"));
        assert_eq!(Accepted::default().unused(), []);
    }
}
