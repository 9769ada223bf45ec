//! Findings as workflow commands of GitHub Actions, which become annotations of a pull request.
//!
//! `::error file=spec/pets.yaml,line=4,endLine=4,col=10,endColumn=30,title=server-without-https::what is sent …`

use super::{Report, severity};

/// Returns a line for each finding. Labels and help follow the message, in the same annotation.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.findings() {
        let first = &finding.place;
        let mut message = finding.diagnostic.message.clone();
        for label in finding.beside.iter().filter(|label| !label.text.is_empty()) {
            let line = label.lines.map(|(line, _)| format!(":{line}")).unwrap_or_default();
            message += &["\n", &label.file, &line, ": ", &label.text].concat();
        }
        if let Some(help) = &finding.diagnostic.help {
            message += &["\nhelp: ", help].concat();
        }
        let mut properties = vec![format!("file={}", property(&first.file))];
        if let (Some((line, end)), Some((column, end_column))) = (first.lines, first.columns) {
            properties.push(format!("line={line},endLine={end}"));
            // GitHub takes columns of one line alone.
            if line == end {
                properties.push(format!("col={column},endColumn={end_column}"));
            }
        }
        properties.push(format!("title={}", property(finding.diagnostic.code.name())));
        let level = severity(finding.diagnostic);
        text += &["::", level, " ", &properties.join(","), "::", &data(&message), "\n"].concat();
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
