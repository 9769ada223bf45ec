//! The text of a paragraph: code spans, links, addresses and words.
//!
//! `See pet_id at https://a.example <b>` becomes
//! ``See `pet_id` at <https://a.example> \<b>``.

use std::collections::BTreeSet;

/// Names that are written like identifiers but aren't.
pub(super) type ProperNames = BTreeSet<String>;

/// The width at which text is wrapped, without the indentation and `/// `.
const WIDTH: usize = 92;

/// Words that clippy accepts (the likely ones in its default `doc-valid-idents`).
const KNOWN_WORDS: &[&str] = &[
    "BibTeX",
    "CamelCase",
    "CoffeeScript",
    "DevOps",
    "DirectX",
    "ECMAScript",
    "EiB",
    "FreeBSD",
    "GPLv2",
    "GPLv3",
    "GiB",
    "GitHub",
    "GitLab",
    "GraphQL",
    "IPv4",
    "IPv6",
    "JavaScript",
    "KiB",
    "LaTeX",
    "MiB",
    "NaN",
    "NaNs",
    "NetBSD",
    "NixOS",
    "OAuth",
    "OCaml",
    "OpenBSD",
    "OpenDNS",
    "OpenGL",
    "OpenSSH",
    "OpenSSL",
    "OpenStreetMap",
    "OpenTelemetry",
    "PiB",
    "PostScript",
    "PowerShell",
    "TeX",
    "TensorFlow",
    "TiB",
    "TrueType",
    "TypeScript",
    "WebAssembly",
    "WebGL",
    "WebP",
    "WebRTC",
    "WebSocket",
    "iOS",
    "macOS",
];

/// Returns the words of a title that are written like identifiers, such as `OpenAPI`.
pub(in super::super) fn proper_names(title: &str) -> ProperNames {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| is_camel_case(word) && !KNOWN_WORDS.contains(word)).map(str::to_owned).collect()
}

/// Returns the text of a paragraph without anything that could run, load or mislead.
pub(super) fn safe(text: &str, names: &ProperNames) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '`' => code_span(rest, &mut out),
            '<' => angle(rest, &mut out),
            '[' => link(rest, names, &mut out),
            ']' => plain("\\]", 1, &mut out),
            // A reader's browser would load an image, so only a link stays.
            '!' if rest[1..].starts_with('[') => 1,
            '\\' => escape(rest, &mut out),
            _ if is_word(c) => word(rest, names, &mut out),
            _ => plain(&rest[..c.len_utf8()], c.len_utf8(), &mut out),
        };
        rest = &rest[taken..];
    }
    out
}

/// Returns a code span that holds the text.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let mark = "`".repeat(1 + text.split(|c| c != '`').map(str::len).max().unwrap_or(0));
    // CommonMark removes a space at each end.
    if text.contains('`') { format!("{mark} {text} {mark}") } else { format!("{mark}{text}{mark}") }
}

fn plain(text: &str, taken: usize, out: &mut String) -> usize {
    out.push_str(text);
    taken
}

/// A code span stays. Backticks without a closing run are escaped.
fn code_span(rest: &str, out: &mut String) -> usize {
    let run = rest.chars().take_while(|c| *c == '`').count();
    let mut from = run;
    while let Some(start) = rest[from..].find('`') {
        let start = from + start;
        let length = rest[start..].chars().take_while(|c| *c == '`').count();
        if length == run {
            return plain(&rest[..start + run], start + run, out);
        }
        from = start + length;
    }
    plain(&"\\`".repeat(run), run, out)
}

/// An address in angle brackets stays. A tag is escaped.
fn angle(rest: &str, out: &mut String) -> usize {
    let address = rest[1..].find('>').map(|end| &rest[1..=end]);
    match address {
        Some(address) if is_address(address) => plain(&rest[..address.len() + 2], address.len() + 2, out),
        _ => plain("\\<", 1, out),
    }
}

/// A link to an absolute address stays. Of any other link, only the text does.
fn link(rest: &str, names: &ProperNames, out: &mut String) -> usize {
    let close = rest.find(']').filter(|close| !rest[1..*close].contains(['[', '`', '<']));
    let target = close.and_then(|close| {
        let after = rest[close + 1..].strip_prefix('(')?;
        Some((close, &after[..after.find(')')?]))
    });
    match target {
        Some((close, target)) => {
            let label = safe_label(&rest[1..close], names);
            let address = target.split_whitespace().next().unwrap_or_default();
            if is_address(address) {
                out.extend(["[", &label, "](", address, ")"]);
            } else {
                out.push_str(&label);
            }
            close + 2 + target.len() + 1
        }
        None => plain("\\[", 1, out),
    }
}

/// The label of a link. An address in it must not become a link inside the link.
fn safe_label(label: &str, names: &ProperNames) -> String {
    if label.contains("://") { code(label) } else { safe(label, names) }
}

fn is_address(text: &str) -> bool {
    let known =
        ["https://", "http://", "mailto:"].iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    known
        && !text.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '`' | '"' | '(' | ')' | '[' | ']')
        })
}

/// An escape stays. A backslash that escapes nothing is escaped.
fn escape(rest: &str, out: &mut String) -> usize {
    match rest[1..].chars().next() {
        Some(next) if next.is_ascii_punctuation() => plain(&rest[..2], 2, out),
        _ => plain("\\\\", 1, out),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A word: an address, an identifier in backticks, or the word itself.
fn word(rest: &str, names: &ProperNames, out: &mut String) -> usize {
    if let Some(length) = bare_address(rest) {
        let address = &rest[..length];
        if is_http(address) && is_address(address) {
            out.extend(["<", address, ">"]);
        } else {
            out.push_str(&code(address));
        }
        return length;
    }
    let length = word_length(rest);
    let word = &rest[..length];
    // The `_` in `**bold**_` isn't an identifier.
    let has_letter = word.contains(char::is_alphanumeric);
    let is_call = rest[length..].starts_with("()");
    let is_code = has_letter
        && (is_call || word.contains('_') || word.contains("::") || is_camel_case(word) || is_lower_camel_case(word));
    if is_code && !KNOWN_WORDS.contains(&word) && !names.contains(word) {
        let end = if is_call { length + 2 } else { length };
        return plain(&format!("`{}`", &rest[..end]), end, out);
    }
    plain(word, length, out)
}

fn word_length(rest: &str) -> usize {
    let mut length = 0;
    loop {
        length += rest[length..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
        let path = rest[length..].strip_prefix("::").is_some_and(|next| next.starts_with(is_word));
        if !path {
            return length;
        }
        length += 2;
    }
}

fn is_http(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// The length of an address without brackets, not counting punctuation at its end.
fn bare_address(rest: &str) -> Option<usize> {
    let scheme = rest.chars().take_while(char::is_ascii_alphanumeric).count();
    if scheme == 0 || !rest[scheme..].starts_with("://") {
        return None;
    }
    let end = rest.find(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '`' | '"' | '(' | ')' | '[' | ']' | '|' | '\\')
    });
    let address = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_']);
    (address.len() > scheme + 3).then_some(address.len())
}

/// Clippy's own rule for what looks like a type's name.
fn is_camel_case(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    !word.starts_with(|c: char| c.is_ascii_digit() || c.is_lowercase())
        && word.chars().all(char::is_alphanumeric)
        && word.chars().filter(|c| c.is_uppercase()).nth(1).is_some()
        && word.contains(char::is_lowercase)
}

/// `storeId`, a property's name.
fn is_lower_camel_case(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
        && word.contains(|c: char| c.is_ascii_uppercase())
}

/// Returns the text in wrapped lines: the first with one prefix, the others with another.
pub(super) fn wrapped(text: &str, first: &str, others: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut width = first.chars().count();
    let mut is_empty = true;
    for piece in pieces(text) {
        let length = piece.chars().count();
        if !is_empty && width + 1 + length > WIDTH && !opens_block(piece) {
            lines.push(std::mem::replace(&mut line, others.to_owned()));
            width = others.chars().count();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            width += 1;
        }
        // Escape a word that would open a block at the start of the text.
        if is_empty && lines.is_empty() && opens_block(piece) && first.is_empty() {
            line.push('\\');
            width += 1;
        }
        line.push_str(piece);
        width += length;
        is_empty = false;
    }
    if !is_empty {
        lines.push(line);
    }
    lines
}

/// The words of a text. A code span counts as one word, and so does a link.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut in_code = 0;
        let mut in_link = false;
        let mut chars = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' if in_code == 0 => {
                    chars.next();
                }
                '`' => {
                    let mut run = 1;
                    while chars.next_if(|(_, next)| *next == '`').is_some() {
                        run += 1;
                    }
                    in_code = if in_code == 0 {
                        run
                    } else if in_code == run {
                        0
                    } else {
                        in_code
                    };
                }
                '[' if in_code == 0 => in_link = true,
                ')' if in_code == 0 => in_link = false,
                ' ' if in_code == 0 && !in_link => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let piece = &rest[..end];
        rest = rest[end..].trim_start();
        Some(piece)
    })
}

/// Whether a line that starts with this word would open a block.
fn opens_block(word: &str) -> bool {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    word.starts_with(['-', '+', '*', '#', '>', '=', '|', '~']) && !word.starts_with("**")
        || digits > 0 && word[digits..].starts_with(['.', ')'])
        || word.starts_with("```")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        safe(text, &proper_names("The OpenPets API"))
    }

    #[test]
    fn identifiers_get_backticks() {
        assert_eq!(written("the store_id of a StoreService, storeId"), "the `store_id` of a `StoreService`, `storeId`");
        assert_eq!(written("OpenPets on GitHub, `as_is`, IDs"), "OpenPets on GitHub, `as_is`, IDs");
        assert_eq!(written("a::b() and *some_thing*"), "`a::b()` and *`some_thing`*");
    }

    #[test]
    fn nothing_becomes_a_tag_or_a_broken_link() {
        assert_eq!(written("<id> <https://a.example> <script>"), "\\<id> <https://a.example> \\<script>");
        assert_eq!(
            written("[x], [y](#z), [w](https://a.example \"t\"), ![i](http://b.example)"),
            "\\[x\\], y, [w](https://a.example), [i](http://b.example)"
        );
        assert_eq!(written("see https://a.example/b_c."), "see <https://a.example/b_c>.");
        assert_eq!(written("open ` and ``x"), "open \\` and \\`\\`x");
        assert_eq!(written("end \\"), "end \\\\");
    }

    #[test]
    fn a_wrapped_line_opens_no_block() {
        let text = format!("{} - b `c d` 1. e", "a".repeat(91));
        assert_eq!(wrapped(&text, "", ""), [format!("{} -", "a".repeat(91)), "b `c d` 1. e".to_owned()]);
        assert_eq!(wrapped("# a", "", ""), ["\\# a"]);
    }

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code(" "), "(empty)");
    }
}
