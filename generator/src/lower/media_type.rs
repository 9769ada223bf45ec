//! Media types: how the client supports each, and their names in Rust.

use openapiv3::MediaType;

/// How well the client supports a media type. The best of several comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
    /// Server-sent events.
    Events,
    /// Lines of JSON.
    Lines,
}

/// Returns what a media type is.
pub fn family(media_type: &str) -> Family {
    let essence = essence(media_type);
    if is_json(media_type) || essence == "*/*" || essence == "application/*" {
        return Family::Json;
    }
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Family::Form,
        "text/event-stream" => Family::Events,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonl"
        | "application/jsonlines"
        | "application/x-jsonlines"
        | "application/json-lines" => Family::Lines,
        _ if essence.starts_with("multipart/") => Family::Multipart,
        _ if essence.starts_with("text/") => Family::Text,
        _ => Family::Bytes,
    }
}

/// Returns whether a media type is JSON or ends in `+json`.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Whether null in a body clears a property (RFC 7396).
pub fn is_merge_patch(media_type: &str) -> bool {
    essence(media_type) == "application/merge-patch+json"
}

/// Whether it is a wildcard, such as `image/*`.
pub fn is_range(media_type: &str) -> bool {
    essence(media_type).contains('*')
}

/// Returns the media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns the media type for an `Accept` header. Parameters are left out if the first is the charset.
pub fn asked(media_type: &str) -> String {
    match media_type.split_once(';') {
        Some((_, parameters)) if !parameters.trim_start().to_ascii_lowercase().starts_with("charset=") => {
            media_type.trim().to_owned()
        }
        _ => essence(media_type),
    }
}

/// Returns a name for a media type that tells it from others: `application/vnd.acme.report+json` is `acme.report+json`.
pub fn word(media_type: &str) -> String {
    let essence = essence(media_type);
    let (main, sub) = essence.split_once('/').unwrap_or((&essence, ""));
    let word = match essence.as_str() {
        "*/*" | "application/*" => "any",
        "application/x-www-form-urlencoded" => "form",
        "application/octet-stream" => "bytes",
        "multipart/form-data" => "multipart",
        "text/plain" => "text",
        "text/event-stream" => "events",
        _ if sub == "*" => main,
        _ if family(&essence) == Family::Lines => "lines",
        _ => sub.strip_prefix("x-").or_else(|| sub.strip_prefix("vnd.")).unwrap_or(sub),
    };
    word.to_owned()
}

/// Returns the media type that the client supports best, or the first of equals.
pub fn choose(content: &openapiv3::Content) -> Option<(&String, &MediaType)> {
    content.iter().min_by_key(|(media_type, _)| (family(media_type), is_range(media_type)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_each() {
        let words = [
            ("application/json; charset=utf-8", "json"),
            ("application/vnd.kafka.binary.v2+json", "kafka.binary.v2+json"),
            ("application/x-msgpack", "msgpack"),
            ("application/x-ndjson", "lines"),
            ("image/*", "image"),
            ("image/svg+xml", "svg+xml"),
            ("Text/CSV", "csv"),
            ("odd", ""),
        ];
        for (media_type, expected) in words {
            assert_eq!(word(media_type), expected, "{media_type}");
        }
    }

    #[test]
    fn parameters_are_asked_for_unless_they_name_a_charset() {
        assert_eq!(asked("Application/JSON;charset=utf-8"), "application/json");
        assert_eq!(asked("application/json;odata=verbose"), "application/json;odata=verbose");
    }
}
