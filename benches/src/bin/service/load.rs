//! Sends requests to a service at a steady rate, even if answers are late, so a service that falls behind shows high
//! latencies.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use crate::Outcome;

/// The load on a service.
pub(crate) struct Load {
    /// Address of the service.
    pub(crate) address: SocketAddr,
    /// Path of the route.
    pub(crate) path: String,
    /// Requests per second.
    pub(crate) rate: f64,
    /// Duration of the load.
    pub(crate) time: Duration,
    /// Number of connections, which take turns.
    pub(crate) connections: u32,
}

/// Sends the requests and prints the achieved rate and the latencies in microseconds.
pub(crate) fn run(load: &Load) -> Outcome<()> {
    // A single thread leaves the other cores to the server.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut latencies = runtime.block_on(async {
        let start = Instant::now() + Duration::from_millis(200);
        let callers: Vec<_> = (0..load.connections)
            .map(|index| call(load, index, start))
            .collect();
        let latencies = futures_util::future::try_join_all(callers).await?;
        Ok::<_, std::io::Error>(latencies.concat())
    })?;
    latencies.sort_unstable();
    let rate = latencies.len() as f64 / load.time.as_secs_f64();
    let quantile = |share: f64| {
        let index = (latencies.len() as f64 * share) as usize;
        let time = latencies.get(index.min(latencies.len().saturating_sub(1)));
        time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
    };
    println!("path\tper_second\tp50_us\tp90_us\tp99_us\tp999_us\tmost_us");
    print!("{}\t{rate:.0}", load.path);
    for share in [0.5, 0.9, 0.99, 0.999, 1.0] {
        print!("\t{:.0}", quantile(share));
    }
    println!();
    Ok(())
}

/// Sends the requests of one connection and returns their latencies. Each request is sent when it is due, or as soon as the
/// previous answer arrives if that is later; its latency then counts from the time when it was due.
async fn call(load: &Load, index: u32, start: Instant) -> std::io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(load.address).await?;
    stream.set_nodelay(true)?;
    let body = r#"{"question":"What is the weather in Oslo?"}"#;
    let request = format!(
        "POST {} HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        load.path,
        body.len()
    );
    let every = Duration::from_secs_f64(f64::from(load.connections) / load.rate);
    let mut due = start + every.mul_f64(f64::from(index) / f64::from(load.connections));
    let mut latencies = Vec::with_capacity((load.time.as_secs_f64() / every.as_secs_f64()) as usize + 1);
    let mut answer = Vec::with_capacity(1024);
    while due < start + load.time {
        let was_busy = Instant::now() > due;
        sleep_until(due).await;
        let started = if was_busy { due } else { Instant::now() };
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut answer).await?;
        latencies.push(started.elapsed());
        due += every;
    }
    Ok(latencies)
}

/// Reads one complete answer. Any status except 200 is an error.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> std::io::Result<()> {
    let failure = |reason: &str| std::io::Error::other(reason.to_owned());
    answer.clear();
    let head = loop {
        if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(answer).await? == 0 {
            return Err(failure("the service closed the connection"));
        }
    };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    if !text.starts_with("http/1.1 200 ") {
        return Err(failure("the service did not answer with status 200"));
    }
    let length: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok())
        .ok_or_else(|| failure("the answer has no content-length header"))?;
    while answer.len() < head + length {
        if stream.read_buf(answer).await? == 0 {
            return Err(failure("the answer ended early"));
        }
    }
    Ok(())
}
