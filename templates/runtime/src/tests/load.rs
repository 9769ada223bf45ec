//! Many calls at once through one client.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::sync::Barrier;

use super::memory::{FINE, answer, served, text};
use super::server::{listen, read_request};
use super::{CREATE, builder};
use crate::runtime::client::Client;

const CALLS: usize = 1_000;

/// Returns how many connections may be open at once. Each has a descriptor at either end here, and
/// a system may grant a process no more than 1,024.
fn sockets() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    let granted = line.split_whitespace().nth(3).and_then(|it| it.parse::<usize>().ok());
    if granted.is_some_and(|granted| granted >= 4_096) { CALLS } else { 400 }
}

/// Returns how many calls wait, how many requests are on their way, and how many are remembered.
fn held(client: &Client) -> (usize, usize, usize) {
    let state = client.shared.pacer.as_ref().expect("it is on").lock();
    (state.queue.len(), state.under_way, state.freed.len())
}

/// Makes so many calls at once, each of which must get its own answer.
async fn at_once(client: &Client, calls: usize) {
    let sent: Vec<_> = (0..calls)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let answer = client.call(&CREATE).json("application/json", &number).data::<usize>().await;
                assert_eq!(*answer.expect("no answer is lost"), number);
            })
        })
        .collect();
    for call in sent {
        call.await.expect("no call panics");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_at_once_each_get_their_answer_and_leave_nothing_behind() {
    // Nothing is answered before all have come.
    let all = Arc::new(Barrier::new(CALLS));
    let told = Arc::new(AtomicUsize::new(0));
    let hook = Arc::clone(&told);
    let client = served(move |request| {
        let all = Arc::clone(&all);
        Box::pin(async move {
            let number = text(request.into_body()).await;
            all.wait().await;
            Ok(answer(200, format!(r#"{{"success": true, "data": {number}}}"#)))
        })
    })
    .rate_limit(1_000, Duration::from_secs(60))
    .audit(move |_| {
        hook.fetch_add(1, Ordering::Relaxed);
    })
    .build()
    .expect("built");
    at_once(&client, CALLS).await;
    assert_eq!(told.load(Ordering::Relaxed), CALLS);
    assert_eq!(held(&client), (0, 0, CALLS), "none waits, none is on its way, and the limit is used up");
    assert_eq!(Arc::strong_count(&client.shared), 1);
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_given_up_leave_nothing_behind() {
    let client = served(|_| Box::pin(std::future::pending())).rate_limit(100, Duration::from_secs(60));
    let client = client.deadline(Duration::from_secs(3600)).build().expect("built");
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.call(&CREATE).empty().await.is_ok() })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(held(&client), (CALLS - 100, 100, 0));
    for call in &calls {
        call.abort();
    }
    for call in calls {
        assert!(call.await.is_err_and(|error| error.is_cancelled()));
    }
    let (waiting, under_way, freed) = held(&client);
    assert_eq!((waiting, under_way), (0, 0));
    assert!(freed <= 100, "a limit's requests are remembered, and no more: {freed}");
    assert_eq!(Arc::strong_count(&client.shared), 1);
    // And the client is as good as before, when the limit's time has passed.
    tokio::time::sleep(Duration::from_secs(61)).await;
    let quick = client.with_options(|o| o.attempt_timeout(Duration::from_secs(1)));
    assert!(quick.call(&CREATE).empty().await.expect_err("nobody answers").is_timeout());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_over_sockets_use_their_connections_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let url = listen(move |mut stream| {
        counted.fetch_add(1, Ordering::Relaxed);
        async move {
            loop {
                let request = read_request(&mut stream).await;
                let Some((_, number)) = request.split_once("\r\n\r\n") else {
                    return;
                };
                let body = FINE.replace('1', number);
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                stream.write_all(answer.as_bytes()).await.ok();
            }
        }
    })
    .await;
    let client = builder(&url).build().expect("built");
    let sockets = sockets();
    for _ in 0..3 {
        at_once(&client, sockets).await;
    }
    // A connection goes back a moment after its answer was read, so a few more than were needed at
    // once may be opened, but never one for each call.
    let connections = connections.load(Ordering::Relaxed);
    assert!(connections <= sockets * 3 / 2, "{connections} connections for {} calls", sockets * 3);
}
