//! The bodies of requests: JSON, forms, text and bytes.

use std::collections::BTreeMap;
use std::pin::pin;

use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use http_body::Body as _;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::runtime::call::body::MediaBody;
use crate::runtime::call::style::Style;
use crate::runtime::response::undecoded::media_type;
use crate::runtime::server::input::Input;
use crate::runtime::server::problem::Refused;
use crate::runtime::server::styled::{decoded, of_pairs, pairs};
use crate::runtime::server::tree::{Decoded, Tree};
use crate::runtime::transport::body::Body;
use crate::runtime::value::objects::Objects;

/// How many bytes of a body are held in memory. Bodies that the implementation reads as a stream have no limit here.
const LIMIT: usize = 16 << 20;

/// How many pairs a form may have. Each takes more memory than it has bytes.
const PAIRS: usize = 100_000;

impl Input {
    /// Returns which of the media types the request has. A range such as `image/*` matches any of its types. The first is
    /// assumed where the request doesn't name one.
    pub(crate) fn media_type(&mut self, media_types: &[&str]) -> Option<usize> {
        let found = media_type(self.call.headers());
        if found.is_empty() {
            return Some(0);
        }
        let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_exact = |known: &str| essence(known) == found;
        let is_json = |text: &str| text.ends_with("/json") || text.ends_with("+json");
        let is_alike = |known: &str| match known.split_once('*') {
            Some((start, _)) => found.starts_with(start),
            None => is_json(&essence(known)) && is_json(&found),
        };
        let index = media_types.iter().position(|known| is_exact(known));
        let index = index.or_else(|| media_types.iter().position(|known| is_alike(known)));
        if index.is_none() {
            let text = format!("the body's media type must be {}", media_types.join(" or "));
            self.refusal = Some(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
        }
        index
    }

    /// Notes that the server can't decode bodies of the media type.
    pub(crate) fn unsupported(&mut self, media_type: &str) {
        let text = format!("this server does not read bodies of the media type {media_type}");
        self.refusal = Some(Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }

    /// Whether the request has a body.
    pub(crate) fn has_body(&self) -> bool {
        !self.body.is_end_stream() || self.call.headers().contains_key(header::CONTENT_TYPE)
    }

    /// Reads the body. None if it is too large or breaks off, which is noted.
    async fn read(&mut self) -> Option<Bytes> {
        let mut body = pin!(std::mem::take(&mut self.body));
        let mut read = BytesMut::new();
        while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let Ok(frame) = frame else {
                self.refusal = Some(Refused::new(StatusCode::BAD_REQUEST, "the body broke off"));
                return None;
            };
            let Ok(data) = frame.into_data() else { continue };
            if read.len() + data.len() > LIMIT {
                self.refusal = Some(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"));
                return None;
            }
            read.extend_from_slice(&data);
        }
        Some(read.freeze())
    }

    /// Decodes a body of JSON.
    pub(crate) async fn json<T: DeserializeOwned>(&mut self, is_required: bool) -> Option<T> {
        let bytes = self.read().await?;
        if bytes.is_empty() {
            if is_required {
                self.note(None, String::new(), "required");
            }
            return None;
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let decoded: Result<Objects<T>, _> = serde_path_to_error::deserialize(&mut json);
        match decoded {
            Ok(Objects(value)) if json.end().is_ok() => return Some(value),
            Ok(_) => self.note(None, String::new(), "valid JSON"),
            Err(error) => {
                let mut pointer = self.pointer(error.path());
                let rule = match error.into_inner() {
                    error if !error.is_data() => {
                        pointer.clear();
                        "valid JSON"
                    }
                    error => {
                        let text = error.to_string();
                        match text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
                            Some((name, _)) => {
                                pointer.push('/');
                                pointer.push_str(&escaped(name));
                                "required"
                            }
                            None => "a value of the documented type",
                        }
                    }
                };
                self.note(None, pointer, rule);
            }
        }
        None
    }

    /// Returns a path as a JSON pointer. The key of a map is data, and written as `*`.
    fn pointer(&self, path: &serde_path_to_error::Path) -> String {
        let segments = path.iter().filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } if self.properties.binary_search(&key.as_str()).is_ok() => {
                Some(format!("/{}", escaped(key)))
            }
            Segment::Map { .. } => Some("/*".to_owned()),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        segments.collect()
    }

    /// Decodes a form. `styles` are those of properties that aren't written in the default way.
    pub(crate) async fn form<T: DeserializeOwned>(
        &mut self,
        is_required: bool,
        styles: &[(&str, Style, bool)],
    ) -> Option<T> {
        let bytes = self.read().await?;
        if bytes.split(|byte| *byte == b'&').count() > PAIRS {
            self.refusal = Some(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "the form has too many properties"));
            return None;
        }
        let pairs = pairs(&String::from_utf8_lossy(&bytes), '&');
        if pairs.is_empty() && !is_required {
            return None;
        }
        let is_deep = |name: &str| styles.iter().any(|(it, style, _)| *it == name && *style == Style::DeepObject);
        let mut by_name: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (key, value) in pairs {
            let name = decoded(&key, true);
            let base = name.split('[').next().filter(|base| is_deep(base)).map(str::to_owned);
            by_name.entry(base.unwrap_or(name)).or_default().push((key, value));
        }
        let mut tree = Tree::default();
        for (name, own) in by_name {
            let style = styles.iter().find(|(styled, ..)| *styled == name).map(|(_, style, _)| *style);
            let value = of_pairs(&name, &own, style.unwrap_or(Style::Form { explode: true }), &[]);
            // By default, a property that is an object is written as JSON.
            let value = if style.is_none() { value.without_children() } else { value };
            tree.push(name, value);
        }
        match tree.decode() {
            Decoded::Value(value) => return Some(value),
            _ => self.note(None, String::new(), "a form with the documented properties"),
        }
        None
    }

    /// Decodes a body of text.
    pub(crate) async fn text(&mut self) -> Option<String> {
        let bytes = self.read().await?;
        let text = String::from_utf8(bytes.into()).ok();
        if text.is_none() {
            self.note(None, String::new(), "UTF-8 text");
        }
        text
    }

    /// Returns the body, to be streamed.
    pub(crate) fn stream(&mut self) -> Body {
        Body::stream(std::mem::take(&mut self.body))
    }

    /// Returns the body with its media type, to be streamed.
    pub(crate) fn media(&mut self) -> MediaBody {
        let media_type = media_type(self.call.headers());
        MediaBody::new(media_type, self.stream())
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
