//! A regular expression in Go's syntax (RE2) → the same in that of `regex-syntax`.
//!
//! Text in, text out. The two differ in little: literal braces, what brackets and double signs mean
//! within a class, `\Q…\E`, octal escapes, `\<`, `\C`, and Unicode classes, which our patterns have
//! only where they ask for them. Sources: <https://pkg.go.dev/regexp/syntax> and the documentation
//! of `regex-syntax`.

/// Rewrites an expression. What is wrong in Go too stays wrong.
pub(super) fn translate(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len() + 16);
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '\\' => at = escape(&chars, at, &mut out, false),
            '[' => at = class(&chars, at, &mut out),
            // A brace that begins no repetition is itself.
            '{' if !is_repetition(&chars[at..]) => {
                out.push_str("\\{");
                at += 1;
            }
            // `(?<name>…)` and `(?P<name>…)`: names play no part here.
            c => {
                out.push(c);
                at += 1;
            }
        }
    }
    out
}

/// An escape outside or inside of a class; the place behind it.
fn escape(chars: &[char], at: usize, out: &mut String, in_class: bool) -> usize {
    let Some(&c) = chars.get(at + 1) else {
        out.push('\\');
        return at + 1;
    };
    match c {
        'Q' if !in_class => {
            let rest = &chars[at + 2..];
            let end = rest.windows(2).position(|w| w == ['\\', 'E']).unwrap_or(rest.len());
            rest[..end].iter().for_each(|&c| literal(c, out));
            at + 2 + (end + 2).min(rest.len())
        }
        // Word boundaries in Rust, plain signs in Go.
        '<' | '>' => {
            out.push(c);
            at + 2
        }
        'C' => {
            out.push_str("(?s:.)");
            at + 2
        }
        '0'..='7' if c == '0' || chars.get(at + 2).is_some_and(|d| matches!(d, '0'..='7')) => {
            let digits = chars[at + 1..].iter().take(3).take_while(|d| matches!(d, '0'..='7')).count();
            let number = chars[at + 1..at + 1 + digits].iter().fold(0, |n, d| n * 8 + d.to_digit(8).unwrap_or(0));
            out.push_str(&format!("\\x{{{number:X}}}"));
            at + 1 + digits
        }
        'p' | 'P' if !in_class => {
            let length = match chars.get(at + 2) {
                Some('{') => chars[at..].iter().position(|&c| c == '}').map_or(chars.len() - at, |i| i + 1),
                _ => 3.min(chars.len() - at),
            };
            out.push_str("(?u:");
            out.extend(&chars[at..at + length]);
            out.push(')');
            at + length
        }
        _ => {
            out.extend(['\\', c]);
            at + 2
        }
    }
}

/// A class from its bracket on; the place behind it.
fn class(chars: &[char], at: usize, out: &mut String) -> usize {
    let mut inner = String::new();
    let mut i = at + 1;
    if chars.get(i) == Some(&'^') {
        inner.push('^');
        i += 1;
    }
    let mut is_first = true;
    // Letters of a category, or signs beyond ASCII, are characters and not bytes.
    let mut is_unicode = false;
    while let Some(&c) = chars.get(i) {
        match c {
            ']' if !is_first => break,
            ']' => inner.push_str("\\]"),
            '[' if chars.get(i + 1) == Some(&':') => {
                let end = chars[i..].windows(2).position(|w| w == [':', ']']).map_or(chars.len() - i, |n| n + 2);
                inner.extend(&chars[i..i + end]);
                i += end;
                is_first = false;
                continue;
            }
            '[' => inner.push_str("\\["),
            // Sets are not intersected in Go.
            '&' | '~' => inner.extend(['\\', c]),
            '-' if !is_range(chars, i) => inner.push_str("\\-"),
            '\\' => {
                is_unicode |= matches!(chars.get(i + 1), Some('p' | 'P'));
                let from = i;
                i = escape(chars, i, &mut inner, true);
                is_first = false;
                debug_assert!(i > from);
                // `\w-.`: what follows a class of its own is no range.
                let is_set = matches!(chars.get(from + 1), Some('w' | 'W' | 'd' | 'D' | 's' | 'S' | 'p' | 'P'));
                if is_set && chars.get(i) == Some(&'-') {
                    inner.push_str("\\-");
                    i += 1;
                }
                continue;
            }
            c => {
                is_unicode |= !c.is_ascii();
                inner.push(c);
            }
        }
        is_first = false;
        i += 1;
    }
    if is_unicode {
        let inner = inner.replace("\\w", "0-9A-Za-z_").replace("\\d", "0-9").replace("\\s", " \\t\\n\\r\\f");
        out.push_str(&format!("(?u:[{inner}])"));
    } else {
        out.push_str(&format!("[{inner}]"));
    }
    i + 1
}

/// Does the hyphen stand between two ends?
fn is_range(chars: &[char], at: usize) -> bool {
    let before = at > 0 && !matches!(chars[at - 1], '[' | '^') || (at > 1 && chars[at - 2] == '\\');
    before && chars.get(at + 1).is_some_and(|&c| c != ']' && c != '-')
}

/// `{3}`, `{3,}`, `{3,5}`
fn is_repetition(chars: &[char]) -> bool {
    let Some(end) = chars.iter().position(|&c| c == '}') else { return false };
    let inner: String = chars[1..end].iter().collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

/// A character that means itself.
fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs() {
        for (go, rust) in [
            (r"^\$(?:\d+|{\d+})$", r"^\$(?:\d+|\{\d+})$"),
            (r"a{2,}b{3}c{,4}", r"a{2,}b{3}c\{,4}"),
            (r"[\w-.]+", r"[\w\-.]+"),
            (r"[[a&&b~~]", r"[\[a\&\&b\~\~]"),
            (r"[]a]", r"[\]a]"),
            (r"[[:alpha:]_]", r"[[:alpha:]_]"),
            (r"[a-z0-9_-]", r"[a-z0-9_\-]"),
            (r"\Qa.b\E+", r"a\.b+"),
            (r"\<a\>", r"<a>"),
            (r"\x60\047", r"\x60\x{27}"),
            (r"\pL+", r"(?u:\pL)+"),
            (r"[\pL\w]", r"(?u:[\pL0-9A-Za-z_])"),
            (r"(?i)(?P<x>a)\z", r"(?i)(?P<x>a)\z"),
        ] {
            assert_eq!(translate(go), rust, "{go}");
        }
        for broken in ["[", "[^", "\\", "[a", "\\Q", "{", "\\p{", "[\\", "\\p"] {
            translate(broken);
        }
    }
}
