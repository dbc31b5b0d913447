//! The content of a PDF stream (ISO 32000-1 §7.4), with a bound on what comes out.
//!
//! hayro-syntax would inflate four kilobytes into two gigabytes; here a stream ends at its bound
//! and says so. Image filters are not undone.

use std::io::Read;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};

use crate::error::{Problem, ProblemKind};

/// Largest stream that is undone by hayro's own filters (LZW), in bytes: it can grow 2 700 fold.
const LARGEST_LZW: usize = 64 << 10;

/// What may still come out of a document's streams, in bytes.
#[derive(Debug)]
pub(super) struct Bound {
    /// Over all streams.
    pub(super) left: u64,
}

impl Bound {
    /// The content of a stream that is no image. An image's is `None`.
    pub(super) fn content(&mut self, stream: &Stream<'_>) -> Result<Option<Vec<u8>>, Problem> {
        let mut data = stream.raw_data().into_owned();
        let filters = stream.filters();
        for (i, filter) in filters.iter().enumerate() {
            data = match filter {
                Filter::FlateDecode => unpredict(self.inflate(&data)?, &parameters(stream.dict(), i)),
                Filter::AsciiHexDecode => hex(&data),
                Filter::Ascii85Decode => ascii_85(&data),
                Filter::RunLengthDecode => run_length(&data),
                Filter::Crypt => data,
                Filter::LzwDecode if filters.len() == 1 && data.len() <= LARGEST_LZW => {
                    let done = stream.decoded_data().map_err(|_| damaged())?;
                    done.into_owned()
                }
                Filter::LzwDecode => return Err(Problem::new(ProblemKind::Unsupported, "pdf: LZW")),
                Filter::CcittFaxDecode | Filter::Jbig2Decode | Filter::DctDecode | Filter::JpxDecode => {
                    return Ok(None);
                }
            };
            self.spend(0)?;
        }
        self.spend(data.len() as u64)?;
        Ok(Some(data))
    }

    /// Accounts for bytes that came out.
    pub(super) fn spend(&mut self, bytes: u64) -> Result<(), Problem> {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(Problem::new(ProblemKind::Limit, "unpacked bytes")),
        }
        Ok(())
    }

    /// zlib data, also without its checksum or cut: what can be read is what was written.
    fn inflate(&self, data: &[u8]) -> Result<Vec<u8>, Problem> {
        let mut out = Vec::new();
        let done = flate2::read::ZlibDecoder::new(data).take(self.left + 1).read_to_end(&mut out);
        if out.len() as u64 > self.left {
            return Err(Problem::new(ProblemKind::Limit, "unpacked bytes"));
        }
        match done {
            Err(_) if out.is_empty() && !data.is_empty() => Err(damaged()),
            _ => Ok(out),
        }
    }
}

fn damaged() -> Problem {
    Problem::new(ProblemKind::Damaged, "pdf stream")
}

/// The parameters of a filter.
fn parameters<'a>(dict: &Dict<'a>, filter: usize) -> Dict<'a> {
    let one = || dict.get::<Dict<'a>>("DecodeParms").or_else(|| dict.get::<Dict<'a>>("DP"));
    let list = || dict.get::<Array<'a>>("DecodeParms").or_else(|| dict.get::<Array<'a>>("DP"));
    one().or_else(|| list().and_then(|list| list.iter::<Dict<'a>>().nth(filter))).unwrap_or_default()
}

/// Undoes the PNG predictors (§7.4.4.4; PNG §9); the others are for images.
fn unpredict(data: Vec<u8>, parameters: &Dict<'_>) -> Vec<u8> {
    let number = |key: &str, default: usize| {
        parameters.get::<i32>(key).and_then(|n| usize::try_from(n).ok()).unwrap_or(default).clamp(1, 1 << 20)
    };
    if number("Predictor", 1) < 10 {
        return data;
    }
    let pixel = (number("Colors", 1).min(32) * number("BitsPerComponent", 8).min(16)).div_ceil(8);
    let row = (number("Colors", 1).min(32) * number("BitsPerComponent", 8).min(16) * number("Columns", 1)).div_ceil(8);
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    for line in data.chunks(row + 1) {
        let begin = out.len();
        for (i, &byte) in line[1..].iter().enumerate() {
            let left = if i >= pixel { out[begin + i - pixel] } else { 0 };
            let up = if begin >= row { out[begin + i - row] } else { 0 };
            let corner = if i >= pixel && begin >= row { out[begin + i - row - pixel] } else { 0 };
            let predicted = match line[0] {
                1 => left,
                2 => up,
                3 => u16::midpoint(left.into(), up.into()) as u8,
                4 => paeth(left, up, corner),
                _ => 0,
            };
            out.push(byte.wrapping_add(predicted));
        }
    }
    out
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let p = a + b - c;
    let (pa, pb, pc) = ((p - a).abs(), (p - b).abs(), (p - c).abs());
    if pa <= pb && pa <= pc {
        left
    } else if pb <= pc {
        up
    } else {
        corner
    }
}

fn hex(data: &[u8]) -> Vec<u8> {
    let digits = data.iter().take_while(|&&b| b != b'>').filter_map(|&b| char::from(b).to_digit(16));
    let digits: Vec<u8> = digits.map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let (mut group, mut count) = (0u32, 0);
    for &byte in data.strip_prefix(b"<~").unwrap_or(data) {
        match byte {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    out.extend(group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(&group.to_be_bytes()[..count - 1]);
    }
    out
}

fn run_length(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = data;
    while let [length, tail @ ..] = rest {
        let length = usize::from(*length);
        match length {
            128 => break,
            0..128 => {
                let n = (length + 1).min(tail.len());
                out.extend(&tail[..n]);
                rest = &tail[n..];
            }
            _ => {
                let Some((byte, tail)) = tail.split_first() else { break };
                out.extend(std::iter::repeat_n(*byte, 257 - length));
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_filters() {
        assert_eq!(hex(b"48 65 6c6C 6f7>"), b"Hellop");
        assert_eq!(ascii_85(b"<~87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(ascii_85(b"87cUR~>"), b"Hell");
        assert_eq!(run_length(&[2, b'a', b'b', b'c', 254, b'x', 128, b'y']), b"abcxxx");
    }
}
