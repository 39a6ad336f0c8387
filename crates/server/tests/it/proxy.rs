//! A way to PostgreSQL that a test closes and opens again.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SOON: Duration = Duration::from_millis(5);

/// How the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Nobody listens.
    Refusing,
    /// Whoever comes is taken in, and no byte moves.
    Silent,
    /// The test is over.
    Gone,
}

/// The way; gone when dropped.
pub(crate) struct Proxy {
    address: SocketAddr,
    /// What the database is called there.
    url: String,
    way: Arc<Way>,
}

struct Way {
    behind: String,
    state: Mutex<State>,
    streams: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// A way to the database of this address.
    pub(crate) fn to(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (authority, path) = rest.split_once('/').unwrap();
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        let behind = if place.contains(':') { place.to_owned() } else { format!("{place}:5432") };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let user = user.map(|user| format!("{user}@")).unwrap_or_default();
        let way = Arc::new(Way { behind, state: Mutex::new(State::Open), streams: Mutex::default() });
        let listening = Arc::clone(&way);
        std::thread::spawn(move || listening.listen(address, listener));
        Self { address, url: format!("{scheme}://{user}{address}/{path}"), way }
    }

    /// The database's address by this way.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Ends every connection and refuses new ones.
    pub(crate) fn refuse(&self) {
        self.way.turn(State::Refusing);
        while TcpStream::connect(self.address).is_ok() {
            std::thread::sleep(SOON);
        }
        self.way.end_all();
    }

    /// Lets no byte pass any more, in either direction, and tells nobody.
    pub(crate) fn fall_silent(&self) {
        self.way.turn(State::Silent);
    }

    /// Opens it for new connections; what was held up is lost with its own.
    pub(crate) fn open(&self) {
        self.way.end_all();
        self.way.turn(State::Open);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.way.turn(State::Gone);
        self.way.end_all();
    }
}

impl Way {
    fn turn(&self, state: State) {
        *self.state.lock().unwrap() = state;
    }

    fn state(&self) -> State {
        *self.state.lock().unwrap()
    }

    fn end_all(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    fn listen(self: Arc<Self>, address: SocketAddr, first: TcpListener) {
        let mut listener = Some(first);
        loop {
            match self.state() {
                State::Gone => return,
                State::Refusing => listener = None,
                State::Open | State::Silent if listener.is_none() => listener = TcpListener::bind(address).ok(),
                State::Open | State::Silent => {}
            }
            let Some(listener) = &listener else {
                std::thread::sleep(SOON);
                continue;
            };
            listener.set_nonblocking(true).unwrap();
            match listener.accept() {
                Ok((client, _)) => self.take_in(client),
                Err(_) => std::thread::sleep(SOON),
            }
        }
    }

    fn take_in(self: &Arc<Self>, client: TcpStream) {
        client.set_nonblocking(false).unwrap();
        let Ok(server) = TcpStream::connect(&self.behind) else { return };
        // Small messages go back and forth.
        drop((client.set_nodelay(true), server.set_nodelay(true)));
        let again = |stream: &TcpStream| stream.try_clone().unwrap();
        self.streams.lock().unwrap().extend([again(&client), again(&server)]);
        for (from, to) in [(again(&client), again(&server)), (server, client)] {
            let way = Arc::clone(self);
            std::thread::spawn(move || way.pass_on(from, to));
        }
    }

    fn pass_on(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            while self.state() == State::Silent {
                std::thread::sleep(SOON);
            }
            if to.write_all(&bytes[..read]).is_err() {
                break;
            }
        }
        drop((from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both)));
    }
}
