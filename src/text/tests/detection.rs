//! How often the encoding of a short text is told right.

use super::*;

/// Windows a cell of the table.
const WINDOWS: usize = 1000;

/// A random part of `text` of about `bytes` bytes in the encoding, cut between characters; it
/// holds at least one that is not ASCII.
fn window(text: &[char], encoding: Encoding, bytes: usize, random: &mut Random) -> String {
    loop {
        let start = random.below(text.len());
        let mut part = String::new();
        let mut size = 0;
        for &c in &text[start..] {
            let escapes = if encoding == Encoding::Iso2022Jp { part.len() } else { 0 };
            let length = if escapes > 0 { 2 } else { encode(c.encode_utf8(&mut [0; 4]), encoding).len() };
            if size + length > bytes {
                break;
            }
            size += length;
            part.push(c);
        }
        if size + 4 > bytes && !part.is_ascii() {
            return part;
        }
    }
}

/// Share of windows whose text is read right, for each kind of text.
fn accuracy(kinds: &[corpus::Kind], encoding: Encoding, bytes: usize) -> Vec<(&'static str, f64)> {
    let mut random = Random(0x5EED_0000 + bytes as u64);
    let share = |kind: &corpus::Kind| {
        let text: Vec<char> = kind.1.chars().collect();
        let right = (0..WINDOWS).filter(|_| {
            let part = window(&text, encoding, bytes, &mut random);
            let (found, _) = read(&encode(&part, encoding));
            let mut declared = Reader::default();
            declared.begin_as(Encoding::Utf8);
            found.as_bytes() == declared.read(part.as_bytes(), 0).bytes
        });
        (kind.0, right.count() as f64 / WINDOWS as f64)
    };
    kinds.iter().map(share).collect()
}

fn mean(shares: &[(&str, f64)]) -> f64 {
    shares.iter().map(|(_, share)| share).sum::<f64>() / shares.len() as f64
}

fn check(encodings: &[Encoding], bytes: usize, least: f64) {
    for &encoding in encodings {
        let shares = accuracy(corpus::JAPANESE, encoding, bytes);
        assert!(mean(&shares) >= least, "{} of {bytes} bytes: {shares:?}", encoding.name());
    }
}

#[test]
fn japanese_in_20_bytes() {
    check(&JAPANESE[..4], 20, 0.99);
}

#[test]
fn japanese_in_200_bytes() {
    check(&JAPANESE[..4], 200, 0.999);
}

#[test]
fn wide_encodings_without_a_mark() {
    check(&JAPANESE[4..6], 20, 0.92);
    check(&JAPANESE[4..6], 200, 0.99);
    check(&JAPANESE[6..], 40, 0.92);
    check(&JAPANESE[6..], 400, 0.99);
}

/// European text is not called Japanese.
#[test]
fn european_text_in_latin_1() {
    for (bytes, least) in [(40, 0.99), (200, 0.999)] {
        for (kind, share) in accuracy(corpus::EUROPEAN, Encoding::Windows1252, bytes) {
            assert!(share >= least, "{kind} in {bytes} bytes: {share}");
        }
        let shares = accuracy(corpus::EUROPEAN, Encoding::Utf8, bytes);
        assert!(mean(&shares) >= least, "UTF-8, {bytes} bytes: {shares:?}");
    }
}
