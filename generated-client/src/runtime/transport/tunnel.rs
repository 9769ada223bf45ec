//! Asking a proxy for a tunnel (`CONNECT`) for TLS and the request.

use http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::runtime::error::BoxError;
use crate::runtime::error::connection::ProxyRefusal;

/// How long a proxy's response may be.
const LONGEST: usize = 8 * 1024;

/// Asks for a tunnel to `host` (an address of version 6 in brackets) and `port`.
pub(crate) async fn open(
    socket: &mut TcpStream,
    host: &str,
    port: u16,
    authorization: Option<&HeaderValue>,
) -> Result<(), BoxError> {
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n").into_bytes();
    let mut request = Zeroizing::new(request);
    if let Some(authorization) = authorization {
        // A list that grows leaves its bytes behind, so it grows before there is a password in it.
        request.reserve(authorization.len() + 64);
        request.extend_from_slice(b"proxy-authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    socket.write_all(&request).await?;
    match status(&response(socket).await?) {
        Some(status) if (200..300).contains(&status) => Ok(()),
        status => Err(ProxyRefusal(status).into()),
    }
}

/// Reads the proxy's response to the end of its head. Nothing follows it: in TLS the client speaks
/// first.
async fn response(socket: &mut TcpStream) -> Result<Vec<u8>, BoxError> {
    let mut read = Vec::with_capacity(512);
    loop {
        if socket.read_buf(&mut read).await? == 0 {
            return Err(ProxyRefusal(None).into());
        }
        let end = read.windows(4).position(|four| four == b"\r\n\r\n");
        // What refuses may have a body, which is not read.
        let is_refusal = || status(&read).is_some_and(|status| !(200..300).contains(&status));
        match end {
            Some(at) if at + 4 == read.len() || is_refusal() => return Ok(read),
            None if read.len() <= LONGEST => {}
            _ => return Err(ProxyRefusal(None).into()),
        }
    }
}

/// Returns the status of a response that begins with one.
fn status(response: &[u8]) -> Option<u16> {
    let digits = response.strip_prefix(b"HTTP/1.1 ").or_else(|| response.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, rest) = digits.split_at_checked(3)?;
    let ends = rest.first().is_some_and(|end| matches!(end, b' ' | b'\r'));
    if ends && digits.iter().all(u8::is_ascii_digit) { std::str::from_utf8(digits).ok()?.parse().ok() } else { None }
}
