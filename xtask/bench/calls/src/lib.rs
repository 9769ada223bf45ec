//! What the programs of the bench share: `PROGRAM TASK CALLS URL`.
//!
//! Each program makes its client, calls `createMedicationRequest` or `getCarriers` so many times,
//! one after the other, and ends with the client alive, so that a tool that watches the heap sees
//! what an idle client holds. `PROGRAM none 0 URL` makes no client: what is left is the program's.

pub mod typed;

use std::error::Error;

/// The key that is sent.
pub const KEY: &str = "dev_0123456789abcdef0123456789abcdef";

/// Why a program ended without having made its calls.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What a program is to do.
enum Task {
    None,
    Create,
    List,
}

/// Runs a program: `build` makes its client for a base URL, `create` and `list` make one call each.
///
/// # Errors
///
/// Whatever the arguments, the client or a call fails with.
pub fn run<C>(
    build: impl FnOnce(&str) -> Result<C, Failure>,
    create: impl AsyncFn(&C) -> Result<(), Failure>,
    list: impl AsyncFn(&C) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [task, calls, url] = arguments.as_slice() else {
        return Err("usage: PROGRAM create|list|none CALLS URL".into());
    };
    let task = match task.as_str() {
        "create" => Task::Create,
        "list" => Task::List,
        "none" => Task::None,
        other => return Err(format!("unknown task `{other}`").into()),
    };
    let calls: u64 = calls.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        if matches!(task, Task::None) {
            std::process::exit(0);
        }
        let client = build(url)?;
        for _ in 0..calls {
            match task {
                Task::Create => create(&client).await?,
                Task::List => list(&client).await?,
                Task::None => {}
            }
        }
        // Nothing is dropped: the client counts as what the program holds.
        std::process::exit(0)
    })
}
