//! A way to the server that can be cut: a TCP proxy on loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A proxy in front of a server.
pub struct Proxy {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    server: String,
    /// Counts the cuts; connections of before are closed.
    cuts: watch::Sender<usize>,
    /// Where to cut the connection that comes by there first.
    cut_at: Mutex<Option<CutAt>>,
}

/// Where in what a client sends its connection is to be cut. The server has what was sent up to there,
/// and its answer does not reach the client.
#[derive(Clone, Copy)]
pub enum CutAt {
    Before(&'static str),
    After(&'static str),
}

impl CutAt {
    /// Returns how much of what was sent is passed on, where the place is in it.
    fn end_in(self, sent: &[u8]) -> Option<usize> {
        let (Self::Before(text) | Self::After(text)) = self;
        let at = sent.windows(text.len()).position(|bytes| bytes == text.as_bytes())?;
        Some(match self {
            Self::Before(_) => at,
            Self::After(text) => at + text.len(),
        })
    }
}

impl Proxy {
    /// Starts one in front of the server of a URL.
    pub async fn start(server: &str) -> Self {
        let config: Config = server.parse().unwrap();
        let Host::Tcp(host) = &config.get_hosts()[0] else { panic!("the server is not reached by TCP") };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared =
            Arc::new(Shared { server: format!("{host}:{port}"), cuts: watch::channel(0).0, cut_at: Mutex::new(None) });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(Arc::clone(&accepting), client));
            }
        });
        Self { address, shared }
    }

    /// Returns the URL of the server with the proxy in its place.
    pub fn url(&self, server: &str) -> String {
        let config: Config = server.parse().unwrap();
        let (user, database) = (config.get_user().unwrap_or("postgres"), config.get_dbname().unwrap_or("postgres"));
        let password = config.get_password().map_or_else(String::new, |it| format!(":{}", String::from_utf8_lossy(it)));
        format!("postgres://{user}{password}@{}/{database}", self.address)
    }

    /// Closes all connections.
    pub fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Closes the connection that comes by this place first.
    pub fn cut_at(&self, place: CutAt) {
        *self.shared.cut_at.lock().unwrap() = Some(place);
    }

    /// Whether the place was come by.
    pub fn was_cut(&self) -> bool {
        self.shared.cut_at.lock().unwrap().is_none()
    }
}

async fn pass(shared: Arc<Shared>, mut client: TcpStream) {
    let Ok(mut server) = TcpStream::connect(&shared.server).await else { return };
    let mut cuts = shared.cuts.subscribe();
    let (mut sent, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut sent) => {
                let Ok(read @ 1..) = read else { return };
                let sent = &sent[..read];
                let mut cut_at = shared.cut_at.lock().unwrap().take();
                let until = cut_at.and_then(|place| place.end_in(sent));
                if until.is_none() {
                    // Not here; the next that is sent may hold it.
                    *shared.cut_at.lock().unwrap() = cut_at.take();
                }
                if server.write_all(&sent[..until.unwrap_or(read)]).await.is_err() {
                    return;
                }
                if until.is_some() {
                    // The server does what it was sent, and then finds the end; nobody hears its answers.
                    drop(server.shutdown().await);
                    while let Ok(1..) = server.read(&mut answered).await {}
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(read @ 1..) = read else { return };
                if client.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
            _ = cuts.changed() => return,
        }
    }
}
