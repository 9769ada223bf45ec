//! The problems that prevent a comparison, as a comment on a pull request.

use crate::comment::{Comment, code, escaped, sentence};
use generator::Source;
use generator::diagnostic::Diagnostic;
use generator::parse::Node;
use generator::report::places;

/// Returns a part of a comment about what is wrong with a file: `headline` says what that means, and each problem is a
/// line with its place. `source` is the file and `root` its tree, where it has one, as [`generator::report::text`] takes them.
#[must_use]
pub fn problems(headline: &str, problems: &[Diagnostic], source: &Source<'_>, root: Option<&Node>) -> String {
    let mut comment = Comment::default();
    comment.always(&format!("### {}: **{}**\n\n", code(source.name), escaped(headline)));
    comment.list(|comment| {
        for (problem, places) in problems.iter().zip(places(problems, source, root)) {
            let place = places.first().and_then(|it| Some((&it.file, it.lines?.0)));
            let place = place.map(|(file, line)| format!(": {}", code(&format!("{file}:{line}"))));
            let help = problem.help.as_deref().map(|help| format!("; {}", sentence(help))).unwrap_or_default();
            comment.entry(&format!(
                "- **{}** {} ({}){}{help}\n",
                if problem.is_error() { "error" } else { "warning" },
                sentence(&problem.message),
                code(problem.code.name()),
                place.unwrap_or_default(),
            ));
        }
    });
    comment.into_text()
}
