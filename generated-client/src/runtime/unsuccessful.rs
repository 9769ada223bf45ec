//! By need, for answers with an envelope, or without data: [`unsuccessful`].

use super::envelope;
use super::error::{Answered, Class, Context, Delivery, Error, Problem};
use super::failure;

/// Returns the error of an answer that has a status of success and says that the call failed. The
/// two contradict each other, so that nothing is proved. The kinds of all failures count, as none
/// is documented for this status.
pub(super) fn unsuccessful(context: Context, answer: Answered) -> Error {
    let read = envelope::head(&context.api.envelope, &answer.body);
    let rules = context.operation.failures.iter().flat_map(|failure| failure.kinds);
    let said = failure::said(&answer, read, rules);
    let text = "the server answered with a status of success and says that the call failed";
    Error::new(context, Problem::new(Class::Status, text), Delivery::Unknown).with_answer(answer, said)
}
