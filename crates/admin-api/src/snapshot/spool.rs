//! A file that is written as fast as the database gives and read as fast as the client takes, so that no client's pace is
//! the database's.

use std::io;

use tempfile::NamedTempFile;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;

/// Bytes of one piece of the answer.
const PIECE: usize = 64 * 1024;

/// How much stands in the file.
#[derive(Clone, Copy, Debug, Default)]
struct Filled {
    bytes: u64,
    whole: bool,
}

/// The end that writes. Dropped before [`Filling::end`], it breaks the reader off.
pub(super) struct Filling {
    file: File,
    filled: Filled,
    told: watch::Sender<Filled>,
}

/// The end that reads.
pub(super) struct Draining {
    file: File,
    at: u64,
    told: watch::Receiver<Filled>,
}

/// A file without a name, gone when both ends are.
///
/// # Errors
/// When there is no place for it.
pub(super) async fn open() -> io::Result<(Filling, Draining)> {
    let files = tokio::task::spawn_blocking(|| {
        let named = NamedTempFile::new()?;
        io::Result::Ok((named.reopen()?, named.reopen()?))
    });
    let (written, read) = files.await.map_err(io::Error::other)??;
    let (sender, receiver) = watch::channel(Filled::default());
    let filling = Filling { file: File::from_std(written), filled: Filled::default(), told: sender };
    Ok((filling, Draining { file: File::from_std(read), at: 0, told: receiver }))
}

impl Filling {
    /// Appends bytes; `false` when nobody reads any more.
    pub(super) async fn push(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.file.write_all(bytes).await?;
        self.file.flush().await?;
        self.filled.bytes += bytes.len() as u64;
        Ok(self.told.send(self.filled).is_ok())
    }

    /// Says that all is there.
    pub(super) fn end(mut self) {
        self.filled.whole = true;
        let _ = self.told.send(self.filled);
    }
}

impl Draining {
    /// The next bytes, as soon as there are any; `None` at the end.
    ///
    /// # Errors
    /// When the writing end is gone before the end.
    pub(super) async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            let filled = *self.told.borrow_and_update();
            if self.at < filled.bytes {
                let most = usize::try_from(filled.bytes - self.at).unwrap_or(PIECE).min(PIECE);
                let mut piece = vec![0; most];
                self.file.read_exact(&mut piece).await?;
                self.at += most as u64;
                return Ok(Some(piece));
            }
            if filled.whole {
                return Ok(None);
            }
            self.told.changed().await.map_err(|_| io::Error::other("the writing was broken off"))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_that_is_written_is_read_in_order_and_an_early_end_is_an_error() {
        let (mut filling, mut draining) = open().await.unwrap();
        let writing = tokio::spawn(async move {
            for part in 0..40_u8 {
                assert!(filling.push(&vec![part; 10_000]).await.unwrap());
                tokio::task::yield_now().await;
            }
            filling.end();
        });
        let mut read = Vec::new();
        while let Some(piece) = draining.next().await.unwrap() {
            read.extend(piece);
        }
        writing.await.unwrap();
        assert_eq!(read, (0..40_u8).flat_map(|part| vec![part; 10_000]).collect::<Vec<_>>());
        let (mut filling, mut draining) = open().await.unwrap();
        filling.push(b"half").await.unwrap();
        drop(filling);
        assert_eq!(draining.next().await.unwrap(), Some(b"half".to_vec()));
        assert!(draining.next().await.is_err());
        let (mut filling, draining) = open().await.unwrap();
        drop(draining);
        assert!(!filling.push(b"nobody").await.unwrap());
    }
}
