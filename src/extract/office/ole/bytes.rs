//! Little-endian numbers at offsets, and the wrapper of an embedded file.

/// Two bytes.
pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Four bytes.
pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Eight bytes of a floating-point number.
pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// UTF-16 as text.
pub(in crate::extract::office) fn utf16(data: &[u8]) -> String {
    encoding_rs::UTF_16LE.decode_without_bom_handling(data).0.into_owned()
}

/// The file inside of an OLE 1.0 native object (MS-OLEDS §2.3.6): label, path and temporary path
/// stand before it.
pub(super) fn native_object(data: &[u8]) -> Option<&[u8]> {
    let text_end = |at: usize| Some(at + memchr::memchr(0, data.get(at..)?)? + 1);
    let at = text_end(text_end(6)?)? + 4;
    let at = at.checked_add(4)?.checked_add(u32_at(data, at)? as usize)?;
    data.get(at.checked_add(4)?..at.checked_add(4)?.checked_add(u32_at(data, at)? as usize)?)
}
