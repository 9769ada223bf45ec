//! The generators: time, memory and instructions for the repository's document, for a corpus, and for large
//! documents.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Bench;
use super::peers::{self, Peer};
use super::table::{Table, Unit};
use crate::measure::samples::Samples;
use crate::measure::{self, Job, Measured};

/// The folder of documents that aren't part of the repository.
const CORPUS: &str = "../shared/corpus";
const LARGE: &str = "../shared/corpus-large";

/// A file system in memory, if there is one. Otherwise the disk would affect the measurement: ext4 is slow to
/// create files where many were just removed, as before each run.
const MEMORY: &str = "/dev/shm";

/// The result for a document: the time of our generator, and the number of operations.
struct Growth {
    what: String,
    seconds: f64,
    operations: u64,
}

/// Returns the tables with the generators' speed, and with the growth of ours.
pub fn tables(bench: &Bench) -> Vec<Table> {
    let titles = peers::ALL.iter().map(|peer| peer.title());
    let mut table = Table::new("Codegen, whole process", std::iter::once("ours".to_owned()).chain(titles));
    table.note(
        "progenitor formats what it writes by rustfmt, another process: its instructions are not counted, its time \
         is, and its memory where that is the peak",
    );
    if let Some(memory) = memory() {
        table.note(format!("what the tools write goes to a file system in memory, {}", memory.display()));
    }
    let mut growth = Vec::new();
    growth.extend(one(bench, &mut table, "NovaMed", None, bench.runs));
    growth.extend(corpus(bench, &mut table));
    for (name, document) in large(bench, &mut table) {
        match document {
            Ok(document) => growth.extend(one(bench, &mut table, &name, Some(&document), bench.runs.min(5))),
            Err(why) => table.missing(name, why),
        }
    }
    if let Some(memory) = memory() {
        let _ = measure::remove(&memory);
    }
    let growth = grown(&growth);
    vec![table, growth]
}

/// Returns this process's folder in memory.
fn memory() -> Option<PathBuf> {
    let folder = Path::new(MEMORY);
    folder.is_dir().then(|| folder.join(format!("novamed-bench-{}", std::process::id())))
}

/// Returns the jobs that generate from a document, ours first. `None` means the repository's own document.
fn jobs(bench: &Bench, document: Option<&Path>) -> Vec<Measured<Job>> {
    let outputs = memory().unwrap_or_else(|| bench.scratch.clone());
    // If it fails, the first job reports it.
    let _ = fs::create_dir_all(&outputs);
    let out = outputs.join("ours");
    let ours = Job::new(&bench.xtask).arg("codegen").arg("--out").arg(&out).fresh(&out);
    let ours = match document {
        Some(document) => ours.arg("--spec").arg(document).args(["--name", "measured"]),
        None => ours,
    };
    let own = bench.root.join("spec/novamed.yaml");
    let document = document.unwrap_or(&own);
    let out = outputs.join("peer");
    let of_peer = |(peer, program): &(Peer, Measured<PathBuf>)| {
        program.as_ref().map(|program| peer.job(program, document, &out, "measured")).map_err(Clone::clone)
    };
    std::iter::once(Ok(ours)).chain(bench.peers.iter().map(of_peer)).collect()
}

/// Measures one document.
fn one(bench: &Bench, table: &mut Table, what: &str, document: Option<&Path>, runs: usize) -> Option<Growth> {
    let jobs = jobs(bench, document);
    let times = measure::paired(runs, &jobs);
    // A failing tool gives its reason only once.
    let able: Vec<Measured<&Job>> = jobs
        .iter()
        .zip(&times)
        .map(|(job, time)| match (job, time) {
            (Ok(job), Ok(_)) => Ok(job),
            _ => Err("not measured, as above".to_owned()),
        })
        .collect();
    let seconds = times.first().and_then(|time| time.as_ref().ok()?.median());
    table.row(format!("{what}: time (median of {runs})"), Unit::Seconds, times);
    let memory = |job: &Measured<&Job>| Ok(Samples::one(job.clone()?.peak_memory(&bench.scratch)?));
    table.row(format!("{what}: peak memory"), Unit::Mebibytes, able.iter().map(memory).collect());
    let count = |job: &Measured<&Job>| Ok(Samples::one(as_float(job.clone()?.instructions()?)));
    table.row(format!("{what}: instructions"), Unit::Count, able.iter().map(count).collect());
    let operations = operations(&able.first()?.clone().ok()?.output().ok()?)?;
    Some(Growth { what: what.to_owned(), seconds: seconds?, operations })
}

/// Measures all documents of the corpus, one by one, and adds up the results.
fn corpus(bench: &Bench, table: &mut Table) -> Option<Growth> {
    const WHAT: &str = "corpus: time of all documents";
    const RUNS: usize = 3;
    let documents = files(&bench.root.join(CORPUS), &["yaml", "json"]);
    if documents.is_empty() {
        table.missing(WHAT, format!("left out, there is no {CORPUS} beside the repository"));
        return None;
    }
    let mut sums = vec![Sum::default(); 1 + bench.peers.len()];
    let (mut counted, mut count) = (0, 0);
    for document in &documents {
        let name = document.file_stem().unwrap_or_default().to_string_lossy();
        let jobs = jobs(bench, Some(document));
        let times = measure::paired(RUNS.min(bench.runs), &jobs);
        if let Some(Ok(ours)) = jobs.first() {
            count += ours.output().ok().and_then(|text| operations(&text)).unwrap_or(0);
            counted += 1;
        }
        let ours = times.first().and_then(|time| time.as_ref().ok()?.median());
        for (sum, time) in sums.iter_mut().zip(&times) {
            sum.add(&name, ours, time.as_ref().ok().and_then(Samples::median));
        }
    }
    let titles = std::iter::once("ours".to_owned()).chain(peers::ALL.iter().map(|peer| peer.title()));
    let absent = bench.peers.iter().map(|(_, program)| program.as_ref().err());
    for ((sum, title), absent) in sums.iter().zip(titles).zip(std::iter::once(None).chain(absent)) {
        let all = documents.len();
        if absent.is_none() && !sum.failed.is_empty() {
            let failed = sum.failed.join(", ");
            table.note(format!("{title} fails on {} of the {all} documents of the corpus: {failed}", sum.failed.len()));
        }
    }
    table.note(
        "the corpus: each time is the sum over the documents that the tool did not fail on, each ratio is over \
         the documents that both did not fail on",
    );
    let cells = sums.iter().zip(std::iter::once(None).chain(bench.peers.iter().map(|(_, it)| it.as_ref().err())));
    let cells = cells.map(|(sum, absent)| match absent {
        Some(why) => Err(why.clone()),
        None => Ok(Samples::one(sum.seconds)),
    });
    let ratios = sums.iter().skip(1).map(Sum::ratio).collect();
    table.row_with_ratios(WHAT, Unit::Seconds, cells.collect(), ratios);
    let seconds = sums.first()?.seconds;
    (counted > 0).then(|| Growth { what: "corpus".to_owned(), seconds, operations: count })
}

/// A tool's result for the corpus.
#[derive(Debug, Clone, Default, PartialEq)]
struct Sum {
    /// For the documents that it accepted.
    seconds: f64,
    /// The same, and ours, for documents that both accepted.
    both: (f64, f64),
    /// The names of the documents that it rejected.
    failed: Vec<String>,
}

impl Sum {
    fn add(&mut self, name: &str, ours: Option<f64>, seconds: Option<f64>) {
        let Some(seconds) = seconds else {
            self.failed.push(name.to_owned());
            return;
        };
        self.seconds += seconds;
        if let Some(ours) = ours {
            self.both = (self.both.0 + ours, self.both.1 + seconds);
        }
    }

    fn ratio(&self) -> Option<f64> {
        let (ours, theirs) = self.both;
        (theirs > 0.0).then(|| ours / theirs)
    }
}

/// Returns the large documents, unpacked, by their names.
fn large(bench: &Bench, table: &mut Table) -> Vec<(String, Measured<PathBuf>)> {
    let mut paths = files(&bench.root.join(LARGE), &["gz"]);
    if paths.is_empty() {
        table.missing("large documents", format!("left out, there is no {LARGE} beside the repository"));
    }
    paths.extend(bench.large.iter().cloned());
    paths.iter().map(|path| (stem(path), unpacked(&bench.scratch, path))).collect()
}

/// Returns a document's name without its endings.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Returns the files in a folder with one of these endings, sorted.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending)));
    paths.sort();
    paths
}

/// Returns the path of the uncompressed document.
pub fn unpacked(scratch: &Path, document: &Path) -> Measured<PathBuf> {
    if document.extension().is_none_or(|extension| extension != "gz") {
        return Ok(document.to_owned());
    }
    let place = scratch.join(document.file_stem().unwrap_or_default());
    let file = File::create(&place).map_err(|error| error.to_string())?;
    let gzip = Command::new("gzip").arg("-dc").arg(document).stdout(file).stderr(Stdio::null()).status();
    let status = gzip.map_err(|error| format!("not measured, gzip did not run ({error})"))?;
    if status.success() { Ok(place) } else { Err(format!("not measured, gzip cannot unpack {}", document.display())) }
}

/// Parses the number of operations from codegen's output.
fn operations(text: &str) -> Option<u64> {
    let (before, _) = text.split_once(" operation")?;
    before.rsplit(' ').next()?.parse().ok()
}

/// Returns the table that shows how our time grows with the number of operations.
fn grown(growth: &[Growth]) -> Table {
    let mut table = Table::new("Growth of codegen: time per operation", ["ours", "NovaMed"]);
    let each: Vec<f64> = growth.iter().map(|it| it.seconds / as_float(it.operations.max(1))).collect();
    for (document, seconds) in growth.iter().zip(&each) {
        let cells = [Some(*seconds), each.first().copied()].into_iter().flatten();
        let what = format!("{} ({} operations)", document.what, document.operations);
        table.row(what, Unit::Seconds, cells.map(|value| Ok(Samples::one(value))).collect());
    }
    table
}

/// Returns a count as a float; counts are too small to be rounded.
#[expect(clippy::cast_precision_loss, reason = "a count of instructions or bytes is below 2^52")]
pub fn as_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_from_what_codegen_prints() {
        let text = "novamed: 8 operations, 53 types; 0 files written in generated-client (0.05 s)\n";
        assert_eq!(operations(text), Some(8));
        assert_eq!(operations("x: 1 operation, 2 types"), Some(1));
        assert_eq!(operations("nothing"), None);
    }

    #[test]
    fn corpus_is_compared_where_both_did_not_fail() {
        let mut sum = Sum::default();
        sum.add("a", Some(1.0), Some(2.0));
        sum.add("b", Some(5.0), None);
        sum.add("c", None, Some(3.0));
        sum.add("d", Some(2.0), Some(2.0));
        assert_eq!(sum, Sum { seconds: 7.0, both: (3.0, 4.0), failed: vec!["b".to_owned()] });
        assert_eq!(sum.ratio(), Some(0.75));
        assert_eq!(Sum::default().ratio(), None);
    }

    #[test]
    fn document_is_named_without_its_endings() {
        assert_eq!(stem(Path::new("a/github-rest.json.gz")), "github-rest");
    }
}
