//! Deltas of packs: base + instructions → object (gitformat-pack, "Deltified representation").

use std::io;

/// Bytes set aside at once, whatever a delta says of itself.
const MOST_RESERVED: usize = 64 << 20;

/// Size of the object that a delta makes, in bytes.
pub(super) fn target_size(delta: &[u8]) -> Option<u64> {
    let mut rest = delta;
    size(&mut rest)?;
    size(&mut rest)
}

/// The object that `delta` makes out of `base`.
pub(super) fn apply(base: &[u8], delta: &[u8]) -> io::Result<Vec<u8>> {
    let mut rest = delta;
    let sizes = size(&mut rest).zip(size(&mut rest));
    let Some((_, target)) = sizes.filter(|(source, _)| *source == base.len() as u64) else { return Err(broken()) };
    // The caller has bounded the target; a size that is a lie must not reserve memory here either.
    let target = usize::try_from(target).map_err(|_| broken())?;
    let mut out = Vec::with_capacity(target.min(MOST_RESERVED));
    while let Some((&op, after)) = rest.split_first() {
        rest = after;
        let piece = if op & 0x80 != 0 {
            let mut field = |bits: u8, from: u8| -> Option<usize> {
                let mut value = 0;
                for byte in 0..bits {
                    if op >> (from + byte) & 1 == 1 {
                        let (&b, after) = rest.split_first()?;
                        value |= usize::from(b) << (8 * byte);
                        rest = after;
                    }
                }
                Some(value)
            };
            let (offset, length) = field(4, 0).zip(field(3, 4)).ok_or_else(broken)?;
            let length = if length == 0 { 0x10000 } else { length };
            base.get(offset..offset + length).ok_or_else(broken)?
        } else {
            let (piece, after) = rest.split_at_checked(usize::from(op)).filter(|_| op != 0).ok_or_else(broken)?;
            rest = after;
            piece
        };
        if out.len() + piece.len() > target {
            return Err(broken());
        }
        out.extend_from_slice(piece);
    }
    if out.len() == target { Ok(out) } else { Err(broken()) }
}

/// A size: seven bits a byte, the lowest first.
fn size(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "delta")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_insertions() {
        // "hello world" → "world, hello": copy 6..11, insert ", ", copy 0..5.
        let delta = [11, 12, 0x91, 6, 5, 2, b',', b' ', 0x90, 5];
        assert_eq!(apply(b"hello world", &delta).expect("fine"), b"world, hello");
        assert_eq!(target_size(&delta), Some(12));
    }

    #[test]
    fn a_broken_delta_is_an_error() {
        let base = b"hello world";
        for delta in [
            &[][..],
            &[10, 5, 0x90, 5],
            &[11, 5, 0x91, 10, 5],
            &[11, 4, 0x90, 5],
            &[11, 6, 0x90, 5],
            &[11, 5, 0],
            &[11, 5, 9, b'x'],
            &[11, 5, 0x91],
            &[0xFF; 20],
            &[11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ] {
            assert!(apply(base, delta).is_err(), "{delta:?}");
        }
    }
}
