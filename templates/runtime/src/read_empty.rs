//! By need, for answers without data: `Answer::empty`.

use super::answer::Answer;
use super::at_hand::respond;
use super::envelope;
use super::error::Error;
use super::response::Response;
use super::unsuccessful::unsuccessful;

impl Answer {
    /// Looks at the body only for an envelope that says that the call failed.
    pub(crate) fn empty(self) -> Result<Response<()>, Error> {
        self.read(|context, answer| {
            let head = envelope::head(&context.api.envelope, &answer.body);
            if head.as_ref().is_some_and(|head| head.success == Some(false)) {
                return Err(unsuccessful(context, answer));
            }
            Ok(respond((), answer, head.and_then(|head| head.message)))
        })
    }
}
