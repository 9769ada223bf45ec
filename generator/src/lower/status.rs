//! The responses of an operation, and the names of their statuses.

use openapiv3::{Response, StatusCode};

use super::lowering::Lowering;
use crate::diagnostic::{Pointer, codes};
use crate::model::Status;
use crate::parse::{OperationAt, Placed};

/// A response in the document.
pub struct ResponseAt<'a> {
    pub status: Status,
    pub object: &'a Response,
    pub pointer: Pointer,
    /// Whether it describes a 204 among others, so that there may be no body.
    pub covers_no_content: bool,
}

/// Returns the responses of an operation, each code in the document's order, and `default` last.
pub fn responses<'a>(cx: &mut Lowering<'a>, operation: &OperationAt<'a>) -> Vec<ResponseAt<'a>> {
    let document = cx.document;
    let responses = &operation.object.responses;
    let pointer = operation.pointer.key("responses");
    let coded = responses.responses.iter().map(|(code, response)| match code {
        StatusCode::Code(code) => (Status::Code(*code), code.to_string(), response),
        StatusCode::Range(range) => {
            (Status::Range(u8::try_from(*range).unwrap_or_default()), format!("{range}XX"), response)
        }
    });
    let has_no_content = responses.responses.keys().any(|code| *code == StatusCode::Code(204));
    let default = responses.default.iter().map(|response| (Status::Default, "default".to_owned(), response));
    let mut found = Vec::new();
    for (status, key, response) in coded.chain(default) {
        let pointer = pointer.key(&key);
        if let Some(Placed { object, pointer }) = document.follow(response, &pointer) {
            let covers_no_content = !has_no_content && matches!(status, Status::Range(2) | Status::Default);
            found.push(ResponseAt { status, object, pointer, covers_no_content });
        } else {
            let message = "cannot find this response; it is ignored";
            let help = "declare it under `components.responses`";
            cx.report(codes::UNRESOLVED_REFERENCE.at(&pointer, message).help(help));
        }
    }
    found
}

/// Whether a documented response with this status is returned by the method: a success, or a redirect, which the client
/// doesn't follow. The others are failures.
pub fn is_answer(status: Status) -> bool {
    matches!(status, Status::Code(200..=299) | Status::Range(2)) || is_redirect(status)
}

/// Whether the status is one from 300 to 399.
pub fn is_redirect(status: Status) -> bool {
    matches!(status, Status::Code(300..=399) | Status::Range(3))
}

/// Returns a status's name as a variant: its reason phrase (RFC 9110, 15).
pub fn word(status: Status) -> &'static str {
    match status {
        Status::Code(code) => match code {
            200 => "Ok",
            201 => "Created",
            202 => "Accepted",
            203 => "NonAuthoritative",
            204 => "NoContent",
            205 => "ResetContent",
            206 => "PartialContent",
            207 => "MultiStatus",
            301 => "MovedPermanently",
            302 => "Found",
            303 => "SeeOther",
            304 => "NotModified",
            307 => "TemporaryRedirect",
            308 => "PermanentRedirect",
            400 => "BadRequest",
            401 => "Unauthorized",
            402 => "PaymentRequired",
            403 => "Forbidden",
            404 => "NotFound",
            405 => "MethodNotAllowed",
            406 => "NotAcceptable",
            408 => "RequestTimeout",
            409 => "Conflict",
            410 => "Gone",
            411 => "LengthRequired",
            412 => "PreconditionFailed",
            413 => "ContentTooLarge",
            415 => "UnsupportedMediaType",
            416 => "RangeNotSatisfiable",
            422 => "UnprocessableContent",
            423 => "Locked",
            424 => "FailedDependency",
            428 => "PreconditionRequired",
            429 => "TooManyRequests",
            500 => "InternalServerError",
            501 => "NotImplemented",
            502 => "BadGateway",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            507 => "InsufficientStorage",
            _ => "Status",
        },
        Status::Range(1) => "Informational",
        Status::Range(2) => "Success",
        Status::Range(3) => "Redirection",
        Status::Range(4) => "ClientError",
        Status::Range(_) => "ServerError",
        Status::Default => "Default",
    }
}
