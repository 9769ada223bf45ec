//! Serves a sandbox until Ctrl-C.

use std::fs;
use std::net::IpAddr;
use std::process::ExitCode;

use lexopt::prelude::*;
use novamed_sandbox::{Assumptions, Options};

const USAGE: &str = "Usage: novamed-sandbox [OPTIONS]

Serves a NovaMed to develop against.

  --port PORT            default: 4010
  --listen ADDRESS       default: 127.0.0.1
  --clock manual|SPEED   stop the clock until it is advanced, or run it SPEED times as fast as real time; default: 60
  --seed NUMBER          the same seed and calls give the same ids and history; default: 1
  --db FILE              keep everything in a SQLite file to survive a restart
  --webhook URL          deliver all events to http://127.0.0.1:PORT/… as well; can be repeated
  --faults FILE          rules for faults, in JSON
  --no-rate-limit        accept more than 100 requests per minute

What no source decides (see sandbox/README.md):

  --without-order-id     createMedicationRequest returns no medication_order_id
  --details-as-array     an error's details are [{field, message}] instead of {field, reason}
  --events-out-of-order  every other event is delivered after the next one
  --stage-seconds N      virtual seconds between two stages of an order; default: 60
";

/// Why the program ends, and its exit status.
struct End(String, u8);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(End(problem, status)) => {
            eprintln!("novamed-sandbox: {problem}");
            ExitCode::from(status)
        }
    }
}

async fn run() -> Result<(), End> {
    let options = options().map_err(|problem| End(format!("{problem}; --help lists the options"), 2))?;
    let Some(options) = options else {
        print!("{USAGE}");
        return Ok(());
    };
    let sandbox = options.start().await.map_err(|problem| End(problem.to_string(), 1))?;
    let url = sandbox.base_url();
    println!("NovaMed sandbox: {url}   page: {url}/_sandbox");
    println!("Never enter real patients' data.");
    println!("export NOVAMED_ENVIRONMENT=development NOVAMED_BASE_URL={url} NOVAMED_API_KEY={}", sandbox.key());
    println!("export NOVAMED_CLINIC_ID={} NOVAMED_WEBHOOK_SECRET={}", sandbox.clinic(), sandbox.webhook_secret());
    tokio::signal::ctrl_c().await.map_err(|problem| End(format!("cannot wait for Ctrl-C: {problem}"), 1))
}

/// Reads the command line. Returns `None` if help is asked for.
fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default().port(4010);
    let mut assumptions = Assumptions::default();
    let mut has_limit = true;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        options = match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("port") => match arguments.value()?.string()?.parse() {
                Ok(port) => options.port(port),
                Err(_) => return Err("--port needs a number up to 65535".into()),
            },
            Long("listen") => options.listen(arguments.value()?.parse::<IpAddr>()?),
            Long("clock") => match arguments.value()?.string()?.as_str() {
                "manual" => options.manual_clock(),
                speed => match speed.parse() {
                    Ok(speed) if speed > 0 => options.speed(speed),
                    _ => return Err("--clock needs `manual` or a positive number".into()),
                },
            },
            Long("seed") => options.seed(arguments.value()?.parse()?),
            Long("db") => options.database(arguments.value()?),
            Long("webhook") => options.webhook(arguments.value()?.string()?),
            Long("faults") => {
                let file = arguments.value()?.string()?;
                let text = fs::read_to_string(&file).map_err(|problem| format!("cannot read {file}: {problem}"))?;
                options.faults(&text).map_err(|problem| format!("{file}: {problem}"))?
            }
            Long("no-rate-limit") => {
                has_limit = false;
                options
            }
            Long("without-order-id") => {
                assumptions.order_id_in_answers = false;
                options
            }
            Long("details-as-array") => {
                assumptions.details_as_array = true;
                options
            }
            Long("events-out-of-order") => {
                assumptions.events_out_of_order = true;
                options
            }
            Long("stage-seconds") => {
                assumptions.stage_seconds = arguments.value()?.parse()?;
                options
            }
            other => return Err(other.unexpected()),
        };
    }
    let options = options.assume(assumptions);
    Ok(Some(if has_limit { options.rate_limit() } else { options }))
}
