//! E-mail addresses, and what only looks like one.
//!
//! A candidate `local@domain` and its neighbours in; whether it is an address, whose, out. Never
//! asks the network whether the domain exists.

use super::Outcome::{self, Doubts, Fits, Rejects};
use super::Value;

/// Endings that are file types, units of systemd and the like, and no top-level domain.
#[rustfmt::skip]
const FILE_TYPES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "ico", "bmp", "tiff", "css", "scss", "js", "mjs",
    "cjs", "jsx", "tsx", "ts", "json", "html", "htm", "xml", "yaml", "yml", "toml", "txt", "csv", "log", "exe",
    "dll", "jar", "war", "gz", "tgz", "bz2", "xz", "rpm", "deb", "dmg", "tar", "pdf", "docx", "xlsx", "pptx",
    "mp3", "mp4", "wav", "ttf", "woff", "woff2", "java", "php", "rb", "cpp", "hpp", "swift", "kt", "lock",
    "conf", "cfg", "ini", "service", "socket", "timer", "mount", "automount", "slice", "scope", "swap",
    "target", "device", "path",
];

/// Mailboxes of a function and not of a person: RFC 2142 and the senders of automatic mail.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "abuse", "admin", "administrator", "billing", "bounce", "bounces", "contact", "daemon", "do-not-reply",
    "donotreply", "do_not_reply", "ftp", "git", "help", "hostmaster", "info", "mailer-daemon", "marketing",
    "news", "no-reply", "no_reply", "noc", "nobody", "noreply", "notifications", "postmaster", "root", "sales",
    "security", "support", "usenet", "webmaster", "www",
];

/// Names that stand for any domain in documentation (the reserved ones are a rule of their own).
#[rustfmt::skip]
const PLACEHOLDER_NAMES: &[&str] = &[
    "your-company", "your-domain", "yourcompany", "yourdomain", "mycompany", "mydomain", "domain", "hostname",
    "somewhere", "foo", "bar", "foobar", "hoge", "fuga", "sample", "dummy", "xxx", "xxxx",
];

/// Mailboxes that stand for anybody's.
#[rustfmt::skip]
const PLACEHOLDER_MAILBOXES: &[&str] = &[
    "anybody", "anyone", "bar", "dummy", "email", "example", "first.last", "firstname.lastname", "foo", "foobar",
    "hoge", "jane.doe", "janedoe", "john.doe", "johndoe", "name", "password", "sample", "somebody", "someone",
    "user", "username", "xxx", "xxxx", "you", "your-email", "your-name", "your.email", "your.name", "youremail",
    "yourname", "your_email", "your_name",
];

/// `email`: an address as RFC 5321 has it (and with `..` and `.@`, which Japanese carriers gave
/// out), that is no file name, package version, remote of a repository or message id.
pub(super) fn email(value: &Value<'_>) -> Outcome {
    let Some((local, domain)) = value.text.split_once('@') else { return Rejects };
    if !is_local(local) || !is_domain(domain) || is_something_else(value, local, domain) {
        return Rejects;
    }
    if is_reserved(domain) {
        return Doubts("reserved-domain");
    }
    let mailbox = local.split_once('+').map_or(local, |(mailbox, _)| mailbox);
    let is_in = |list: &[&str], word: &str| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    if is_in(PLACEHOLDER_NAMES, registered_name(domain)) || is_in(PLACEHOLDER_MAILBOXES, mailbox) {
        return Doubts("placeholder");
    }
    // What a list is sent to is read by many.
    const SHARED: &[&str] = &["noreply", "lists", "list", "vger", "googlegroups", "mailman"];
    let is_automatic = domain.split('.').any(|label| SHARED.iter().any(|s| s.eq_ignore_ascii_case(label)));
    if is_automatic || is_in(ROLES, mailbox) {
        return Doubts("role-address");
    }
    Fits
}

/// `email-written-out`: an address written so that no machine should read it: `(at)`, `at … dot …`,
/// a star in place of the `@`.
pub(super) fn written_out(value: &Value<'_>) -> Outcome {
    let text = value.text.replace(['★', '☆', '◎', '■', '●', '◆'], "@");
    let words = text.split([' ', '(', ')', '[', ']', '{', '}', '<', '>']).map(|word| match word {
        "at" | "AT" | "At" | "アット" | "アットマーク" => "@",
        "dot" | "DOT" | "Dot" | "ドット" => ".",
        other => other,
    });
    let plain: String = words.collect();
    email(&Value { text: &plain, ..*value })
}

/// The part before the `@`: up to 64 bytes of atoms; quoted local parts are not read.
fn is_local(local: &str) -> bool {
    let is_atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    (1..=64).contains(&local.len()) && !local.starts_with(['.', '/', '=', '&']) && local.bytes().all(is_atom)
}

/// The part behind it: labels of letters, digits and inner hyphens, the last one of letters.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let Some((names, top)) = domain.rsplit_once('.') else { return false };
    let is_top = top.len() >= 2 && (top.bytes().all(|b| b.is_ascii_alphabetic()) || top.starts_with("xn--"));
    domain.len() <= 253 && is_top && is_label(top) && names.split('.').all(is_label)
}

/// Whether the text around, or the form, says that this is no address.
fn is_something_else(value: &Value<'_>, local: &str, domain: &str) -> bool {
    let mut labels = domain.split('.');
    let (first, second) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    // image@2x.png, lodash@4.17.x, actions/checkout@v4.1.beta
    let is_scale = matches!(first.as_bytes(), [b'1'..=b'4', b'x' | b'X']);
    let is_version = is_number(first.trim_start_matches('v')) && is_number(second);
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_file = FILE_TYPES.iter().any(|t| t.eq_ignore_ascii_case(ending));
    let is_id = is_message_id(value) || is_generated(local);
    is_scale || is_version || is_file || is_id || is_remote(value, local) || value.after.starts_with('@')
}

/// git@host:path, user@host:/path, ssh://user@host, https://key@host
fn is_remote(value: &Value<'_>, local: &str) -> bool {
    let is_path = value.after.starts_with(":/") || value.after.starts_with(":~");
    let is_repository = matches!(local, "git" | "hg" | "svn") && value.after.starts_with([':', '/']);
    let word = value.before.rsplit([' ', '"', '\'', '<', '>', '(', '=', ',']).next().unwrap_or_default();
    // Behind `scheme://` and before the first slash is user information, not a mailbox.
    let is_user_info = word.rsplit_once("://").is_some_and(|(_, authority)| !authority.contains(['/', '?', '#']));
    is_path || is_repository || is_user_info
}

/// Whether a header field of identifiers stands before it (RFC 5322, 3.6.4; RFC 2045, 7).
fn is_message_id(value: &Value<'_>) -> bool {
    const FIELDS: &[&str] = &["message-id", "in-reply-to", "references", "content-id", "msgid", "cid:"];
    let before = value.before.as_bytes();
    FIELDS.iter().any(|field| before.windows(field.len()).any(|w| w.eq_ignore_ascii_case(field.as_bytes())))
}

/// Whether a mail program made the local part up for the id of a message: a time of 12 digits or more
/// in front, a long hexadecimal number or a UUID in it, or Gmail's `CA` and more characters than any
/// person has.
fn is_generated(local: &str) -> bool {
    let time = local.bytes().take_while(u8::is_ascii_digit).count();
    let is_timed = time >= 12 && local[time..].starts_with(['.', '-']) && local.starts_with("20");
    let is_hex = |part: &str| part.len() >= 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let has_hex = local.split('.').any(is_hex);
    let mut groups = local.split('-').map(str::len);
    let is_uuid = local.len() == 36 && [8, 4, 4, 4, 12].iter().all(|&length| groups.next() == Some(length));
    is_timed || has_hex || is_uuid || (local.len() >= 40 && local.starts_with("CA"))
}

/// Domains that nobody can have: RFC 2606, RFC 6761, RFC 6762 and the names that JPRS keeps for
/// examples (example.jp, example1.co.jp); also `example` under any other ending.
fn is_reserved(domain: &str) -> bool {
    const TOPS: &[&str] = &["test", "example", "invalid", "localhost", "local"];
    let top = domain.rsplit('.').next().unwrap_or_default();
    let name = registered_name(domain);
    let is_example = name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("example"))
        && name[7..].bytes().all(|b| b.is_ascii_digit())
        && name.len() <= 8;
    is_example || TOPS.iter().any(|t| t.eq_ignore_ascii_case(top))
}

/// The label that was registered: the second from the right, or the third under `co.jp` and its
/// like.
fn registered_name(domain: &str) -> &str {
    let mut labels = domain.rsplit('.');
    let (top, second, third) = (labels.next(), labels.next().unwrap_or_default(), labels.next());
    const SECOND_LEVELS: &[&str] = &["co", "ne", "or", "go", "ac", "ed", "lg", "gr", "ad", "com", "net", "org"];
    let is_country = top.is_some_and(|t| t.len() == 2);
    let is_second_level = is_country && SECOND_LEVELS.iter().any(|s| s.eq_ignore_ascii_case(second));
    third.filter(|_| is_second_level).unwrap_or(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_messages_are_no_addresses() {
        all(
            Rejects,
            &[
                "20200505095915.11275-7-somebody@redhat.com",
                "20120518071314.GA28061@mail.kensho.net",
                "b9624545-2c80-49a1-ac3c-39264a591f7b@app.fastmail.com",
                "CABcAi1hw7cr4xtigckaGXB5X8wddLfMcbA_rZ3NAuwMrX_zmsw@mail.gmail.com",
                "5ce86123a7b9dad925ac583d88d2f921040e859b.1538583282.git.somebody@kensho.cn",
            ],
        );
        all(Fits, &["20200505@kensho.net", "Carla.Kensho@gmail.com"]);
        all(Doubts("role-address"), &["linux-api@vger.kernel.org", "users@lists.kensho.net"]);
    }

    #[test]
    fn addresses_that_are_written_out() {
        for (text, outcome) in [
            ("hanako (at) kensho-mail.net", Fits),
            ("hanako[at]kensho-mail[dot]net", Fits),
            ("hanako at kensho-mail dot net", Fits),
            ("hanako★kensho-mail.net", Fits),
            ("hanako(アット)kensho-mail.net", Fits),
            ("hanako (at) example.com", Doubts("reserved-domain")),
            ("hanako (at) kensho", Rejects),
            ("at at dot", Rejects),
            ("", Rejects),
        ] {
            assert_eq!(written_out(&Value::bare(text)), outcome, "{text}");
        }
    }

    fn all(outcome: Outcome, texts: &[&str]) {
        for text in texts {
            assert_eq!(email(&Value::bare(text)), outcome, "{text}");
        }
    }

    #[test]
    fn addresses() {
        all(
            Fits,
            &[
                "hanako.kensho@acme.co.jp",
                "h.k+tag@mail.acme.com",
                "kensho..hanako.@docomo.ne.jp",
                "taro_1980@i.softbank.jp",
                "a@b.io",
                "x@3com.com",
                "x@163.com",
                "o'neil@acme.ie",
                "taro@xn--acme.xn--p1ai",
            ],
        );
    }

    #[test]
    fn nobodys_addresses() {
        all(
            Doubts("reserved-domain"),
            &[
                "taro@example.com",
                "taro@mail.example.org",
                "taro@example.co.jp",
                "taro@EXAMPLE.jp",
                "taro@example3.ne.jp",
                "taro@acme.test",
                "taro@host.localhost",
                "taro@printer.local",
            ],
        );
        all(
            Doubts("role-address"),
            &["noreply@acme.com", "No-Reply@acme.com", "info@acme.co.jp", "1+x@users.noreply.github.com"],
        );
        all(
            Doubts("placeholder"),
            &["taro@yourdomain.com", "taro@hoge.co.jp", "username@acme.com", "John.Doe@acme.com"],
        );
    }

    #[test]
    fn no_addresses() {
        all(
            Rejects,
            &[
                "",
                "@",
                "a@",
                "@acme.com",
                "a@b",
                "image@2x.png",
                "icon@3x.webp",
                "lodash@4.17.21",
                "lodash@4.17.x",
                "actions@v4.1.beta",
                "getty@tty1.service",
                "foo@1.service",
                "nginx@sha256",
                "a@b..com",
                "a@-b.com",
                "a@b.c",
                ".a@b.com",
                "a b@acme.com",
                "a@acme.com@acme.com",
            ],
        );
    }

    #[test]
    fn neighbours() {
        let at = |before, text, after| email(&Value { text, before, after });
        assert_eq!(at("", "git@github.com", ":acme/repo.git"), Rejects);
        assert_eq!(at("ssh://", "git@github.com", "/acme/repo.git"), Rejects);
        assert_eq!(at("scp a ", "taro@host.acme.com", ":/tmp"), Rejects);
        assert_eq!(at("dsn = \"https://", "0f1e2d3c@o1.ingest.sentry.io", "/42"), Rejects);
        assert_eq!(at("postgres://taro:", "secret@db.acme.com", "/x"), Rejects);
        assert_eq!(at("Message-ID: <", "20240101.GA1@mail.acme.com", ">"), Rejects);
        assert_eq!(at("https://acme.com/?to=", "taro@acme.com", ""), Fits);
        assert_eq!(at("https://acme.com/ ", "taro@acme.com", ""), Fits);
        assert_eq!(at("mailto:", "taro@acme.com", "\""), Fits);
        assert_eq!(at("", "taro@acme.com", ":hunter2"), Fits);
        assert_eq!(at("山田太郎 <", "taro@acme.com", ">"), Fits);
    }
}
