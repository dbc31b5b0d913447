//! Where a file was downloaded from: what browsers and systems write beside it, else what a
//! browser's history says.
//!
//! - `user.xdg.origin.url`, `user.xdg.referrer.url`
//!   (<https://www.freedesktop.org/wiki/CommonExtendedAttributes/>; Chrome, curl, wget);
//! - Windows' `Zone.Identifier` stream, also where a copy has made a file or an attribute of it
//!   ([MS-FSCC] 5.6.1; ntfs-3g, Samba, WSL);
//! - macOS' `kMDItemWhereFroms`.
//!
//! An address leaves here only through [`clean`].

mod history;
mod plist;

use std::ffi::OsString;
use std::io::Read as _;
use std::path::Path;

use crate::source::Body;

pub use history::History;

/// Longest address that is kept, in characters.
const LONGEST: usize = 1024;
/// Most bytes that are read of what lies beside a file.
const MOST: u64 = 64 << 10;

/// Attributes that hold an address, the better one first.
const ADDRESSES: [&str; 2] = ["user.xdg.origin.url", "user.xdg.referrer.url"];
/// Attributes that hold a `Zone.Identifier`: ntfs-3g's and Samba's.
const ZONES: [&str; 2] = ["user.Zone.Identifier", "user.DosStream.Zone.Identifier:$DATA"];
/// Attributes that hold a property list of addresses: macOS' own, and what a copy makes of it.
const WHERE_FROMS: [&str; 2] = ["com.apple.metadata:kMDItemWhereFroms", "user.com.apple.metadata:kMDItemWhereFroms"];
/// How the name of the stream's file begins behind the file's own name; on a Windows disk seen
/// from WSL a colon becomes U+F03A.
const STREAMS: [&str; 2] = [":Zone.Identifier", "\u{F03A}Zone.Identifier"];

/// An address without what may be secret in it: user info, query, fragment and path parameters.
/// `None` for what is no address of a place in a network.
pub fn clean(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once("://")?;
    // `blob:https://host/id` was made by a page of that host.
    let scheme = scheme.strip_prefix("blob:").unwrap_or(scheme).to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https" | "ftp" | "ftps" | "sftp" | "ws" | "wss") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\', ';']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next().unwrap_or_default();
    // A port that is no number is a password that was cut at its slash.
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            if !port.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            host
        }
        _ => authority,
    };
    if host.is_empty() {
        return None;
    }
    let path = rest[end..].split(['?', '#', ';']).next().unwrap_or_default();
    let cleaned = format!("{scheme}://{authority}{path}");
    Some(cleaned.chars().filter(|c| !c.is_control()).take(LONGEST).collect())
}

/// The address that is written beside a file.
pub(super) fn beside(file: &Path) -> Option<String> {
    let text = |name: &str| attribute(file, name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let attributes = || ADDRESSES.iter().find_map(|name| clean(&text(name)?));
    let zones = || ZONES.iter().find_map(|name| zone(&text(name)?));
    let where_froms =
        || WHERE_FROMS.iter().find_map(|name| plist::texts(&attribute(file, name)?).iter().find_map(|a| clean(a)));
    attributes().or_else(zones).or_else(where_froms).or_else(|| STREAMS.iter().find_map(|s| stream(file, s)))
}

/// The stream that stands in a file of its own.
fn stream(file: &Path, suffix: &str) -> Option<String> {
    let mut path = OsString::from(file);
    path.push(suffix);
    // Asked first, so that the usual case costs no more.
    if !std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    Body::Path(path.into()).open().ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    zone(&String::from_utf8_lossy(&bytes))
}

/// `[ZoneTransfer]`, `ZoneId=3`, `ReferrerUrl=…`, `HostUrl=…`
fn zone(text: &str) -> Option<String> {
    let value = |key: &str| {
        text.lines().filter_map(|line| line.split_once('=')).find(|(name, _)| name.trim().eq_ignore_ascii_case(key))
    };
    ["HostUrl", "ReferrerUrl"].iter().find_map(|key| clean(value(key)?.1))
}

/// An extended attribute; `None` if there is none or the system has no such thing.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn attribute(file: &Path, name: &str) -> Option<Vec<u8>> {
    let mut buffer = [0; 4096];
    // Longer ones are nobody's address.
    let n = rustix::fs::lgetxattr(file, name, &mut buffer).ok()?;
    buffer.get(..n).map(<[u8]>::to_vec)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn attribute(_: &Path, _: &str) -> Option<Vec<u8>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_what_may_be_secret() {
        for (address, expected) in [
            ("https://user:pass@host.example/a/b.zip?token=x#y", Some("https://host.example/a/b.zip")),
            ("HTTPS://host:8443/名簿.csv", Some("https://host:8443/名簿.csv")),
            ("http://[::1]:80/x;jsessionid=1/y", Some("http://[::1]:80/x")),
            ("http://[::1]/x", Some("http://[::1]/x")),
            ("blob:https://mail.example/0f-1", Some("https://mail.example/0f-1")),
            ("https://host?x=https://other", Some("https://host")),
            ("https://user:pa/ss@host/", None),
            ("https://a@b@host/", Some("https://host/")),
            ("data:text/plain;base64,AAAA", None),
            ("file:///home/u/a", None),
            ("about:internet", None),
            ("", None),
        ] {
            assert_eq!(clean(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn a_stream_that_a_copy_made_a_file() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("a.zip");
        std::fs::write(&file, "x").expect("file");
        assert_eq!(beside(&file), None);
        let text =
            "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://host.example/page?q\r\nHostUrl=about:internet\r\n";
        std::fs::write(folder.path().join("a.zip:Zone.Identifier"), text).expect("file");
        assert_eq!(beside(&file).as_deref(), Some("https://host.example/page"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn attributes_that_browsers_write() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("a.zip");
        std::fs::write(&file, "x").expect("file");
        let set = |name: &str, value: &[u8]| {
            rustix::fs::setxattr(&file, name, value, rustix::fs::XattrFlags::empty()).is_ok()
        };
        if !set("user.xdg.referrer.url", b"https://page.example/?s=1") {
            return; // A file system without attributes has nothing to test.
        }
        assert_eq!(beside(&file).as_deref(), Some("https://page.example/"));
        assert!(set("user.xdg.origin.url", b"https://u:p@files.example/a.zip?sig=1"));
        assert_eq!(beside(&file).as_deref(), Some("https://files.example/a.zip"));
    }
}
