//! A stream that gives up on a client who begins a request's head and does not end it, or who takes nothing of an answer.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A request's head has begun; a new connection is here too, for it was made to ask something.
const HEAD: u8 = 0;
/// Between two requests: nothing of the next one is there.
const QUIET: u8 = 1;
/// A request is being answered; its body has a deadline of its own.
const ANSWERED: u8 = 2;

/// Where a connection is, known to its stream and to whoever answers its requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Phase(Arc<AtomicU8>);

impl Phase {
    /// A whole head is there.
    pub(super) fn answering(&self) {
        self.0.store(ANSWERED, Ordering::Relaxed);
    }

    /// The answer is made.
    pub(super) fn answered(&self) {
        self.0.store(QUIET, Ordering::Relaxed);
    }

    /// Notes bytes; whether they are the first of a head.
    fn begins(&self) -> bool {
        self.0.compare_exchange(QUIET, HEAD, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn is_in_head(&self) -> bool {
        self.0.load(Ordering::Relaxed) == HEAD
    }
}

/// The stream with its deadlines.
pub(super) struct Patient<S> {
    stream: S,
    phase: Phase,
    head: Duration,
    answer: Duration,
    head_ends: Pin<Box<Sleep>>,
    /// Runs while the client takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// `head` is how long a head may take from its first byte, `answer` how long a client may take nothing.
    pub(super) fn new(stream: S, phase: Phase, head: Duration, answer: Duration) -> Self {
        Self { stream, phase, head, answer, head_ends: Box::pin(tokio::time::sleep(head)), stalled: None }
    }

    fn unless_stalled<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let answer = self.answer;
        let timer = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(answer)));
        timer.as_mut().poll(cx).map(|()| Err(late("the client takes nothing of its answer")))
    }
}

fn late(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if polled.is_ready() {
            if buffer.filled().len() > before && this.phase.begins() {
                this.head_ends.as_mut().reset(Instant::now() + this.head);
            }
            return polled;
        }
        if this.phase.is_in_head() {
            return this.head_ends.as_mut().poll(cx).map(|()| Err(late("the request's head does not end")));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.unless_stalled(cx, polled)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_flush(cx);
        this.unless_stalled(cx, polled)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.unless_stalled(cx, polled)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.stream).poll_write_vectored(cx, parts);
        this.unless_stalled(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const JUST_IN_TIME: Duration = Duration::from_secs(4);

    #[tokio::test(start_paused = true)]
    async fn a_head_has_a_deadline_and_a_kept_connection_has_another() {
        let (mut client, server) = tokio::io::duplex(1_024);
        let phase = Phase::default();
        let mut patient = Patient::new(server, phase.clone(), SOON, SOON);
        client.write_all(b"G").await.unwrap();
        assert_eq!(patient.read_u8().await.unwrap(), b'G');
        assert_eq!(patient.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        phase.answering();
        assert!(tokio::time::timeout(SOON * 10, patient.read_u8()).await.is_err(), "a body's deadline is another");
        phase.answered();
        assert!(tokio::time::timeout(SOON * 10, patient.read_u8()).await.is_err(), "nothing has begun");
        client.write_all(b"G").await.unwrap();
        assert_eq!(patient.read_u8().await.unwrap(), b'G');
        assert_eq!(patient.read_u8().await.unwrap_err().kind(), io::ErrorKind::TimedOut, "a second head has one too");
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up_and_who_takes_slowly_is_not() {
        let (mut client, server) = tokio::io::duplex(16);
        let mut patient = Patient::new(server, Phase::default(), SOON, SOON);
        let slowly = tokio::spawn(async move {
            for _ in 0..20 {
                tokio::time::sleep(JUST_IN_TIME).await;
                client.read_exact(&mut [0; 16]).await.unwrap();
            }
            client
        });
        patient.write_all(&[0; 16 * 20]).await.unwrap();
        let client = slowly.await.unwrap();
        assert_eq!(patient.write_all(&[0; 64]).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        drop(client);
    }
}
