//! A stream that is read while what was read before is being scanned.
//!
//! A stream in, the same bytes out. A thread reads it into a bounded number of buffers, which go
//! round; it ends with the stream, or with the next read after nobody wants its bytes any more.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

/// Bytes that are asked for at a time. A pipe gives at most 64 KiB of them.
const PIECE: usize = 256 << 10;
/// Buffers: one is read into, one is full, one is being taken.
const BUFFERS: usize = 3;

/// What was read: a buffer, and how much of it counts; 0 at the end.
type Filled = (Vec<u8>, io::Result<usize>);

/// A stream, read ahead.
#[derive(Debug)]
pub struct Ahead {
    filled: Receiver<Filled>,
    empty: Sender<Vec<u8>>,
    piece: Vec<u8>,
    /// The part of `piece` that has not been taken.
    left: std::ops::Range<usize>,
    ended: bool,
}

impl Ahead {
    /// Begins to read. Fails if there can be no further thread.
    pub fn new(stream: impl Read + Send + 'static) -> io::Result<Ahead> {
        let (tell, filled) = sync_channel(BUFFERS);
        let (empty, empties) = channel();
        for _ in 1..BUFFERS {
            // The other end is right here.
            let _ = empty.send(Vec::new());
        }
        std::thread::Builder::new().name("read-ahead".to_owned()).spawn(move || fill(stream, &empties, &tell))?;
        Ok(Ahead { filled, empty, piece: Vec::new(), left: 0..0, ended: false })
    }

    /// Waits for the next piece.
    fn next(&mut self) -> io::Result<()> {
        let (piece, length) = self.filled.recv().map_err(|_| io::Error::other("reading ahead ended"))?;
        // At the end nobody takes it back.
        let _ = self.empty.send(std::mem::replace(&mut self.piece, piece));
        self.left = 0..0;
        self.ended = !matches!(length, Ok(1..));
        self.left.end = length?;
        Ok(())
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() && !self.ended {
            self.next()?;
        }
        let length = buffer.len().min(self.left.len());
        let from = self.left.start;
        buffer[..length].copy_from_slice(&self.piece[from..from + length]);
        self.left.start += length;
        Ok(length)
    }
}

/// Reads to the end, or until an error.
fn fill(mut stream: impl Read, empties: &Receiver<Vec<u8>>, tell: &SyncSender<Filled>) {
    for mut piece in empties {
        piece.resize(PIECE, 0);
        let read = loop {
            match stream.read(&mut piece) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let last = !matches!(read, Ok(1..));
        if tell.send((piece, read)).is_err() || last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its bytes in pieces of all lengths, is interrupted between them, and ends as told.
    struct Uneven {
        bytes: Vec<u8>,
        at: usize,
        step: usize,
        interrupted: bool,
        fails: bool,
    }

    impl Read for Uneven {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(io::ErrorKind::Interrupted.into());
            }
            if self.at == self.bytes.len() && self.fails {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            self.step = self.step * 7 % 10_007 + 1;
            let length = self.step.min(buffer.len()).min(self.bytes.len() - self.at);
            buffer[..length].copy_from_slice(&self.bytes[self.at..self.at + length]);
            self.at += length;
            Ok(length)
        }
    }

    fn stream(fails: bool) -> Uneven {
        let bytes = (0..1_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        Uneven { bytes, at: 0, step: 1, interrupted: false, fails }
    }

    #[test]
    fn the_bytes_are_those_of_the_stream() {
        let expected = stream(false).bytes;
        let mut ahead = Ahead::new(stream(false)).expect("a thread");
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 4099];
        loop {
            match ahead.read(&mut buffer).expect("reads") {
                0 => break,
                n => bytes.extend_from_slice(&buffer[..n]),
            }
        }
        assert!(bytes == expected);
        assert_eq!(ahead.read(&mut buffer).expect("stays at its end"), 0);
    }

    #[test]
    fn what_comes_before_an_error_is_not_lost() {
        let expected = stream(true).bytes;
        let mut ahead = Ahead::new(stream(true)).expect("a thread");
        let mut bytes = Vec::new();
        let error = ahead.read_to_end(&mut bytes).expect_err("it breaks off");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert!(bytes == expected);
        assert_eq!(ahead.read(&mut [0; 8]).expect("is over"), 0);
    }

    /// One that panics must not look as if it had ended.
    #[test]
    fn a_reader_that_dies_is_an_error() {
        struct Dies;
        impl Read for Dies {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("on purpose")
            }
        }
        let mut ahead = Ahead::new(Dies).expect("a thread");
        assert!(ahead.read(&mut [0; 8]).is_err());
    }

    #[test]
    fn it_is_read_before_anybody_asks_but_not_without_bound() {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicUsize, Ordering};
        struct Counts(Arc<AtomicUsize>);
        impl Read for Counts {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0.fetch_add(1, Ordering::SeqCst);
                Ok(buffer.len())
            }
        }
        let count = Arc::new(AtomicUsize::new(0));
        let mut ahead = Ahead::new(Counts(count.clone())).expect("a thread");
        ahead.read_exact(&mut vec![0; 10 * PIECE]).expect("endless");
        drop(ahead);
        assert!((10..=10 + BUFFERS).contains(&count.load(Ordering::SeqCst)));
    }
}
