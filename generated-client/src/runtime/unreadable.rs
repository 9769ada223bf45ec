//! By need, for answers that are decoded: [`unreadable`].

use super::error::{Answered, Class, Context, Delivery, Error, Problem};
use super::failure;

/// The error of an answer that has a status of success and cannot be read. The server may have
/// acted.
pub(super) fn unreadable(
    context: Context,
    text: &'static str,
    place: Option<(usize, usize)>,
    answer: Answered,
) -> Error {
    let mut problem = Problem::new(Class::Answer, text);
    problem.place = place;
    let said = failure::said(&answer, None, std::iter::empty());
    Error::new(context, problem, Delivery::Unknown).with_answer(answer, said)
}
