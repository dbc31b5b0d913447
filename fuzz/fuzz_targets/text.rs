//! Any bytes, read whole and in windows: the map never leads out of them or back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sekisho::text::Reader;

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::default();
    reader.begin(bytes);
    let mut at = 0;
    // Windows of a few bytes, each beginning where the reader says.
    while at < bytes.len() {
        let end = bytes.len().min(at + 4096);
        let boundary = {
            let text = reader.read(&bytes[at..end], at as u64);
            let mut last = 0;
            for out in 0..=text.bytes.len() {
                let start = text.map.start(out);
                assert!(last <= start && text.map.end(out) <= end - at);
                last = start;
            }
            let _ = text.encoding_at(0).count_chars(&bytes[at..end]);
            reader.boundary(&bytes[at..end], at as u64, (end - at) / 2)
        };
        assert!(boundary <= end - at);
        at += if end == bytes.len() || boundary == 0 { end - at } else { boundary };
    }
});
