//! By need, for answers with fields beside the envelope's data, or without data: `Answer::whole`.

use super::answer::Answer;
use super::at_hand::respond;
use super::decode::undecodable;
use super::envelope;
use super::error::Error;
use super::objects::Objects;
use super::response::Response;
use super::unsuccessful::unsuccessful;
use serde::de::DeserializeOwned;

impl Answer {
    /// Decodes the whole object, after a look at the envelope.
    pub(crate) fn whole<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.read(|context, answer| {
            let head = envelope::head(&context.api.envelope, &answer.body);
            if head.as_ref().is_some_and(|head| head.success == Some(false)) {
                return Err(unsuccessful(context, answer));
            }
            match serde_json::from_slice(&answer.body) {
                Ok(Objects(data)) => Ok(respond(data, answer, head.and_then(|head| head.message))),
                Err(error) => Err(undecodable(context, answer, &error)),
            }
        })
    }
}
