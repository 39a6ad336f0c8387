//! A receiver of messages on this machine, which answers as a test wants it to.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How long a test waits for messages.
const PATIENCE: Duration = Duration::from_mins(1);

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body to the letter.
    pub text: String,
    /// Its body.
    pub body: Value,
}

impl Received {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// What the message is called.
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    /// The number of its change.
    pub fn seq(&self) -> Option<u64> {
        self.body.get("seq")?.as_u64()
    }
}

/// The rest of an answer's head, its body, and how long it takes.
#[derive(Clone, Debug)]
struct Manner {
    status: u16,
    headers: String,
    body: String,
    after: Duration,
}

/// What a receiver does with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes it and says so.
    Takes,
    /// Takes it and says so late.
    TakesLate(Duration),
    /// Takes it and is gone before it says so.
    TakesAndGoes,
    /// Is gone before it has it.
    Goes,
    /// Says that it cannot.
    Refuses,
    /// Is gone, and nobody listens at its address for so long.
    IsAway(Duration),
}

/// Tells the mood for each message.
type Moods = Box<dyn FnMut() -> Mood + Send>;

struct State {
    manner: Mutex<Manner>,
    moods: Mutex<Option<Moods>>,
    /// How long nobody is to listen.
    away: Mutex<Option<Duration>>,
    leave: Notify,
    received: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

/// It listens until it is dropped.
pub struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
    listening: JoinHandle<()>,
}

impl Receiver {
    /// One that takes everything at once.
    ///
    /// # Panics
    /// When there is no port for it.
    #[expect(clippy::panic, reason = "a test without its receiver must say so and end")]
    pub async fn start() -> Self {
        let bound = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = bound.unwrap_or_else(|error| panic!("no port for a receiver: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("no address: {error}"));
        let manner = Manner { status: 200, headers: String::new(), body: String::new(), after: Duration::ZERO };
        let state = State {
            manner: Mutex::new(manner),
            moods: Mutex::default(),
            away: Mutex::default(),
            leave: Notify::new(),
            received: Mutex::default(),
            connections: AtomicUsize::new(0),
        };
        let state = Arc::new(state);
        let listening = tokio::spawn(listen(listener, address, Arc::clone(&state)));
        Self { address, state, listening }
    }

    /// Does with each message from now on what it is told.
    pub fn is_moody(&self, moods: impl FnMut() -> Mood + Send + 'static) {
        *self.state.moods.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(moods));
    }

    /// Where messages go.
    pub fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers so from now on; `headers` are whole lines.
    pub fn answers(&self, status: u16, headers: &str, body: &str) {
        let manner = Manner { status, headers: headers.to_owned(), body: body.to_owned(), after: Duration::ZERO };
        *self.state.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// Takes that long for an answer from now on.
    pub fn takes(&self, after: Duration) {
        self.state.manner.lock().unwrap_or_else(PoisonError::into_inner).after = after;
    }

    /// What came so far.
    pub fn received(&self) -> Vec<Received> {
        self.state.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The greatest number of a change that came so far.
    pub fn last(&self) -> Option<u64> {
        let received = self.state.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().rev().take(100).filter_map(Received::seq).max()
    }

    /// What came once there is so much of it.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn wait_for(&self, number: usize) -> Vec<Received> {
        let waiting = async {
            while self.received().len() < number {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let came = tokio::time::timeout(PATIENCE, waiting).await.is_ok();
        assert!(came, "{number} messages are expected, these came: {:#?}", self.received());
        self.received()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receiver").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(first: TcpListener, address: SocketAddr, state: Arc<State>) {
    let mut listener = first;
    loop {
        tokio::select! {
            met = listener.accept() => {
                let Ok((stream, _)) = met else { return };
                state.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(meet(stream, Arc::clone(&state)));
            }
            () = state.leave.notified() => {
                drop(listener);
                let away = state.away.lock().unwrap_or_else(PoisonError::into_inner).take();
                tokio::time::sleep(away.unwrap_or_default()).await;
                let Ok(again) = TcpListener::bind(address).await else { return };
                listener = again;
            }
        }
    }
}

/// One message on a connection of its own.
async fn meet(mut stream: TcpStream, state: Arc<State>) {
    let Some(received) = read(&mut stream).await else { return };
    let mut manner = state.manner.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mood = state.moods.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map_or(Mood::Takes, |moods| moods());
    match mood {
        Mood::Takes | Mood::TakesAndGoes => {}
        Mood::TakesLate(after) => manner.after = after,
        Mood::Goes => return,
        Mood::Refuses => manner.status = 503,
        Mood::IsAway(long) => {
            *state.away.lock().unwrap_or_else(PoisonError::into_inner) = Some(long);
            state.leave.notify_one();
            return;
        }
    }
    if mood != Mood::Refuses {
        state.received.lock().unwrap_or_else(PoisonError::into_inner).push(received);
    }
    if mood == Mood::TakesAndGoes {
        return;
    }
    tokio::time::sleep(manner.after).await;
    let Manner { status, headers, body, .. } = manner;
    let head = format!("HTTP/1.1 {status} Answer\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let (mut bytes, mut some) = (Vec::new(), [0; 4_096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, rest)) = text.split_once("\r\n\r\n") {
            let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
            let headers: Vec<_> = head.lines().skip(1).filter_map(pair).collect();
            let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse::<usize>().ok()?;
            if rest.len() >= length {
                return Some(Received { headers, text: rest.to_owned(), body: serde_json::from_str(rest).ok()? });
            }
        }
        match stream.read(&mut some).await {
            Ok(read) if read > 0 => bytes.extend_from_slice(some.get(..read)?),
            _ => return None,
        }
    }
}
