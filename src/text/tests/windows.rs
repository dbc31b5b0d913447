//! Windows of any size give the text of the whole, and no bytes do harm.

use proptest::prelude::*;

use super::*;

/// Reads an input in windows as the scanner does: look-behind, core, look-ahead. The texts of
/// the cores in a row, and in each window every invariant of the map.
fn in_windows(raw: &[u8], core: usize, margin: usize) -> Vec<u8> {
    let mut reader = Reader::default();
    reader.begin(&raw[..raw.len().min(core + margin)]);
    let mut joined = Vec::new();
    let (mut window, mut start) = (0, 0);
    loop {
        let end = (start + core + margin).min(raw.len());
        let bytes = &raw[window..end];
        let stop = if end == raw.len() {
            end
        } else {
            let want = start - window + core;
            let boundary = reader.boundary(bytes, window as u64, want);
            assert!(boundary <= want);
            window + if window + boundary > start { boundary } else { want }
        };
        let text = reader.read(bytes, window as u64);
        check_map(bytes, &text);
        let (from, to) = (start - window, stop - window);
        joined
            .extend_from_slice(&text.bytes[text.map.find(from, text.bytes.len())..text.map.find(to, text.bytes.len())]);
        if stop == raw.len() {
            return joined;
        }
        let next = reader.boundary(bytes, window as u64, (stop - window).saturating_sub(margin));
        window += next;
        start = stop;
    }
}

/// The map never falls, never leads out of the window, and every byte of text has an original.
fn check_map(raw: &[u8], text: &crate::text::Text<'_>) {
    let (mut last_start, mut last_end) = (0, 0);
    for at in 0..text.bytes.len() {
        let span = text.map.span(at..at + 1);
        assert!(span.start >= last_start && span.end >= last_end, "falls at {at}");
        assert!(span.start < span.end && span.end <= raw.len(), "{span:?} of {} at {at}", raw.len());
        (last_start, last_end) = (span.start, span.end);
    }
}

fn whole(raw: &[u8]) -> Vec<u8> {
    in_windows(raw, raw.len() + 1, 0)
}

fn all_texts() -> String {
    corpus::JAPANESE.iter().map(|(_, text)| *text).collect()
}

#[test]
fn windows_of_any_size() {
    let text = all_texts();
    // Lines as they are, and one long line: no ASCII in it, and no newline to hold on to.
    let long: String = corpus::LETTER.chars().filter(|c| !c.is_ascii()).collect();
    for text in [text.as_str(), long.as_str()] {
        for encoding in JAPANESE {
            let raw = encode(text, encoding);
            let whole = whole(&raw);
            for (core, margin) in [(64, 64), (97, 128), (500, 256), (1001, 100), (4096, 512)] {
                let joined = in_windows(&raw, core, margin);
                assert!(
                    joined == whole,
                    "{} in windows of {core}: {}\n{}",
                    encoding.name(),
                    String::from_utf8_lossy(&joined),
                    String::from_utf8_lossy(&whole)
                );
            }
        }
    }
}

/// Characters of two units, and lines that change their encoding.
#[test]
fn windows_of_pairs_and_of_mixed_lines() {
    let pairs = "𠮷野家で😀を見た。".repeat(400);
    let inputs = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le].map(|e| encode(&pairs, e));
    let lines = corpus::MINUTES.lines().chain(corpus::ADDRESSES.lines()).cycle().zip(JAPANESE[..4].iter().cycle());
    let mixed: Vec<u8> = lines.take(200).flat_map(|(line, encoding)| encode(&format!("{line}\n"), *encoding)).collect();
    for raw in inputs.iter().chain([&mixed]) {
        let whole = whole(raw);
        assert!(std::str::from_utf8(&whole).is_ok_and(|text| !text.contains(char::REPLACEMENT_CHARACTER)));
        for (core, margin) in [(700, 300), (1001, 512), (4096, 1000)] {
            assert!(in_windows(raw, core, margin) == whole, "windows of {core}");
        }
    }
}

#[test]
fn a_boundary_is_never_within_a_character() {
    // A mark that joins the kana before it is a character of its own, but not in the text.
    let text = all_texts().replace(['\n', 'ﾞ', 'ﾟ'], "");
    for encoding in JAPANESE {
        let raw = encode(&text, encoding);
        let mut reader = Reader::default();
        reader.begin(&raw);
        let mut starts = vec![0];
        let mut read = Reader::default();
        read.begin(&raw);
        let text = read.read(&raw, 0);
        starts.extend((1..=text.bytes.len()).map(|at| text.map.end(at)));
        for want in 0..=raw.len() {
            let at = reader.boundary(&raw, 0, want);
            assert!(at <= want);
            let escape = raw[at..].starts_with(b"\x1B") || raw[..at].ends_with(b"B");
            assert!(starts.binary_search(&at).is_ok() || escape, "{} at {at}, wanted {want}", encoding.name());
        }
    }
}

#[test]
fn a_newline_stays_a_newline() {
    for encoding in JAPANESE {
        let raw = encode("名簿\r\n一覧\nA\n", encoding);
        let mut reader = Reader::default();
        reader.begin(&raw);
        let text = reader.read(&raw, 0);
        let newlines: Vec<usize> = memchr::memchr_iter(b'\n', text.bytes).collect();
        assert_eq!(newlines.len(), 3, "{}", encoding.name());
        for at in newlines {
            let span = text.map.span(at..at + 1);
            assert_eq!(&raw[span], encode("\n", encoding), "{}", encoding.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_bytes_do_no_harm(raw in proptest::collection::vec(any::<u8>(), 0..3000), core in 16usize..600) {
        in_windows(&raw, core, 64);
        whole(&raw);
    }

    /// Bytes that encodings care about, more often than chance has them.
    #[test]
    fn hostile_bytes_do_no_harm(
        pieces in proptest::collection::vec(prop_oneof![
            Just(b"\x1B$B".to_vec()), Just(b"\x1B(B".to_vec()), Just(b"\x1B$".to_vec()), Just(b"\x1B(I".to_vec()),
            Just(b"\x0E".to_vec()), Just(b"\n".to_vec()), Just(b"\0".to_vec()), Just(b"a\0".to_vec()),
            Just(b"\xEF\xBC\x91".to_vec()), Just(b"\xEF\xBD\xB6\xEF\xBE\x9E".to_vec()), Just(b"\xE3\x83\xBC".to_vec()),
            Just(b"\x82\xA0".to_vec()), Just(b"\x8F\xB0".to_vec()), Just(b"\xB6\xDE".to_vec()), Just(b"\xFF\xFE".to_vec()),
            Just(b"\xE2\x80\x8B".to_vec()), Just(b"1".to_vec()), Just(b" token ".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..6),
        ], 0..300),
        core in 16usize..200,
    ) {
        let raw = pieces.concat();
        in_windows(&raw, core, 64);
        whole(&raw);
        for encoding in JAPANESE {
            let mut reader = Reader::default();
            reader.begin_as(encoding);
            check_map(&raw, &reader.read(&raw, 0));
            encoding.count_chars(&raw);
            for want in [0, raw.len() / 2, raw.len()] {
                prop_assert!(reader.boundary(&raw, 0, want) <= want);
            }
        }
    }

    /// Encoded text with some bytes changed: what is far from the change is read as before.
    #[test]
    fn damaged_text_is_read_where_it_is_whole(
        which in 0..4usize,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let text = corpus::LETTER.repeat(3);
        let mut raw = encode(&text, JAPANESE[which]);
        let lines: Vec<&str> = text.lines().collect();
        for (at, byte) in &damage {
            let at = at.index(raw.len());
            raw[at] = *byte;
        }
        let found = String::from_utf8_lossy(&whole(&raw)).into_owned();
        // Each damage harms its line, and the next one if it was the newline.
        let folded = |line: &str| read(line.as_bytes()).0;
        let lost = lines.iter().filter(|line| !found.contains(&folded(line))).count();
        prop_assert!(lost <= 2 * damage.len(), "{lost} lines lost in {}:\n{found}", JAPANESE[which].name());
    }
}
