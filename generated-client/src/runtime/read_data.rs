//! By need, for answers whose envelope holds the data: `Answer::data`.

use super::answer::Answer;
use super::at_hand::respond;
use super::decode::undecodable;
use super::envelope;
use super::error::Error;
use super::response::Response;
use super::unreadable::unreadable;
use super::unsuccessful::unsuccessful;
use serde::de::DeserializeOwned;

impl Answer {
    /// Decodes the data in the envelope: in one pass, where the call succeeded.
    pub(crate) fn data<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.read(|context, answer| {
            let names = &context.api.envelope;
            match envelope::read(names, &answer.body) {
                Ok(read) if read.success == Some(false) => Err(unsuccessful(context, answer)),
                Ok(read) => match read.data {
                    Some(data) => Ok(respond(data, answer, read.message)),
                    None => Err(unreadable(context, "the answer has no data", None, answer)),
                },
                // What stands in the place of the data of a call that failed may have any shape.
                Err(error) => match envelope::head(names, &answer.body) {
                    Some(head) if head.success == Some(false) => Err(unsuccessful(context, answer)),
                    _ => Err(undecodable(context, answer, &error)),
                },
            }
        })
    }
}
