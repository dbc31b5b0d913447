//! `format=flowed` (RFC 3676): lines that a mailer has broken to fit a screen → lines as they were
//! written, so that a value that goes over the break is found whole.
//!
//! Bytes of a body, its transfer encoding undone, in any pieces in; the same with lines joined out.
//! A line of any length costs no memory.

/// Longest line that is looked at as one, in bytes; RFC 5322 allows 998.
const LONGEST: usize = 64 << 10;

/// Joins lines.
pub(super) struct Flowed {
    /// Is the blank at a line's end there for the break alone? Then it goes too.
    delete_space: bool,
    /// What has come and not been handed on.
    open: Vec<u8>,
    /// A line whose end waits for the next one to show whether it goes on.
    before: Option<Line>,
    /// Is a line that was too long under way?
    within: bool,
}

/// What is known of a line that ended.
struct Line {
    /// Marks of quoting it began with.
    depth: usize,
    /// Does it say that it goes on?
    flows: bool,
    /// Its blanks and line end, as they stand.
    end: Vec<u8>,
}

impl Flowed {
    pub(super) fn new(delete_space: bool) -> Flowed {
        Flowed { delete_space, open: Vec::new(), before: None, within: false }
    }

    /// Where the next bytes go, before [`Flowed::join`].
    pub(super) fn take(&mut self) -> &mut Vec<u8> {
        &mut self.open
    }

    /// Hands on all whole lines but for the end of the last one.
    pub(super) fn join(&mut self, out: &mut Vec<u8>) {
        let open = std::mem::take(&mut self.open);
        let mut rest = &open[..];
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.line(&rest[..=end], out);
            rest = &rest[end + 1..];
        }
        if rest.len() > LONGEST {
            self.line(rest, out);
            rest = &[];
        }
        self.open.extend_from_slice(rest);
    }

    /// Hands on what is left.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        let open = std::mem::take(&mut self.open);
        if !open.is_empty() {
            self.line(&open, out);
        }
        if let Some(before) = self.before.take() {
            out.extend_from_slice(&before.end);
        }
    }

    /// One line, or a piece of one that is too long.
    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let goes_on_within = !line.ends_with(b"\n");
        if std::mem::replace(&mut self.within, goes_on_within) {
            out.extend_from_slice(text);
            self.before = Some(Line { depth: 0, flows: false, end: line[text.len()..].to_vec() });
            return;
        }
        let depth = text.iter().take_while(|&&b| b == b'>').count();
        let (marks, content) = text.split_at(depth);
        // A blank that keeps the line from looking like a quote or like the line of an mbox.
        let content = content.strip_prefix(b" ").unwrap_or(content);
        let signature = content == b"-- ";
        let joins = self.before.as_ref().is_some_and(|before| before.flows && before.depth == depth && !signature);
        match self.before.take() {
            Some(before) if joins => {
                let blank: &[u8] = if self.delete_space { b"" } else { b" " };
                out.extend_from_slice(blank);
                drop(before);
            }
            Some(before) => {
                out.extend_from_slice(&before.end);
                out.extend_from_slice(marks);
            }
            None => out.extend_from_slice(marks),
        }
        if !joins && depth > 0 && !content.is_empty() {
            out.push(b' ');
        }
        let flows = content.ends_with(b" ") && !signature && !goes_on_within;
        let shown = if flows { &content[..content.len() - 1] } else { content };
        out.extend_from_slice(shown);
        let mut end = if flows { vec![b' '] } else { Vec::new() };
        end.extend_from_slice(&line[text.len()..]);
        self.before = Some(Line { depth, flows, end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(delete_space: bool, text: &str) -> String {
        let whole = |size: usize| {
            let mut flowed = Flowed::new(delete_space);
            let mut out = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                flowed.take().extend_from_slice(piece);
                flowed.join(&mut out);
            }
            flowed.finish(&mut out);
            String::from_utf8(out).expect("UTF-8")
        };
        assert_eq!(whole(1), whole(text.len().max(1)));
        whole(7)
    }

    #[test]
    fn lines_are_as_they_were_written() {
        for (delete_space, text, expected) in [
            (false, "one \r\ntwo\r\nthree\r\n", "one two\r\nthree\r\n"),
            (true, "東京都千代田区霞が \r\n関1-2-3\r\n", "東京都千代田区霞が関1-2-3\r\n"),
            (true, "one  \r\ntwo", "one two"),
            // The signature is no flowed line, and nothing flows into it.
            (false, "bye \n-- \nhana \n", "bye \n-- \nhana \n"),
            // Quotes of another depth are another text; marks go from lines that join.
            (false, "> a \n> b\n>> c \n> d\n", "> a b\n>> c \n> d\n"),
            (false, "  stuffed \n From here\n", " stuffed From here\n"),
            (false, "", ""),
            (false, "\r\n \r\nx", "\r\n\r\nx"),
        ] {
            assert_eq!(joined(delete_space, text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_without_end_costs_no_memory() {
        let mut flowed = Flowed::new(true);
        let mut out = Vec::new();
        for _ in 0..100 {
            flowed.take().extend_from_slice(&[b'x'; 3000]);
            flowed.join(&mut out);
            assert!(flowed.open.len() <= LONGEST);
        }
        flowed.finish(&mut out);
        assert_eq!(out, vec![b'x'; 300_000]);
    }
}
