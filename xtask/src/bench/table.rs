//! Tables of values: ours in the first column, then each peer's, and the ratio of ours to each peer's.

use std::fmt::Write as _;

use crate::measure::Measured;
use crate::measure::samples::Samples;

/// The unit of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A time in seconds, written as s, ms or µs.
    Seconds,
    /// MiB.
    Mebibytes,
    /// Bytes, written as B or KiB.
    Bytes,
    /// A count; large ones are written in millions.
    Count,
}

impl Unit {
    fn written(self, value: f64) -> String {
        match self {
            Self::Seconds if value >= 1.0 => format!("{value:.2} s"),
            Self::Seconds if value >= 1e-3 => format!("{:.1} ms", value * 1e3),
            Self::Seconds => format!("{:.0} µs", value * 1e6),
            Self::Mebibytes => format!("{value:.1} MiB"),
            Self::Bytes if value >= 10.0 * 1024.0 => format!("{:.1} KiB", value / 1024.0),
            Self::Bytes => format!("{value:.0} B"),
            Self::Count if value >= 1e7 => format!("{:.0} million", value / 1e6),
            Self::Count => grouped(value),
        }
    }
}

/// Writes a whole number with commas between its thousands, and a small one with one decimal.
fn grouped(value: f64) -> String {
    let value = (value * 10.0).round() / 10.0;
    if value < 1000.0 && value.fract() != 0.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A table; the first contestant is ours.
pub struct Table {
    title: &'static str,
    contestants: Vec<String>,
    rows: Vec<Row>,
    notes: Vec<String>,
}

struct Row {
    what: String,
    unit: Unit,
    cells: Vec<Measured<Samples>>,
    /// The ratio of ours to each peer's, if the cells don't determine it.
    ratios: Option<Vec<Option<f64>>>,
}

impl Table {
    pub fn new(title: &'static str, contestants: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let contestants = contestants.into_iter().map(Into::into).collect();
        Self { title, contestants, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row with a cell for each contestant; missing cells stay empty.
    pub fn row(&mut self, what: impl Into<String>, unit: Unit, cells: Vec<Measured<Samples>>) {
        self.push(Row { what: what.into(), unit, cells, ratios: None });
    }

    /// Adds a row whose ratios come from elsewhere, one for each peer.
    pub fn row_with_ratios(
        &mut self,
        what: impl Into<String>,
        unit: Unit,
        cells: Vec<Measured<Samples>>,
        ratios: Vec<Option<f64>>,
    ) {
        self.push(Row { what: what.into(), unit, cells, ratios: Some(ratios) });
    }

    /// Adds a row without any measured value.
    pub fn missing(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.row(what, Unit::Count, vec![Err(why.into())]);
    }

    /// Adds a line below the table.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        eprintln!("note: {note}");
        self.notes.push(note);
    }

    fn push(&mut self, row: Row) {
        eprintln!("{}", self.line(&row));
        self.rows.push(row);
    }

    fn line(&self, row: &Row) -> String {
        let mut line = format!("| {} |", row.what);
        for index in 0..self.contestants.len() {
            let text = row.cells.get(index).map_or_else(String::new, |cell| cell_text(row.unit, cell));
            let _ = write!(line, " {text} |");
        }
        for peer in 1..self.contestants.len() {
            let _ = write!(line, " {} |", row.ratio(peer).map_or_else(String::new, |ratio| format!("{ratio:.2}")));
        }
        line
    }

    /// Returns the table as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n| what |", self.title);
        for contestant in &self.contestants {
            let _ = write!(text, " {contestant} |");
        }
        let ours = self.contestants.first().map_or("", String::as_str);
        for peer in self.contestants.iter().skip(1) {
            let _ = write!(text, " {ours} / {peer} |");
        }
        let columns = (2 * self.contestants.len()).max(2);
        let _ = writeln!(text, "\n|{}", "---|".repeat(columns));
        for row in &self.rows {
            let _ = writeln!(text, "{}", self.line(row));
        }
        for note in &self.notes {
            let _ = write!(text, "\n- {note}");
        }
        text
    }
}

impl Row {
    fn ratio(&self, peer: usize) -> Option<f64> {
        if let Some(ratios) = &self.ratios {
            return ratios.get(peer - 1).copied().flatten();
        }
        let (Some(Ok(ours)), Some(Ok(theirs))) = (self.cells.first(), self.cells.get(peer)) else {
            return None;
        };
        ours.over(theirs)
    }
}

fn cell_text(unit: Unit, cell: &Measured<Samples>) -> String {
    match cell {
        Ok(samples) => samples.median().map_or_else(String::new, |value| unit.written(value)),
        Err(why) => why.replace('|', "\\|").replace('\n', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_their_unit() {
        for (unit, value, text) in [
            (Unit::Seconds, 1.234, "1.23 s"),
            (Unit::Seconds, 0.0384, "38.4 ms"),
            (Unit::Seconds, 0.000_012, "12 µs"),
            (Unit::Mebibytes, 10.84, "10.8 MiB"),
            (Unit::Bytes, 512.0, "512 B"),
            (Unit::Bytes, 20480.0, "20.0 KiB"),
            (Unit::Count, 246_000_000.0, "246 million"),
            (Unit::Count, 1_234_567.0, "1,234,567"),
            (Unit::Count, 41_151.4, "41,151"),
            (Unit::Count, 56.0, "56"),
            (Unit::Count, 17.5, "17.5"),
            (Unit::Count, 24.998, "25"),
        ] {
            assert_eq!(unit.written(value), text);
        }
    }

    #[test]
    fn ratio_stands_where_both_were_measured() {
        let mut table = Table::new("Speed", ["ours", "peer", "other"]);
        let cells = vec![Ok(Samples::one(0.01)), Ok(Samples::one(0.02)), Err("not measured, a | b".to_owned())];
        table.row("document", Unit::Seconds, cells);
        table.missing("corpus", "absent");
        table.note("a note");
        assert_eq!(
            table.markdown(),
            "### Speed\n\n\
             | what | ours | peer | other | ours / peer | ours / other |\n\
             |---|---|---|---|---|---|\n\
             | document | 10.0 ms | 20.0 ms | not measured, a \\| b | 0.50 |  |\n\
             | corpus | absent |  |  |  |  |\n\
             \n- a note"
        );
    }

    #[test]
    fn ratios_that_are_given_take_precedence() {
        let mut table = Table::new("Speed", ["ours", "peer"]);
        let cells = vec![Ok(Samples::one(4.0)), Ok(Samples::one(1.0))];
        table.row_with_ratios("corpus", Unit::Seconds, cells, vec![Some(0.8)]);
        assert!(table.markdown().ends_with("| corpus | 4.00 s | 1.00 s | 0.80 |\n"));
    }
}
