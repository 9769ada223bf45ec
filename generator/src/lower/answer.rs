//! What an answer of success may be: a body, or several by media type.

use openapiv3::MediaType;

use super::context::{Content, Context, SchemaRef};
use super::media_type::{self, Family, choose, family, is_range};
use super::response::{Found, word};
use super::{extension, schema};
use crate::diagnostic::Pointer;
use crate::model::{Answer, AnswerBody, AnswerVariant, Docs, Scalar, Show, Status, Type};
use crate::names::Scope;

/// What an answer of a status may be: a media type, where there is a body, and how it is read.
///
/// A media type that the client cannot read, described by the schema of one that it can, is the same
/// value in another spelling, such as XML beside JSON: the client asks for the one that it can read.
/// A stream of a value's parts is another answer, also where it shares the schema.
pub fn bodies<'a>(
    cx: &mut Context<'a>,
    found: &Found<'a>,
    id: &str,
    method: &str,
) -> Vec<(Option<String>, AnswerBody)> {
    let content = &found.response.content;
    // An answer to HEAD has no body, whatever is described (RFC 9110, 9.3.2).
    let Some((best, object)) = choose(content).filter(|_| method != "HEAD") else {
        return vec![(None, AnswerBody::Empty)];
    };
    let mut bodies: Vec<(Option<String>, AnswerBody)> = Vec::new();
    for (media_type, other) in content {
        let is_stream = matches!(family(media_type), Family::Events | Family::Lines);
        let is_spelling = family(best) == Family::Json && other.schema == object.schema && !is_stream;
        if media_type != best && is_spelling {
            continue;
        }
        let hint = if media_type == best {
            format!("{id} answer")
        } else {
            format!("{id} {} answer", media_type::word(media_type))
        };
        let body = answer_body(cx, found, media_type, other, &hint);
        let is_known = |(known, other): &(Option<String>, AnswerBody)| {
            *other == body
                && known
                    .as_deref()
                    .is_some_and(|known| family(known) == Family::Json && family(media_type) == Family::Json)
        };
        if !bodies.iter().any(is_known) {
            bodies.push((Some(media_type.clone()), body));
        }
    }
    bodies
}

/// The variants of a status: one, or one for each media type. The one that the client reads best is
/// taken as well where the answer's media type is none of those that are documented.
pub fn of_status(
    status: Status,
    bodies: Vec<(Option<String>, AnswerBody)>,
    docs: &Docs,
    pointer: &Pointer,
) -> Vec<AnswerVariant> {
    let rust = Scope::variants().name(word(status), pointer).name;
    let variant = |media_type: Option<String>, is_otherwise, body| AnswerVariant {
        rust: rust.clone(),
        status,
        media_type: media_type.as_deref().map(media_type::essence),
        is_otherwise,
        body,
        show: Show::Delegate,
        docs: docs.clone(),
    };
    if bodies.iter().all(|(_, body)| *body == bodies[0].1) {
        return bodies.into_iter().take(1).map(|(_, body)| variant(None, true, body)).collect();
    }
    let rank = |(media_type, _): &(Option<String>, AnswerBody)| {
        media_type.as_deref().map(|media_type| (family(media_type), is_range(media_type)))
    };
    let best = (0..bodies.len()).min_by_key(|index| rank(&bodies[*index])).unwrap_or_default();
    let variants = bodies.into_iter().enumerate();
    variants.map(|(index, (media_type, body))| variant(media_type, index == best, body)).collect()
}

/// The media types that are asked for, in the document's order; none where the runtime asks for them by
/// the way in which the answer is read.
pub fn accept(answer: &Answer, asked: &[String]) -> Option<String> {
    let mut media_types: Vec<String> = Vec::new();
    for media_type in asked.iter().filter(|media_type| !(is_range(media_type) && family(media_type) == Family::Json)) {
        let media_type = media_type::asked(media_type);
        if !media_types.contains(&media_type) {
            media_types.push(media_type);
        }
    }
    let usual = match answer {
        Answer::One(AnswerBody::Data(_) | AnswerBody::Whole(_) | AnswerBody::Json(_) | AnswerBody::Empty) => {
            "application/json"
        }
        Answer::One(AnswerBody::Text) => "text/plain",
        Answer::One(AnswerBody::Events(_) | AnswerBody::TextEvents) => "text/event-stream",
        Answer::One(AnswerBody::Bytes | AnswerBody::Lines(_)) | Answer::Several(_) => "*/*",
    };
    (!media_types.is_empty() && media_types != [usual]).then(|| media_types.join(", "))
}

fn answer_body<'a>(
    cx: &mut Context<'a>,
    found: &Found<'a>,
    media_type: &str,
    object: &'a MediaType,
    hint: &str,
) -> AnswerBody {
    let at = found.pointer.key("content").key(media_type).key("schema");
    match (family(media_type), object.schema.as_ref().map(SchemaRef::from)) {
        (Family::Json, Some(schema)) => {
            let wrapped =
                cx.envelope.is_some() && !extension::unwrapped(cx, &found.response.extensions, &found.pointer);
            enveloped(cx, schema, &at, hint, wrapped)
        }
        (Family::Json, None) if media_type.starts_with('*') => AnswerBody::Bytes,
        (Family::Json, None) => AnswerBody::Json(Type::Json),
        (Family::Text, _) => AnswerBody::Text,
        (Family::Events, Some(schema)) if !schema::is_text(cx, schema, &at) => {
            AnswerBody::Events(item(cx, schema, &at, hint))
        }
        (Family::Events, _) => AnswerBody::TextEvents,
        (Family::Lines, Some(schema)) => AnswerBody::Lines(item(cx, schema, &at, hint)),
        (Family::Lines, None) => AnswerBody::Lines(Type::Json),
        (Family::Form | Family::Multipart | Family::Bytes, _) => AnswerBody::Bytes,
    }
}

/// The type of each value of a stream. Neither OpenAPI 3.0 nor 3.1 says what a schema beside such a
/// media type describes; in use it is one value, or all of them as an array.
fn item<'a>(cx: &mut Context<'a>, schema: SchemaRef<'a>, pointer: &Pointer, hint: &str) -> Type {
    let (schema, pointer) = schema::items(cx, schema, pointer).unwrap_or_else(|| (schema, pointer.clone()));
    let value = schema::value(cx, schema, &pointer, hint);
    if value.nullable { Type::Nullable(Box::new(value.ty)) } else { value.ty }
}

/// The answer behind an envelope: its data, or the whole of it where the data is no object by itself.
fn enveloped<'a>(
    cx: &mut Context<'a>,
    schema: SchemaRef<'a>,
    pointer: &Pointer,
    hint: &str,
    wrapped: bool,
) -> AnswerBody {
    if let (true, Some(envelope), Some((object, at))) = (wrapped, cx.envelope.clone(), cx.resolve(schema, pointer)) {
        let properties = schema::properties(cx, object, &at);
        let own = [envelope.success.as_deref(), Some(&envelope.data), envelope.message.as_deref()];
        let error = envelope.error.as_ref().map(|error| error.property.as_str());
        let is_own = |wire: &str| own.iter().flatten().any(|name| *name == wire) || error == Some(wire);
        if properties.iter().any(|(wire, ..)| is_own(wire)) {
            let data = properties.iter().find(|(wire, ..)| *wire == envelope.data);
            if let Some((_, data, at)) = data
                && properties.iter().all(|(wire, ..)| is_own(wire))
                && schema::is_object(cx, *data, at)
            {
                return AnswerBody::Data(schema::value(cx, *data, at, hint).ty);
            }
            let id = match schema {
                SchemaRef::To(reference) if cx.component_index(reference).is_some() => {
                    let index = cx.component_index(reference).unwrap_or_default();
                    cx.component_type(index, Content::BesideEnvelope)
                }
                _ => cx.inline_type(hint, object, &at, Content::BesideEnvelope),
            };
            return AnswerBody::Whole(Type::Named(id));
        }
    }
    let value = schema::value(cx, schema, pointer, hint);
    match value.ty {
        Type::Scalar(Scalar::Binary) => AnswerBody::Bytes,
        ty if value.nullable => AnswerBody::Json(Type::Nullable(Box::new(ty))),
        ty => AnswerBody::Json(ty),
    }
}
