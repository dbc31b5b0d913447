//! Calendars and address cards (iCalendar, RFC 5545; vCard, RFC 6350 and 2.1): their lines.
//!
//! Lines are folded at some width, also within a word or a character, and bytes of old cards are
//! quoted-printable. A stream in; the same text with whole lines out, as one member.

use std::io::{self, Read};

use super::lines::Lines;
use super::transfer::Transfer;
use crate::chunk::Step;
use crate::error::Problem;
use crate::extract::{Input, Visit};

/// Does this begin like a calendar or a card?
pub(in super::super) fn is_folded(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let begins = |what: &[u8]| {
        head.get(..what.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(what))
            && head.get(what.len()).is_some_and(|b| matches!(b, b'\r' | b'\n'))
    };
    begins(b"BEGIN:VCALENDAR") || begins(b"BEGIN:VCARD") || begins(b"BEGIN:VNOTE")
}

/// Hands on the text with its lines made whole. Fails if its stream does.
pub(in super::super) fn extract(input: &mut Input<'_>, visit: &mut dyn Visit) -> Result<(), Problem> {
    let lines = Lines::new(&mut *input.reader);
    let mut whole = Whole { lines, out: Vec::new(), used: 0, quoted: None, ended: false };
    // An error means that the budget is spent, which has been reported.
    let _ = visit.raw(Step::Member("lines".into()), &mut whole);
    whole.lines.failed.map_or(Ok(()), Err)
}

/// The text, line by line. A line end is written only once it is known that no fold follows it.
struct Whole<'a> {
    lines: Lines<'a>,
    out: Vec<u8>,
    used: usize,
    /// The decoder of the line under way, if it is quoted.
    quoted: Option<Transfer>,
    ended: bool,
}

impl Whole<'_> {
    /// Writes the next line, or what goes on from the one before; `false` at the end.
    fn line(&mut self) -> bool {
        self.out.clear();
        self.used = 0;
        let Some((line, begins)) = self.lines.peek() else {
            if !self.ended {
                self.end();
            }
            return !std::mem::replace(&mut self.ended, true) && !self.out.is_empty();
        };
        let line = line.to_vec();
        self.lines.take();
        // A soft break of quoted-printable needs no blank before what goes on.
        let goes_on = self.quoted.is_some() && begins && !is_property(&line);
        let is_fold = begins && matches!(line.first(), Some(b' ' | b'\t'));
        if begins && !is_fold && !goes_on {
            self.end();
            self.quoted = is_quoted(&line).then(|| Transfer::named("quoted-printable"));
        }
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = if is_fold && !goes_on { &text[1..] } else { text };
        match &mut self.quoted {
            // A break that is to be undone is left to the decoder.
            Some(transfer) => transfer.decode(if text.ends_with(b"=") { &line } else { text }, &mut self.out),
            None => self.out.extend_from_slice(text),
        }
        true
    }

    /// Ends the line before.
    fn end(&mut self) {
        if let Some(mut transfer) = self.quoted.take() {
            transfer.finish(&mut self.out);
        }
        self.out.push(b'\n');
    }
}

/// `NAME;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:`
fn is_quoted(line: &[u8]) -> bool {
    let name = line.split(|&b| b == b':').next().unwrap_or(line);
    name.len() < 512 && String::from_utf8_lossy(name).to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

/// Does a property begin here? In quoted text a colon may stand, but hardly behind capitals.
fn is_property(line: &[u8]) -> bool {
    let name = line.iter().take_while(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'.' | b'0'..=b'9')).count();
    name > 0 && matches!(line.get(name), Some(b':' | b';'))
}

impl Read for Whole<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.out.len() {
            if !self.line() {
                return self.lines.failed.clone().map_or(Ok(0), |problem| Err(problem.into()));
            }
        }
        let n = buffer.len().min(self.out.len() - self.used);
        buffer[..n].copy_from_slice(&self.out[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &[u8]) -> String {
        let mut reader = text;
        let lines = Lines::new(&mut reader);
        let mut whole = Whole { lines, out: Vec::new(), used: 0, quoted: None, ended: false };
        let mut out = Vec::new();
        whole.read_to_end(&mut out).unwrap();
        String::from_utf8_lossy(&out).trim().to_owned()
    }

    #[test]
    fn folded_lines_are_made_whole() {
        assert_eq!(
            whole(b"BEGIN:VCARD\r\nTEL:03-12\r\n 34\r\n\t-5678\r\nEND:VCARD\r\n"),
            "BEGIN:VCARD\nTEL:03-1234-5678\nEND:VCARD"
        );
        let name = "名簿".as_bytes();
        let cut = [b"FN:", &name[..2], b"\r\n ", &name[2..], b"\r\n"].concat();
        assert_eq!(whole(&cut), "FN:名簿");
    }

    #[test]
    fn quoted_lines_go_on_without_a_blank() {
        let card = b"N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=E5=90=\r\n=8D=E7=B0=BF\r\nTEL:03\r\n";
        assert_eq!(whole(card), "N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:名簿\nTEL:03");
    }

    #[test]
    fn only_calendars_and_cards() {
        assert!(is_folded(b"BEGIN:VCALENDAR\r\nVERSION:2.0") && is_folded(b"\xEF\xBB\xBFbegin:vcard\n"));
        assert!(!is_folded(b"BEGIN:VCARDS are") && !is_folded(b"-----BEGIN:VCARD\n"));
    }
}
