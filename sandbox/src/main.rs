//! Serves a sandbox until Ctrl-C.

use std::process::ExitCode;

use novamed_sandbox::Sandbox;

const USAGE: &str = "Usage: novamed-sandbox [--port PORT]

Serves a NovaMed to develop against, on loopback. The default port is 4010.
";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let port = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => 4010,
        ["-h" | "--help"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        ["--port", port] => match port.parse() {
            Ok(port) => port,
            Err(_) => return refuse(&format!("`{port}` isn't a port"), 2),
        },
        _ => return refuse(USAGE, 2),
    };
    let sandbox = match Sandbox::start_on(port).await {
        Ok(sandbox) => sandbox,
        Err(problem) => return refuse(&format!("port {port} can't be used: {problem}; choose one with --port"), 1),
    };
    println!("NovaMed sandbox: {}   Never enter real patients' data.", sandbox.base_url());
    println!("export NOVAMED_ENVIRONMENT=development NOVAMED_BASE_URL={}", sandbox.base_url());
    println!("export NOVAMED_API_KEY={} NOVAMED_WEBHOOK_SECRET={}", sandbox.key(), sandbox.webhook_secret());
    println!("export NOVAMED_CLINIC_ID={}", sandbox.state().clinic());
    // Without a signal handler there is nothing to wait for but the end of the process.
    std::future::pending::<()>().await;
    ExitCode::SUCCESS
}

fn refuse(problem: &str, status: u8) -> ExitCode {
    eprintln!("novamed-sandbox: {problem}");
    ExitCode::from(status)
}
