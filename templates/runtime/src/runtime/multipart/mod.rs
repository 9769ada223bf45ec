//! Bodies of the type `multipart/form-data`: [`Part`], [`Form`], [`PartStyle`].
//!
//! ```text
//! self.call(&UPLOAD)
//!     .multipart("multipart/form-data", Form::new().value("title", &upload.title).part("file", upload.file))
//! ```

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use http_body::Body as HttpBody;
use http_body::{Frame, SizeHint};
use serde::Serialize;

use crate::runtime::call::Call;
use crate::runtime::call::node::Node;
use crate::runtime::error::BoxError;
use crate::runtime::transport::body::Body;

/// A part of a form: a file or any other bytes, from memory or streamed. `Debug` prints only the size, if it is
/// known.
#[derive(Debug)]
#[must_use]
pub struct Part {
    body: Body,
    file_name: Option<Box<FileName>>,
    media_type: Option<HeaderValue>,
    headers: HeaderMap,
    /// A media type or header that cannot be written comes out when the call is sent.
    is_broken: bool,
}

/// The name of a file, which may be that of a patient.
struct FileName(String);

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::runtime::value::secret::Redacted.fmt(f)
    }
}

impl Part {
    /// Creates a part from a body. With [`Body::stream`] it is read while it is sent.
    pub fn new(body: impl Into<Body>) -> Self {
        Self { body: body.into(), file_name: None, media_type: None, headers: HeaderMap::new(), is_broken: false }
    }

    /// Sets the name of the file.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(Box::new(FileName(name.into())));
        self
    }

    /// Sets the media type of the part. The default is the one that the API names, or
    /// `application/octet-stream`. If it isn't valid in a header, the call fails before anything is sent.
    pub fn media_type(mut self, media_type: &str) -> Self {
        self.media_type = HeaderValue::from_str(media_type).ok();
        self.is_broken |= self.media_type.is_none();
        self
    }

    /// Adds a header to the part, in addition to `content-disposition` and `content-type`. If it isn't valid, the
    /// call fails before anything is sent.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.append(name, value);
            }
            _ => self.is_broken = true,
        }
        self
    }
}

impl<B: Into<Body>> From<B> for Part {
    fn from(body: B) -> Self {
        Self::new(body)
    }
}

/// Returns the parts of a value, by their names, as texts.
pub(crate) type Written = Box<dyn Fn(&str, &Node) -> Vec<(String, String)> + Send>;

/// What the part of a scalar is.
const TEXT: &str = "text/plain; charset=utf-8";

/// A form that is being put together. A null is left out.
#[must_use]
pub(crate) struct Form {
    boundary: String,
    segments: VecDeque<Body>,
    /// The media types of parts that have another than by their value, by the names of the parts.
    part_types: Vec<(&'static str, &'static str)>,
    /// How values become parts that are written in another way than by default, by the names of the parts.
    pub(crate) written: Vec<(&'static str, Written)>,
    /// The first part that cannot be written.
    broken: Option<&'static str>,
}

impl Form {
    pub(crate) fn new() -> Self {
        // A boundary must differ from everything in the parts, so it has to be unpredictable. The
        // standard library's hasher is keyed by the system's randomness.
        let number = || RandomState::new().build_hasher().finish();
        Self {
            boundary: format!("{:016x}{:016x}", number(), number()),
            segments: VecDeque::new(),
            part_types: Vec::new(),
            written: Vec::new(),
            broken: None,
        }
    }

    /// Gives the parts of a name a media type (`OpenAPI` 3.0.3, Encoding Object, `contentType`).
    pub(crate) fn part_type(mut self, name: &'static str, media_type: &'static str) -> Self {
        self.part_types.push((name, media_type));
        self
    }

    fn type_of(&self, name: &str) -> Option<&'static str> {
        self.part_types.iter().find(|(part, _)| *part == name).map(|(_, media_type)| *media_type)
    }

    /// Adds a value: a scalar as text, an object as JSON, each item of an array as a part. Under a
    /// media type of JSON a scalar is JSON as well.
    pub(crate) fn value(mut self, name: &'static str, value: &impl Serialize) -> Self {
        let written = self.written.iter().find(|(part, _)| *part == name).map(|(_, written)| written);
        match (Node::of(value), written) {
            (Ok(node), Some(written)) => {
                for (name, text) in written(name, &node) {
                    self.push(&name, None, TEXT.as_bytes(), &HeaderMap::new(), Body::from(text));
                }
            }
            (Ok(Node::List(items)), None) => {
                for item in &items {
                    self.node(name, item);
                }
            }
            (Ok(node), None) => self.node(name, &node),
            (Err(_), _) => self.broken = self.broken.or(Some(name)),
        }
        self
    }

    /// Adds the properties of a value that has no name in the form: the alternatives next to the other properties.
    pub(crate) fn values(mut self, value: &impl Serialize) -> Self {
        match Node::of(value) {
            Ok(Node::Pairs(properties)) => {
                for (name, node) in &properties {
                    let items =
                        if let Node::List(items) = node { items.as_slice() } else { std::slice::from_ref(node) };
                    for item in items {
                        self.node(name, item);
                    }
                }
            }
            Ok(Node::Null) => {}
            Ok(_) | Err(_) => self.broken = self.broken.or(Some("an alternative")),
        }
        self
    }

    fn node(&mut self, name: &str, node: &Node) {
        let usual = match node {
            Node::Null => return,
            Node::Text(_) | Node::Plain(_) => TEXT,
            Node::List(_) | Node::Pairs(_) => "application/json",
        };
        let media_type = self.type_of(name).unwrap_or(usual);
        let mut text = String::new();
        if media_type.contains("json") {
            node.write_json(&mut text);
        } else {
            text = node.text();
        }
        self.push(name, None, media_type.as_bytes(), &HeaderMap::new(), Body::from(text));
    }

    /// Adds a part of any bytes.
    pub(crate) fn part(mut self, name: &'static str, part: impl Into<Part>) -> Self {
        let part = part.into();
        if part.is_broken {
            self.broken = self.broken.or(Some(name));
        }
        let usual = self.type_of(name).unwrap_or("application/octet-stream").as_bytes();
        let media_type = part.media_type.as_ref().map_or(usual, HeaderValue::as_bytes);
        let file_name = part.file_name.as_ref().map(|name| name.0.as_str());
        self.push(name, file_name, media_type, &part.headers, part.body);
        self
    }

    fn push(&mut self, name: &str, file_name: Option<&str>, media_type: &[u8], headers: &HeaderMap, body: Body) {
        let mut head = format!("--{}\r\ncontent-disposition: form-data; name=\"", self.boundary);
        quote(name, &mut head);
        if let Some(file_name) = file_name {
            head.push_str("\"; filename=\"");
            quote(file_name, &mut head);
        }
        head.push_str("\"\r\ncontent-type: ");
        let mut head = head.into_bytes();
        head.extend_from_slice(media_type);
        for (name, value) in headers {
            for piece in [b"\r\n", name.as_str().as_bytes(), b": ", value.as_bytes()] {
                head.extend_from_slice(piece);
            }
        }
        head.extend_from_slice(b"\r\n\r\n");
        self.segments.extend([Body::from(head), body, Body::from("\r\n")]);
    }
}

/// Appends a name within quotes, as the HTML standard has it.
fn quote(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
}

impl Call<'_> {
    /// Sends a form of parts, which are streamed one after the other, under the media type, to
    /// which the boundary is added.
    pub(crate) fn multipart(mut self, media_type: &'static str, mut form: Form) -> Self {
        if let Some(name) = form.broken {
            self.note("the part cannot be written", name);
            return self;
        }
        let Ok(media_type) = HeaderValue::try_from(format!("{media_type}; boundary={}", form.boundary)) else {
            self.note("a media type cannot be written", media_type);
            return self;
        };
        self.headers.insert(header::CONTENT_TYPE, media_type);
        form.segments.push_back(Body::from(format!("--{}--\r\n", form.boundary)));
        self.body = Body::stream(Segments(form.segments));
        self
    }
}

/// Bodies one after the other.
struct Segments(VecDeque<Body>);

impl HttpBody for Segments {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        while let Some(first) = self.0.front_mut() {
            match ready!(Pin::new(first).poll_frame(cx)) {
                // Trailers of a part would end the whole body.
                Some(Ok(frame)) if frame.is_trailers() => {}
                Some(frame) => return Poll::Ready(Some(frame)),
                None => {
                    self.0.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        let sizes = self.0.iter().map(|segment| segment.size_hint().exact());
        let total = sizes.sum::<Option<u64>>();
        total.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

/// How a value becomes parts.
///
/// `OpenAPI` 3.1.1, Encoding Object: `style` and `explode` apply to `multipart/form-data` too. Nothing is
/// percent-encoded there (RFC 7578, section 5.1): `["blue", "black"]` without `explode` is one part `blue,black`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the table is kept whole; a document uses some of its rows")]
pub(crate) enum PartStyle {
    /// A part for each item, or for each property by its own name.
    Exploded,
    /// One part: `blue,black`, or `R,100,G,200`.
    Joined(&'static str),
    /// A part for each property: `color[R]`.
    Deep,
}

impl Form {
    /// Writes the part of this name in a style.
    pub(crate) fn part_style(mut self, name: &'static str, style: PartStyle) -> Self {
        self.written.push((name, Box::new(move |name, value| style.parts(name, value))));
        self
    }
}

impl PartStyle {
    /// Returns the parts of a value, by their names; null is none.
    fn parts(self, name: &str, value: &Node) -> Vec<(String, String)> {
        let joined = |separator, texts: Vec<String>| {
            let one = (!texts.is_empty()).then(|| (name.to_owned(), texts.join(separator)));
            one.into_iter().collect()
        };
        match (self, value) {
            (_, Node::Null) => Vec::new(),
            (Self::Joined(separator), Node::List(items)) => joined(separator, present(items).map(Node::text).collect()),
            (Self::Joined(separator), Node::Pairs(pairs)) => {
                let texts = present_pairs(pairs).flat_map(|(key, value)| [key.clone(), value.text()]);
                joined(separator, texts.collect())
            }
            (Self::Exploded, Node::Pairs(pairs)) => {
                present_pairs(pairs).map(|(key, value)| (key.clone(), value.text())).collect()
            }
            (Self::Deep, Node::Pairs(pairs)) => {
                pairs.iter().flat_map(|(key, value)| self.parts(&format!("{name}[{key}]"), value)).collect()
            }
            (_, Node::List(items)) => present(items).map(|item| (name.to_owned(), item.text())).collect(),
            (_, scalar) => vec![(name.to_owned(), scalar.text())],
        }
    }
}

fn present(items: &[Node]) -> impl Iterator<Item = &Node> {
    items.iter().filter(|item| !matches!(item, Node::Null))
}

fn present_pairs(pairs: &[(String, Node)]) -> impl Iterator<Item = &(String, Node)> {
    pairs.iter().filter(|(_, value)| !matches!(value, Node::Null))
}
