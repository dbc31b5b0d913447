//! The classes of bytes as two tables of sixteen: a byte is what the entries of its lower and
//! its upper half have in common.

const DIGITS: u8 = 1;
const LETTERS_A_TO_O: u8 = 1 << 1;
const LETTERS_P_TO_Z: u8 = 1 << 2;
const UNDERSCORE: u8 = 1 << 3;
const DASH: u8 = 1 << 4;
/// ` `, `(`, `)`, `-`, `.`, `/`.
pub(super) const SEPARATOR: u8 = 1 << 5;
/// `@`.
pub(super) const AT: u8 = 1 << 6;

/// ASCII digits.
pub(super) const DIGIT: u8 = DIGITS;
/// ASCII letters and digits.
pub(super) const ALNUM: u8 = DIGITS | LETTERS_A_TO_O | LETTERS_P_TO_Z;
/// Those, `_` and `-`.
pub(super) const TOKEN: u8 = ALNUM | UNDERSCORE | DASH;

/// By the lower half of a byte.
pub(super) const LOW: [u8; 16] = build(0);
/// By the upper half. Bytes beyond ASCII are nothing.
pub(super) const HIGH: [u8; 16] = build(1);

/// (kind, lower halves, upper halves) as sets of bits.
const ROWS: [(u8, u16, u16); 7] = [
    (DIGITS, 0x03FF, 1 << 3),
    (LETTERS_A_TO_O, 0xFFFE, 1 << 4 | 1 << 6),
    (LETTERS_P_TO_Z, 0x07FF, 1 << 5 | 1 << 7),
    (UNDERSCORE, 1 << 0xF, 1 << 5),
    (DASH, 1 << 0xD, 1 << 2),
    (SEPARATOR, 1 | 1 << 8 | 1 << 9 | 1 << 0xD | 1 << 0xE | 1 << 0xF, 1 << 2),
    (AT, 1, 1 << 4),
];

const fn build(half: usize) -> [u8; 16] {
    let mut table = [0; 16];
    let mut row = 0;
    while row < ROWS.len() {
        let (kind, low, high) = ROWS[row];
        let set = if half == 0 { low } else { high };
        let mut i = 0;
        while i < 16 {
            if set >> i & 1 != 0 {
                table[i] |= kind;
            }
            i += 1;
        }
        row += 1;
    }
    table
}
