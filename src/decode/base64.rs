//! base64 and base64url (RFC 4648 §4 and §5), with or without padding.
//!
//! Characters in, bytes out. Both alphabets are read alike: `+` and `-` are 62, `/` and `_` 63.

use super::block::Code;
use super::run::{ALNUM, MIN, STD, URL};

/// Three bytes in four characters.
pub(super) const CODE: Code = Code {
    name: "base64",
    classes: ALNUM | STD | URL,
    min: MIN,
    group: 4,
    bytes: 3,
    bits: 6,
    value: |b| VALUES[b as usize] as u8,
    whole,
    head,
};

const VALUES: [u32; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        table[b] = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 0,
        } as u32;
        b += 1;
    }
    table
};

/// [`VALUES`] shifted to where each of the four characters goes.
static SHIFTED: [[u32; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut i = 0;
    while i < 4 {
        let mut b = 0;
        while b < 256 {
            tables[i][b] = VALUES[b] << (18 - 6 * i);
            b += 1;
        }
        i += 1;
    }
    tables
};

fn whole(text: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + text.len() / 4 * 3, 0);
    groups(text, &mut out[from..]);
}

fn head(text: &[u8]) -> [u8; 12] {
    let mut head = [0; 12];
    groups(text, &mut head);
    head
}

/// Decodes as many whole groups as there are in `text` and fit into `out`.
fn groups(text: &[u8], out: &mut [u8]) {
    for (group, to) in text.chunks_exact(4).zip(out.chunks_exact_mut(3)) {
        let bits = SHIFTED[0][group[0] as usize]
            | SHIFTED[1][group[1] as usize]
            | SHIFTED[2][group[2] as usize]
            | SHIFTED[3][group[3] as usize];
        to.copy_from_slice(&bits.to_be_bytes()[1..]);
    }
}
