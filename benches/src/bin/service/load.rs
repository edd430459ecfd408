//! Asks a service at a steady rate, whatever it takes to answer: a service that falls behind is seen to.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use crate::Outcome;

/// What is asked of a service.
pub(crate) struct Load {
    /// Where it is.
    pub(crate) address: SocketAddr,
    /// The route.
    pub(crate) path: String,
    /// Requests a second.
    pub(crate) rate: f64,
    /// For how long.
    pub(crate) time: Duration,
    /// Over how many connections, which take turns.
    pub(crate) connections: u32,
}

/// Asks, and prints the rate that was held and the latencies in microseconds.
pub(crate) fn run(load: &Load) -> Outcome<()> {
    // One thread: the server has the other cores to itself as far as there are any.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut taken = runtime.block_on(async {
        let begin = Instant::now() + Duration::from_millis(200);
        let callers: Vec<_> = (0..load.connections)
            .map(|place| call(load, place, begin))
            .collect();
        let taken = futures_util::future::try_join_all(callers).await?;
        Ok::<_, std::io::Error>(taken.concat())
    })?;
    taken.sort_unstable();
    let held = taken.len() as f64 / load.time.as_secs_f64();
    let at = |part: f64| {
        let place = (taken.len() as f64 * part) as usize;
        let time = taken.get(place.min(taken.len().saturating_sub(1)));
        time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
    };
    println!("path\tper_second\tp50_us\tp90_us\tp99_us\tp999_us\tmost_us");
    print!("{}\t{held:.0}", load.path);
    for part in [0.5, 0.9, 0.99, 0.999, 1.0] {
        print!("\t{:.0}", at(part));
    }
    println!();
    Ok(())
}

/// One connection: asks whenever its turn comes, at once when the answer before was late. Returns how long each took, from when
/// it was due if the connection was still busy then.
async fn call(load: &Load, place: u32, begin: Instant) -> std::io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(load.address).await?;
    stream.set_nodelay(true)?;
    let body = r#"{"question":"What is the weather in Oslo?"}"#;
    let request = format!(
        "POST {} HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        load.path,
        body.len()
    );
    let every = Duration::from_secs_f64(f64::from(load.connections) / load.rate);
    let mut due = begin + every.mul_f64(f64::from(place) / f64::from(load.connections));
    let mut taken = Vec::with_capacity((load.time.as_secs_f64() / every.as_secs_f64()) as usize + 1);
    let mut answer = Vec::with_capacity(1024);
    while due < begin + load.time {
        let was_busy = Instant::now() > due;
        sleep_until(due).await;
        let asked = if was_busy { due } else { Instant::now() };
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut answer).await?;
        taken.push(asked.elapsed());
        due += every;
    }
    Ok(taken)
}

/// Reads one answer to its end, which must be a good one.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> std::io::Result<()> {
    let wrong = |what: &str| std::io::Error::other(what.to_owned());
    answer.clear();
    let head = loop {
        if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(answer).await? == 0 {
            return Err(wrong("the service closed the connection"));
        }
    };
    let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    if !text.starts_with("http/1.1 200 ") {
        return Err(wrong("the service did not answer 200"));
    }
    let length: usize = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok())
        .ok_or_else(|| wrong("the answer has no length"))?;
    while answer.len() < head + length {
        if stream.read_buf(answer).await? == 0 {
            return Err(wrong("the answer ends early"));
        }
    }
    Ok(())
}
