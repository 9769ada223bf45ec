//! The bodies of successful responses, by media type.

use openapiv3::MediaType;

use super::lowering::Lowering;
use super::media_type::{self, Family, choose, family, is_range};
use super::status::{ResponseAt, word};
use super::types::Content;
use super::{extension, schema};
use crate::diagnostic::{Pointer, codes};
use crate::model::{Answer, AnswerBody, AnswerVariant, Docs, Scalar, Show, Status, Type};
use crate::names::Scope;
use crate::parse::{Method, SchemaUse};

/// Returns the bodies that a response may have: the media type, if there is a body, and how it is read.
///
/// If a media type that the client can't read has the same schema as one that it can, such as XML next to JSON, it is the
/// same value in another format, and the client asks for the one that it can read. A stream of the value's parts is a
/// separate body even if it shares the schema.
pub fn bodies<'a>(
    cx: &mut Lowering<'a>,
    found: &ResponseAt<'a>,
    id: &str,
    method: Method,
) -> Vec<(Option<String>, AnswerBody)> {
    let content = &found.object.content;
    let Some((best, object)) = choose(content) else { return vec![(None, AnswerBody::Empty)] };
    if let Some(which) = bodiless(found.status, method) {
        let message = format!("{which} has no body; this content is ignored");
        let help = "remove `content`, or document it under another status";
        cx.report(codes::CONTENT_WITHOUT_BODY.at(&found.pointer.key("content"), message).at_key().help(help));
        return vec![(None, AnswerBody::Empty)];
    }
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

/// Returns which response never has a body, even if one is described (RFC 9110, 9.3.2 and 15).
fn bodiless(status: Status, method: Method) -> Option<String> {
    match status {
        _ if method == Method::Head => Some("a response to `HEAD`".to_owned()),
        Status::Code(code @ (204 | 205 | 304)) => Some(format!("a response with status {code}")),
        _ => None,
    }
}

/// Returns the variants of a status: one, or one for each media type. The one that the client supports best also applies
/// to undocumented media types.
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

/// Returns the `Accept` header, in the document's order; `None` if it is the runtime's default for how the body is read.
pub fn accept(answer: &Answer, asked: &[String]) -> Option<String> {
    let mut media_types: Vec<String> = Vec::new();
    // A body that is decoded as JSON is asked for as JSON, even if the document says `*/*`.
    let is_text = matches!(answer, Answer::One(AnswerBody::Text));
    let is_vague = |media_type: &str| is_range(media_type) && family(media_type) == Family::Json && !is_text;
    for media_type in asked.iter().filter(|media_type| !is_vague(media_type)) {
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
    cx: &mut Lowering<'a>,
    found: &ResponseAt<'a>,
    media_type: &str,
    object: &'a MediaType,
    hint: &str,
) -> AnswerBody {
    let at = found.pointer.key("content").key(media_type).key("schema");
    match (family(media_type), object.schema.as_ref().map(|schema| cx.document.schema(schema, at))) {
        // The response's own media type says whether the string is JSON.
        (Family::Json, Some(schema)) if is_range(media_type) && schema::is_string(&schema) => AnswerBody::Text,
        (Family::Json, Some(schema)) => {
            let is_wrapped = cx.envelope.is_some()
                && !extension::unwrapped(&mut cx.reports, &found.object.extensions, &found.pointer);
            let body = if is_wrapped { enveloped(cx, &schema, hint) } else { whole(cx, &schema, hint) };
            match body {
                // A response without a body is read as null.
                AnswerBody::Json(ty) if found.covers_no_content && !matches!(ty, Type::Json | Type::Nullable(_)) => {
                    AnswerBody::Json(Type::Nullable(Box::new(ty)))
                }
                body => body,
            }
        }
        (Family::Json, None) if is_range(media_type) => AnswerBody::Bytes,
        (Family::Json, None) => AnswerBody::Json(Type::Json),
        (Family::Text, Some(schema)) if schema::is_binary(&schema) => AnswerBody::Bytes,
        (Family::Text, _) => AnswerBody::Text,
        (Family::Events, Some(schema)) if !schema::is_text(&schema) => AnswerBody::Events(item(cx, &schema, hint)),
        (Family::Events, _) => AnswerBody::TextEvents,
        // A string describes the stream as a whole, and says nothing about its lines.
        (Family::Lines, Some(schema)) if schema::is_text(&schema) => AnswerBody::Bytes,
        (Family::Lines, Some(schema)) => AnswerBody::Lines(item(cx, &schema, hint)),
        (Family::Lines, None) => AnswerBody::Lines(Type::Json),
        (Family::Form | Family::Multipart | Family::Bytes, _) => AnswerBody::Bytes,
    }
}

/// Returns the type of each value of a stream. Neither OpenAPI 3.0 nor 3.1 defines what the schema of such a media type
/// describes; in practice it is one value, or an array of all values.
fn item<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, hint: &str) -> Type {
    let items = schema::items(schema);
    schema::value(cx, items.as_ref().unwrap_or(schema), hint).into_item()
}

/// Returns the body inside of an envelope: its data, or the whole envelope if the data is not an object.
fn enveloped<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, hint: &str) -> AnswerBody {
    let (Some(envelope), Some(object)) = (cx.envelope.clone(), schema.follow()) else { return whole(cx, schema, hint) };
    let properties = schema::properties(cx, &object);
    let own = [envelope.success.as_deref(), Some(&envelope.data), envelope.message.as_deref()];
    let error = envelope.error.as_ref().map(|error| error.property.as_str());
    let is_own = |wire: &&str| own.iter().flatten().any(|name| name == wire) || error == Some(*wire);
    if !properties.keys().any(is_own) {
        return whole(cx, schema, hint);
    }
    if let Some(data) = properties.get(envelope.data.as_str())
        && properties.keys().all(is_own)
        && schema::is_object(data)
    {
        return AnswerBody::Data(schema::value(cx, data, hint).ty);
    }
    let id = match schema.id() {
        Some(id) => cx.component_type(id, Content::BesideEnvelope),
        None => cx.inline_type(hint, &object, Content::BesideEnvelope),
    };
    AnswerBody::Whole(Type::Named(id))
}

/// Returns a body without an envelope.
fn whole<'a>(cx: &mut Lowering<'a>, schema: &SchemaUse<'a>, hint: &str) -> AnswerBody {
    let value = schema::value(cx, schema, hint);
    match value.ty {
        Type::Scalar(Scalar::Binary) => AnswerBody::Bytes,
        ty if value.nullable => AnswerBody::Json(Type::Nullable(Box::new(ty))),
        ty => AnswerBody::Json(ty),
    }
}
