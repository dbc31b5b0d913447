//! zstd (RFC 8878) as a reader: all frames of a stream, one after another, skippable ones
//! skipped, checksums compared.

use std::io::{self, BufRead, BufReader, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::unpacked::MEMORY;
use crate::error::{Problem, ProblemKind};

pub(super) struct Zstd<R> {
    source: BufReader<R>,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: Read> Zstd<R> {
    pub(super) fn new(source: R) -> Zstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(MEMORY);
        Zstd { source: BufReader::with_capacity(32 << 10, source), decoder, in_frame: false }
    }

    /// Begins the next frame. `false` at the end.
    fn begin(&mut self) -> io::Result<bool> {
        if self.source.fill_buf()?.is_empty() {
            return Ok(false);
        }
        match self.decoder.init(&mut self.source) {
            Ok(()) => self.in_frame = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let length = u64::from(length);
                if io::copy(&mut (&mut self.source).take(length), &mut io::sink())? < length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Err(e) => return Err(error(e)),
        }
        Ok(true)
    }

    /// The frame's checksum, where it has one.
    fn check(&self) -> io::Result<()> {
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(said), Some(is)) if said != is => Err(io::ErrorKind::InvalidData.into()),
            _ => Ok(()),
        }
    }
}

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.in_frame {
                if !self.begin()? {
                    return Ok(0);
                }
                continue;
            }
            match self.decoder.read(buffer)? {
                0 if self.decoder.is_finished() => {
                    self.check()?;
                    self.in_frame = false;
                }
                0 => {
                    let some = BlockDecodingStrategy::UptoBlocks(1);
                    self.decoder.decode_blocks(&mut self.source, some).map_err(error)?;
                }
                n => return Ok(n),
            }
        }
    }
}

fn error(error: FrameDecoderError) -> io::Error {
    match error {
        FrameDecoderError::WindowSizeTooBig { .. } => io::ErrorKind::OutOfMemory.into(),
        FrameDecoderError::DictNotProvided { .. } => {
            Problem::new(ProblemKind::Unsupported, "zstd with a dictionary").into()
        }
        error => io::Error::other(error),
    }
}
