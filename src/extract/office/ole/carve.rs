//! UTF-16 text out of streams that no one knows the structure of.

use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::blocks::Blocks;

/// Shorter runs are chance, in characters.
const SHORTEST: usize = 4;

/// Hands on every run of UTF-16 characters as a line of its own.
pub(super) fn read(data: &[u8], step: &Step, blocks: &mut Blocks<'_>) -> Result<(), Problem> {
    runs(data).try_for_each(|text| blocks.aside(step, &text))
}

/// Every run of UTF-16 characters, at even offsets and then at odd ones.
pub(super) fn runs(data: &[u8]) -> impl Iterator<Item = String> {
    (0..2).filter_map(|begin| data.get(begin..)).flat_map(|data| {
        let mut units = data.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]])).peekable();
        std::iter::from_fn(move || {
            loop {
                while units.next_if(|&unit| !is_text(unit)).is_some() {}
                units.peek()?;
                let mut run = Vec::new();
                while let Some(unit) = units.next_if(|&unit| is_text(unit)) {
                    run.push(unit);
                }
                if run.len() >= SHORTEST {
                    return Some(String::from_utf16_lossy(&run));
                }
            }
        })
    })
}

/// Characters of Western and Japanese text. Most pairs of bytes are some Chinese character, so
/// these count only up to the end of the common ones.
fn is_text(unit: u16) -> bool {
    matches!(unit, 0x20..=0x7E | 0xA1..=0x17F | 0x2010..=0x2044 | 0x3000..=0x30FF | 0x4E00..=0x9FA5 | 0xFF01..=0xFF9F)
}
