//! A server on loopback with a fixed answer for each HTTP method.
//!
//! It runs in this process, so tools that count a client's instructions count only the client's.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// The answers: to POST, and to any other method.
#[derive(Debug)]
pub struct Answers {
    create: Vec<u8>,
    list: Vec<u8>,
}

impl Answers {
    /// Creates answers with these JSON bodies, and the headers that the API documents for all answers.
    pub fn new(create: &str, list: &str) -> Self {
        Self { create: answer(create.trim()), list: answer(list.trim()) }
    }
}

fn answer(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\n\
         content-type: application/json\r\n\
         date: Mon, 05 Jan 2026 00:00:00 GMT\r\n\
         x-ratelimit-limit: 100\r\n\
         x-ratelimit-remaining: 99\r\n\
         x-ratelimit-reset: 4102444800\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Starts the server and returns its URL. It runs as long as this process.
pub fn start(answers: Answers) -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    let answers = Arc::new(answers);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answers = Arc::clone(&answers);
            // When a client disconnects, its connection's thread ends.
            thread::spawn(move || serve(&stream, &answers));
        }
    });
    Ok(url)
}

fn serve(stream: &TcpStream, answers: &Answers) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    while let Some(is_post) = request(&mut reader)? {
        writer.write_all(if is_post { &answers.create } else { &answers.list })?;
    }
    Ok(())
}

/// Reads a complete request and returns whether it is a POST, or `None` at the end of the connection.
fn request(reader: &mut impl BufRead) -> io::Result<Option<bool>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let is_post = line.starts_with("POST ");
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;
    Ok(Some(is_post))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answer_goes_by_the_method() {
        let url = start(Answers::new("{\"a\":1}\n", "[]")).unwrap();
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let bodies: Vec<&str> =
            text.split("HTTP/1.1 200 OK\r\n").skip(1).filter_map(|it| it.split("\r\n\r\n").nth(1)).collect();
        assert_eq!(bodies, ["{\"a\":1}", "[]"]);
        assert!(text.contains("content-length: 7\r\n"));
    }
}
