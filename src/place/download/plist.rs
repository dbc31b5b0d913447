//! The texts of a binary property list (`bplist00`), as macOS writes them into attributes.
//!
//! Only arrays of texts are understood (Apple, CFBinaryPList.c describes the format): objects,
//! a table of their offsets, a trailer of 32 bytes. Nothing is believed that is not inside.

/// The texts of the list's top array, in order; none if it is not understood.
pub(super) fn texts(bytes: &[u8]) -> Vec<String> {
    read(bytes).unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<Vec<String>> {
    if !bytes.starts_with(b"bplist0") {
        return None;
    }
    let trailer = bytes.get(bytes.len().checked_sub(32)?..)?;
    let (offset_size, reference_size) = (usize::from(trailer[6]), usize::from(trailer[7]));
    let (top, table) = (big(&trailer[16..24])?, big(&trailer[24..32])?);
    let offset = |object: usize| big(slice(bytes, table.checked_add(object.checked_mul(offset_size)?)?, offset_size)?);
    let (kind, count, at) = header(bytes, offset(top)?)?;
    if kind != 0xA {
        return text(bytes, offset(top)?).map(|text| vec![text]);
    }
    let object = |i: usize| big(slice(bytes, at.checked_add(i.checked_mul(reference_size)?)?, reference_size)?);
    // A list of addresses has two; more than a few are somebody's joke.
    Some((0..count.min(16)).map_while(|i| text(bytes, offset(object(i)?)?)).collect())
}

fn text(bytes: &[u8], at: usize) -> Option<String> {
    let (kind, count, at) = header(bytes, at)?;
    match kind {
        0x5 => Some(String::from_utf8_lossy(slice(bytes, at, count)?).into_owned()),
        0x6 => {
            let units =
                slice(bytes, at, count.checked_mul(2)?)?.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]]));
            Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect())
        }
        _ => None,
    }
}

/// An object's kind, its length, and where its content begins.
fn header(bytes: &[u8], at: usize) -> Option<(u8, usize, usize)> {
    let byte = *bytes.get(at)?;
    if byte & 0x0F != 0x0F {
        return Some((byte >> 4, usize::from(byte & 0x0F), at + 1));
    }
    // A length of fifteen and more is an integer object of its own.
    let size = 1usize << (*bytes.get(at + 1)? & 0x0F).min(3);
    Some((byte >> 4, big(slice(bytes, at + 2, size)?)?, at + 2 + size))
}

fn slice(bytes: &[u8], at: usize, length: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(length)?)
}

fn big(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    usize::try_from(bytes.iter().fold(0u64, |n, &b| n << 8 | u64::from(b))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `plutil -convert binary1` makes of two texts, put together by hand.
    fn list() -> Vec<u8> {
        let first = "https://host.example/a.zip";
        let mut out = b"bplist00".to_vec();
        out.extend([0xA2, 1, 2]);
        let one = out.len() as u8;
        out.extend([0x5F, 0x10, first.len() as u8]);
        out.extend(first.as_bytes());
        let two = out.len() as u8;
        out.extend([0x62, 0x54, 0x0D, 0x7C, 0x3F]); // 名簿 in UTF-16
        let table = out.len() as u8;
        out.extend([8, one, two]);
        out.extend([0, 0, 0, 0, 0, 0, 1, 1]);
        out.extend([0, 0, 0, 0, 0, 0, 0, 3]);
        out.extend([0; 8]);
        out.extend([0, 0, 0, 0, 0, 0, 0, table]);
        out
    }

    #[test]
    fn an_array_of_texts() {
        assert_eq!(texts(&list()), ["https://host.example/a.zip", "名簿"]);
    }

    #[test]
    fn broken_lists_give_nothing_and_do_no_harm() {
        let whole = list();
        for cut in 0..whole.len() {
            texts(&whole[..cut]);
            for value in [0, 0x0F, 0xFF] {
                let mut bad = whole.clone();
                bad[cut] = value;
                texts(&bad);
            }
        }
    }
}
