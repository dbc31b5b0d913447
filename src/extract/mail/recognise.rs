//! Is this a message, or a file of messages? Told by the fields that it begins with.
//!
//! Strict, so that a log, a source file or the header of a web page is none.

use super::header::field_name;

/// Fields that nothing but mail and news has.
const CERTAIN: &[&str] = &[
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
    "authentication-results",
    "delivered-to",
    "dkim-signature",
    "domainkey-signature",
    "envelope-to",
    "in-reply-to",
    "message-id",
    "newsgroups",
    "mime-version",
    "received",
    "received-spf",
    "return-path",
    "x-account-key",
    "x-gmail-labels",
    "x-gm-thrid",
    "x-mailer",
    "x-mozilla-status",
    "x-original-to",
    "x-received",
    "x-unsent",
];
/// Fields that a message has, and other things have too.
const LIKELY: &[&str] = &["bcc", "cc", "from", "reply-to", "sender", "subject", "to"];
/// Fields that count beside one of those.
const POSSIBLE: &[&str] =
    &["content-transfer-encoding", "content-type", "date", "organization", "priority", "references", "user-agent"];

/// Does this begin like a message?
pub(in super::super) fn is_message(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut lines = head.split_inclusive(|&b| b == b'\n').peekable();
    // Apple Mail writes the message's length before it.
    if lines.peek().is_some_and(|line| is_length(line)) {
        lines.next();
    }
    let (mut mail, mut weight) = (false, 0);
    let mut seen = Vec::new();
    for line in lines {
        let text = line.trim_ascii_end();
        if text.is_empty() && line.ends_with(b"\n") {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if seen.is_empty() {
                return false;
            }
            continue;
        }
        let Some(name) = field_name(text).map(str::to_ascii_lowercase) else {
            // The head ends within a line.
            if !line.ends_with(b"\n") && !seen.is_empty() {
                break;
            }
            return false;
        };
        if seen.contains(&name) && !CERTAIN.contains(&name.as_str()) {
            return false;
        }
        let (points, is_mail) = match name.as_str() {
            name if CERTAIN.contains(&name) => (2, true),
            name if LIKELY.contains(&name) => (1, true),
            name if POSSIBLE.contains(&name) => (1, false),
            _ => (0, false),
        };
        weight += points;
        mail |= is_mail;
        seen.push(name);
    }
    mail && weight >= 2
}

/// A number alone on a line.
pub(super) fn is_length(line: &[u8]) -> bool {
    let digits = line.trim_ascii_end();
    (1..=12).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) && line.ends_with(b"\n")
}

/// Does this begin like a file of messages (RFC 4155)?
pub(in super::super) fn is_mbox(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let next = &head[end + 1..];
    is_separator(&head[..end]) && (next.starts_with(b">From ") || field_name(next).is_some())
}

/// The line that begins a message in a file of them: `From`, the sender, a date with time and year.
pub(super) fn is_separator(line: &[u8]) -> bool {
    let time = |w: &[u8]| matches!(w, [a, b, b':', c, d] if [a, b, c, d].into_iter().all(u8::is_ascii_digit));
    let year =
        |w: &[u8]| w.len() == 4 && (w.starts_with(b"19") || w.starts_with(b"20")) && w.iter().all(u8::is_ascii_digit);
    line.starts_with(b"From ")
        && line.len() < 512
        && line[5..].windows(5).any(time)
        && line[5..].split(u8::is_ascii_whitespace).any(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_many_programs() {
        for head in [
            "From: a@b.example\nTo: c@d.example\n\nHello",
            "Received: from x by y;\n\tMon, 2 Nov 2026 10:00:00 +0900\nReceived: from",
            "Date: Mon, 2 Nov 2026 10:00:00 +0900\r\nSubject: x\r\n\r\n",
            "1234\nReturn-Path: <a@b.example>\n",
            "X-Account-Key: account1\r\nX-UIDL: 1\r\n",
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
            "ARC-Seal: i=1; a=rsa-sha256; t=1\n d=x",
        ] {
            assert!(is_message(head.as_bytes()), "{head}");
            let file = format!("From a@b.example Mon Nov  2 10:00:00 2026\n{head}");
            assert!(is_mbox(file.as_bytes()) || head.starts_with("1234"), "{head}");
            assert!(!is_message(file.as_bytes()));
        }
    }

    #[test]
    fn texts_that_are_no_mail() {
        for head in [
            "",
            "From: here to there\n",
            "Date: 2026-11-02\nContent-Type: text/html\nServer: x\n\n<html>",
            "HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n",
            "2026-11-02 10:00:00 Subject: x\nFrom: y\n",
            "name: x\nversion: 1\nfrom: y\n",
            "From: a\nplain line\nTo: b\n",
            "Subject: a\nSubject: b\nSubject: c\n",
            "Title: x\nDate: y\nAuthor: z\n\n",
            "  Received: folded\nReceived: x\n",
            "BEGIN:VCARD\nVERSION:3.0\nN:a\n",
            "123\n456\n789\n",
        ] {
            assert!(!is_message(head.as_bytes()), "{head}");
        }
        assert!(!is_mbox(b"From here at 10:00\nwe went on"));
        assert!(!is_mbox(b"From a@b\nSubject: x\n"));
    }
}
