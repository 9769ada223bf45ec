//! Parses numbers and error messages in the output of tools.

/// A program's heap use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heap {
    /// The total number of allocated bytes.
    pub bytes: u64,
    /// The number of allocations.
    pub blocks: u64,
    /// The bytes still allocated at the end.
    pub at_end: u64,
}

/// Reads the count from Callgrind's line `==123== Collected : 4567`.
pub fn collected(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// Reads DHAT's lines, such as `==123== Total:     1,234 bytes in 56 blocks`.
pub fn heap(text: &str) -> Option<Heap> {
    let line = |label: &str| text.lines().find_map(|line| line.split_once(label)).map(|(_, rest)| rest);
    let (bytes, blocks) = line("Total:")?.split_once(" bytes in ")?;
    let (at_end, _) = line("At t-end:")?.split_once(" bytes in ")?;
    Some(Heap { bytes: number(bytes)?, blocks: number(blocks.split_once(' ')?.0)?, at_end: number(at_end)? })
}

/// Reads what GNU time prints for `%e %M`: seconds and KiB.
pub fn time_and_kib(text: &str) -> Option<(f64, f64)> {
    let (seconds, kib) = text.trim().split_once(' ')?;
    Some((seconds.parse().ok()?, kib.parse().ok()?))
}

/// Reads a number with commas between its thousands.
fn number(text: &str) -> Option<u64> {
    text.trim().replace(',', "").parse().ok()
}

/// Returns the line that best explains a program's failure: the message of a panic, otherwise the first line
/// with an error, otherwise the first line.
pub fn complaint<'a>(stderr: &'a str, stdout: &'a str) -> Option<&'a str> {
    let lines = || stderr.lines().chain(stdout.lines()).map(str::trim).filter(|line| !line.is_empty());
    let mut after_panic = lines().skip_while(|line| !line.contains("panicked at")).skip(1);
    let speaks = |line: &&str| {
        let line = line.to_ascii_lowercase();
        line.contains("error") || line.contains("fail") || line.contains("invalid")
    };
    let line = after_panic.next().or_else(|| lines().rfind(|line| line.starts_with("gen fail")));
    let line = line.or_else(|| lines().find(speaks)).or_else(|| lines().next())?;
    Some(shortened(line))
}

/// Shortens a line to fit into a table.
fn shortened(line: &str) -> &str {
    const LENGTH: usize = 100;
    line.char_indices().nth(LENGTH).map_or(line, |(end, _)| &line[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_is_read_from_callgrind() {
        let text = "==1== Callgrind\n==1== Events    : Ir\n==1== Collected : 4567\n==1==\n";
        assert_eq!(collected(text), Some(4567));
        assert_eq!(collected("valgrind: no such program"), None);
    }

    #[test]
    fn totals_are_read_from_dhat() {
        let text = "==9== Total:     1,072,301 bytes in 1,204 blocks\n\
                    ==9== At t-gmax: 90,112 bytes in 10 blocks\n\
                    ==9== At t-end:  9,013 bytes in 7 blocks\n";
        assert_eq!(heap(text), Some(Heap { bytes: 1_072_301, blocks: 1204, at_end: 9013 }));
        assert_eq!(heap("valgrind: no such program"), None);
    }

    #[test]
    fn time_and_memory_are_read_from_gnu_time() {
        assert_eq!(time_and_kib("1.25 2048\n"), Some((1.25, 2048.0)));
        assert_eq!(time_and_kib("Command exited with status 1"), None);
    }

    #[test]
    fn complaint_is_the_line_that_tells_most() {
        let panic = "note: x\nthread 'main' (1) panicked at /a/b.rs:3:1:\nnot yet implemented: two types\nnote: run";
        assert_eq!(complaint(panic, ""), Some("not yet implemented: two types"));
        let printed = "Error: generation experienced errors";
        assert_eq!(complaint(printed, "gen fail: UnexpectedFormat\n"), Some("gen fail: UnexpectedFormat"));
        assert_eq!(complaint("Reading\nerror: no key\n", ""), Some("error: no key"));
        assert_eq!(complaint("", "\nodd\n"), Some("odd"));
        assert_eq!(complaint("", ""), None);
        assert_eq!(complaint(&"é".repeat(200), "").map(|it| it.chars().count()), Some(100));
    }
}
