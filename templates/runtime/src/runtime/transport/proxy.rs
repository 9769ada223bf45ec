//! The proxy for `https`: which one and for which hosts, following the variables that curl reads, and asking it for a
//! tunnel (`CONNECT`).

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::runtime::error::BoxError;
use crate::runtime::error::config::ConfigError;
use crate::runtime::error::connection::ProxyRefusal;
use crate::runtime::transport::url::is_loopback;
use crate::runtime::value::secret::Secret;

/// What the caller chose.
#[derive(Clone, Default)]
pub(crate) enum Choice {
    /// The environment's variables.
    #[default]
    Environment,
    /// No proxy, whatever the environment says.
    None,
    /// The proxy of this URL, for every host. It may hold a password.
    Url(Secret),
}

/// A proxy that tunnels are asked of.
pub(crate) struct Proxy {
    /// `http`, with host and port.
    pub(crate) url: Uri,
    /// The header `proxy-authorization`, where the URL holds a user name.
    pub(crate) authorization: Option<HeaderValue>,
    exempt: Vec<Exempt>,
}

impl Proxy {
    /// Returns the proxy that was chosen. `variable` reads the environment.
    pub(crate) fn choose(
        choice: &Choice,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        match choice {
            Choice::None => Ok(None),
            Choice::Url(url) => Self::parse(url.expose(), "").map(Some).ok_or(ConfigError::InvalidProxy),
            Choice::Environment => {
                let first = |names: &[&str]| names.iter().find_map(|name| variable(name).filter(|it| !it.is_empty()));
                let Some(url) = first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) else {
                    return Ok(None);
                };
                let exempt = first(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
                Self::parse(&Zeroizing::new(url), &exempt).map(Some).ok_or(ConfigError::InvalidProxy)
            }
        }
    }

    /// Reads `[http://][user[:password]@]host[:port]`; a path is left out.
    fn parse(url: &str, exempt: &str) -> Option<Self> {
        let rest = match url.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some(_) => return None,
            None => url,
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(host.parse::<Authority>().ok().filter(|it| !it.host().is_empty())?);
        parts.path_and_query = Some(PathAndQuery::from_static("/"));
        let authorization = match user {
            Some(user) => Some(basic(user)?),
            None => None,
        };
        Some(Self { url: Uri::from_parts(parts).ok()?, authorization, exempt: exempt_hosts(exempt) })
    }

    /// Whether requests to this host go through the proxy. None does to this machine: a proxy is
    /// another one, and would not reach it.
    pub(crate) fn is_for(&self, host: &str, port: u16) -> bool {
        !is_loopback(host) && !self.exempt.iter().any(|exempt| exempt.covers(host, port))
    }
}

/// Returns the header of `user[:password]`, of which each is percent-encoded.
fn basic(user: &str) -> Option<HeaderValue> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut plain = Zeroizing::new(Vec::with_capacity(user.len() + 1));
    decode(name, &mut plain)?;
    plain.push(b':');
    decode(password, &mut plain)?;
    let encoded = Zeroizing::new(::base64::engine::general_purpose::STANDARD.encode(&*plain));
    Secret::from(encoded.as_str()).header_value("Basic ")
}

/// Appends the bytes of a percent-encoded text, or returns nothing if it is none.
fn decode(text: &str, bytes: &mut Vec<u8>) -> Option<()> {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    Some(())
}

/// One entry of `NO_PROXY`.
enum Exempt {
    /// `*`.
    All,
    /// The addresses of which the first so many bits are these.
    Net(IpAddr, u32),
    /// A host and what is below it, at one port or any.
    Host(String, Option<u16>),
}

/// Reads the entries, which commas or white space separate: `*`, an address, a net such as
/// `10.0.0.0/8`, a host (`example.com`, `.example.com` and `*.example.com` mean the same) or
/// a host with a port.
fn exempt_hosts(list: &str) -> Vec<Exempt> {
    let entries = list.split(|c: char| c == ',' || c.is_whitespace());
    entries.filter(|entry| !entry.is_empty()).map(Exempt::parse).collect()
}

impl Exempt {
    fn parse(entry: &str) -> Self {
        if entry == "*" {
            return Self::All;
        }
        let (address, bits) = match entry.split_once('/') {
            Some((address, bits)) => (address, bits.parse().ok()),
            None => (entry, Some(128)),
        };
        if let (Ok(address), Some(bits)) = (bare(address).parse(), bits) {
            return Self::Net(address, bits);
        }
        let (host, port) = match entry.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
            Some((host, Ok(port))) => (host, Some(port)),
            _ => (entry, None),
        };
        Self::Host(bare(host).trim_start_matches('*').trim_matches('.').to_ascii_lowercase(), port)
    }

    fn covers(&self, host: &str, port: u16) -> bool {
        let host = bare(host).trim_end_matches('.');
        match self {
            Self::All => true,
            Self::Net(net, bits) => host.parse().is_ok_and(|address| is_within(address, *net, *bits)),
            Self::Host(name, at) => at.is_none_or(|at| at == port) && is_below(&host.to_ascii_lowercase(), name),
        }
    }
}

/// Returns an address of version 6 without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn is_below(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || (!name.is_empty() && rest.ends_with('.')))
}

fn is_within(address: IpAddr, net: IpAddr, bits: u32) -> bool {
    // A number of bits that is too large asks for the address itself.
    match (address, net) {
        (IpAddr::V4(address), IpAddr::V4(net)) => {
            let different = address.to_bits() ^ net.to_bits();
            different.leading_zeros() >= bits.min(u32::BITS)
        }
        (IpAddr::V6(address), IpAddr::V6(net)) => {
            let different = address.to_bits() ^ net.to_bits();
            different.leading_zeros() >= bits.min(u128::BITS)
        }
        _ => false,
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "from the environment",
            Self::None => "none",
            Self::Url(_) => "set",
        })
    }
}

/// How long a proxy's response may be.
const LONGEST: usize = 8 * 1024;

/// Asks for a tunnel to `host` (an address of version 6 in brackets) and `port`.
pub(crate) async fn open_tunnel(
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
