//! Texts of a pattern.

/// Returns a text that a pattern of characters, classes and counts asks for; none where it says more than these.
/// Whether the text fits is asked elsewhere.
pub fn text(pattern: &str) -> Option<String> {
    let mut rest = pattern.trim_start_matches('^').trim_end_matches('$').chars().peekable();
    let mut text = String::new();
    while let Some(c) = rest.next() {
        let drawn = match c {
            '[' => {
                let first = rest.next().filter(|first| *first != '^')?;
                rest.by_ref().find(|c| *c == ']')?;
                first
            }
            '\\' => match rest.next()? {
                'd' => '0',
                'w' => 'a',
                c if c.is_ascii_punctuation() => c,
                _ => return None,
            },
            '(' | ')' | '|' | '.' | '^' | '$' => return None,
            c => c,
        };
        let count = match rest.next_if(|c| "{+*?".contains(*c)) {
            Some('{') => {
                let count: String = rest.by_ref().take_while(|c| *c != '}').collect();
                count.split(',').next()?.parse().ok()?
            }
            _ => 1,
        };
        text.extend(std::iter::repeat_n(drawn, count));
    }
    Some(text)
}

#[test]
fn text_fits_its_pattern() {
    for (pattern, expected) in [
        ("^HX[0-9a-fA-F]{2}$", Some("HX00")),
        (r"^\d{3}-[a-z]+$", Some("000-a")),
        (r"a\.b{1,2}", Some("a.b")),
        ("(a|b)", None),
        ("[^a]", None),
    ] {
        assert_eq!(text(pattern).as_deref(), expected, "{pattern}");
    }
}
