//! Deliveries over plain HTTP to this machine.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::webhooks::Attempt;

/// The secret that deliveries carry.
pub(crate) const SECRET: &str = "whsec_sandbox";
/// How long an app may take to answer, in real time.
const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the port and the path of a URL on this machine, or what is wrong with it.
pub(crate) fn target(url: &str) -> Result<(u16, String), String> {
    let wrong = || {
        "The sandbox delivers only to this machine: use https://localhost:PORT/… or http://127.0.0.1:PORT/…".to_owned()
    };
    let (_, rest) = url.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme)).ok_or_else(wrong)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if !["localhost", "127.0.0.1"].contains(&host) || !is_plain {
        return Err(wrong());
    }
    Ok((port, format!("/{}", path.split('#').next().unwrap_or_default())))
}

/// Makes an attempt, and returns the status or what prevented an answer.
pub(crate) async fn send(attempt: &Attempt) -> Result<u16, String> {
    let (port, path) = target(&attempt.url)?;
    match tokio::time::timeout(PATIENCE, post(port, &path, attempt)).await {
        Ok(Ok(status)) => status.ok_or_else(|| "the answer isn't HTTP".to_owned()),
        Ok(Err(problem)) => Err(problem.to_string()),
        Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
    }
}

async fn post(port: u16, path: &str, attempt: &Attempt) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    let secret = if attempt.has_secret { SECRET } else { "whsec_wrong" };
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:{port}\r\nx-api-key: {secret}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        attempt.body.len()
    );
    stream.write_all((head + &attempt.body).as_bytes()).await?;
    let mut line = [0; 12];
    stream.read_exact(&mut line).await?;
    let line = str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("HTTP/1."));
    Ok(line.and_then(|rest| rest.get(2..)).and_then(|status| status.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_on_this_machine_are_targets() {
        assert_eq!(target("https://localhost:8080/hook?a=b"), Ok((8080, "/hook?a=b".to_owned())));
        assert_eq!(target("http://127.0.0.1:1"), Ok((1, "/".to_owned())));
        for url in ["https://example.com:443/", "https://localhost/", "ftp://localhost:1/", "https://localhost:1/a b"] {
            assert!(target(url).is_err(), "{url}");
        }
    }
}
