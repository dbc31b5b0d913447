//! Tests of the whole: which encoding, which text, which way back, in windows of any size.

mod corpus;
mod detection;
mod reading;
mod windows;

use super::{Encoding, Reader};

/// A small generator (xorshift64*), so that every run tests the same.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
}

/// Every encoding that Japanese text is written in.
const JAPANESE: [Encoding; 8] = [
    Encoding::Utf8,
    Encoding::ShiftJis,
    Encoding::EucJp,
    Encoding::Iso2022Jp,
    Encoding::Utf16Le,
    Encoding::Utf16Be,
    Encoding::Utf32Le,
    Encoding::Utf32Be,
];

/// Text in an encoding, without a byte order mark.
fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    let legacy = |encoding: &'static encoding_rs::Encoding| {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "not in {}: {text}", encoding.name());
        bytes.into_owned()
    };
    match encoding {
        Encoding::ShiftJis => legacy(encoding_rs::SHIFT_JIS),
        Encoding::EucJp => legacy(encoding_rs::EUC_JP),
        Encoding::Iso2022Jp => legacy(encoding_rs::ISO_2022_JP),
        Encoding::Windows1252 => legacy(encoding_rs::WINDOWS_1252),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf32Le => text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
        Encoding::Utf32Be => text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

/// All of an input read at once: its text, and the encoding of its beginning.
fn read(raw: &[u8]) -> (String, Encoding) {
    let mut reader = Reader::default();
    reader.begin(raw);
    let text = reader.read(raw, 0);
    (String::from_utf8_lossy(text.bytes).into_owned(), text.encoding)
}
