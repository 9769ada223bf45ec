//! Generates the client and the server of `api.yaml`.

use std::path::Path;
use std::{env, fs};

use generator::{Config, Source};

fn main() {
    println!("cargo::rerun-if-changed=api.yaml");
    let text = fs::read_to_string("api.yaml").expect("the document can be read");
    let source = Source::alone("api.yaml", &text);
    let config = Config { server: true, ..Config::new("wire") };
    let generated = generator::generate(&source, &config).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert!(generated.warnings.is_empty(), "{:?}", generated.warnings);
    let out = env::var_os("OUT_DIR").expect("Cargo names the folder");
    for (path, text) in &generated.files {
        let path = Path::new(&out).join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        // What `include!` takes has no inner attributes.
        let text = if path.ends_with("src/lib.rs") { without_inner_attributes(text).into() } else { text.clone() };
        fs::write(path, &*text).expect("the folder can be written to");
    }
}

fn without_inner_attributes(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("#!")).map(|line| format!("{line}\n")).collect()
}
