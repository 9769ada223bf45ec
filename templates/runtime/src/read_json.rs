//! By need, for JSON answers without an envelope: `Answer::json`.

use super::answer::Answer;
use super::at_hand::respond;
use super::decode::undecodable;
use super::error::Error;
use super::objects::Objects;
use super::response::Response;
use serde::de::DeserializeOwned;

impl Answer {
    /// Decodes the body.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.read(|context, answer| match serde_json::from_slice(&answer.body) {
            Ok(Objects(data)) => Ok(respond(data, answer, None)),
            Err(error) => Err(undecodable(context, answer, &error)),
        })
    }
}
