//! Any text, decoded whole and in windows: the maps stay within it, and what comes out is bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::decode::Decoder;

fuzz_target!(|text: &[u8]| {
    let mut decoder = Decoder::new();
    for (core, margin) in [(text.len().max(1), 0), (1000, 300)] {
        decoder.begin(None);
        let mut decoded = 0;
        for from in (0..text.len()).step_by(core) {
            let to = text.len().min(from + core);
            let window = from.saturating_sub(margin)..text.len().min(to + margin);
            let inner = from - window.start..to - window.start;
            decoder.decode(&text[window.clone()], inner.clone(), &mut |derived| {
                decoded += derived.bytes.len();
                let part = derived.part_of(&inner);
                assert!(part.start <= part.end && part.end <= derived.bytes.len());
                for out in (0..derived.bytes.len()).step_by(7) {
                    assert!(derived.map.span(out..out + 1).end <= window.len());
                    assert!(derived.at(out) <= window.len());
                }
            });
        }
        assert!(decoded <= 64 * text.len() + 4096, "{decoded} of {}", text.len());
    }
});
