//! An encoded run that is longer than a window: what is kept of it from piece to piece.
//!
//! Pieces of decoded bytes in, in the order of the windows. A container is collected until the run
//! ends, because it can only be opened whole; of text, only the state of its own decoder is kept,
//! which may have a run of its own under way. Opens and searches nothing itself.

use std::ops::Range;

use crate::chunk::Origin;
use crate::decode::Decoder;

/// Most bytes of an encoded container that are kept in memory.
pub(super) const MOST_COLLECTED: u64 = 64 << 20;

/// The run under way, if there is one.
#[derive(Debug, Default)]
pub(super) struct Stream {
    run: Option<Run>,
    /// Was there a piece of it in this window?
    fresh: bool,
}

/// A run whose end has not been seen.
#[derive(Debug)]
pub(super) enum Run {
    /// Text, with the decoder that looks for encoded text in it.
    Text(Box<Nested>),
    /// A container.
    Container(Collected),
}

/// How far the decoding of text within a run has come.
#[derive(Debug, Default)]
pub(super) struct Nested {
    pub(super) decoder: Decoder,
    pub(super) stream: Stream,
}

/// The bytes of a container so far.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) origin: Origin,
    pub(super) bytes: Vec<u8>,
    /// Has it been longer than was to be kept?
    pub(super) cut: bool,
}

impl Stream {
    /// The run that goes on in the piece at hand.
    pub(super) fn take(&mut self) -> Option<Run> {
        self.run.take()
    }

    /// The run goes on behind this window.
    pub(super) fn put(&mut self, run: Run) {
        self.run = Some(run);
        self.fresh = true;
    }

    /// At the end of a window: the run that was expected to go on in it and has not. Its end was
    /// not seen as such, so this is all there is of it.
    pub(super) fn ended(&mut self, last: bool) -> Option<Run> {
        let fresh = std::mem::take(&mut self.fresh);
        if fresh && !last { None } else { self.run.take() }
    }
}

impl Collected {
    pub(super) fn new(origin: Origin) -> Collected {
        Collected { origin, bytes: Vec::new(), cut: false }
    }

    /// Adds the next bytes, as long as there are at most `most`.
    pub(super) fn add(&mut self, bytes: &[u8], part: Range<usize>, most: u64) {
        let part = bytes.get(part).unwrap_or_default();
        let left = most.saturating_sub(self.bytes.len() as u64).min(part.len() as u64) as usize;
        self.bytes.extend_from_slice(&part[..left]);
        self.cut |= left < part.len();
    }
}
