//! Visual Basic of a document: the compressed source at the end of a module's stream.
//!
//! MS-OVBA §2.4.1. Where it begins is said in another compressed stream; here it is known by its
//! first line, which every module has.

use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

/// Every module's source begins with this.
const FIRST: &[u8] = b"Attribut";
/// Bytes of source in a full chunk.
const CHUNK: usize = 4096;

/// Hands on a module's source; `false` if the stream holds none.
pub(super) fn read(data: &[u8], name: &str, blocks: &mut Blocks<'_>) -> Result<bool, Problem> {
    // Container signature, chunk header, flags of eight literals, then the first line.
    let begin = memchr::memmem::find(data, FIRST).and_then(|at| at.checked_sub(4));
    let Some(begin) = begin.filter(|&at| data[at] == 1) else { return Ok(false) };
    let source = decompress(&data[begin + 1..]);
    // Comments and texts are in the code page of the author's system.
    let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(&source);
    let text = if wrong { encoding_rs::WINDOWS_1252.decode_without_bom_handling(&source).0 } else { text };
    blocks.part(Step::Member(format!("macro {}", name.rsplit('/').next().unwrap_or(name)).into()));
    for line in text.lines() {
        blocks.push(line)?;
        blocks.line()?;
    }
    blocks.finish()?;
    Ok(true)
}

/// Chunks up to the first broken one.
fn decompress(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = data;
    while let [low, high, tail @ ..] = rest {
        let header = u16::from_le_bytes([*low, *high]);
        let length = usize::from(header & 0xFFF) + 1;
        if header >> 12 & 7 != 3 {
            break;
        }
        let content = &tail[..length.min(tail.len())];
        match header >> 15 {
            0 => out.extend(&content[..content.len().min(CHUNK)]),
            _ => chunk(content, &mut out),
        }
        rest = &tail[content.len()..];
    }
    out
}

/// One chunk: eight tokens after each byte of flags, literals or copies of what came before.
fn chunk(data: &[u8], out: &mut Vec<u8>) {
    let begin = out.len();
    let mut bytes = data.iter().copied();
    while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { return };
            if flags >> bit & 1 == 0 {
                out.push(first);
                continue;
            }
            let Some(second) = bytes.next() else { return };
            let token = u16::from_le_bytes([first, second]);
            // The further into the chunk, the more bits the distance has.
            let done = (out.len() - begin).max(1);
            let distance_bits = (usize::BITS - (done - 1).leading_zeros()).clamp(4, 12);
            let length = usize::from(token & (0xFFFF >> distance_bits)) + 3;
            let distance = usize::from(token >> (16 - distance_bits)) + 1;
            for _ in 0..length {
                let Some(from) = out.len().checked_sub(distance).filter(|&from| from >= begin) else { return };
                if out.len() - begin >= CHUNK {
                    return;
                }
                out.push(out[from]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // MS-OVBA §3.2.2: "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa".
        let data = [
            0x2F, 0xB0, 0x00, 0x23, 0x61, 0x61, 0x61, 0x62, 0x63, 0x64, 0x65, 0x82, 0x66, 0x00, 0x70, 0x61, 0x67, 0x68,
            0x69, 0x6A, 0x01, 0x38, 0x08, 0x61, 0x6B, 0x6C, 0x00, 0x30, 0x6D, 0x6E, 0x6F, 0x70, 0x06, 0x71, 0x02, 0x70,
            0x04, 0x10, 0x72, 0x73, 0x74, 0x75, 0x76, 0x10, 0x77, 0x78, 0x79, 0x7A, 0x00, 0x3C,
        ];
        let text = decompress(&data);
        assert_eq!(String::from_utf8_lossy(&text), "#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa");
    }
}
