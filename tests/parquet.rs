//! Tables that other programs wrote (`tests/fixtures/parquet/make.py`), whole and broken. With the
//! feature `parquet` only: `just parquet`.

#[path = "contents/scanned.rs"]
#[allow(dead_code, reason = "shared with tests/contents")]
mod scanned;

use scanned::scan;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/parquet/{name}", env!("CARGO_MANIFEST_DIR"))).expect("fixture")
}

fn numbers() -> Vec<String> {
    String::from_utf8(fixture("numbers.txt")).expect("ASCII").lines().map(str::to_owned).collect()
}

#[test]
fn every_packing_comes_out_with_its_columns() {
    for name in ["none", "snappy", "gzip", "brotli", "lz4", "zstd", "polars"] {
        let scanned = scan(&format!("{name}.parquet"), &fixture(&format!("{name}.parquet")));
        assert_eq!(scanned.problems, [], "{name}");
        for (row, number) in numbers().iter().enumerate() {
            // A number in a column of numbers has lost its zeros.
            if name == "polars" && number.starts_with('0') {
                continue;
            }
            let place = format!("個人番号#{}", row + 1);
            assert_eq!(scanned.places("personal/jp-my-number", number), [place], "{name}: {:?}", scanned.found);
        }
        if name != "polars" {
            assert_eq!(scanned.places("personal/email-address", "hana7@mail.example"), ["連絡先#8"], "{name}");
        }
    }
}

#[test]
fn damage_is_said_and_does_no_harm() {
    let bytes = fixture("snappy.parquet");
    for cut in 5..bytes.len() {
        assert!(cut % 7 > 0 || !scan("a.parquet", &bytes[..cut]).problems.is_empty(), "{cut}");
    }
    // The format's own library panics on some damage. In the parser process that costs the document,
    // and here, where there is none, the file: a problem either way, never silence.
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for bytes in [bytes, fixture("zstd.parquet")] {
        for _ in 0..1000 {
            // Xorshift.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut turned = bytes.clone();
            turned[(random >> 8) as usize % bytes.len()] ^= 1 << (random & 7);
            let scanned = scan("a.parquet", &turned);
            let found = scanned.found.iter().filter(|(detector, ..)| detector == "personal/jp-my-number").count();
            // A bit of a value itself may be the one that turned.
            assert!(found > 0 || !scanned.problems.is_empty(), "byte {}", (random >> 8) as usize % bytes.len());
        }
    }
}
